"""“Overtagelser”: who says that a clinic is theirs. What waits comes first, the oldest first; one screen to decide on."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from clinics import actions, memberships
from clinics.actions import ActionError
from clinics.claiming import codes, deciding, documents, file
from clinics.models import Claim

from .owned import OwnedAdmin


@admin.register(Claim)
class ClaimAdmin(OwnedAdmin):
    list_display = ("clinic", "person", "status", "method", "waits", "created_at")
    list_filter = ("status", "method")
    search_fields = ("clinic__name", "user__email", "sent_to")
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        waits = When(status__in=Claim.QUEUED, then=Value(0))
        rows = super().get_queryset(request).defer("document").select_related("clinic__postcode", "user")
        return rows.annotate(turn=Case(waits, default=Value(1), output_field=IntegerField()))

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("turn", F("queued_at").asc(nulls_last=True), "-created_at", "pk")

    def get_urls(self) -> list[Any]:
        document = self.admin_site.admin_view(self.document)
        return [path("<int:pk>/dokument/", document, name="clinics_claim_document"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="hvem", ordering="user__email")
    def person(self, claim: Claim) -> str:
        return memberships.name_of(claim.user)

    @admin.display(description="har ventet", ordering="queued_at")
    def waits(self, claim: Claim) -> str:
        return file.age(claim)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One claim: what it stands on, and the answers."""
        claim = self._claim(request, object_id, "view")
        problem, code = "", ""
        if request.method == "POST":
            if not self.has_change_permission(request, claim):
                raise PermissionDenied
            try:
                code = self._decide(request, claim)
            except ActionError as error:
                problem = error.text
            else:
                if not code:
                    return HttpResponseRedirect(reverse("admin:index"))  # what waits besides
            claim = self._claim(request, object_id, "view")
        context = self.admin_site.each_context(request) | {
            "title": f"{'Fejl: ' if problem else ''}Overtagelse af {claim.clinic}",
            "opts": self.opts,
            "claim": claim,
            "file": file.file_of(claim),
            "problem": problem,
            "code": codes.spaced(code) if code else "",
            "typed": request.POST if problem else {},
            "ready": file.READY,
            "may_decide": self.has_change_permission(request, claim) and not deciding.is_party(request.user, claim),
            "waits": claim.status in Claim.QUEUED
            or (claim.status == Claim.Status.CODE and claim.method in deciding.ISSUED),
            "may_issue": claim.method in deciding.ISSUED and claim.status in (Claim.Status.WAITING, Claim.Status.CODE),
            "channel": deciding.channel_of(claim.clinic, claim.method) if claim.method in deciding.ISSUED else "",
        }
        return TemplateResponse(request, "admin/clinics/claim/decide.html", context, status=422 if problem else 200)

    def _decide(self, request: HttpRequest, claim: Claim) -> str:
        """A code to tell or write, "" after a decision. Raises ActionError."""
        by: Any = request.user
        reason = "\n\n".join(
            filter(None, [file.READY.get(request.POST.get("ready", ""), ""), request.POST.get("reason", "").strip()])
        )
        if "_code" in request.POST:
            return deciding.issue_code(claim=claim, by=by)
        if "_approve" in request.POST:
            deciding.approve(claim=claim, by=by, reason=reason, replace=request.POST.get("replace") == "ja")
            messages.success(request, "Godkendt. Personen og klinikken får en mail.")
        elif "_refuse" in request.POST:
            deciding.refuse(claim=claim, by=by, reason=reason)
            messages.success(request, "Afvist. Personen får begrundelsen på mail.")
        else:
            raise ActionError("Vælg, om sagen er godkendt eller afvist.")
        return ""

    def document(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file as it was sent, to save and never to show: what is in it is a stranger's."""
        claim = self._claim(request, str(pk), "change")
        data = Claim.objects.filter(pk=claim.pk).values_list("document", flat=True).first()
        if not data or not claim.document_name:
            raise Http404
        actions.log(row=claim, by=request.user, text="Hentede dokumentet.")  # type: ignore[arg-type]
        kind = claim.document_name.rpartition(".")[2]
        response = HttpResponse(bytes(data), content_type=documents.KINDS.get(kind, "application/octet-stream"))
        response["Content-Disposition"] = f'attachment; filename="{claim.document_name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def _claim(self, request: HttpRequest, object_id: str, verb: str) -> Claim:
        claim = self.get_object(request, object_id)
        if claim is None:
            raise Http404
        allowed = self.has_change_permission if verb == "change" else self.has_view_permission
        if not allowed(request, claim):
            raise PermissionDenied
        return claim
