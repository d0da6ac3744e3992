"""“Mislykket arbejde”: what the worker gave up, and “prøv igen”; “Drift”: when it last did each thing it has to do."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from clinics import failed_work, last_runs
from clinics.actions import ActionError
from clinics.danish import count
from clinics.models import FailedTask

from .watched import WatchedAdmin

ROOM = {"is_nav_sidebar_enabled": False}


@admin.register(FailedTask)
class FailedTaskAdmin(WatchedAdmin):
    fields = ("what", "about", "status", "error", "attempts", "failed_at", "retried_at", "task")
    readonly_fields = fields
    list_display = ("what", "status", "error", "about", "attempts", "failed_at")
    list_filter = ("status",)
    actions = ("retry_chosen",)
    list_per_page = 50
    change_list_template = "admin/clinics/failedtask/change_list.html"

    def get_urls(self) -> list[Any]:
        running = path("drift/", self.admin_site.admin_view(self.running_view), name="clinics_failedtask_running")
        return [running, *super().get_urls()]

    def running_view(self, request: HttpRequest) -> HttpResponse:
        """Whether worker and beat run, thing by thing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        runs = last_runs.runs()
        context = self.admin_site.each_context(request) | ROOM | {"title": "Drift", "opts": self.opts}
        context |= {"runs": runs, "is_silent": last_runs.is_silent(runs), "late": sum(run.is_late for run in runs)}
        return TemplateResponse(request, "admin/clinics/failedtask/running.html", context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, ROOM | {"title": "Mislykket arbejde"} | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """To be read: what can be done is done in the list."""
        context = ROOM | {"title": "Mislykket arbejde", "subtitle": None, "show_save": False}
        context |= {"show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="arbejde", ordering="name")
    def what(self, row: FailedTask) -> str:
        return last_runs.label(row.name)

    @admin.display(description="i koden og i loggen")
    def task(self, row: FailedTask) -> str:
        return f"{row.name}, {row.task_id}"

    @admin.display(description="om")
    def about(self, row: FailedTask) -> str:
        if "withheld" in row.arguments:
            return "gemmes ikke"
        words = [*map(str, row.arguments.get("args", ()))]
        words += [f"{name}={value}" for name, value in row.arguments.get("kwargs", {}).items()]
        return ", ".join(words) or "–"

    @admin.action(description="Prøv igen", permissions=["change"])
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[FailedTask]) -> None:
        """Each, and how many went; once for each reason why not."""
        asked, refused = 0, dict[str, int]()
        for row in queryset.order_by("pk"):
            try:
                failed_work.retry(row=row, by=request.user)  # type: ignore[arg-type]
                asked += 1
            except ActionError as error:
                refused[error.text] = refused.get(error.text, 0) + 1
        if asked:
            messages.success(request, f"{count(asked, 'stykke arbejde', 'stykker arbejde')} prøves igen.")
        for text, times in refused.items():
            messages.warning(request, f"{count(times, 'stykke arbejde', 'stykker arbejde')} er uændret. {text}")
