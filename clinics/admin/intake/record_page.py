"""One row of a list beside the clinics that it may be: what would be written, what is kept and why, and the choice.

Radio buttons and one form, so that arrows and Enter go through all that wait; nothing is chosen beforehand for a row that
waits, because Enter pressed once too often would make two clinics one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from clinics.actions import ActionError
from clinics.intake.changing.changes import Change, Said, changes
from clinics.intake.deciding import DECIDABLE, OPEN, candidates_of, choose, decide
from clinics.listing.deciding import removed
from clinics.listing.finding import find_yours
from clinics.models import Clinic, ImportRecord
from clinics.ownership import limited
from clinics.whole import fill

from . import words
from .filters import is_key

Decision, State = ImportRecord.Decision, ImportRecord.State
NEW, SKIP, PERSON, CLINIC = "ny", "spring", "person", "klinik-"
CHOOSE = "Vælg, hvad der skal ske med rækken."
MEANWHILE = "Rækken er ændret, siden du åbnede siden. Se den igen, og vælg."
NO_SUCH = "Klinikken findes ikke længere. Vælg en anden."
SHOWN_CANDIDATES = 5


@dataclass
class Option:
    """A clinic that the row may be. `marks`: why it is no ordinary one ("lukket")."""

    clinic: Clinic
    score: int = 0
    reasons: Sequence[str] = ()
    against: Sequence[str] = ()
    marks: Sequence[str] = ()
    written: Sequence[Change] = field(default_factory=tuple)
    kept: Sequence[Change] = field(default_factory=tuple)
    is_choosable: bool = True

    @property
    def value(self) -> str:
        return f"{CLINIC}{self.clinic.pk}"


def page(screen: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    record = _record(screen, request, object_id)
    problem = ""
    if request.method == "POST":
        if not screen.has_change_permission(request, record):
            raise PermissionDenied
        try:
            _decide(request, record)
        except ActionError as error:
            problem = error.text
        else:
            return _onward(request, record)
        record = _record(screen, request, object_id)
    context = screen.admin_site.each_context(request) | _context(request, record) | {"problem": problem}
    context["title"] = f"{'Fejl: ' if problem else ''}{record.name or 'Uden navn'}"
    context |= {"opts": screen.opts, "is_nav_sidebar_enabled": False}
    if problem:
        context["chosen"] = request.POST.get("valg", "")
    response = TemplateResponse(
        request, "admin/clinics/importrecord/decide.html", context, status=422 if problem else 200
    )
    response["Cache-Control"] = "no-store"
    return response


def seen(record: ImportRecord) -> str:
    """What a page knows of the decision; another word when somebody else decides meanwhile."""
    return f"{record.decision}/{record.clinic_id or ''}/{record.state}"


def waiting(rows: QuerySet[ImportRecord]) -> QuerySet[ImportRecord]:
    return rows.filter(state=State.STAGED, decision=Decision.PERSON)


def next_waiting(record: ImportRecord) -> ImportRecord | None:
    """The next one down the list, and from its end the first: what was passed by comes again."""
    rows = waiting(ImportRecord.objects.filter(batch=record.batch_id)).exclude(pk=record.pk).only("pk").order_by("row")
    return rows.filter(row__gt=record.row).first() or rows.first()


def _record(screen: Any, request: HttpRequest, object_id: str) -> ImportRecord:
    record = screen.get_object(request, object_id)
    if record is None:
        raise Http404
    if not screen.has_view_permission(request, record):
        raise PermissionDenied
    return record


def _decide(request: HttpRequest, record: ImportRecord) -> None:
    """Raises ActionError."""
    by: Any = request.user
    chosen = request.POST.get("valg", "")
    if request.POST.get("set", "") != seen(record):
        raise ActionError(MEANWHILE)
    if chosen == NEW:
        choose(record=record, clinic=None, by=by)
    elif chosen in (SKIP, PERSON):
        decision = Decision.SKIP if chosen == SKIP else Decision.PERSON
        done = decide(records=ImportRecord.objects.filter(pk=record.pk), decision=decision, by=by)
        if done.refused:
            raise ActionError(next(iter(done.refused)))
    elif chosen.startswith(CLINIC) and is_key(chosen.removeprefix(CLINIC)):
        clinic = limited(Clinic.objects.all(), by).filter(pk=int(chosen.removeprefix(CLINIC))).first()
        if clinic is None:
            raise ActionError(NO_SUCH)
        choose(record=record, clinic=clinic, by=by)
    else:
        raise ActionError(CHOOSE)


def _onward(request: HttpRequest, record: ImportRecord) -> HttpResponse:
    if "_save" in request.POST:
        messages.success(request, "Gemt.")
        return HttpResponseRedirect(request.path)
    if following := next_waiting(record):
        return HttpResponseRedirect(reverse("admin:clinics_importrecord_change", args=[following.pk]))
    messages.success(request, "Alle rækker er set.")
    return HttpResponseRedirect(reverse("admin:clinics_importbatch_change", args=[record.batch_id]))


def _context(request: HttpRequest, record: ImportRecord) -> dict[str, Any]:
    typed = request.GET.get("q", "")
    candidates = candidates_of(record)[:SHOWN_CANDIDATES]
    options = _options(request, record, candidates)
    real = limited(Clinic.objects.filter(is_example=False), request.user)
    found = find_yours(typed, among=real) if typed else None
    known = {one["pk"] for one in candidates}
    others = [{"pk": one.pk} for one in found.clinics if one.pk not in known] if found else []
    mine = ImportRecord.objects.filter(batch=record.batch_id)
    following, chosen = next_waiting(record), _chosen(record)
    return {
        "record": record,
        "batch": record.batch,
        "told": words.told(record),
        "said": words.said(record),
        "problems": words.problems(record),
        "options": options,
        "found": found,
        "found_options": _options(request, record, others),
        "searched": typed,
        "chosen": chosen,
        "focus": chosen or next((one.value for one in options if one.is_choosable), NEW),
        "seen": seen(record),
        "may_decide": record.state in OPEN and record.batch.status in DECIDABLE,
        "left": waiting(mine).count(),
        "following": following,
        "made": record.clinic if record.made_clinic or record.state not in OPEN else None,
    }


def _chosen(record: ImportRecord) -> str:
    """What stands already. A proposal is no choice: it is marked, and a person takes it."""
    if record.decision == Decision.UPDATE and record.clinic_id:
        return f"{CLINIC}{record.clinic_id}"
    return {Decision.NEW: NEW, Decision.SKIP: SKIP, Decision.DUPLICATE: SKIP}.get(Decision(record.decision), "")


def _options(request: HttpRequest, record: ImportRecord, candidates: list[dict[str, Any]]) -> list[Option]:
    """The candidates that are still there, each with what would become of it."""
    pks = [one["pk"] for one in candidates]
    rows = limited(Clinic.objects.select_related("postcode"), request.user).in_bulk(pks)
    fill(list(rows.values()))
    prefetch_related_objects(list(rows.values()), "field_sources")
    gone = set(removed(Clinic.objects.filter(pk__in=pks)).values_list("pk", flat=True))
    return [_option(record, rows[one["pk"]], one, one["pk"] in gone) for one in candidates if one["pk"] in rows]


def _option(record: ImportRecord, clinic: Clinic, told: dict[str, Any], is_gone: bool) -> Option:
    batch, reasons = record.batch, [str(one) for one in told.get("reasons", ())]
    found = changes(record.facts, clinic, Said(batch.source, batch.name, batch.stated_on, batch.licence))
    marks = ["taget af efter ønske"] if is_gone else []
    if clinic.status != Clinic.Status.PUBLISHED and not is_gone:
        marks.append(clinic.get_status_display())
    if clinic.is_example:
        marks.append("eksempel")
    return Option(
        clinic, told.get("score", 0),
        reasons=[one for one in reasons if not one.startswith("men ")],
        against=[one.removeprefix("men ") for one in reasons if one.startswith("men ")],
        marks=marks, is_choosable=not (is_gone or clinic.is_example or clinic.status == Clinic.Status.CLOSED),
        written=[one for one in found if not one.kept], kept=[one for one in found if one.kept],
    )  # fmt: skip
