from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinics.likeness.deciding import Decision
from clinics.likeness.measuring import PARTS, Pair, Quality, measured, pairs


class Command(BaseCommand):
    help = "Måler, hvor godt ens klinikker genkendes, på de mærkede par (docs/likeness.md). Ændrer intet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kinds", action="store_true", help="vis også hver slags par for sig")
        parser.add_argument(
            "--misses", action="store_true", help="vis de par i første halvdel, der ikke blev afgjort rigtigt"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = pairs()
        except (OSError, ValueError) as error:
            raise CommandError(f"De mærkede par kan ikke læses: {error}") from error
        self.stdout.write(f"{'':52}{'pairs':>6}{'same':>6}{'precision':>11}{'recall':>8}{'found':>7}{'asked':>7}")
        for part in PARTS:
            self._line(part, [pair for pair in known if pair.part == part])
        self._line("all", known)
        for kind in dict.fromkeys(pair.kind for pair in known) if options["kinds"] else ():
            self._line(f"  {kind[:48]}", [pair for pair in known if pair.kind == kind])
        if options["misses"]:
            self._misses([pair for pair in known if pair.part == PARTS[0]])

    def _line(self, name: str, some: list[Pair]) -> None:
        quality, _ = measured(some)
        self.stdout.write(f"{name:52}{quality.count:6}{quality.same.total():6}{self._figures(quality)}")

    def _figures(self, quality: Quality) -> str:
        figures = ((quality.precision, 11), (quality.recall, 8), (quality.found, 7), (quality.asked, 7))
        return "".join(f"{'–' if figure is None else f'{figure:.3f}':>{width}}" for figure, width in figures)

    def _misses(self, some: list[Pair]) -> None:
        for pair, verdict in measured(some)[1]:
            wrong = "?" if verdict.decision is Decision.PERSON else "!"
            label = "same" if pair.same else "two"
            why = f"{', '.join(verdict.reasons)} ≠ {', '.join(verdict.against)}"
            self.stdout.write(f"{wrong} {label} → {verdict.decision.value} {verdict.score}: {pair.text}  [{why}]")
