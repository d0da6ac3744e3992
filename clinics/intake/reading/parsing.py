"""One row of a list → the facts it states, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any

from .cells import read_cell
from .columns import FACTS
from .hours import DAYS, UNKNOWN, stated_week
from .locating import located
from .raw import Raw, shown

LONGEST_NAME = 160
LONGEST_ID = 80
EXAMPLE_ID = FACTS["external_id"].example
_PROSE = frozenset({"text", "practitioners"})
_PLACE = ("address", "address_extra", "postcode_id", "town", "latitude", "longitude")
_WEEK = (*DAYS, "opening_hours")
_NUMBERS = ("p_number", "sor_id", "osm_id", "cvr")  # by one of them a clinic is known without a name
_PRICES = {"price_first": "first", "price_follow_up": "follow_up"}
_SIMPLE = {name: fact.parser for name, fact in FACTS.items() if fact.parser}


@dataclass(slots=True)
class Parsed:
    """`facts` and `problems` as `ImportRecord` keeps them; what the list says nothing about is no key."""

    row: int
    external_id: str = ""
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)


def parsed(raw: Raw) -> Parsed:
    """Pure, but for the postcodes and places that the process remembers. Raises nothing."""
    one = Parsed(raw.row)

    def say(name: str, text: str, **more: bool) -> None:
        one.problems.append({"field": name, "text": text, "fatal": False} | more)

    if raw.problem:
        say("", raw.problem, fatal=raw.fatal, **({"passed": True} if raw.passed else {}))
    cells = {}
    for name, text in raw.cells.items():
        told, note = read_cell(text, name in _PROSE)
        if note:
            say(_field(name), note)
        if told is not None:
            cells[name] = told
        elif name in DAYS and (note or text.strip().casefold() in UNKNOWN):
            cells[name] = "ukendt"  # and so the whole week is
    one.external_id = _external_id(raw.external_id, say)
    if name := _name(cells.get("name", ""), say):
        one.name = one.facts["name"] = name
    for name, parser in _SIMPLE.items():
        if name not in cells:
            continue
        value, note = parser(cells[name])
        if note:
            say(_field(name), note)
        if value is None:
            continue
        if name in _PRICES:
            one.facts.setdefault("prices", {})[_PRICES[name]] = dict(value)
        else:
            one.facts[name] = list(value) if isinstance(value, list) else value
    if any(name in cells for name in _PLACE):
        one.facts |= located(cells, say)
    if any(name in cells for name in _WEEK) and (week := stated_week(cells, say)):
        one.facts["opening_hours"] = week
    _judge(one, raw, say)
    return one


def _field(name: str) -> str:
    return "prices" if name in _PRICES else "opening_hours" if name in DAYS else name


def _external_id(text: str, say: Any) -> str:
    told, _ = read_cell(text) if text.strip() else (None, "")
    told = " ".join((told or "").split())
    if len(told) > LONGEST_ID:
        say("", f"Id {shown(told)} er for langt: der er plads til {LONGEST_ID} tegn.")
        return ""
    return told


def _name(text: str, say: Any) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        say("name", f"Navnet {shown(name)} er på {len(name)} tegn. Der er plads til {LONGEST_NAME}.")
        return ""
    if name and sum(letter.isalpha() for letter in name) < 2:
        say("name", f"{shown(name)} er ikke et navn.")
        return ""
    return name


def _judge(one: Parsed, raw: Raw, say: Any) -> None:
    """What keeps a row from becoming or updating any clinic."""
    if raw.fatal:
        return
    numbered = any(name in one.facts for name in _NUMBERS)
    if one.external_id == EXAMPLE_ID:
        say("", "Rækken er skabelonens eksempel og springes over.", fatal=True, passed=True)
    elif not one.name:
        say("name", "Navnet mangler.", fatal=not numbered)
    if not numbered and not ({"postcode_id", "town"} & set(one.facts) or "latitude" in one.facts):
        say("postcode_id", "Rækken siger ikke, hvor klinikken er: postnummer og by mangler.", fatal=True)
