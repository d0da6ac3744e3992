"""Answer somebody who has no account and asks what we have about them: docs/privacy.md."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinics import personal_data
from clinics.actions import ActionError
from clinics.models import Report, Review
from clinics.reviews import retention

WHAT = {
    "export": "all that we keep behind a private link, as JSON",
    "erase": "the review behind a private link; of a report, who made it",
    "find": "how many rows hold an e-mail address",
    "forget": "take an e-mail address out of them",
    "purge": "what is past its time, at once: after a backup was restored",
}


class Command(BaseCommand):
    help = (
        "; ".join(f"{name}: {about}" for name, about in WHAT.items())
        + ". Link and address are asked for, not arguments."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=tuple(WHAT))

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "purge":
            self.say(retention.purge())
        elif what in ("find", "forget"):
            email = self.ask("E-mail address: ")
            if "@" not in email:
                raise CommandError("That is no e-mail address.")
            self.say(personal_data.found(email) if what == "find" else personal_data.forget(email))
        else:
            self.by_link(what)

    def by_link(self, what: str) -> None:
        row = personal_data.behind(self.ask("Private link: "))
        if row is None:
            raise CommandError("No review or report has that link. It may be erased already.")
        if what == "export":
            self.say(personal_data.export(row))
            return
        if self.ask(f"{_called(row)}. Erase for good? Type yes: ") != "yes":
            raise CommandError("Nothing was erased.")
        try:
            personal_data.erase(row)
        except ActionError as error:
            raise CommandError(error.text) from error
        self.stdout.write("Erased.")

    def ask(self, question: str) -> str:
        """The question goes to standard error, so that what comes out can be piped into a file."""
        self.stderr.write(question, ending="")
        return sys.stdin.readline().strip()

    def say(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def _called(row: Review | Report) -> str:
    if isinstance(row, Report):
        return f"Who made report {row.number}"
    return f"Review of {row.clinic}, visit in {row.visited_in:%Y-%m}, {row.status}"
