"""What words of a clinic's name, website or staff say that it offers: the vocabulary's names and synonyms, inflected and
compounded as Danish does. Keywords only in a name, as the first half of a compound: elsewhere "trapper" would mean knees.

A word is *strong* when it says by itself what is offered ("håndterapi", "shockwave"), *weak* when it may stand in any text
("børn", "ryg"): then the sentence around it decides (clauses.py). Read once a minute; nothing here asks the database again.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from clinics.models import Place, Postcode, Speciality, TreatmentType
from clinics.suggesting.lexicon import OFFERED_BY_NEARLY_ALL
from clinics.text import fold

SPECIALITY, TREATMENT = "speciality", "treatment"
SECONDS = 60.0  # an editor's new word counts this much later at most in another process
SHORT = 5  # letters; a shorter word is only itself: "ryg" and "ryger", "løb" and "løbet"
REMEMBERED = 50_000  # words
ENDINGS = ("en", "et", "n", "t", "s", "er", "erne", "r", "rne", "ken", "ker", "kerne")
LINKS = ("", "s", "e")  # between the halves of a compound

# Last halves of compounds: those that make the first half an offer, and those that only name a complaint.
_HEADS = (
    "klinik klinikken klinikker klinikkerne center centeret centret centre fys fysio fysioterapi fysioterapien terapi"
    " terapien fysioterapeut fysioterapeuten fysioterapeuter fysioterapeuterne terapeut terapeuten terapeuter"
    " terapeuterne behandling behandlingen behandlinger behandler behandleren behandlere specialist specialisten"
    " specialister specialisterne ekspert eksperten eksperter eksperterne træning træningen genoptræning rehabilitering"
    " hold holdet forløb skole"
)
_COMPLAINTS = "skade skader problem problemer smerter gener lidelser lidelse patienter sygdomme"
HEADS = dict.fromkeys(map(fold, _HEADS.split()), True) | dict.fromkeys(map(fold, _COMPLAINTS.split()), False)
_HEADED = re.compile(f"(.*)({'|'.join(sorted(HEADS, key=len, reverse=True))})")
_THERAPY = re.compile("fys|terap|behandl|traening|rehab|klinik|oevelser|specialist")

# Of the vocabulary, what says nothing here: what everybody writes, and what another trade is called.
MEANS_NOTHING = (
    *("muskel og led", "muskler og led", "muskel og skeletbesvær", "muskel og ledproblemer", "bevægeapparat"),
    *(
        "bevægeapparatet",
        "livsstil",
        "genoptræningsforløb",
        "smertelindring",
        "smertebehandling",
        "lindrende fysioterapi",
    ),
    *("individuel træning", "sportscenter", "sportscentret", "sportscenteret", "idrætscenter", "idrætscentret"),
    *("fodterapeut", "fodterapeuter", "fodterapeuten", "fodterapi", "fodklinik", "fodklinikken", "fodbehandling"),
    *("laserklinik", "laserklinikken", "psykologklinik", "tandlægeklinik", "tandlægeklinikken"),
    # Sayings.
    *(
        "på egen hånd",
        "hånd om",
        "hånd i hånd",
        "første hånd",
        "ved hånden",
        "med hænderne",
        "gode hænder",
        "dine hænder",
    ),
    *("vores hænder", "lige fod", "fod på", "stående fod", "hoved til fod", "i hjertet", "hjertet af", "på hjerte"),
    *(
        "i løbet",
        "løber over",
        "tiden løber",
        "forløbet løber",
        "i balance",
        "balance i",
        "balance mellem",
        "det lange løb",
    ),
    *(
        "børn velkomne",
        "børn er velkomne",
        "medbring barn",
        "ældre bygning",
        "ældre hus",
        "ældre ejendom",
        "i nakken på",
    ),
    *("barn syg", "barns sygdom", "unge team", "ung til gammel", "sund livsstil"),
)
# Treatments whose words are everyday ones.
_EVERYDAY = (
    "balance kondition scanning skanning tape mobilisering manipulation såler skinne skinner bandage bandager stræk motorik"
    " nåle indlæg kompression blodcirkulation knib mindfulness løbestil løbeteknik løbetest gangmønster muskelknuder"
    " arbejdsstillinger løfteteknik kropsbevidsthed afspænding styrkeøvelser strækøvelser"
)
EVERYDAY = frozenset(map(fold, _EVERYDAY.split()))
_NO_COMPOUND = (
    "træning smerter udvikling operation kirurgi psykolog psykiatri psykiater tandlæge jordemoder gynækolog urolog neurolog"
    " onkolog reumatolog kardiolog lungelæge frisør spænding belastning genoptræning maskiner kolleger distance muskler"
)
NO_COMPOUND = frozenset(map(fold, _NO_COMPOUND.split()))
SHORTEST_KEYWORD = 6

Words = tuple[str, ...]


class Target(NamedTuple):
    kind: str
    slug: str


class Meaning(NamedTuple):
    """`targets`: () for what is known to say nothing."""

    targets: tuple[Target, ...]
    strong: bool = False


class Term(NamedTuple):
    kind: str
    slug: str
    name: str
    synonyms: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class OfferWords:
    """`phrases`: first word → phrases of several words that begin so, the longest first. All words are folded."""

    single: dict[str, Meaning]
    phrases: dict[str, list[tuple[Words, Meaning]]]
    first_halves: dict[str, tuple[Target, ...]]
    keywords: dict[str, tuple[Target, ...]]
    places: frozenset[str]
    _known: dict[str, Meaning | None] = field(default_factory=dict)

    def meaning(self, word: str) -> Meaning | None:
        """Of one folded word by itself."""
        if word in self._known:
            return self._known[word]
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        found = self._known[word] = self.single.get(word) or self._compound(word)
        return found

    def begins(self, word: str) -> bool:
        """Whether anything can be found that begins with this folded word."""
        return word in self.phrases or self.meaning(word) is not None

    def _compound(self, word: str) -> Meaning | None:
        if not (parted := _HEADED.fullmatch(word)):
            return None
        first, head = parted.groups()
        for link in LINKS:
            if not first.endswith(link):
                continue
            half = first[: len(first) - len(link)]
            if half == "fod" and not (head.startswith("fys") or not HEADS[head]):
                return None  # the trade of the feet has its own therapists
            if half in self.first_halves:
                return Meaning(self.first_halves[half], HEADS[head] and word not in self.keywords)
        return None

    def compound_of_keyword(self, word: str) -> tuple[Target, ...]:
        """What a word of a clinic's name says by a keyword in it: "Skolioseklinikken"."""
        if parted := _HEADED.fullmatch(word):
            first, head = parted.groups()
            for link in LINKS:
                half = first[: len(first) - len(link)]
                if HEADS[head] and first.endswith(link) and half in self.keywords:
                    return self.keywords[half]
        return ()


_words: tuple[float, OfferWords] | None = None


def known_words() -> OfferWords:
    """Those of the vocabulary as it is; read at most once a minute by a process."""
    global _words
    if _words is None or time.monotonic() - _words[0] > SECONDS:
        _words = (time.monotonic(), read_words())
    return _words[1]


def forget() -> None:
    """Read the vocabulary anew the next time: for loaders and tests."""
    global _words
    _words = None


def read_words() -> OfferWords:
    """Four queries."""
    columns = ("slug", "name", "synonyms", "keywords")
    terms = [
        Term(SPECIALITY, slug, name, tuple(synonyms), tuple(keywords), parent)
        for slug, name, synonyms, keywords, parent in Speciality.objects.order_by("pk").values_list(
            *columns, "parent__slug"
        )
    ]
    treatments = TreatmentType.objects.exclude(slug__in=OFFERED_BY_NEARLY_ALL).order_by("pk")
    terms += [Term(TREATMENT, slug, name, tuple(said)) for slug, name, said, _ in treatments.values_list(*columns)]
    names = [*Postcode.objects.values_list("town", flat=True), *Place.objects.values_list("name", flat=True)]
    return words_of(terms, names)


def words_of(terms: Iterable[Term], places: Iterable[str]) -> OfferWords:
    """The same from plain terms and names of places."""
    terms = list(terms)
    claims: dict[Words, dict[Target, bool]] = defaultdict(dict)  # phrase → who claims it, and whether as a name
    for term in terms:
        target = Target(term.kind, term.slug)
        for synonym in term.synonyms:
            claims[_split(synonym)].setdefault(target, False)
        claims[_split(term.name)][target] = True
    claims.pop((), None)
    single: dict[str, Meaning] = {}
    several: dict[Words, Meaning] = {}
    first_halves: dict[str, tuple[Target, ...]] = {}
    for phrase, owners in claims.items():
        targets = _owners(owners)
        meaning = Meaning(targets, _is_strong(phrase, targets))
        if len(phrase) > 1:
            several[phrase] = meaning
            continue
        single[phrase[0]] = meaning
        if len(phrase[0]) > 2 and not _HEADED.fullmatch(phrase[0]):
            first_halves[phrase[0]] = targets
    for phrase, meaning in [*(((word,), one) for word, one in single.items()), *several.items()]:
        for inflected in _inflected(phrase):
            if len(inflected) == 1:
                single.setdefault(inflected[0], meaning)
            else:
                several.setdefault(inflected, meaning)
    for phrase in map(_split, MEANS_NOTHING):
        if len(phrase) == 1:
            single[phrase[0]] = Meaning(())
        else:
            several[phrase] = Meaning(())
    phrases: dict[str, list[tuple[Words, Meaning]]] = defaultdict(list)
    for phrase, meaning in sorted(several.items(), key=lambda one: -len(one[0])):
        phrases[phrase[0]].append((phrase, meaning))
    towns = frozenset(word for name in places for word in fold(name).split())
    return OfferWords(single, dict(phrases), first_halves, _keywords(terms), towns)


def _split(phrase: str) -> Words:
    return tuple(fold(phrase.replace("&", " og ").partition("(")[0]).split())


def _owners(owners: dict[Target, bool]) -> tuple[Target, ...]:
    """Of each kind the one whose name it is, else the only one that claims it: what two claim says neither."""
    chosen: list[Target] = []
    for kind in (SPECIALITY, TREATMENT):
        mine = [target for target in owners if target.kind == kind]
        named = [target for target in mine if owners[target]] or mine
        chosen += named if len(named) == 1 else []
    return tuple(chosen)


def _is_strong(phrase: Words, targets: tuple[Target, ...]) -> bool:
    if any(_THERAPY.search(word) for word in phrase):
        return True
    of_treatment = any(target.kind == TREATMENT for target in targets)
    return of_treatment and not EVERYDAY.intersection(phrase)


def _inflected(phrase: Words) -> Iterable[Words]:
    *before, last = phrase
    if len(last) >= SHORT:
        for ending in ENDINGS:
            yield (*before, last + ending)


def _keywords(terms: list[Term]) -> dict[str, tuple[Target, ...]]:
    """Single keywords of one speciality alone, or of one and the official one that it belongs to."""
    users: dict[str, set[str]] = defaultdict(set)
    for term in terms:
        for phrase in (term.name, *term.synonyms, *term.keywords):
            users[fold(phrase)].add(term.slug)
    found: dict[str, tuple[Target, ...]] = {}
    for term in terms:
        for word in map(fold, term.keywords):
            alone = users[word] <= {term.slug, term.parent}
            if alone and " " not in word and len(word) >= SHORTEST_KEYWORD and word not in NO_COMPOUND:
                found[word] = (Target(term.kind, term.slug),)
    return found
