"""The red flags as articles and merges of conditions are checked against them: all, and those on the pages of one condition."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from .care import GENERAL_REGION, in_force, marked, marked_flags
from .models import BodyRegion, Condition, RedFlag


@dataclass(frozen=True)
class Registry:
    """Every red flag, the keys of those that stand on the pages of one condition, and of those that are its own.

    `version` changes when a flag's urgency or words do, or what stands on the pages.
    """

    flags: list[RedFlag]
    in_force: frozenset[str]
    attached: frozenset[str]
    version: str


def registry_for(condition: Condition | None) -> Registry:
    """The registry for the pages of a condition, or for those without one. One query, or none while it is held."""
    if rows := _held.get():
        return rows.registry(condition)
    flags = list(marked_flags(condition, everything=True))
    return _registry(condition, flags, _words(flags))


def registry_versions(conditions: Iterable[Condition | None]) -> dict[int | None, str]:
    """Key of a condition → the version of its registry, None for no condition. Four queries, however many there are."""
    rows = _Rows()
    return {condition.pk if condition else None: rows.registry(condition).version for condition in conditions}


@contextmanager
def held() -> Iterator[None]:
    """Read the registry once, for work on many articles; one that is checked meanwhile is outdated if it changes."""
    token = _held.set(_Rows())
    try:
        yield
    finally:
        _held.reset(token)


class _Rows:
    """All flags, and where each of them stands, in four queries."""

    def __init__(self) -> None:
        self.flags = list(RedFlag.objects.all())
        self.of_condition = _keys_by(Condition, "condition_id")
        self.of_region = _keys_by(BodyRegion, "bodyregion_id")
        general = BodyRegion.objects.filter(slug=GENERAL_REGION).values_list("pk", flat=True).first()
        self.general = self.of_region.get(general, set())
        self.words = _words(self.flags)

    def registry(self, condition: Condition | None) -> Registry:
        own: set[str] = set()
        regional: set[str] = set()
        if condition:
            own = self.of_condition.get(condition.pk, set()) | self.of_condition.get(condition.merged_into_id, set())
            regional = self.of_region.get(condition.body_region_id, set())
        for flag in self.flags:  # the marks are those of the last condition asked for, and read at once
            flag.own, flag.regional, flag.general = flag.key in own, flag.key in regional, flag.key in self.general  # type: ignore[attr-defined]
        return _registry(condition, self.flags, self.words)


_held: ContextVar[_Rows | None] = ContextVar("held_registry", default=None)


def _registry(condition: Condition | None, flags: list[RedFlag], words: str) -> Registry:
    keys = _keys(in_force(condition, flags))
    version = hashlib.sha256(f"[{words}, {json.dumps(sorted(keys))}]".encode()).hexdigest()[:16]
    return Registry(flags, keys, _keys(marked(flags, "own")), version)


def _words(flags: Iterable[RedFlag]) -> str:
    """What an article is checked for, as JSON."""
    return json.dumps(sorted([flag.key, flag.urgency, flag.kind, flag.group, *flag.terms] for flag in flags))


def _keys(flags: Iterable[RedFlag]) -> frozenset[str]:
    return frozenset(flag.key for flag in flags)


def _keys_by(model: type[Condition] | type[BodyRegion], column: str) -> dict[int | None, set[str]]:
    keys: dict[int | None, set[str]] = {}
    for pk, key in model.red_flags.through.objects.values_list(column, "redflag__key"):
        keys.setdefault(pk, set()).add(key)
    return keys
