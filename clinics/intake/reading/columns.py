"""Which heading is which fact: the template, the words that other systems use, and a mapping file.

A mapping file gives headings of another system these facts:

    kolonner:
      "førsteKons": pris_første
      "Gadenavn": adresse
      "Husnr": adresse
      "Intern note": ingen
"""

from difflib import get_close_matches
from typing import Any

import yaml

from clinics.text import fold, folds

from .known_facts import FACTS, Fact
from .raw import shown

__all__ = ["FACTS", "IGNORED", "SYNONYMS", "TEMPLATE", "Fact", "MappingError", "explained", "key", "read_mapping"]

IGNORED = "ingen"  # what a mapping file says of a column that shall not be read
_LONGEST_MAPPING = 100_000  # characters
_MOST_COLUMNS = 1_000
_DEEPEST = 4

# Without an example: whatever is made up may be somebody's.
_NO_EXAMPLE = ("email", "website", "booking_url", "cvr", "p_number", "sor_id", "osm_id")
TEMPLATE: tuple[str, ...] = tuple(fact.heading for name, fact in FACTS.items() if fact.example or name in _NO_EXAMPLE)


class MappingError(ValueError):
    """A mapping file that cannot be used; `text` is one Danish sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Shallow(yaml.SafeLoader):
    """Not the reader in C (`clinics.yaml_files`): fifty thousand brackets of a stranger's end its whole process. A mapping of
    a mapping is all there is to read, and nothing in it stands for something else."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.depth += 1
        if self.check_event(yaml.AliasEvent) or self.depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="alias or depth", problem_mark=self.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def key(heading: str) -> str:
    """What two ways of writing a heading share: `"Pris (første)"`, `"pris_foerste"` → `"prisfoerste"`."""
    return fold(heading[:200]).replace(" ", "")


BY_HEADING: dict[str, str] = {key(fact.heading): name for name, fact in FACTS.items()}
# Headings that are known without a mapping file, in every spelling of æøå that people use for them.
SYNONYMS: dict[str, str] = {
    one.replace(" ", ""): name
    for name, fact in FACTS.items()
    for word in (*fact.synonyms, fact.heading, name)
    for one in folds(word)
} | BY_HEADING


def explained() -> list[tuple[str, str, str]]:
    """The template's headings with what to write and an example, for people."""
    by_heading = {fact.heading: fact for fact in FACTS.values()}
    return [(heading, by_heading[heading].explained, by_heading[heading].example) for heading in TEMPLATE]


def read_mapping(text: str) -> dict[str, str]:
    """Heading → name of a fact in FACTS, or IGNORED. An empty text is an empty mapping. Raises MappingError."""
    if len(text) > _LONGEST_MAPPING:
        raise MappingError(f"Kolonnelisten er for lang: der er plads til {_LONGEST_MAPPING} tegn.")
    try:
        told = yaml.load(text.removeprefix("\ufeff"), Loader=_Shallow)  # noqa: S506  a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MappingError(f"Kolonnelisten kan ikke læses: se efter i linje {line}.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise MappingError("Kolonnelisten kan ikke læses. Den skal være en tekstfil (YAML) i UTF-8.") from error
    if told is None:
        return {}
    columns = told.get("kolonner") if isinstance(told, dict) and set(map(str, told)) == {"kolonner"} else None
    if columns is None or not isinstance(columns, dict):
        raise MappingError("Kolonnelisten begynder med “kolonner:”, og under den står en linje for hver kolonne.")
    if len(columns) > _MOST_COLUMNS:
        raise MappingError(f"Kolonnelisten har flere end {_MOST_COLUMNS} kolonner.")
    found: dict[str, str] = {}
    for heading, fact in columns.items():
        found[_heading(heading, found)] = _fact(heading, fact)
    return found


def _heading(heading: Any, found: dict[str, str]) -> str:
    if isinstance(heading, bool) or not isinstance(heading, str | int):
        raise MappingError(
            f"Sæt anførselstegn om kolonnen {shown(str(heading))}: den læses ellers som noget andet end tekst."
        )
    text = str(heading).strip()
    if not key(text):
        raise MappingError("En kolonne i kolonnelisten har ingen overskrift.")
    if key(text) in {key(one) for one in found}:
        raise MappingError(f"Kolonnen {shown(text)} står der to gange i kolonnelisten.")
    return text


def _fact(heading: Any, fact: Any) -> str:
    wanted = key(str(fact)) if isinstance(fact, str) else ""
    if wanted == IGNORED:
        return IGNORED
    if wanted in SYNONYMS:
        return SYNONYMS[wanted]
    near = get_close_matches(wanted, [*BY_HEADING, IGNORED], n=1) if wanted else []
    guess = f" Mente du “{FACTS[BY_HEADING[near[0]]].heading}”?" if near and near[0] in BY_HEADING else ""
    raise MappingError(f"Kolonnen {shown(str(heading))}: vi kender ikke oplysningen {shown(str(fact))}.{guess}")
