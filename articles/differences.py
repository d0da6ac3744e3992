"""What differs between two texts, line by line and word by word, as rows that a template can show.

In prose a line is a whole paragraph, so a changed line alone says little: the words that changed in it are marked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from typing import Literal, NamedTuple

_TOKEN = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")  # with the space before it: spaces alone make no two lines alike
_MOST_WORDS = 2_000  # of a paragraph: comparing words costs their product
_ALIKE = 0.4  # below this share of common words two lines are two other lines, not one that was changed
_CONTEXT = 1  # lines around a change
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class Part(NamedTuple):
    """A piece of a line, and whether it is what changed."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Row:
    """One line: removed from the old text, added in the new one, or the same in both. A `gap` stands for lines left out.

    `line` counts from 1: in the old text for what was removed, in the new one otherwise; 0 for a gap.
    """

    kind: Literal["same", "removed", "added", "gap"]
    line: int
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


def compare(old: str, new: str) -> list[Row]:
    """How `new` differs from `old`; empty when only line ends differ."""
    return from_unified(unified_diff(old.splitlines(), new.splitlines(), n=_CONTEXT, lineterm=""))


def from_unified(diff: str | Iterable[str]) -> list[Row]:
    """The rows of a unified diff, such as stands in the report of an import."""
    rows: list[Row] = []
    removed: list[tuple[int, str]] = []
    added: list[tuple[int, str]] = []
    old_line = new_line = 1
    started = False
    for line in diff.splitlines() if isinstance(diff, str) else diff:
        hunk = _HUNK.match(line)
        if hunk:
            rows += _changed(removed, added)
            old_line, new_line = int(hunk[1]), int(hunk[2])
            if started or max(old_line, new_line) > 1:
                rows.append(Row("gap", 0))
            started = True
        elif not started or line.startswith("\\"):
            continue  # the names of the files; "no newline at end of file"
        elif line.startswith("-"):
            removed.append((old_line, line[1:]))
            old_line += 1
        elif line.startswith("+"):
            added.append((new_line, line[1:]))
            new_line += 1
        else:
            rows += _changed(removed, added)
            rows.append(Row("same", new_line, (Part(line[1:], False),)))
            old_line, new_line = old_line + 1, new_line + 1
    return [*rows, *_changed(removed, added)]


def _changed(removed: list[tuple[int, str]], added: list[tuple[int, str]]) -> Iterator[Row]:
    """The rows of one change, each old line just above the new one that took its place; empties both lists."""
    for index in range(max(len(removed), len(added))):
        before = removed[index] if index < len(removed) else None
        after = added[index] if index < len(added) else None
        old, new = _words(before[1] if before else None, after[1] if after else None)
        if before:
            yield Row("removed", before[0], old)
        if after:
            yield Row("added", after[0], new)
    removed.clear()
    added.clear()


def _words(old: str | None, new: str | None) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if old is None or new is None:
        return (Part(old or "", False),), (Part(new or "", False),)
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(a=a, b=b, autojunk=False)
    if max(len(a), len(b)) > _MOST_WORDS or matcher.ratio() < _ALIKE:
        return (Part(old, False),), (Part(new, False),)
    codes = matcher.get_opcodes()
    return (
        tuple(Part("".join(a[i:j]), code != "equal") for code, i, j, _, _ in codes if i < j),
        tuple(Part("".join(b[k:m]), code != "equal") for code, _, _, k, m in codes if k < m),
    )
