from django.core.management.base import BaseCommand, CommandError

from clinics.reviews import aggregate


class Command(BaseCommand):
    help = "Work the ratings of all clinics out anew from their published reviews, or check that they are right."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a rating is wrong")

    def handle(self, *args, check: bool, **options) -> None:
        if not check:
            self.stdout.write(f"{aggregate.rebuild()} ratings changed")
            return
        if wrong := aggregate.disagreements():
            raise CommandError(f"the ratings of these clinics are wrong (run without --check): {wrong}")
        self.stdout.write("the ratings agree with the reviews")
