"""“Ændringer, der venter”: what clinics ask for and may not change themselves. The oldest first; one screen to decide on.

A clinic's members see their own, and its owners can take one back.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from clinics import ownership, pending
from clinics.actions import ActionError
from clinics.models import Membership, PendingChange
from clinics.pending import subjects
from clinics.versions.facts import mark

from .owned import OwnedAdmin, is_member_here

Status, Subject = PendingChange.Status, PendingChange.Subject
# Where a moderator looks; how, not what the answer is.
LOOK_UP: dict[str, str] = {
    Subject.NAME: "Slå CVR-nummeret eller navnet op i CVR-registret, og se klinikkens egen hjemmeside.",
    Subject.ADDRESS: "Slå klinikken op i CVR-registret, og se klinikkens egen hjemmeside. Ring, hvis de to ikke er enige.",
    Subject.AUTHORISATION: (
        "Slå autorisations-ID’et op i autorisationsregistret: navn, faggruppe, og om autorisationen gælder. Står der skærpet"
        " tilsyn eller begrænset autorisation, så skriv det på behandleren i klinikkens formular."
    ),
    Subject.TITLE: "Slå titlen op hos den, der har givet den. Klinikkens eget ord er ikke nok.",
    Subject.SPECIALITY: "Se beviset, eller spørg den, der holdt uddannelsen. Klinikkens eget ord er ikke nok.",
}
STALE = "Klinikken er ændret, siden du åbnede siden. Se den igen, og afgør så."


@admin.register(PendingChange)
class PendingChangeAdmin(OwnedAdmin):
    list_display = ("clinic", "subject", "wanted", "status", "created_at")
    list_filter = ("status", "subject")
    search_fields = ("clinic__name",)
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[PendingChange]:
        waits = When(status=Status.WAITING, then=Value(0))
        rows = super().get_queryset(request).select_related("clinic__postcode", "asked_by", "decided_by")
        return rows.annotate(turn=Case(waits, default=Value(1), output_field=IntegerField()))

    def get_ordering(self, request: HttpRequest) -> Any:
        oldest_first = Case(When(status=Status.WAITING, then=F("created_at")))
        return ("turn", oldest_first.asc(nulls_last=True), "-created_at", "pk")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied  # the list has no actions
        return super().changelist_view(request, {"title": "Ændringer, der venter"} | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # from the form of the clinic: clinics/admin/clinic/asking.py

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="ønsket")
    def wanted(self, change: PendingChange) -> str:
        return subjects.summary(change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One change: what was, what is, what shall be, and the answers."""
        change = self._change(request, object_id)
        problem = ""
        if request.method == "POST":
            try:
                return self._decide(request, change)
            except ActionError as error:
                problem = error.text
            change = self._change(request, object_id)
        by: Any = request.user
        lines = pending.lines(change)
        waits, owns = change.status == Status.WAITING, ownership.is_owner(by, change.clinic)
        person = pending.person_of(change)
        context = self.admin_site.each_context(request) | {
            "title": f"{'Fejl: ' if problem else ''}{change.get_subject_display().capitalize()}: {change.clinic}",
            "opts": self.opts,
            "change": change,
            "lines": lines,
            "moved": any(line.moved for line in lines),
            "person": change.old.get("person", ""),
            "person_gone": change.row is not None and person is None,
            "who": self._who(request, change),
            "decider": ownership.name_for(by, change.decided_by, change.clinic) if change.decided_by else "",
            "waits": waits,
            "may_withdraw": waits and owns,
            "may_decide": waits
            and self.has_change_permission(request, change)
            and not ownership.is_member(by, change.clinic),
            "look_up": "" if is_member_here(request) else LOOK_UP.get(change.subject, ""),
            "moderates": not is_member_here(request),
            "seen": _mark(change),
            "problem": problem,
            "typed": request.POST if problem else {},
        }
        status = 422 if problem else 200
        return TemplateResponse(request, "admin/clinics/pendingchange/decide.html", context, status=status)

    def _decide(self, request: HttpRequest, change: PendingChange) -> HttpResponse:
        by: Any = request.user
        reason = request.POST.get("reason", "")
        if "_withdraw" in request.POST:
            pending.withdraw(change=change, by=by)
            messages.success(request, "Trukket tilbage. Profilen er, som den var.")
            return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[change.clinic_id]))
        if not self.has_change_permission(request, change):
            raise PermissionDenied
        if "_approve" in request.POST:
            if change.status == Status.WAITING and request.POST.get("seen") != _mark(change):
                raise ActionError(STALE)
            pending.approve(change=change, by=by, reason=reason)
            messages.success(request, "Godkendt. Det står på profilen nu, og den, der bad om det, får en mail.")
        elif "_refuse" in request.POST:
            pending.refuse(change=change, by=by, reason=reason)
            messages.success(request, "Afvist. Den, der bad om det, får begrundelsen på mail.")
        else:
            raise ActionError("Vælg, om ændringen er godkendt eller afvist.")
        return HttpResponseRedirect(reverse("admin:index"))  # what waits besides

    def _change(self, request: HttpRequest, object_id: str) -> PendingChange:
        change = self.get_object(request, object_id)
        if change is None:
            raise Http404
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        return change

    def _who(self, request: HttpRequest, change: PendingChange) -> dict[str, Any]:
        """Who asked, and what they are at the clinic; a member learns no more than a name."""
        name = ownership.name_for(request.user, change.asked_by, change.clinic)
        if is_member_here(request) or change.asked_by is None:
            return {"name": name}
        rows = Membership.objects.filter(clinic=change.clinic_id, user=change.asked_by_id).order_by("-created_at")
        return {
            "name": name,
            "email": change.asked_by.email,
            "membership": rows.first(),
            "is_owner": ownership.is_owner(change.asked_by, change.clinic),
        }


def _mark(change: PendingChange) -> str:
    """Of what the decision stands on: the clinic's facts of this subject, and the change itself."""
    now = pending.current(change.clinic, change.subject, pending.person_of(change), change.new)
    return mark({"now": now, "new": change.new, "evidence": change.evidence})
