"""How good the suggestions are, measured on a labelled set: `manage.py evaluate_matching`, docs/matching.md."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from clinics.models import Condition, ConditionMatch, Speciality
from clinics.yaml_files import read_yaml

from . import suggest_matches
from .lexicon import SPECIALITY, read_lexicon

SETS = Path(__file__).resolve().parent.parent / "data" / "matching"
BEST = 3

Ranking = Callable[[str, str], list[str]]  # title and text → slugs of specialities, the best first


@dataclass(frozen=True)
class Labelled:
    """A title and a short text, and the specialities that are right: the first is the primary one, none for no clinic."""

    slug: str
    title: str
    text: str
    specialities: tuple[str, ...]
    known: bool = False  # the vocabulary has the condition


@dataclass(frozen=True)
class Miss:
    slug: str
    expected: tuple[str, ...]
    got: tuple[str, ...]


@dataclass(frozen=True)
class Quality:
    """`precision` (at 1): the share whose first suggestion is right; `primary`: whose first is the primary one. `recall` (at
    3): the mean share of the right ones among the first three. `silent`: the share of the subjects without clinics for
    which nothing is suggested, None without such subjects."""

    count: int
    precision: float
    primary: float
    recall: float
    silent: float | None
    misses: tuple[Miss, ...]


def labelled(name: str, folder: Path = SETS) -> list[Labelled]:
    rows = read_yaml((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return [Labelled(**row | {"specialities": tuple(row["specialities"])}) for row in rows]


def evaluate(examples: Iterable[Labelled], ranking: Ranking) -> Quality:
    count = quiet = silent = right = primary = 0
    recall = 0.0
    misses = []
    for example in examples:
        got = tuple(ranking(example.title, example.text)[:BEST])
        expected = example.specialities
        if expected:
            count += 1
            right += bool(set(got[:1]) & set(expected))
            primary += got[:1] == expected[:1]
            recall += len(set(got) & set(expected)) / min(len(expected), BEST)
        else:
            quiet += 1
            silent += not got
        if got[:1] != expected[:1]:
            misses.append(Miss(example.slug, expected, got))
    of = max(count, 1)
    return Quality(count, right / of, primary / of, recall / of, silent / quiet if quiet else None, tuple(misses))


def suggested(title: str, text: str) -> list[str]:
    """Our own ranking."""
    return [match.slug for match in suggest_matches(title, (), text) if match.kind == SPECIALITY]


def each_hidden() -> Quality:
    """Every condition of the vocabulary, told by its own words while its own entry is hidden: what the others know of it.

    Right are the specialities that its editors call primary; which of them comes first means nothing. Takes 10 s.
    """
    rankings: dict[str, list[str]] = {}
    examples = []
    rows = ConditionMatch.objects.filter(
        weight=ConditionMatch.PRIMARY, origin=ConditionMatch.Origin.EDITOR, speciality__isnull=False
    )
    for condition in Condition.objects.current().filter(is_generic=False).order_by("slug"):
        primary = tuple(rows.filter(condition=condition).values_list("speciality__slug", flat=True))
        if primary:
            words = read_lexicon(without=[condition.slug])
            text = ", ".join((*condition.synonyms, *condition.keywords))
            found = suggest_matches(condition.name, (), text, words=words)
            rankings[condition.name] = [match.slug for match in found if match.kind == SPECIALITY]
            examples.append(Labelled(condition.slug, condition.name, text, primary, known=True))
    return evaluate(examples, lambda title, text: rankings[title])


def counting() -> Ranking:
    """What anything better must beat: how often a speciality's own words stand in title and text."""
    words = {
        slug: re.compile(rf"\b(?:{'|'.join(map(re.escape, (name, *synonyms, *keywords)))})\b", re.IGNORECASE)
        for slug, name, synonyms, keywords in Speciality.objects.order_by("pk").values_list(
            "slug", "name", "synonyms", "keywords"
        )
    }

    def ranking(title: str, text: str) -> list[str]:
        counts = {slug: len(pattern.findall(f"{title}\n{text}")) for slug, pattern in words.items()}
        return sorted((slug for slug, count in counts.items() if count), key=lambda slug: -counts[slug])

    return ranking
