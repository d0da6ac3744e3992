"""“Forslag om mildere advarsler”: what waits for a second editor, and what was decided. A log: nothing is edited here."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from clinics import warnings
from clinics.models import BodyRegion, Condition, RedFlag, Speciality, WarningChange
from clinics.warnings import ChangeError

Row = RedFlag | Condition | BodyRegion | Speciality


class StateFilter(admin.ChoicesFieldListFilter):
    """Its own title: "tilstand" is what a patient has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "status"


@admin.register(WarningChange)
class WarningChangeAdmin(admin.ModelAdmin):
    list_display = ("subject", "standing", "proposer", "proposed_at", "decider", "decided_at")
    list_filter = (("state", StateFilter), "kind")
    search_fields = ("subject", "reason")
    list_select_related = ("proposed_by", "decided_by")
    actions = ("approve_chosen", "refuse_chosen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WarningChange]:
        pending = When(state=WarningChange.State.PENDING, then=Value(0))
        waiting = Case(pending, default=Value(1), output_field=IntegerField())
        return WarningChange.objects.annotate(waiting=waiting)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("waiting", "-pk")  # what waits stands first, the latest first

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="status", ordering="state")
    def standing(self, change: WarningChange) -> str:
        return change.get_state_display()

    @admin.display(description="foreslået af")
    def proposer(self, change: WarningChange) -> str:
        return str(change.proposed_by or change.values.get("proposed_by", ""))

    @admin.display(description="afgjort af")
    def decider(self, change: WarningChange) -> str:
        return str(change.decided_by or change.values.get("decided_by", ""))

    @admin.action(description="Godkend de valgte", permissions=["change"])
    def approve_chosen(self, request: HttpRequest, queryset: QuerySet[WarningChange]) -> None:
        self._decide_all(request, queryset, warnings.approve, "godkendt")

    @admin.action(description="Afvis de valgte", permissions=["change"])
    def refuse_chosen(self, request: HttpRequest, queryset: QuerySet[WarningChange]) -> None:
        self._decide_all(request, queryset, warnings.refuse, "afvist")

    def _decide_all(self, request: HttpRequest, queryset: QuerySet[WarningChange], decide: Any, word: str) -> None:
        done = 0
        for change in queryset.order_by("pk"):
            try:
                decide(change=change, by=request.user)
                done += 1
            except ChangeError as error:
                messages.error(request, f"{change.subject}: {error}")
        if done:
            messages.success(request, f"{done} {word}.")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One proposal: before, after, why, and the two answers."""
        change = self.get_object(request, object_id)
        if change is None:
            raise Http404
        if not self.has_view_or_change_permission(request, change):
            raise PermissionDenied
        if request.method == "POST":
            return self._answer(request, change)
        context = self.admin_site.each_context(request) | {
            "title": "Forslag om mildere advarsel",
            "opts": self.opts,
            "change": change,
            "fields": _fields(change),
            "proposer": self.proposer(change),
            "decider": self.decider(change),
            "answer": change.values.get("answer", ""),
            "is_pending": change.state == WarningChange.State.PENDING,
            "is_own": change.proposed_by_id == request.user.pk,
            "may_decide": self.has_change_permission(request, change),
        }
        return TemplateResponse(request, "admin/clinics/warningchange/answer.html", context)

    def _answer(self, request: HttpRequest, change: WarningChange) -> HttpResponse:
        if not self.has_change_permission(request, change):
            raise PermissionDenied
        try:
            if "approve" in request.POST:
                warnings.approve(change=change, by=request.user)  # type: ignore[arg-type]  # staff only get here
                messages.success(request, f"Godkendt: {change.subject}.")
            elif "refuse" in request.POST:
                answer = request.POST.get("answer", "")
                decided = warnings.refuse(change=change, by=request.user, answer=answer)  # type: ignore[arg-type]
                messages.success(request, f"{decided.get_state_display().capitalize()}: {change.subject}.")
        except ChangeError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(reverse("admin:clinics_warningchange_changelist"))


def _fields(change: WarningChange) -> list[dict[str, str]]:
    """Each field of the proposal, before and after, in words; of a list, what goes and what comes."""
    model: type[Row] = RedFlag
    for name, other in (("condition", Condition), ("body_region", BodyRegion), ("speciality", Speciality)):
        model = other if getattr(change, f"{name}_id") else model
    before, after = change.values.get("before", {}), change.values.get("after", {})
    fields = []
    for name in after or before:
        old, new = before.get(name), after.get(name)
        if isinstance(old, list) and isinstance(new, list):
            old, new = [item for item in old if item not in new], [item for item in new if item not in old]
        label = warnings.label_of(model, name).capitalize()
        fields.append(
            {
                "label": label,
                "before": warnings.shown(model, name, old),
                "after": warnings.shown(model, name, new) if after else "slettes",
            }
        )
    return fields
