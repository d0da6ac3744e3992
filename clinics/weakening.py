"""What makes a warning weaker: the rule of docs/red-flags.md, "Two editors", in one place.

Asked by every form that can change a warning, whoever fills it in. What is not weaker is saved at once; what is becomes a
proposal (`clinics.warnings`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .models import BodyRegion, Condition, RedFlag, Speciality, WarningChange
from .registry import registry_for

Kind = WarningChange.Kind
URGENT = (RedFlag.Urgency.EMERGENCY, RedFlag.Urgency.DOCTOR_NOW)
_RANK = list(RedFlag.Urgency.values)  # the most urgent first


@dataclass
class Weakening:
    """One proposal in the making: its kind, the flag that is taken away (if one is), and the fields as they would become."""

    kind: str
    flag: RedFlag | None = None
    after: dict[str, Any] = field(default_factory=dict)


def split(row: Any, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[Weakening]]:
    """The values of a form for a stored row → what may be saved at once, and what would weaken it.

    `wanted` are cleaned values by field name; `red_flags` any iterable of flags. Names it does not know pass through.
    """
    if isinstance(row, RedFlag):
        return _split_flag(row, wanted)
    saved, found = dict(wanted), list[Weakening]()
    if "red_flags" in wanted:
        saved["red_flags"], detached = _split_flags(row.red_flags.all(), wanted["red_flags"])
        found += detached
    if "care_gate" in wanted and row.care_gate.strip() and wanted["care_gate"].strip() != row.care_gate.strip():
        saved["care_gate"] = row.care_gate
        found.append(Weakening(Kind.GATE, after={"care_gate": wanted["care_gate"].strip()}))
    if isinstance(row, Condition) and "body_region" in wanted and _loses_flags(row, wanted["body_region"]):
        saved["body_region"] = row.body_region
        region = wanted["body_region"]
        found.append(Weakening(Kind.DETACH, after={"body_region": region.pk if region else None}))
    return saved, found


def lowers(before: str, after: str) -> bool:
    """Whether the second urgency is lower than the first."""
    return _RANK.index(after) > _RANK.index(before)


def warned_by(row: BodyRegion | Condition | Speciality) -> str:
    """What would be lost if the row were deleted, as a Danish phrase; "" for nothing."""
    flags = row.red_flags.count() if not isinstance(row, Speciality) else 0
    gate = "" if isinstance(row, BodyRegion) else row.care_gate.strip()
    parts = [f"{flags} røde flag" if flags > 1 else "et rødt flag" if flags else "", "en betingelse" if gate else ""]
    return " og ".join(filter(None, parts))


def _split_flag(flag: RedFlag, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[Weakening]]:
    saved: dict[str, Any] = dict(wanted)
    after: dict[str, Any] = {}
    if "urgency" in wanted and lowers(flag.urgency, wanted["urgency"]):
        saved["urgency"], after["urgency"] = flag.urgency, str(wanted["urgency"])
    if "kind" in wanted and wanted["kind"] != flag.kind:
        saved["kind"], after["kind"] = flag.kind, str(wanted["kind"])
    # Of the group is what an "avoid" flag forbids where a text describes another of the same group (articles.safety).
    if "group" in wanted and _bare(wanted["group"]) != _bare(flag.group):
        saved["group"], after["group"] = flag.group, str(wanted["group"])
    if "text" in wanted and flag.urgency in URGENT and _bare(wanted["text"]) != _bare(flag.text):
        saved["text"], after["text"] = flag.text, wanted["text"]
    if "terms" in wanted:
        kept = {_bare(term) for term in wanted["terms"]}
        if any(_bare(term) not in kept for term in flag.terms):
            known = {_bare(term) for term in flag.terms}
            saved["terms"] = [*flag.terms, *(term for term in wanted["terms"] if _bare(term) not in known)]
            after["terms"] = list(wanted["terms"])
    return saved, [Weakening(Kind.URGENCY, flag, after)] if after else []


def _split_flags(before: Iterable[RedFlag], wanted: Iterable[RedFlag]) -> tuple[list[RedFlag], list[Weakening]]:
    before, wanted = list(before), list(wanted)
    keys = {flag.pk for flag in wanted}
    gone = [flag for flag in before if flag.pk not in keys]
    return [*wanted, *gone], [Weakening(Kind.DETACH, flag) for flag in gone]


def _loses_flags(condition: Condition, region: BodyRegion | None) -> bool:
    """Whether a flag that stands on the condition's pages now would not with another body region."""
    if (region.pk if region else None) == condition.body_region_id:
        return False
    moved = Condition(pk=condition.pk, merged_into_id=condition.merged_into_id, body_region=region)
    return bool(registry_for(condition).in_force - registry_for(moved).in_force)


def _bare(text: str) -> str:
    """Case and spaces weaken nothing."""
    return " ".join(text.casefold().split())
