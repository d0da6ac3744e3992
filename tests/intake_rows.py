"""A row of a list as tests write it: fact by fact."""

from clinics.intake.reading.parsing import Parsed, parsed
from clinics.intake.reading.raw import Raw

HERE = {"name": "Ryg og knæ", "postcode_id": "8000"}


def row(**cells: str) -> Parsed:
    """Of a clinic in Aarhus."""
    return parsed(Raw(2, cells=HERE | cells))


def place(**cells: str) -> Parsed:
    """Of a clinic that is nowhere yet."""
    return parsed(Raw(2, cells={"name": "Ryg og knæ"} | cells))


def said(one: Parsed, field: str | None = None) -> str:
    """What is wrong with it, or with one fact of it."""
    return " ".join(problem["text"] for problem in one.problems if field in (None, problem["field"]))
