import io
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.importer import FileResult, ImportReport, import_paths

MANY = 25  # files; a shorter run needs no progress


class Command(BaseCommand):
    help = (
        "Import articles from Markdown files, folders and zips, with the pictures that lie beside them."
        " Safe to run twice; never overwrites what an editor changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a Markdown file, a folder or a zip")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen and change nothing")
        parser.add_argument("--publish", action="store_true", help="publish new articles and drafts")
        parser.add_argument(
            "--report", choices=["text", "json"], default="text", help="json: one object on standard output"
        )

    def handle(self, *args: Any, paths: list[str], dry_run: bool, publish: bool, report: str, **options: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no “ or → still gets its lines
                stream.reconfigure(errors="backslashreplace")
        result = import_paths(paths, dry_run=dry_run, publish=publish, ahead=True, progress=self.progress)
        if report == "json":
            self.stdout.write(json.dumps(result.as_json(), indent=2))  # ASCII: the same bytes under any LANG
        else:
            self.write_text(result)
        if failed := result.summary["failed"]:
            # The reasons stand above, each with its file; Django prints this line to standard error and exits with 1.
            raise CommandError(f"{failed} af {len(result.files)} filer kunne ikke importeres.")
        if not result.files:
            raise CommandError("Der er ingen Markdown-filer (.md) at importere.")

    def progress(self, done: int, total: int) -> None:
        if total > MANY and (done % MANY == 0 or done == total):
            self.stderr.write(f"{done}/{total}")

    def write_text(self, report: ImportReport) -> None:
        for result in report.files:
            if result.error is not None:
                self.stderr.write(f"{_at(result, result.error_line)}: {result.error}")
                continue
            outro = ", outro" if result.outro else ""
            self.stdout.write(f"{result.outcome:9} {result.path}  {result.faqs} questions{outro}")
            if result.outcome == "created" and result.generic:
                self.stdout.write(f"  {result.condition}: {result.generic['reason']}")
            for warning in result.warnings:
                self.stdout.write(f"  {_at(result, warning['line'])}: {warning['text']}")
            for line in (result.diff or "").splitlines():
                self.stdout.write(f"    {line}")
        counts = ", ".join(f"{count} {outcome}" for outcome, count in report.summary.items() if count)
        dry = " (dry run, nothing was changed)" if report.dry_run else ""
        self.stdout.write(f"{counts or 'nothing found'} in {report.seconds:.1f} s{dry}")


def _at(result: FileResult, line: int | None) -> str:
    return f"{result.path}:{line}" if line else result.path
