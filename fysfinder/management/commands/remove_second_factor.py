"""For somebody who lost the phone and the recovery codes, once you know that it is them: docs/accounts.md."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fysfinder.accounts import names
from fysfinder.accounts.actions import remove_second_factor


class Command(BaseCommand):
    help = "Remove the second factor of one account and end its log-ins"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            found = EmailAddress.objects.select_related("user").get(email=names.canonical(email), verified=True)
        except (EmailAddress.DoesNotExist, ValidationError) as error:
            raise CommandError(f"No account has confirmed {email}") from error
        removed = remove_second_factor(user=found.user)
        self.stdout.write(
            f"{found.email}: {removed} removed; the password alone logs in now, so have a new one set up at once"
        )
