import datetime
import io
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from clinics.actions import ActionError
from clinics.intake import working
from clinics.intake.progress import Progress
from clinics.intake.reading import openstreetmap
from clinics.intake.reading.columns import MappingError, read_mapping
from clinics.intake.receiving import StillWorkingError, receive
from clinics.intake.report import OUTCOMES, Report
from clinics.models import ImportBatch
from clinics.models.clinic import Source

Status = ImportBatch.Status

STEPS = {
    Status.STAGING: ("Læser og sammenligner", "Leder efter gentagelser"),
    Status.APPLYING: ("Indfører",),
}
SHOWN = 20  # failed rows that the short report names
IN_MEMORY = 8 * 1024 * 1024  # bytes of standard input before they go to a file
WORDS = dict(zip(OUTCOMES, ("oprettet", "opdateret", "uændret", "venter eller springes over", "fejlet"), strict=True))
AGAIN = "Afbrudt. Det, der er gjort, er gemt. Kør den samme kommando igen for at fortsætte."


class Command(BaseCommand):
    help = (
        "Read a list of clinics, hold it against the directory and apply what is certain; the rest waits for a person in the"
        " admin. Safe to run again after it was killed. docs/intake.md"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help='"-" is standard input')
        parser.add_argument("--format", choices=ImportBatch.Format.values, required=True)
        parser.add_argument("--mapping", metavar="FILE", help="which column is which fact (YAML)")
        parser.add_argument("--name", help="of the list, as it is named as a source (the file's name)")
        parser.add_argument(
            "--date", metavar="YYYY-MM-DD", help="the day the source states it for; without one it corrects little"
        )
        parser.add_argument("--licence", help='e.g. "CC BY 4.0"')
        parser.add_argument("--register", action="store_true", help="it is an official register")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen and leave nothing behind")
        parser.add_argument("--stage-only", action="store_true", help="read and match; apply nothing")
        parser.add_argument(
            "--report", choices=["text", "json"], default="text", help="json: one object on standard output"
        )

    def handle(self, *args: Any, dry_run: bool, stage_only: bool, report: str, **options: Any) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no “ or → still gets its lines
                stream.reconfigure(errors="backslashreplace")
        began = time.monotonic()
        try:
            with ExitStack() as stack:
                if dry_run:  # what is never committed needs no sweeping, however it ends
                    stack.enter_context(_undone())
                batch = self.run(stack, options, stage_only=dry_run or stage_only, continues=not dry_run)
                told = Report(batch, predicted=dry_run or stage_only)
                problem = batch.problem if batch.status == Status.FAILED else ""
                if report == "json":
                    told.write_json(self.put, dry_run=dry_run, seconds=time.monotonic() - began, error=problem or None)
                else:
                    self.write_text(told, batch, dry_run, stage_only, time.monotonic() - began)
        except KeyboardInterrupt:
            raise CommandError("Afbrudt. Intet er gemt." if dry_run else AGAIN, returncode=130) from None
        except (ActionError, MappingError) as error:
            if report == "json":
                seconds = time.monotonic() - began
                Report(None).write_json(self.put, dry_run=dry_run, seconds=seconds, error=error.text)
            raise CommandError(error.text) from error
        if problem:
            raise CommandError(problem)
        if failed := told.summary["failed"]:
            raise CommandError(f"{failed} af {sum(told.summary.values())} rækker kunne ikke bruges.")

    def put(self, text: str) -> None:
        """On standard output, as it is."""
        self.stdout.write(text, ending="")

    def show(self, text: str) -> None:
        """On standard error, as it is, at once."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()

    def run(self, stack: ExitStack, options: dict[str, Any], *, stage_only: bool, continues: bool) -> ImportBatch:
        """The batch, read and unless `stage_only` applied. Raises ActionError and MappingError.

        The lock is taken before anybody can see the batch: no worker begins it meanwhile.
        """
        try:
            with transaction.atomic():
                batch = self.received(options)
                stack.enter_context(working.alone(batch.pk))
        except StillWorkingError as same:
            mine = continues and stack.enter_context(working.alone(same.batch.pk))
            if not mine or same.batch.status == Status.UNDOING:
                raise
            self.stderr.write(f"{same} Det bliver gjort færdigt, som det blev begyndt.")
            batch = same.batch
        progress = Progress(self.show, *STEPS.get(Status(batch.status), ()), is_tty=self.stderr.isatty())
        try:
            working.work_alone(batch.pk, progress=progress)
            batch.refresh_from_db()
            if not stage_only and batch.status == Status.STAGED and _is_decided(batch):
                working.start_applying(batch=batch, by=None, nudge=False)
                progress.begin(*STEPS[Status.APPLYING])
                working.work_alone(batch.pk, progress=progress)
        finally:
            progress.end()
        batch.refresh_from_db()
        return batch

    def received(self, options: dict[str, Any]) -> ImportBatch:
        columns = _columns(options["mapping"]) if options["mapping"] else {}
        with _opened(options["file"]) as content:
            said = None
            if options["format"] == ImportBatch.Format.GEOJSON:
                said = openstreetmap.said_of(content.read(openstreetmap.HEAD))
                content.seek(0)
            path = Path(options["file"])
            name = options["name"] or (said.name if said else "Standard input" if str(path) == "-" else path.stem)
            licence = options["licence"] if options["licence"] is not None else said.licence if said else ""
            return receive(
                content=content, file_name=path.name, by=None, name=name, licence=licence,
                stated_on=_date(options["date"]) if options["date"] else said.stated_on if said else None,
                source=Source.REGISTER if options["register"] else Source.IMPORT,
                format=options["format"], columns=columns, nudge=False,
            )  # fmt: skip

    def write_text(self, told: Report, batch: ImportBatch, dry_run: bool, stage_only: bool, seconds: float) -> None:
        failed = 0
        for row in told.rows() if told.summary["failed"] else ():
            if row["outcome"] == "failed":
                failed += 1
                if failed <= SHOWN:
                    self.stderr.write(f"Række {row['row']}: {row['error']}")
        if failed > SHOWN:
            self.stderr.write(f"… og {failed - SHOWN} rækker til.")
        counts = ", ".join(f"{number} {WORDS[outcome]}" for outcome, number in told.summary.items() if number)
        how = " (prøve: intet er gemt)" if dry_run else f" (liste {batch.pk})"
        if stage_only and not dry_run:
            how = f" (liste {batch.pk}: kun læst, intet er indført)"
        self.stdout.write(f"{counts or 'ingen rækker'} på {seconds:.1f} s{how}")


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _is_decided(batch: ImportBatch) -> bool:
    return batch.records.filter(decision__in=working.TO_APPLY, state=working.State.STAGED).exists()


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Raises ActionError: not there, a folder, not readable."""
    if name == "-":
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            copy.seek(0)
            yield cast(BinaryIO, copy)
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except FileNotFoundError:
        raise ActionError(f"Filen findes ikke: {name}") from None
    except IsADirectoryError:
        raise ActionError(f"{name} er en mappe. Angiv en fil.") from None
    except (OSError, ValueError) as error:
        raise ActionError(
            f"{name} kan ikke læses ({getattr(error, 'strerror', None) or 'navnet duer ikke'})."
        ) from None


def _columns(name: str) -> dict[str, str]:
    with _opened(name) as file:
        text = file.read(1 << 20)
    try:
        return read_mapping(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ActionError(f"{name} er ikke en tekstfil i UTF-8.") from None


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ActionError(f"“{text}” er ikke en dato. Skriv den som 2026-11-22.") from None
