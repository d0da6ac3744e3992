"""How good `decide` is, on pairs that a person has labelled: `tests/data/clinic_pairs.yaml`, whose head tells how to read it.

Pairs fall into two halves by a hash of their text: rules were chosen by looking at `tuned`, and `held_out` was only counted.
`fresh` was written when the rules stood still.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from clinics.geo import Point
from clinics.yaml_files import read_yaml

from .deciding import Decision, Verdict, decide
from .described import Described

BASE = Path(__file__).resolve().parents[2]
PAIRS = BASE / "tests" / "data" / "clinic_pairs.yaml"
POSTCODES = BASE / "clinics" / "data" / "postcodes.csv"
PARTS = ("tuned", "held_out", "fresh")


@dataclass(frozen=True)
class Pair:
    kind: str
    same: bool
    one: Described
    other: Described
    part: str
    text: str


@dataclass(frozen=True)
class Quality:
    """Of some pairs: how many are the same, and what was decided about them and about the others."""

    same: Counter[Decision]
    two: Counter[Decision]

    @property
    def count(self) -> int:
        return self.same.total() + self.two.total()

    @property
    def precision(self) -> float | None:
        """Of what was merged without asking, the share that was the same. None: nothing was merged."""
        merged = self.same[Decision.SAME] + self.two[Decision.SAME]
        return self.same[Decision.SAME] / merged if merged else None

    @property
    def recall(self) -> float | None:
        """Of what was the same, the share that was merged without asking."""
        return self.same[Decision.SAME] / self.same.total() if self.same else None

    @property
    def found(self) -> float | None:
        """Of what was the same, the share that was merged or shown to a person."""
        return 1 - self.same[Decision.DIFFERENT] / self.same.total() if self.same else None

    @property
    def asked(self) -> float | None:
        """Of all pairs, the share that a person must look at."""
        return (self.same[Decision.PERSON] + self.two[Decision.PERSON]) / self.count if self.count else None


def pairs(path: Path = PAIRS) -> list[Pair]:
    """Raises ValueError naming the pair that cannot be read, OSError and yaml.YAMLError for the file."""
    found = []
    for group in read_yaml(path.read_text(encoding="utf-8")):
        for label in ("same", "two"):
            for texts in group.get(label, []):
                try:
                    one, other = map(_side, texts)
                except (KeyError, ValueError) as error:
                    raise ValueError(f"{group['kind']}: {texts}: {error}") from error
                text = " = ".join(texts)
                by_hash = PARTS[hashlib.sha256(text.encode()).digest()[0] % 2]
                part = next((name for name in PARTS if group.get(name)), by_hash)
                found.append(Pair(group["kind"], label == "same", one, other, part, text))
    return found


def measured(some: Iterable[Pair]) -> tuple[Quality, list[tuple[Pair, Verdict]]]:
    """The quality, and the pairs that were merged or parted wrongly or left to a person."""
    quality, missed = Quality(Counter(), Counter()), []
    for pair in some:
        verdict = decide(pair.one, pair.other)
        (quality.same if pair.same else quality.two)[verdict.decision] += 1
        if verdict.decision is not (Decision.SAME if pair.same else Decision.DIFFERENT):
            missed.append((pair, verdict))
    return quality, missed


def _side(text: str) -> Described:
    name, street, code, *more = (part.strip() for part in text.split("|"))
    facts = dict(word.split("=", 1) for word in " ".join(more).split())
    place = _postcodes()[code] if code else {}
    phone, email, site, at = (facts.pop(key, "") for key in ("tel", "mail", "web", "at"))
    point = Point(float(place["latitude"]), float(place["longitude"])) if place else None
    one = Described(
        name=name, street=street, postcode=code, town=place.get("town", ""), point=point,
        phone=f"+45{int(phone):08}" if phone else "", email=f"{email}.example" if email else "",
        website=f"https://{site if '.' in site else f'{site}.example'}" if site else "",
        cvr=facts.pop("cvr", ""), p_number=facts.pop("p", ""), sor=facts.pop("sor", ""),
    )  # fmt: skip
    if facts:
        raise ValueError(f"unknown: {', '.join(facts)}")
    if not at:
        return one
    latitude, longitude = map(float, at.split(","))
    return replace(one, point=Point(latitude, longitude), exact=True)


@cache
def _postcodes() -> dict[str, dict[str, str]]:
    with POSTCODES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}
