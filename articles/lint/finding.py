"""What a check says about an article."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["error", "warning", "advice"]
LEVELS: tuple[Level, ...] = ("error", "warning", "advice")  # the worst first
LABELS: dict[str, str] = {"error": "fejl", "warning": "advarsel", "advice": "råd"}
PLURALS: dict[str, str] = {"error": "fejl", "warning": "advarsler", "advice": "råd"}
LONGEST_QUOTE = 80


@dataclass(frozen=True)
class Finding:
    """One thing to look at. Nothing is ever corrected for the editor.

    `line` counts from 1 in the text that was checked; 0 is the article as a whole. `code` stays the same between
    versions; `text` is a Danish sentence; `suggestion` is what could stand instead, or empty.
    """

    level: Level
    code: str
    line: int
    text: str
    suggestion: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.level]

    @property
    def order(self) -> tuple[int, int, str, str]:
        return self.line, LEVELS.index(self.level), self.code, self.text

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def quote(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text in Danish quotation marks, cut at a word where it is long."""
    if len(text) > longest:
        text = (text[:longest].rpartition(" ")[0] or text[:longest]).rstrip(" ,;:–-") + " …"
    return f"“{text}”"
