"""How good the suggested matches are, on our labelled texts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clinics.suggesting.evaluation import SETS, Quality, counting, each_hidden, evaluate, labelled, suggested


class Command(BaseCommand):
    help = "Måler forslagene til match på de mærkede tekster i clinics/data/matching/ (docs/matching.md). Ændrer intet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--misses", action="store_true", help="vis også de tekster, hvor det første forslag er forkert"
        )
        parser.add_argument("--hidden", action="store_true", help="mål også hver tilstand med dens egne ord skjult")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{'':34}{'texts':>7}{'precision@1':>13}{'primary@1':>11}{'recall@3':>10}{'silent':>8}")
        baseline = counting()
        for path in sorted(SETS.glob("*.yaml")):
            examples = labelled(path.stem)
            quality = evaluate(examples, suggested)
            self._line(path.stem, quality)
            self._line(f"{path.stem}, counting words", evaluate(examples, baseline))
            for miss in quality.misses if options["misses"] else ():
                self.stdout.write(f"    {miss.slug}: {', '.join(miss.expected) or '–'} ≠ {', '.join(miss.got) or '–'}")
        if options["hidden"]:
            self._line("conditions, each hidden", each_hidden())

    def _line(self, name: str, quality: Quality) -> None:
        silent = "–" if quality.silent is None else f"{quality.silent:.2f}"
        figures = f"{quality.precision:13.2f}{quality.primary:11.2f}{quality.recall:10.2f}{silent:>8}"
        self.stdout.write(f"{name:34}{quality.count:7}{figures}")
