import json
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.link_report import LinkReport, link_report


class Command(BaseCommand):
    help = "Tell what links where, which articles nothing leads to, and which words lead nowhere and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="one object on standard output")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        report = link_report()
        if as_json:
            self.write_json(report)
        else:
            self.write_text(report)

    def write_json(self, report: LinkReport) -> None:
        self.stdout.write(json.dumps(report.as_json(), indent=2))  # ASCII: the same bytes under any LANG

    def write_text(self, report: LinkReport) -> None:
        for source, links in groupby(report.links, key=lambda link: link.source):
            self.stdout.write(source)
            for link in links:
                written = " (written by the author)" if link.kind == "text" else ""
                place = f" in #{link.section}" if link.section else ""
                self.stdout.write(f"  {link.phrase} → {link.target}{place}{written}")
        self.stdout.write(f"Nothing leads to: {', '.join(report.orphans) or 'none'}")
        for phrase in (*report.ambiguous, *report.blocked):
            meant = f" ({', '.join(phrase.articles)})" if phrase.articles else ""
            self.stdout.write(f"No link: {phrase.phrase}{meant}: {phrase.text}")
        self.stdout.write(f"{len(report.links)} links on {len(report.names)} public pages")
