"""“Nye klinikker og ønsker om at blive fjernet”: what waits first, the oldest first; one screen to decide on."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from clinics import memberships
from clinics.actions import ActionError
from clinics.listing import deciding, file
from clinics.models import ListingRequest

from .owned import OwnedAdmin


@admin.register(ListingRequest)
class ListingRequestAdmin(OwnedAdmin):
    list_display = ("subject", "waits", "kind", "status", "place", "person", "created_at")
    list_filter = ("status", "kind")
    search_fields = ("name", "street", "phone", "user__email", "clinic__name")
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListingRequest]:
        waits = When(status=ListingRequest.Status.WAITING, then=Value(0))
        rows = super().get_queryset(request).select_related("clinic", "postcode", "user", "decided_by")
        return rows.annotate(turn=Case(waits, default=Value(1), output_field=IntegerField()))

    def get_ordering(self, request: HttpRequest) -> Any:
        # The oldest that waits; of what is decided the newest.
        return ("turn", Case(When(turn=0, then=F("created_at"))), "-created_at", "-pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="klinik", ordering="name")
    def subject(self, wish: ListingRequest) -> str:
        return wish.name or str(wish.clinic or "Uden navn")

    @admin.display(description="sted", ordering="postcode")
    def place(self, wish: ListingRequest) -> str:
        return str(wish.postcode or "")

    @admin.display(description="hvem")
    def person(self, wish: ListingRequest) -> str:
        if wish.kind == ListingRequest.Kind.REMOVE:
            return wish.position or "uden konto"
        return memberships.name_of(wish.user)

    @admin.display(description="har ventet", ordering="created_at")
    def waits(self, wish: ListingRequest) -> str:
        waited = file.age(wish)
        if file.is_late(wish):
            return format_html('<strong class="claim-fresh">{} (svar senest {})</strong>', waited, file.answer_by(wish))
        return waited

    class Media:
        css = {"all": ["css/admin-claim.css"]}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One request: what it stands on, and the answers."""
        wish = self._wish(request, object_id)
        problem = ""
        if request.method == "POST":
            if not self.has_change_permission(request, wish):
                raise PermissionDenied
            try:
                self._decide(request, wish)
            except ActionError as error:
                problem = error.text
            else:
                return HttpResponseRedirect(reverse("admin:index"))  # what waits besides
            wish = self._wish(request, object_id)
        is_new = wish.kind == ListingRequest.Kind.NEW
        context = self.admin_site.each_context(request) | {
            "title": f"{'Fejl: ' if problem else ''}{wish.get_kind_display().capitalize()}: {self.subject(wish)}",
            "opts": self.opts,
            "wish": wish,
            "is_new": is_new,
            "file": file.file_of(wish),
            "age": file.age(wish),
            "is_late": file.is_late(wish),
            "answer_by": file.answer_by(wish),
            "problem": problem,
            "typed": request.POST if problem else {},
            "ready": file.READY[ListingRequest.Kind(wish.kind)],
            "waits": wish.status == ListingRequest.Status.WAITING,
            "may_decide": self.has_change_permission(request, wish) and wish.user_id != request.user.pk,
        }
        response = TemplateResponse(
            request, "admin/clinics/listingrequest/decide.html", context, status=422 if problem else 200
        )
        response["Cache-Control"] = "no-store"
        return response

    def _decide(self, request: HttpRequest, wish: ListingRequest) -> None:
        """Raises ActionError."""
        by: Any = request.user
        ready = file.READY[ListingRequest.Kind(wish.kind)].get(request.POST.get("ready", ""), "")
        reason = "\n\n".join(filter(None, [ready, request.POST.get("reason", "").strip()]))
        if "_approve" in request.POST:
            deciding.approve(request=wish, by=by, reason=reason, despite=request.POST.get("another") == "ja")
            done = "Klinikken er oprettet." if wish.kind == ListingRequest.Kind.NEW else "Klinikken er taget af siden."
            messages.success(request, f"{done} Personen får en mail.")
        elif "_refuse" in request.POST:
            deciding.refuse(request=wish, by=by, reason=reason)
            messages.success(request, "Afvist. Personen får begrundelsen på mail.")
        else:
            raise ActionError("Vælg, om ønsket er godkendt eller afvist.")

    def _wish(self, request: HttpRequest, object_id: str) -> ListingRequest:
        wish = self.get_object(request, object_id)
        if wish is None:
            raise Http404
        if not self.has_view_permission(request, wish):
            raise PermissionDenied
        return wish
