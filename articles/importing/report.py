"""What an import tells: one row for each file, as text or as JSON."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from articles.remarks import Remark

Outcome = Literal["created", "updated", "unchanged", "conflict", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("created", "updated", "unchanged", "conflict", "failed")
REPORT_VERSION = 1


@dataclass
class FileResult:
    """What became of one file. `error` is a Danish sentence, `error_line` its line where one is known.

    `generic`: `{"verdict", "reason"}`, None without a condition. `diff`: unified, from what is stored to the file, of a
    conflict and of an update in a dry run. `tree`: `outline.outline`, and `lead` whether words stand above it; only when
    asked for. `safety`: in how many places the text is weaker than the red flags or collides with one.
    """

    path: str
    slug: str
    outcome: Outcome = "failed"
    condition: str | None = None
    condition_name: str | None = None
    faqs: int = 0
    outro: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None
    error_line: int | None = None
    generic: dict[str, Any] | None = None
    awaits_acceptance: bool = False
    matches: list[str] = field(default_factory=list)
    suggested_flags: list[str] = field(default_factory=list)
    safety: int = 0
    diff: str | None = None
    lead: bool | None = None
    tree: list[dict[str, Any]] | None = None

    def warn(self, *remarks: Remark) -> None:
        self.warnings = sorted([*self.warnings, *(remark.as_json() for remark in remarks)], key=lambda row: row["line"])

    def as_json(self) -> dict[str, Any]:
        row = {name: value for name, value in vars(self).items() if name != "error_line"}
        if self.tree is None:
            del row["tree"], row["lead"]
        line = self.error_line
        return row | {"error": f"linje {line}: {self.error}" if line else self.error}


@dataclass
class ImportReport:
    files: list[FileResult]
    dry_run: bool
    seconds: float

    @property
    def summary(self) -> dict[str, int]:
        """Outcome → number of files, every outcome named."""
        counts = Counter(result.outcome for result in self.files)
        return {outcome: counts[outcome] for outcome in OUTCOMES}

    def as_json(self) -> dict[str, Any]:
        """The report of `import_articles --report json`; others read it, so fields may be added and none renamed."""
        return {
            "version": REPORT_VERSION,
            "dry_run": self.dry_run,
            "summary": {**self.summary, "seconds": round(self.seconds, 2)},
            "files": [result.as_json() for result in self.files],
        }
