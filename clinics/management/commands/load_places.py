from django.core.management.base import BaseCommand, CommandError

from clinics.loading.places import PlaceTableError, load_places


class Command(BaseCommand):
    help = "Bring regions, postcodes and places in line with the committed tables. Safe to run twice."

    def handle(self, *args: object, **options: object) -> None:
        try:
            outcomes = load_places()
        except PlaceTableError as error:
            raise CommandError(str(error)) from error
        for name, outcome in outcomes.items():
            self.stdout.write(
                f"{name}: {len(outcome.created)} created, {len(outcome.updated)} updated, "
                f"{len(outcome.unchanged)} unchanged, {len(outcome.deleted)} deleted"
            )
            if outcome.kept:
                self.stdout.write(f"  no longer in the table, but still in use: {', '.join(outcome.kept)}")
