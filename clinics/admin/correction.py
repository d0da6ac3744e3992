"""“Forslag til rettelser”: what visitors say is wrong, oldest first. One is answered once; the rest is a log."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator

from clinics import actions
from clinics.actions import ActionError
from clinics.admin.owned import OwnedAdmin
from clinics.models import Correction

ANSWERS = {"_done": Correction.Status.DONE, "_refused": Correction.Status.REFUSED}
LONGEST = 300


@admin.register(Correction)
class CorrectionAdmin(OwnedAdmin):
    list_display = ("clinic", "group", "excerpt", "sender", "status", "created_at")
    list_filter = ("status", "group", "sender")
    list_select_related = ("clinic",)
    search_fields = ("clinic__name", "text", "decision")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        waits = When(status=Correction.Status.NEW, then=Value(0))
        return super().get_queryset(request).annotate(turn=Case(waits, default=Value(1), output_field=IntegerField()))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("turn", "created_at", "pk")  # what waits first, the oldest first

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "clinic" or super().lookup_allowed(lookup, value, request)  # the link on the clinic's form

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="hvad skal rettes")
    def excerpt(self, correction: Correction) -> str:
        return Truncator(correction.text).chars(80)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One suggestion: what it says, where it is mended, and the two answers."""
        correction = self.get_object(request, object_id)
        if correction is None:
            raise Http404
        if not self.has_view_or_change_permission(request, correction):
            raise PermissionDenied
        problem, decision = "", request.POST.get("decision", "")
        if request.method == "POST":
            if not self.has_change_permission(request, correction):
                raise PermissionDenied
            status = next((status for name, status in ANSWERS.items() if name in request.POST), "")
            try:
                if len(decision) > LONGEST:
                    raise ActionError(f"Afgørelsen er for lang: der er plads til {LONGEST} tegn.")
                actions.decide_correction(correction=correction, status=status, decision=decision, by=request.user)  # type: ignore[arg-type]
            except ActionError as error:
                problem = error.text
            else:
                messages.success(request, "Forslaget er afgjort. Afsenderens e-mail er slettet.")
                return HttpResponseRedirect(reverse("admin:index"))  # what waits besides
            correction.refresh_from_db()
        context = self.admin_site.each_context(request) | {
            "title": f"{'Fejl: ' if problem else ''}Forslag til rettelse",
            "opts": self.opts,
            "correction": correction,
            "problem": problem,
            "decision": decision,
            "is_new": correction.status == Correction.Status.NEW,
            "may_decide": self.has_change_permission(request, correction),
        }
        return TemplateResponse(request, "admin/clinics/correction/answer.html", context)
