from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinics.actions import ActionError
from clinics.intake import working
from clinics.intake.progress import Progress
from clinics.models import ImportBatch, ImportRecord

State, Status = ImportRecord.State, ImportBatch.Status

NOW = "Liste {} er ved at blive rullet tilbage af en anden proces."


class Command(BaseCommand):
    help = (
        "Take back what a list did to the clinics: fields as they were, clinics that it made gone, unless somebody changed them"
        " since. Safe to run again after it was killed. docs/intake.md"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "batch", type=int, metavar="BATCH", help="its number, as import_clinics and the admin tell it"
        )

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        stored = ImportBatch.objects.filter(pk=batch).first()
        if stored is None:
            raise CommandError(f"Der er ingen liste {batch}.")
        progress = Progress(self.show, "Ruller tilbage", is_tty=self.stderr.isatty())
        try:
            with working.alone(stored.pk) as mine:
                stored.refresh_from_db()
                if stored.status != Status.UNDOING or not mine:
                    working.start_undoing(batch=stored, by=None, nudge=False)
                    if not mine:  # whoever had it has just ended: beat's turn is as good
                        raise CommandError(NOW.format(batch))
                working.work_alone(stored.pk, progress=progress)
        except ActionError as error:
            raise CommandError(error.text) from error
        except KeyboardInterrupt:
            raise CommandError(
                "Afbrudt. Det, der er rullet tilbage, er gemt. Kør kommandoen igen for at fortsætte.", returncode=130
            ) from None
        finally:
            progress.end()
        self.tell(stored)

    def show(self, text: str) -> None:
        """On standard error, as it is, at once."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()

    def tell(self, batch: ImportBatch) -> None:
        kept = batch.records.filter(state=State.KEPT).select_related("clinic").order_by("row")
        for one in kept.iterator(chunk_size=500):
            self.stdout.write(f"Række {one.row}, {one.clinic or one.name}: {one.note}")
        undone = batch.records.filter(state=State.UNDONE).count()
        self.stdout.write(f"Liste {batch.pk} ({batch.name}): {undone} rullet tilbage, {kept.count()} kun delvis.")
