import io
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.lint import LABELS, LEVELS, PLURALS, Finding, Level, lint
from articles.lint.files import lint_paths
from articles.models import Article
from clinics.danish import count

Result = tuple[str, list[Finding]]


class Command(BaseCommand):
    help = (
        "Tell what to look at in articles: all that are not archived, those named by slug, or files not imported yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG")
        parser.add_argument(
            "--path", nargs="+", default=[], metavar="FILE", help="files or folders, read and not stored"
        )
        parser.add_argument(
            "--report", choices=["text", "json"], default="text", help="json: one object on standard output"
        )
        parser.add_argument(
            "--fail-on", choices=LEVELS, help="exit with 1 when there is a finding as bad as this or worse"
        )

    def handle(self, *args: Any, slugs: list[str], path: list[str], report: str, fail_on: str, **options: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no “ or → still gets its lines
                stream.reconfigure(errors="backslashreplace")
        if slugs and path:
            raise CommandError("Name articles by slug or files with --path, not both.")
        results = list(lint_paths(path) if path else _articles(slugs))
        counts = Counter(finding.level for _, findings in results for finding in findings)
        if report == "json":
            self.stdout.write(json.dumps(_as_json(results, counts), indent=2))  # ASCII: the same under any LANG
        else:
            self.write_text(results, counts)
        if fail_on and any(counts[level] for level in LEVELS[: LEVELS.index(fail_on) + 1]):
            raise CommandError("There are findings that must be looked at first.")

    def write_text(self, results: list[Result], counts: Counter[Level]) -> None:
        for name, findings in results:
            for finding in findings:
                where = f"{name}:{finding.line}" if finding.line else name
                self.stdout.write(f"{where}: {LABELS[finding.level]} ({finding.code}): {finding.text}")
        found = ", ".join(count(counts[level], LABELS[level], PLURALS[level]) for level in LEVELS if counts[level])
        self.stdout.write(f"{count(len(results), 'artikel', 'artikler')}: {found or 'intet at bemærke'}")


def _articles(slugs: list[str]) -> Iterator[Result]:
    articles = Article.objects.exclude(status=Article.Status.ARCHIVED).order_by("slug")
    if slugs:
        articles = Article.objects.filter(slug__in=slugs).order_by("slug")
        if unknown := sorted(set(slugs) - set(articles.values_list("slug", flat=True))):
            raise CommandError(f"No article with this slug: {', '.join(unknown)}")
    for article in articles.iterator(chunk_size=50):
        yield article.slug, lint(article)


def _as_json(results: list[Result], counts: Counter[Level]) -> dict[str, Any]:
    return {
        "version": 1,
        "summary": {level: counts[level] for level in LEVELS} | {"articles": len(results)},
        "articles": [
            {"name": name, "findings": [finding.as_json() for finding in findings]} for name, findings in results
        ],
    }
