"""`/find/forslag/?q=`: what somebody may be about to write in the field for words, while they write it.

The vocabulary and the titles of articles are few, so a process remembers them for a while. Words of danger and the names
of clinics are asked for each time: one statement each. Nothing is guessed, and nothing is written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import CharField, F, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Article
from clinics.care import TITLES, URGENT, danger_flags
from clinics.inquiry import results_url
from clinics.models import Condition, RedFlag, Speciality, TreatmentType
from clinics.names import begun
from clinics.remembered import Remembered
from clinics.text import folds
from clinics.vocabulary import resolve

MOST = 8  # rows in all
MOST_CHARACTERS = 200
FEWEST_CHARACTERS = 2
FREE_TEXT = 3  # words from which a text that begins nothing is read for what it is about

CONDITIONS, SPECIALITIES, TREATMENTS, CLINICS, ARTICLES = GROUPS = (
    *("Tilstande", "Specialer", "Behandlinger", "Klinikker", "Artikler"),
)
MOST_OF: dict[str, int] = dict(zip(GROUPS, (4, 2, 2, 3, 2), strict=True))


@dataclass(frozen=True)
class Suggestion:
    """`url` is where it leads by itself; "" for what is put in the field, so that the place beside it still counts."""

    name: str
    about: str = ""
    url: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Suggestion]


@dataclass(frozen=True)
class Entry:
    """Something that can be suggested. `names` are its own, folded; `others` its synonyms, folded and as they are written."""

    group: str
    suggestion: Suggestion
    names: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()


@require_safe
@cache_control(private=True, max_age=60)
def suggest(request: HttpRequest) -> HttpResponse:
    """A piece of HTML: the card of the danger that the text speaks of, then at most eight rows under their headings."""
    text = " ".join(request.GET.get("q", "").replace("\0", " ").split())
    groups = groups_for(text[:MOST_CHARACTERS])
    return render(
        request,
        "search/_suggestions.html",
        {"card": _card(text), "groups": groups, "count": sum(len(group.rows) for group in groups)},
    )


def groups_for(text: str) -> list[Group]:
    """One statement, for the names of clinics; one more where a longer text begins nothing that we know."""
    if len(text) < FEWEST_CHARACTERS:
        return []
    found = _begun(text)
    if not found and len(text.split()) >= FREE_TEXT:
        found = _understood(text)
    hits = begun(text)
    found[CLINICS] = [
        Suggestion(hit.name, f"{hit.clinic}, {hit.place}" if hit.clinic else hit.place, hit.url()) for hit in hits
    ]
    groups, left = [], MOST
    for title, most in MOST_OF.items():
        rows = found.get(title, [])[: min(most, left)]
        left -= len(rows)
        groups.append(Group(title, rows))
    return [group for group in groups if group.rows]


def _card(text: str) -> dict[str, object] | None:
    """What to do first, in the words of the most urgent flag that the text says; the numbers stand where the link leads."""
    flags = danger_flags(text[:1000])
    if not flags:
        return None
    first = flags[0]
    kind = "avoid" if first.kind == RedFlag.Kind.AVOID else str(first.urgency)
    same = [flag for flag in flags if (flag.kind, flag.urgency) == (first.kind, first.urgency)]
    return {
        "urgency": kind,
        "title": TITLES[kind],
        "is_emergency": kind == URGENT[0],
        "texts": [flag.text for flag in same[:2]],
        "url": results_url({"q": text[:MOST_CHARACTERS]}),
    }


def _begun(text: str) -> dict[str, list[Suggestion]]:
    """Names that go on from what was typed, then names with a word that goes on from each of its words, then synonyms."""
    spellings = [typed for typed in folds(text) if typed]
    ranked = []
    for entry in entries():
        matches = [match for typed in spellings if (match := _match(entry, typed))]
        if matches:
            rank, synonym = min(matches)
            ranked.append((rank, len(entry.suggestion.name), entry.suggestion.name, synonym, entry))
    found: dict[str, dict[str, Suggestion]] = {}
    for _, _, name, synonym, entry in sorted(ranked, key=lambda one: one[:4]):
        found.setdefault(entry.group, {}).setdefault(name, replace(entry.suggestion, about=synonym))
    return {group: list(rows.values()) for group, rows in found.items()}


def _match(entry: Entry, typed: str) -> tuple[int, str] | None:
    """How well, the best first, and the synonym that it was; None for not at all."""
    for rank, goes_on in ((0, str.startswith), (1, _has_words)):
        if any(goes_on(name, typed) for name in entry.names):
            return rank, ""
    for rank, goes_on in ((2, str.startswith), (3, _has_words)):
        for folded, written in entry.others:
            if goes_on(folded, typed):
                return rank, written
    return None


def _has_words(phrase: str, typed: str) -> bool:
    return all(f" {word}" in f" {phrase}" for word in typed.split())


def _understood(text: str) -> dict[str, list[Suggestion]]:
    resolution = resolve(text)
    return {
        CONDITIONS: [Suggestion(condition.name) for condition in resolution.conditions],
        SPECIALITIES: [Suggestion(speciality.name) for speciality in resolution.specialities],
        TREATMENTS: [Suggestion(treatment.name) for treatment in resolution.treatments],
    }


def _read() -> Iterator[Entry]:
    """All that can be suggested but clinics; two statements."""
    nothing = Value(None, output_field=CharField())
    conditions = Condition.objects.annotate(group=Value(CONDITIONS), into=F("merged_into__name"))
    groups = ((SPECIALITIES, Speciality), (TREATMENTS, TreatmentType))
    terms = [model.objects.annotate(group=Value(group), into=nothing) for group, model in groups]
    columns = ("group", "name", "into", "synonyms")
    rows = conditions.order_by().values_list(*columns)
    for group, name, into, synonyms in rows.union(*(t.order_by().values_list(*columns) for t in terms), all=True):
        # One that was merged is another name for what it went into.
        others = [name, *synonyms] if into else synonyms
        yield Entry(
            group,
            Suggestion(into or name),
            () if into else folds(name),
            tuple((folded, one) for one in others for folded in folds(one) if folded),
        )
    for slug, title in Article.objects.published().order_by("title").values_list("slug", "title"):
        yield Entry(ARTICLES, Suggestion(title, url=reverse("articles:detail", args=[slug])), folds(title))


entries = Remembered(lambda: tuple(_read()))
forget = entries.forget
