"""Rows of lists: looked through, decided many at once, or one after the other (record_page.py)."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from clinics.actions import ActionError
from clinics.admin.owned import OwnedAdmin
from clinics.danish import count
from clinics.intake.deciding import decide
from clinics.models import ImportBatch, ImportRecord
from clinics.ownership import may_moderate

from . import words
from .filters import BatchFilter, DifferenceFilter, ProblemFilter, is_key
from .record_page import page, seen

Decision = ImportRecord.Decision
ROOM = {"is_nav_sidebar_enabled": False}
DONE = {
    Decision.UPDATE: ("række opdaterer en klinik", "rækker opdaterer hver sin klinik"),
    Decision.NEW: ("række bliver en ny klinik", "rækker bliver nye klinikker"),
    Decision.SKIP: ("række springes over", "rækker springes over"),
    Decision.PERSON: ("række skal ses af en person", "rækker skal ses af en person"),
}
MEANWHILE = "En anden har afgjort dem, siden du åbnede siden. Se dem igen."
LEFT = "er ikke nået: så mange kan ikke afgøres på én gang. Vælg dem igen, og gør det samme."
SEEN = "set-"  # and the row's key: what the page knew of its decision
SHOWN_PROBLEMS = 2


class RecordChangeList(ChangeList):
    """A list of a hundred thousand: what a line does not show is not read, and where the row is said is asked in the row."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[ImportRecord]:
        rows = super().get_queryset(request, exclude_parameters)
        rows = rows.annotate(told_code=KT("facts__postcode_id"), told_town=KT("facts__town"))
        return rows.defer("facts", "reasons", "others", "before", "after")


@admin.register(ImportRecord)
class ImportRecordAdmin(OwnedAdmin):
    list_display = ("name_or_none", "row", "town", "decided", "same_as", "wrong", "happened")
    list_filter = (BatchFilter, "decision", "state", ProblemFilter, DifferenceFilter)
    list_select_related = ("clinic",)
    search_fields = ("name", "external_id")
    search_help_text = "Navn eller id i listen"
    ordering = ("batch_id", "row")  # an index; by "batch" Django would sort all rows by when their list came
    actions = ("as_proposed_clinic", "as_new", "passed_over", "back_to_a_person")
    list_per_page = 100
    show_full_result_count = False  # it counts every row of every list once more
    empty_value_display = ""
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["css/admin-intake.css"]}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RecordChangeList]:
        return RecordChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        chosen = request.GET.get("liste", "")
        batch = ImportBatch.objects.filter(pk=chosen).first() if is_key(chosen) and may_moderate(request.user) else None
        title = f"Rækker i “{words.short(batch.name)}”" if batch else "Rækker i lister"
        context = ROOM | {"title": title, "batch": batch} | (extra_context or {})
        return super().changelist_view(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return page(self, request, object_id)

    # What a line shows

    @admin.display(description="navn", ordering="name")
    def name_or_none(self, record: ImportRecord) -> str:
        return record.name or "Uden navn"

    @admin.display(description="sted")
    def town(self, record: ImportRecord) -> str:
        return words.town(record.told_code, record.told_town)  # type: ignore[attr-defined]

    @admin.display(description="afgørelse", ordering="decision")
    def decided(self, record: ImportRecord) -> str:
        """And what was proposed, where a person said otherwise. Hidden: what the page knows, for whoever decides many rows."""
        said = record.get_decision_display()
        mark = format_html('<input type="hidden" name="{}{}" value="{}">', SEEN, record.pk, seen(record))
        if record.decision == record.proposed or record.proposed == Decision.PERSON:
            return format_html("{}{}", said, mark)
        shown = '{}<br><span class="intake-quiet">forslag: {}</span>{}'
        return format_html(shown, said, record.get_proposed_display(), mark)

    @admin.display(description="lighed, klinik", ordering="score")
    def same_as(self, record: ImportRecord) -> str:
        if record.clinic is None:
            return ""
        url = reverse("admin:clinics_clinic_change", args=[record.clinic.pk])
        like = f"{record.score} % " if record.score else ""
        return format_html('{}<a href="{}">{}</a>', like, url, record.clinic)

    @admin.display(description="fejl og bemærkning")
    def wrong(self, record: ImportRecord) -> str:
        told = [words.short(str(one.get("text", ""))) for one in words.problems(record)]
        more = len(told) - SHOWN_PROBLEMS
        text = " ".join(told[:SHOWN_PROBLEMS]) + (f" Og {count(more, 'fejl', 'fejl')} til." if more > 0 else "")
        return format_html('<span class="intake-wrong-here">{}</span> {}', text, record.note) if text else record.note

    @admin.display(description="tilstand", ordering="state")
    def happened(self, record: ImportRecord) -> str:
        return record.get_state_display()

    # Many at once

    @admin.action(description="Opdatér den foreslåede klinik", permissions=["change"])
    def as_proposed_clinic(self, request: HttpRequest, queryset: QuerySet[ImportRecord]) -> None:
        _decide(request, queryset, Decision.UPDATE)

    @admin.action(description="Opret som ny", permissions=["change"])
    def as_new(self, request: HttpRequest, queryset: QuerySet[ImportRecord]) -> None:
        _decide(request, queryset, Decision.NEW)

    @admin.action(description="Spring over", permissions=["change"])
    def passed_over(self, request: HttpRequest, queryset: QuerySet[ImportRecord]) -> None:
        _decide(request, queryset, Decision.SKIP)

    @admin.action(description="Tilbage til en person", permissions=["change"])
    def back_to_a_person(self, request: HttpRequest, queryset: QuerySet[ImportRecord]) -> None:
        _decide(request, queryset, Decision.PERSON)


def _decide(request: HttpRequest, rows: QuerySet[ImportRecord], decision: str) -> None:
    """How many, and once for each reason why not."""
    if not may_moderate(request.user):
        raise PermissionDenied
    changed = _changed(request, rows)
    try:
        done = decide(records=rows.exclude(pk__in=changed), decision=decision, by=request.user)  # type: ignore[arg-type]  # staff only get here
    except ActionError as error:
        messages.error(request, error.text)
        return
    if done.count:
        messages.success(request, f"{count(done.count, *DONE[Decision(decision)])}.")
    if changed:
        messages.warning(request, f"{count(len(changed), 'række', 'rækker')} er som før. {MEANWHILE}")
    for reason, number in sorted(done.refused.items(), key=lambda pair: -pair[1]):
        messages.warning(request, f"{count(number, 'række', 'rækker')} er som før. {reason}")
    if done.left:
        messages.warning(request, f"{count(done.left, 'række', 'rækker')} {LEFT}")


def _changed(request: HttpRequest, rows: QuerySet[ImportRecord]) -> list[int]:
    """The rows of those ticked one by one that are not as the page showed them."""
    told = {name: value for name, value in request.POST.items() if name.startswith(SEEN)}
    if not told or request.POST.get("select_across") == "1":  # whoever takes all of a filter has not seen each
        return []
    now = rows.only("pk", "decision", "clinic_id", "state")
    return [one.pk for one in now if told.get(f"{SEEN}{one.pk}", seen(one)) != seen(one)]
