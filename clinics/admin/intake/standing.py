"""How a list stands, in words and numbers: what was read, what waits for whom, what comes next."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.http import urlencode

from clinics.danish import count
from clinics.intake import again, working
from clinics.models import ImportBatch, ImportFile, ImportRecord

from . import words

Decision, State, Status = ImportRecord.Decision, ImportRecord.State, ImportBatch.Status
SHOWN_PROBLEMS = 15
_SAID = {
    Status.STAGING: "Listen læses. Ingen klinik bliver ændret.",
    Status.STAGED: "Listen er læst. Ingen klinik er ændret endnu.",
    Status.APPLYING: "Listen indføres. Du kan gå imens: arbejdet går videre.",
    Status.APPLIED: "Listen er indført.",
    Status.UNDOING: "Listen rulles tilbage. Du kan gå imens: arbejdet går videre.",
    Status.UNDONE: "Listen er rullet tilbage.",
    Status.FAILED: "Listen kunne ikke læses.",
}
_ROWS = {
    Decision.PERSON: ("række skal ses af en person", "rækker skal ses af en person"),
    Decision.UPDATE: ("række opdaterer en klinik, vi har", "rækker opdaterer en klinik, vi har"),
    Decision.NEW: ("ny klinik", "nye klinikker"),
    Decision.DUPLICATE: ("gentagelse i listen", "gentagelser i listen"),
    Decision.SKIP: ("række springes over", "rækker springes over"),
    State.APPLIED: ("række er indført", "rækker er indført"),
    State.FAILED: ("række kunne ikke indføres", "rækker kunne ikke indføres"),
    State.UNDONE: ("række er rullet tilbage", "rækker er rullet tilbage"),
    State.KEPT: ("række er kun delvis rullet tilbage", "rækker er kun delvis rullet tilbage"),
}
_PROBLEMS = """
    SELECT one->>'field', coalesce((one->>'fatal')::boolean, false), coalesce((one->>'passed')::boolean, false),
        count(DISTINCT record.id), min(one->>'text')
    FROM clinics_importrecord AS record, jsonb_array_elements(record.problems) AS one
    WHERE record.batch_id = %s AND record.problems <> '[]'
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1 LIMIT %s
"""


@dataclass(frozen=True)
class Line:
    label: str
    number: int
    url: str

    @property
    def figures(self) -> str:
        return words.figures(self.number)


@dataclass(frozen=True)
class Problem:
    """`example`: one of the sentences; they name their cells, so that few are alike. `passed`: fatal, and no fault."""

    label: str
    number: int
    example: str
    fatal: bool
    passed: bool
    url: str

    @property
    def figures(self) -> str:
        return words.figures(self.number)


@dataclass
class Standing:
    """`share`: done of what the worker does, 0 to 100, None while nobody knows. `apply`: what the button would do, or ""."""

    text: str
    is_working: bool
    share: int | None = None
    progress: str = ""
    waiting: list[Line] = field(default_factory=list)
    done: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    new: int = 0
    updates: int = 0
    to_see: int = 0
    first_to_see: str = ""
    apply: str = ""
    may_undo: bool = False
    may_read_again: bool = False
    waits_for_columns: bool = False
    made: int = 0
    updated: int = 0
    has_file: bool = True
    is_our_fault: bool = False

    @property
    def new_figures(self) -> str:
        return words.figures(self.new)

    @property
    def updates_figures(self) -> str:
        return words.figures(self.updates)

    @property
    def to_see_figures(self) -> str:
        return words.figures(self.to_see)

    @property
    def made_figures(self) -> str:
        return words.figures(self.made)

    @property
    def updated_figures(self) -> str:
        return words.figures(self.updated)


def standing(batch: ImportBatch) -> Standing:
    """Five statements at most, each on one list's rows."""
    numbers = working.counts(batch)
    stands = Standing(_SAID[Status(batch.status)], batch.status in ImportBatch.WORKING)
    _add_progress(stands, batch, numbers)
    if stands.is_working:
        return stands
    stands.waits_for_columns = again.waits_for_columns(batch)
    stands.may_read_again = batch.status in again.READABLE
    stands.has_file = ImportFile.objects.filter(batch=batch).exists()
    if batch.status == Status.FAILED:
        stands.text = batch.problem or stands.text
        stands.is_our_fault = batch.problem == working.OUR_FAULT
        return stands
    for decision in Decision:
        if number := numbers.get((decision, State.STAGED), 0):
            line = _line(batch, _ROWS[decision][number != 1], number, State.STAGED, decision=decision)
            stands.waiting.append(line)
    for state in (State.APPLIED, State.FAILED, State.UNDONE, State.KEPT):
        number = sum(there for (_, one), there in numbers.items() if one == state)
        if number:
            stands.done.append(_line(batch, _ROWS[state][number != 1], number, state))
    stands.problems = _problems(batch)
    stands.new, stands.updates, stands.to_see = (
        numbers.get((one, State.STAGED), 0) for one in (Decision.NEW, Decision.UPDATE, Decision.PERSON)
    )
    if stands.to_see and batch.status in (Status.STAGED, Status.APPLIED):
        first = batch.records.filter(state=State.STAGED, decision=Decision.PERSON).order_by("row").only("pk").first()
        stands.first_to_see = reverse("admin:clinics_importrecord_change", args=[first.pk]) if first else ""
    stands.apply = _apply(batch, numbers)
    stands.may_undo = batch.status == Status.APPLIED
    if stands.may_undo:
        stands.made = batch.records.filter(state=State.APPLIED, made_clinic=True).count()
        stands.updated = numbers.get((Decision.UPDATE, State.APPLIED), 0)
    return stands


def _add_progress(stands: Standing, batch: ImportBatch, numbers: dict[tuple[str, str], int]) -> None:
    match batch.status:
        case Status.STAGING:
            done, total = batch.rows, batch.total
        case Status.APPLYING:
            total = sum(there for (decision, _), there in numbers.items() if decision in working.TO_APPLY)
            done = total - sum(numbers.get((decision, State.STAGED), 0) for decision in working.TO_APPLY)
        case Status.UNDOING:
            done = sum(there for (_, state), there in numbers.items() if state in (State.UNDONE, State.KEPT))
            total = done + sum(there for (_, state), there in numbers.items() if state == State.APPLIED)
        case _:
            return
    if total:
        stands.share = min(100, 100 * done // max(total, done))
        stands.progress = f"{words.figures(done)} af {count(max(total, done), 'række', 'rækker')}"
    else:
        stands.progress = f"{count(done, 'række', 'rækker')} indtil nu"


def _apply(batch: ImportBatch, numbers: dict[tuple[str, str], int]) -> str:
    """`"412 klinikker"`, "" when there is nothing to do."""
    number = sum(numbers.get((decision, State.STAGED), 0) for decision in working.TO_APPLY)
    if not number or batch.status not in (Status.STAGED, Status.APPLIED):
        return ""
    return count(number, "klinik", "klinikker")


def _problems(batch: ImportBatch) -> list[Problem]:
    """The most frequent first: by fact, and by whether the row can be used at all."""
    with connection.cursor() as cursor:
        cursor.execute(_PROBLEMS, [batch.pk, SHOWN_PROBLEMS])
        found = cursor.fetchall()
    return [
        Problem(
            words.label(name or ""),
            number,
            words.short(example or ""),
            fatal,
            passed,
            _url(batch, fejl=name or "rækken"),
        )
        for name, fatal, passed, number, example in found
    ]


def _line(batch: ImportBatch, label: str, number: int, state: str, *, decision: str = "") -> Line:
    asked = {"decision__exact": decision} if decision else {}
    return Line(label, number, _url(batch, **asked, state__exact=state))


def _url(batch: ImportBatch, **asked: Any) -> str:
    return f"{reverse('admin:clinics_importrecord_changelist')}?{urlencode({'liste': batch.pk} | asked)}"
