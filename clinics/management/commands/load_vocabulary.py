from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clinics.loading.money import load_money
from clinics.loading.places import PlaceTableError, load_places
from clinics.loading.safety import Outcome as SafetyOutcome
from clinics.loading.safety import SafetyDataError, load_safety
from clinics.loading.vocabulary import Outcome, load_vocabulary
from clinics.loading.vocabulary_files import VocabularyError


class Command(BaseCommand):
    help = "Load the committed vocabulary, red flags, dated numbers and rules. Safe to run twice and in production."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():  # all of it or nothing
                vocabulary = load_vocabulary()
                load_places()  # a safety number hangs on its region and must not wait for another command
                dated = load_safety() | load_money()
                for name, outcome in dated.items():
                    if outcome.missing:
                        raise CommandError(f"{name}: names what does not exist: {', '.join(outcome.missing)}")
        except (VocabularyError, PlaceTableError, SafetyDataError) as error:
            raise CommandError(str(error)) from error
        results: list[tuple[str, Outcome | SafetyOutcome]] = [*vocabulary.items(), *dated.items()]
        for name, result in results:
            self.stdout.write(
                f"{name}: {len(result.created)} created, {len(result.updated)} updated, "
                f"{len(result.unchanged)} unchanged, {len(result.kept)} kept as people left them"
            )
            if result.absent:
                self.stdout.write(f"  not in the file, left alone: {', '.join(result.absent)}")
