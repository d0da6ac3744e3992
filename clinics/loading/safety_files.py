"""Reads and checks `red_flags.yaml` and `out_of_hours.csv` before anything touches the database."""

import csv
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from clinics.models import RedFlag
from clinics.yaml_files import read_yaml

from .vocabulary_files import VocabularyError

DATA = Path(__file__).parents[1] / "data"
FLAGS = DATA / "vocabulary" / "red_flags.yaml"
NUMBERS = DATA / "out_of_hours.csv"

TERM_LENGTH = 120  # RedFlag.terms
DATES = ("valid_from", "valid_to", "checked_at", "verified_at")


class SafetyDataError(VocabularyError):
    """The committed data is wrong; one line names file, line and what is wrong, and nothing was loaded."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(file, f"line {line}", problem)


def read_flags(path: Path = FLAGS) -> list[dict[str, Any]]:
    """The flags in the order of the file, each with every field; `sources` are `{"title", "url"}`."""
    text = path.read_text(encoding="utf-8")
    try:
        data = read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SafetyDataError(path.name, mark.line + 1 if mark else 1, "not valid YAML") from error
    if not isinstance(data, dict) or not isinstance(data.get("flags"), list):
        raise SafetyDataError(path.name, 1, "must have a list of flags under 'flags'")
    catalogue = data.get("sources") or {}
    records: dict[str, dict[str, Any]] = {}
    for number, raw in enumerate(data["flags"], start=1):
        key = str(raw.get("key", "")) if isinstance(raw, dict) else ""
        if problem := "stands here twice" if key in records else _problem(raw, catalogue):
            raise SafetyDataError(path.name, _line_of(key, text), f"{key or f'flag {number}'}: {problem}")
        records[key] = {
            "key": key,
            "group": raw["group"],
            "urgency": str(raw["urgency"]),
            "kind": raw.get("kind", RedFlag.Kind.SEEK.value),
            "text": raw["text"],
            "terms": list(raw.get("terms") or []),
            "sources": [{name: catalogue[source][name] for name in ("title", "url")} for source in raw["sources"]],
            "order": number * 10,
            "conditions": list(raw.get("conditions") or []),
            "body_regions": list(raw.get("body_regions") or []),
        }
    return list(records.values())


def _problem(raw: Any, catalogue: dict[str, Any]) -> str:
    """What is wrong with a flag, or ""."""
    if not isinstance(raw, dict):
        return "is not a flag"
    checks: list[tuple[bool, str]] = [
        (bool(re.fullmatch(r"[a-z0-9-]+", str(raw.get("key", "")))), "the key must be a slug"),
        (str(raw.get("urgency")) in RedFlag.Urgency.values, "unknown urgency"),
        (raw.get("kind", "seek") in RedFlag.Kind.values, "unknown kind"),
        (all(isinstance(raw.get(name), str) and raw[name] for name in ("group", "text")), "must have group and text"),
        (bool(raw.get("sources")), "must have a source"),
        (all(source in catalogue for source in raw.get("sources") or ()), "a source that is not in the catalogue"),
        (all(_sound_term(term) for term in raw.get("terms") or ()), "a term that is empty, too long or has a comma"),
    ]
    return next((problem for sound, problem in checks if not sound), "")


def _sound_term(term: Any) -> bool:
    return (
        isinstance(term, str)
        and 0 < len(term) <= TERM_LENGTH
        and "," not in term  # the admin separates terms by commas
        and all(phrase.strip() for part in term.split("+") for phrase in part.split("/"))
    )


def _line_of(key: str, text: str) -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.strip() == f"- key: {key}"), 1)


def read_numbers(path: Path = NUMBERS) -> Iterator[dict[str, Any]]:
    """The rows of the file, dates as dates or None, `phone` as it is dialled."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        seen = set()
        for row in reader:
            if problem := _number_problem(row):
                raise SafetyDataError(path.name, reader.line_num, problem)
            record = row | {name: _date(row[name]) for name in DATES}
            identity = (record["region"], record["valid_from"])
            if identity in seen:
                raise SafetyDataError(path.name, reader.line_num, f"{record['region']} has two rows from the same day")
            seen.add(identity)
            yield record


def _number_problem(row: dict[str, Any]) -> str:
    if None in row or None in row.values() or not row.get("region") or not row.get("name"):
        return "region, name or a column is missing"
    if not re.fullmatch(r"\d{3,8}", row["phone"]):
        return f"{row['phone']} is not a number as it is dialled"
    for name in DATES:
        try:
            _date(row[name])
        except ValueError:
            return f"{row[name]} is not a date"
    return ""


def _date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
