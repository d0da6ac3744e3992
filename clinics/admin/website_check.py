"""“Tjek af hjemmesider”: which clinics' websites answered the worker, and “se efter igen”."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from clinics.actions import ActionError
from clinics.admin.owned import OwnedAdmin
from clinics.danish import count
from clinics.models import WebsiteCheck
from clinics.ownership import may_moderate
from clinics.website_check.again import OFF, look_again
from clinics.website_check.checking import BROKEN_AFTER, current

ROOM = {"is_nav_sidebar_enabled": False, "title": "Tjek af hjemmesider"}
OUTCOMES = {
    "svarer-ikke": (f"svarede ikke {BROKEN_AFTER} gange i træk", Q(failures__gte=BROKEN_AFTER)),
    "fejlede": ("svarede ikke sidst", Q(failures__gte=1)),
    "uvist": ("kunne ikke undersøges", Q(failures=0) & ~Q(problem="")),
    "svarer": ("svarer", Q(failures=0, problem="")),
}


class OutcomeFilter(admin.SimpleListFilter):
    title = "svar"
    parameter_name = "svar"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label) for key, (label, _) in OUTCOMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebsiteCheck]) -> QuerySet[WebsiteCheck]:
        return queryset.filter(OUTCOMES[self.value()][1]) if self.value() in OUTCOMES else queryset  # type: ignore[index]


@admin.register(WebsiteCheck)
class WebsiteCheckAdmin(OwnedAdmin):
    """To be read; the one thing to do is to have a website looked at again. It is changed on the clinic's form."""

    fields = ("of_clinic", "website", "answer", "failures", "checked_at")
    readonly_fields = fields
    list_display = ("clinic_name", "answer", "failures", "website", "checked_at")
    list_filter = (OutcomeFilter,)
    search_fields = ("url", "clinic__name")
    actions = ("again",)
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin-intake.css"]}  # its lines on a phone

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebsiteCheck]:
        """Not websites that are no longer a clinic's."""
        return super().get_queryset(request).filter(pk__in=current().values("pk")).select_related("clinic")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and not settings.WEBSITE_CHECK and self.has_view_permission(request):
            messages.warning(request, OFF)
        return super().changelist_view(request, ROOM | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = ROOM | {"subtitle": None, "show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user) and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="klinik", ordering="clinic__sort_name")
    def clinic_name(self, row: WebsiteCheck) -> str:
        return row.clinic.name

    @admin.display(description="klinik")
    def of_clinic(self, row: WebsiteCheck) -> str:
        url = reverse("admin:clinics_clinic_change", args=[row.clinic_id])
        return format_html('<a href="{}">{}</a>', url, row.clinic.name)

    @admin.display(description="hjemmeside", ordering="url")
    def website(self, row: WebsiteCheck) -> str:
        return format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', row.url)

    @admin.display(description="svar")
    def answer(self, row: WebsiteCheck) -> str:
        return row.problem or "Svarer"

    @admin.action(description="Se efter igen", permissions=["change"])
    def again(self, request: HttpRequest, queryset: QuerySet[WebsiteCheck]) -> None:
        asked, refused = 0, dict[str, int]()
        for row in queryset.order_by("pk"):
            try:
                look_again(row=row, by=request.user)  # type: ignore[arg-type]  # staff only get here
                asked += 1
            except ActionError as error:
                refused[error.text] = refused.get(error.text, 0) + 1
        if asked:
            text = f"{count(asked, 'hjemmeside', 'hjemmesider')} bliver set efter. Genindlæs listen om lidt."
            messages.success(request, text)
        for text in refused:
            messages.warning(request, text)
