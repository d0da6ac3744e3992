import sys

from django.core.management.base import BaseCommand

from fysfinder import demo


class Command(BaseCommand):
    help = (
        "Fill a development machine with our own articles and invented clinics, or take them away. Safe to run twice."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--clinics", type=int, default=demo.CLINICS, metavar="N", help=f"how many clinics (default {demo.CLINICS})"
        )
        parser.add_argument("--remove", action="store_true", help="take all demo data away")

    def handle(self, *args, clinics: int, remove: bool, **options) -> None:
        done = demo.remove() if remove else demo.seed(clinics=clinics, progress=self.progress)
        verb = "removed" if remove else "made"
        self.stdout.write(f"{verb}: " + ", ".join(f"{number} {what}" for what, number in done.items()))

    def progress(self, done: int, total: int) -> None:
        """A bar on a terminal, a line now and then elsewhere."""
        end = "\n" if done == total or not sys.stdout.isatty() else "\r"
        self.stdout.write(f"demo data {done}/{total}", ending=end)
        self.stdout.flush()
