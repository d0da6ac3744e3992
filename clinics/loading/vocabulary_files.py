"""Reads and checks `clinics/data/vocabulary/*.yaml` before anything is stored. The format: docs/vocabulary.md."""

from pathlib import Path
from typing import Any

import yaml

from clinics.text import folds, slugify_da
from clinics.yaml_files import read_yaml

DATA = Path(__file__).resolve().parent.parent / "data" / "vocabulary"
Entry = dict[str, Any]

TERM: dict[str, type] = {"slug": str, "name": str}
SEARCHABLE = TERM | {"synonyms": list, "keywords": list, "description": str}
# What an entry may hold, and of which type; what is missing is empty.
FORMATS: dict[str, dict[str, type]] = {
    "body_regions": TERM,
    "specialities": SEARCHABLE | {"kind": str, "parent": str, "care_gate": str},
    "treatments": SEARCHABLE,
    "conditions": SEARCHABLE
    | {"body_region": str, "care_gate": str, "box_title": str, "is_generic": bool}
    | {"specialities": dict, "treatments": dict},
}
WEIGHTS = (1, 2, 3)


class VocabularyError(Exception):
    """The data cannot be loaded: one line that names the file and the entry, or the line."""

    def __init__(self, file: str, where: str, problem: str) -> None:
        super().__init__(f"{file}: {where}: {' '.join(problem.split())}")


def read(folder: Path = DATA) -> dict[str, list[Entry]]:
    """The entries by file name without `.yaml`, in the files' order, each with every field of its format.

    Raises VocabularyError. Regions, parents and matches have been looked up: they name only what exists.
    """
    data = {name: _read_file(folder / f"{name}.yaml", fields) for name, fields in FORMATS.items()}
    slugs = {name: [entry["slug"] for entry in entries] for name, entries in data.items()}
    for number, entry in enumerate(data["specialities"]):
        # A parent stands above its children, so that one pass stores both.
        _look_up("specialities", entry, [entry["parent"]], {"", *slugs["specialities"][:number]}, "speciality above it")
    for entry in data["conditions"]:
        _look_up("conditions", entry, [entry["body_region"]], {"", *slugs["body_regions"]}, "body region")
        _look_up("conditions", entry, entry["specialities"], set(slugs["specialities"]), "speciality")
        _look_up("conditions", entry, entry["treatments"], set(slugs["treatments"]), "treatment")
        for slug, weight in (*entry["specialities"].items(), *entry["treatments"].items()):
            if weight not in WEIGHTS or weight is True:
                raise VocabularyError(
                    "conditions.yaml", entry["slug"], f"the weight of {slug} is {weight!r}, not 1, 2 or 3"
                )
    return data


def _look_up(file: str, entry: Entry, named: Any, known: set[str], kind: str) -> None:
    for slug in named:
        if slug not in known:
            raise VocabularyError(f"{file}.yaml", entry["slug"], f"there is no {kind} {slug!r}")


def _read_file(path: Path, fields: dict[str, type]) -> list[Entry]:
    try:
        entries = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(path.name, "file", f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        raise VocabularyError(
            path.name, where, f"not valid YAML: {getattr(error, 'problem', None) or error}"
        ) from error
    if not isinstance(entries, list):
        raise VocabularyError(path.name, "file", "must be a list of entries")
    complete: list[Entry] = []
    owners: dict[str, str] = {}
    for number, raw in enumerate(entries, start=1):
        entry = _entry(path.name, number, raw, fields)
        if any(entry["slug"] == other["slug"] for other in complete):
            raise VocabularyError(path.name, entry["slug"], "stands here twice")
        # The same words in two entries would give a patient two answers.
        for phrase in (entry["name"], *entry.get("synonyms", ())):
            for folded in folds(phrase):
                if owners.setdefault(folded, entry["slug"]) != entry["slug"]:
                    raise VocabularyError(path.name, entry["slug"], f"{phrase!r} already belongs to {owners[folded]}")
        complete.append(entry)
    return complete


def _entry(file: str, number: int, raw: Any, fields: dict[str, type]) -> Entry:
    """One entry with all its fields, of the right types."""
    where = str(raw.get("slug") or f"entry {number}") if isinstance(raw, dict) else f"entry {number}"
    if not isinstance(raw, dict) or not raw.get("slug") or not raw.get("name"):
        raise VocabularyError(file, where, "must have a slug and a name")
    for name, value in raw.items():
        expected = fields.get(name)
        if expected is None:
            raise VocabularyError(file, where, f"unknown field {name!r}")
        if not isinstance(value, expected):
            raise VocabularyError(
                file, where, f"{name} must be a {'text' if expected is str else expected.__name__}, not {value!r}"
            )
        # YAML reads an unquoted no, 12 or 1:1 as something else; the admin separates the words by commas.
        for word in value if isinstance(value, list) else ():
            if not isinstance(word, str) or "," in word or not word.strip():
                raise VocabularyError(
                    file, where, f"{name}: {word!r} must be a text without a comma (put it in quotation marks)"
                )
    if raw["slug"] != slugify_da(raw["slug"]):
        raise VocabularyError(file, where, f"the slug must look like {slugify_da(raw['slug'])!r}")
    return {name: kind() for name, kind in fields.items()} | raw
