from django.core.management.base import BaseCommand, CommandError

from clinics import index


class Command(BaseCommand):
    help = "Bring the search index in line with the clinics, or check that it is."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a row is wrong")

    def handle(self, *args, check: bool, **options) -> None:
        if not check:
            self.stdout.write(f"{index.rebuild()} rows of the search index changed")
            return
        if wrong := index.disagreements():
            raise CommandError(f"the search index is wrong for these clinics (run without --check): {wrong}")
        self.stdout.write("the search index agrees with the clinics")
