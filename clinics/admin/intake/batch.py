"""“Lister af klinikker”: handed in, said what its columns are, followed while the worker works, applied, rolled back."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import content_disposition_header

from clinics.actions import ActionError
from clinics.intake import again, receiving, working
from clinics.intake.deciding import DECIDABLE
from clinics.intake.reading import template
from clinics.models import ImportBatch, ImportFile, ImportRecord
from clinics.ownership import may_moderate

from .columns import columns_page
from .standing import standing
from .upload import upload_page

_PIECE = 256 * 1024
ROOM = {"is_nav_sidebar_enabled": False}
STEPS: dict[str, tuple[Callable[..., None], str]] = {
    "_apply": (working.start_applying, "Listen indføres nu. Siden følger med."),
    "_undo": (working.start_undoing, "Listen rulles tilbage nu. Siden følger med."),
    "_again": (again.read_again, "Listen læses igen."),
}


@admin.register(ImportBatch)
class ImportBatchAdmin(admin.ModelAdmin):
    list_display = ("name", "stands", "waiting", "rows", "source", "created_at", "created_by")
    list_filter = ("status", "source")
    list_select_related = ("created_by",)
    search_fields = ("name", "file_name")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    empty_value_display = ""

    class Media:
        css = {"all": ["css/admin-intake.css"]}

    # Whose it is

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_moderate(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is the trail of what happened to clinics

    def get_urls(self) -> list[Any]:
        def screen(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"clinics_importbatch_{name}")

        return [
            screen("skabelon/", self.template_view, "template"),
            screen("<path:object_id>/kolonner/", self.columns_view, "columns"),
            screen("<path:object_id>/indfoer/", self.apply_view, "apply"),
            screen("<path:object_id>/rul-tilbage/", self.undo_view, "undo"),
            screen("<path:object_id>/fil/", self.file_view, "file"),
            *super().get_urls(),
        ]

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        """How many rows wait is counted in an index, for the lists of one page."""
        waits = ImportRecord.objects.filter(
            batch=OuterRef("pk"), state=ImportRecord.State.STAGED, decision=ImportRecord.Decision.PERSON,
            batch__status__in=DECIDABLE,
        ).order_by()  # fmt: skip
        number = waits.values("batch").annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(to_see=Coalesce(Subquery(number), 0))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, ROOM | {"title": "Lister af klinikker"} | (extra_context or {}))

    @admin.display(description="status", ordering="status")
    def stands(self, batch: ImportBatch) -> str:
        return "venter på kolonner" if again.waits_for_columns(batch) else batch.get_status_display()

    @admin.display(description="skal ses", ordering="to_see")
    def waiting(self, batch: ImportBatch) -> str:
        return str(batch.to_see or "")  # type: ignore[attr-defined]

    # The screens

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return upload_page(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How the list stands, and the next step. Asked for by htmx while the worker works: that part alone."""
        batch = self.batch(request, object_id)
        problem = ""
        if request.method == "POST":
            if not self.has_change_permission(request, batch):
                raise PermissionDenied
            try:
                messages.success(request, self._step(request, batch))
            except ActionError as error:
                problem = error.text
            else:
                return HttpResponseRedirect(reverse("admin:clinics_importbatch_change", args=[batch.pk]))
        is_part = request.headers.get("HX-Request") == "true"
        name = "_standing" if is_part else "batch"
        told = {"standing": standing(batch), "problem": problem}
        return self.shown(request, name, batch, batch.name, status=422 if problem else 200, **told)

    def columns_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        batch = self.batch(request, object_id)
        if not self.has_change_permission(request, batch):
            raise PermissionDenied
        return columns_page(self, request, batch)

    def apply_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What patients would meet, before anybody brings it in."""
        batch = self.batch(request, object_id)
        if not self.has_change_permission(request, batch):
            raise PermissionDenied
        stands = standing(batch)
        if not stands.apply or request.method == "POST":
            return HttpResponseRedirect(reverse("admin:clinics_importbatch_change", args=[batch.pk]))
        return self.shown(request, "apply", batch, f"Indfør “{batch.name}”?", standing=stands)

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What rolling it back would do, before anybody does."""
        batch = self.batch(request, object_id)
        if not self.has_change_permission(request, batch):
            raise PermissionDenied
        if batch.status != ImportBatch.Status.APPLIED or request.method == "POST":
            return HttpResponseRedirect(reverse("admin:clinics_importbatch_change", args=[batch.pk]))
        title = f"Rul “{batch.name}” tilbage?"
        return self.shown(request, "undo", batch, title, standing=standing(batch))

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The file as it came, never shown by the browser."""
        batch = self.batch(request, object_id)
        if not ImportFile.objects.filter(batch=batch).exists():
            raise Http404
        response = StreamingHttpResponse(_pieces(batch.pk), content_type="application/octet-stream")
        return _attached(response, batch.file_name)

    def template_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        response = HttpResponse(template.template(), content_type="text/csv; charset=utf-8")
        return _attached(response, template.FILE_NAME)

    # What they share

    def batch(self, request: HttpRequest, object_id: str) -> ImportBatch:
        batch = self.get_object(request, object_id)
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        if batch is None:
            raise Http404
        return batch

    def shown(
        self, request: HttpRequest, name: str, batch: ImportBatch | None, title: str, *, status: int = 200, **more: Any
    ) -> TemplateResponse:
        context = self.admin_site.each_context(request) | ROOM | {"opts": self.opts, "batch": batch, "title": title}
        response = TemplateResponse(request, f"admin/clinics/importbatch/{name}.html", context | more, status=status)
        response["Cache-Control"] = "no-store"
        return response

    def _step(self, request: HttpRequest, batch: ImportBatch) -> str:
        """Take the step of the button that was pressed; says what was done. Raises ActionError."""
        for button, (step, done) in STEPS.items():
            if button in request.POST:
                step(batch=batch, by=request.user)
                return done
        raise ActionError("Vælg, hvad der skal ske.")


def _pieces(batch_pk: int) -> Iterator[bytes]:
    with receiving.opened(batch_pk) as content:
        while piece := content.read(_PIECE):
            yield piece


def _attached(response: Any, name: str) -> Any:
    """To be kept, never to be shown: what a file says it is may be anything."""
    response["Content-Disposition"] = content_disposition_header(True, name or "liste")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
