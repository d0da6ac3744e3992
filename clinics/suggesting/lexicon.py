"""What the words of the vocabulary stand for: which specialities and treatment types a phrase speaks for, and how loudly."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from clinics.models import Condition, ConditionMatch, Speciality, TreatmentType

SPECIALITY, TREATMENT, CONDITION = "speciality", "treatment", "condition"
SECONDS = 60.0  # an editor's new word counts this much later at most in another process

# What nearly every clinic offers is never a reason for a match (clinics/data/vocabulary/treatments.yaml).
OFFERED_BY_NEARLY_ALL = {"oevelsesterapi", "individuel-behandling", "individuelt-traeningsprogram"}

# How loudly a phrase speaks for its owner: as a name or synonym, as a keyword, as a keyword of a condition alone.
AS_NAME, AS_KEYWORD, AS_CONDITIONS_KEYWORD = 1.0, 0.8, 0.3
LOUDNESS = {3: 1.0, 2: 0.5, 1: 0.25}  # of a condition for what it leads to, by the weight of the match
# A speciality that half the conditions lead to says less than one that two lead to (at most this part is lost) …
POPULAR = 0.7
# … and one that belongs to a part of the body says more: where it hurts comes before what kind of pain it is.
LOCAL = 0.4
WHOLE_BODY = "hele-kroppen"

_PLAIN = {"\0": " ", "-": " ", "é": "e", "É": "E"}

Target = tuple[str, str]  # kind and slug
Stems = tuple[str, ...]

GENERIC: Target = ("generic", "")  # what conditions without clinics lead to: if it wins, nothing is suggested


class Claim(NamedTuple):
    phrase: str
    owner: Target
    is_name: bool


@dataclass(frozen=True)
class Lexicon:
    """The vocabulary as the suggestions see it. Phrases are sequences of stems of PostgreSQL's `danish` configuration.

    `meanings`: phrase → target → how much it says, 0 to 1. `starting`: stem → the next one, "" for none → the phrases
    that begin so. `companions`: target → what conditions that lead to it first lead to besides, 0 to 1. `prior`: target →
    factor. `children`: official speciality → its focus areas.
    """

    names: dict[Target, str]
    meanings: dict[Stems, dict[Target, float]]
    starting: dict[str, dict[str, list[Stems]]]
    companions: dict[Target, dict[Target, float]]
    prior: dict[Target, float]
    children: dict[Target, list[Target]]


_known: tuple[float, Lexicon] | None = None


def known_lexicon() -> Lexicon:
    """The lexicon of the vocabulary as it is; read at most once a minute by a process (60 ms)."""
    global _known
    if _known is None or time.monotonic() - _known[0] > SECONDS:
        _known = (time.monotonic(), read_lexicon())
    return _known[1]


def forget() -> None:
    """Read the vocabulary anew the next time: for loaders, editors and tests."""
    global _known
    _known = None


def read_lexicon(*, without: Iterable[str] = ()) -> Lexicon:
    """Five queries. `without` are the slugs of conditions that it shall not know: for measuring.

    Only what editors matched counts: a suggestion must not become the reason for the next.
    """
    hidden = set(without)
    names: dict[Target, str] = {}
    claims: list[Claim] = []
    leads_to: dict[Target, dict[Target, float]] = {}
    children: dict[Target, list[Target]] = defaultdict(list)
    specialities = Speciality.objects.values_list("slug", "name", "synonyms", "keywords", "parent__slug")
    treatments = TreatmentType.objects.exclude(slug__in=OFFERED_BY_NEARLY_ALL)
    for slug, name, synonyms, keywords, parent in specialities.order_by("pk"):
        own = (SPECIALITY, slug)
        names[own], leads_to[own] = name, {own: AS_NAME}
        claims += _claims(own, (name, *synonyms), keywords)
        if parent:
            children[SPECIALITY, parent].append(own)
    for slug, name, synonyms, keywords in treatments.order_by("pk").values_list("slug", "name", "synonyms", "keywords"):
        own = (TREATMENT, slug)
        names[own], leads_to[own] = name, {own: AS_NAME}
        claims += _claims(own, (name, *synonyms), keywords)
    matches = _matches(names)
    regions: dict[Target, str] = {}
    for c in Condition.objects.order_by("pk").annotate(target=F("merged_into__slug"), region=F("body_region__slug")):
        own = (CONDITION, c.target or c.slug)  # the words of a condition that was merged are those of the other
        led = {GENERIC: AS_NAME} if c.is_generic else matches.get(own[1])
        if led and own[1] not in hidden and c.slug not in hidden:
            leads_to[own] = led
            claims += _claims(own, (c.name, *c.synonyms), c.keywords)
            regions[own] = c.region or WHOLE_BODY
    phrases = _stems(claims)
    conditions = {owner: led for owner, led in leads_to.items() if owner[0] == CONDITION}
    starting: dict[str, dict[str, list[Stems]]] = defaultdict(lambda: defaultdict(list))
    for stems in phrases:
        starting[stems[0]][stems[1] if len(stems) > 1 else ""].append(stems)
    return Lexicon(
        names, _meanings(phrases, leads_to), starting, _companions(conditions), _priors(conditions, regions), children
    )


def _claims(owner: Target, names: Iterable[str], keywords: Iterable[str]) -> list[Claim]:
    return [Claim(name, owner, True) for name in names] + [Claim(word, owner, False) for word in keywords]


def _matches(names: Mapping[Target, str]) -> dict[str, dict[Target, float]]:
    """Condition → what its editors' matches lead to, with its loudness."""
    rows = ConditionMatch.objects.filter(origin=ConditionMatch.Origin.EDITOR).order_by("pk")
    led: dict[str, dict[Target, float]] = defaultdict(dict)
    for condition, speciality, treatment, weight in rows.values_list(
        "condition__slug", "speciality__slug", "treatment__slug", "weight"
    ):
        target = (SPECIALITY, speciality) if speciality else (TREATMENT, treatment)
        if target in names:
            led[condition][target] = LOUDNESS[weight]
    return led


def _stems(claims: list[Claim]) -> dict[Stems, dict[Target, bool]]:
    """Phrase → who claims it, and whether as a name. All phrases are parsed in one statement."""
    sql = """
        SELECT number, array_agg(lexeme ORDER BY position) FROM unnest(%s::text[]) WITH ORDINALITY AS p(phrase, number),
        LATERAL unnest(to_tsvector('danish', phrase)), LATERAL unnest(positions) AS position GROUP BY number"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [[plain(claim.phrase) for claim in claims]])
        stems = {number - 1: tuple(found) for number, found in cursor.fetchall()}
    phrases: dict[Stems, dict[Target, bool]] = defaultdict(dict)
    for number, claim in enumerate(claims):
        found = stems.get(number, ())
        # Of "på maven" only the belly is left: as a keyword that would be another one.
        if found and (claim.is_name or len(found) > 1 or " " not in plain(claim.phrase)):
            phrases[found][claim.owner] = claim.is_name or phrases[found].get(claim.owner, False)
    return phrases


def plain(text: str) -> str:
    """As it is parsed: no NUL, which PostgreSQL cannot store, "SI-led" as two words, no accent that hides an ending."""
    for letter, written in _PLAIN.items():  # in a long text fifty times as fast as translating it
        text = text.replace(letter, written)
    return text


def _meanings(
    phrases: Mapping[Stems, Mapping[Target, bool]], leads_to: Mapping[Target, Mapping[Target, float]]
) -> dict[Stems, dict[Target, float]]:
    """What each phrase says: its owner's own word, or the mean of the conditions that share it; less when it is common."""
    users: dict[str, set[Target]] = defaultdict(set)
    for stems, owners in phrases.items():
        for stem in stems:
            users[stem] |= owners.keys()
    common = {stem: _rarity(len(owners), len(leads_to)) for stem, owners in users.items()}
    meanings = {}
    for stems, owners in phrases.items():
        conditions = [owner for owner in owners if owner[0] == CONDITION]
        said: dict[Target, float] = defaultdict(float)
        for owner in conditions:
            loud = AS_NAME if owners[owner] else AS_CONDITIONS_KEYWORD
            for target, much in leads_to[owner].items():
                said[target] += loud * much / len(conditions)
        for owner in owners.keys() - set(conditions):
            said[owner] = max(said[owner], AS_NAME if owners[owner] else AS_KEYWORD)
        rare = max(common[stem] for stem in stems)
        if len(stems) > 1:  # "ondt i foden": each word is common, the phrase is not
            rare = max(rare, 0.9 * _rarity(len(owners), len(leads_to)))
        meanings[stems] = {target: much * rare for target, much in said.items()}
    return meanings


def _rarity(users: int, of: int) -> float:
    """1 for what one alone says, 0 for what all say: "smerter" and "træning" decide nothing."""
    return math.log(of / users) / math.log(of) if of > 1 else 1.0


def _companions(conditions: Mapping[Target, Mapping[Target, float]]) -> dict[Target, dict[Target, float]]:
    sums: dict[Target, Counter[Target]] = defaultdict(Counter)
    first: Counter[Target] = Counter()
    for led in conditions.values():
        for target in (target for target, much in led.items() if much == LOUDNESS[3]):
            first[target] += 1
            for other, much in led.items():
                if other != target:
                    sums[target][other] += much  # type: ignore[assignment]  # a Counter may hold fractions
    # One more than there are, or a single condition would speak for all.
    return {
        target: {other: much / (first[target] + 1) for other, much in some.items()} for target, some in sums.items()
    }


def _priors(conditions: Mapping[Target, Mapping[Target, float]], regions: Mapping[Target, str]) -> dict[Target, float]:
    popular: Counter[Target] = Counter(target for led in conditions.values() for target in led)
    where: dict[Target, Counter[str]] = defaultdict(Counter)
    for condition, led in conditions.items():
        for target in (target for target, much in led.items() if much == LOUDNESS[3]):
            where[target][regions[condition]] += 1
    priors = {}
    for target, users in popular.items():
        in_one = max((count for region, count in where[target].items() if region != WHOLE_BODY), default=0)
        share = in_one / (where[target].total() + 1)
        priors[target] = (1 - POPULAR + POPULAR * _rarity(users, len(conditions))) * (1 + LOCAL * share)
    return priors
