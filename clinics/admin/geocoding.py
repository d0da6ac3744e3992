"""“Adresseopslag”: what the geocoder answered about which address, why an answer was refused, and “slå op igen”."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from clinics.actions import ActionError
from clinics.danish import count
from clinics.geocoding.again import ask_again
from clinics.geocoding.looking import UNANSWERED
from clinics.models import GeocodedAddress

from .watched import WatchedAdmin

ROOM = {"is_nav_sidebar_enabled": False, "title": "Adresseopslag"}
OUTCOMES = {
    "fundet": ("fundet", Q(latitude__isnull=False)),
    "afvist": ("ukendt eller afvist", Q(latitude=None) & ~Q(problem__startswith=UNANSWERED)),
    "intet": ("intet svar", Q(latitude=None, problem__startswith=UNANSWERED)),
}


class OutcomeFilter(admin.SimpleListFilter):
    title = "svar"
    parameter_name = "svar"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label) for key, (label, _) in OUTCOMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[GeocodedAddress]) -> QuerySet[GeocodedAddress]:
        return queryset.filter(OUTCOMES[self.value()][1]) if self.value() in OUTCOMES else queryset  # type: ignore[index]


@admin.register(GeocodedAddress)
class GeocodedAddressAdmin(WatchedAdmin):
    """To be read; the one thing to do is to have an address looked up again."""

    fields = ("address", "asked_of", "answer", "latitude", "longitude", "asked_at")
    readonly_fields = fields
    list_display = ("address", "answer", "asked_of", "asked_at")
    list_filter = (OutcomeFilter,)
    search_fields = ("key",)
    ordering = ("-asked_at", "key")
    actions = ("again",)
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, ROOM | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = ROOM | {"subtitle": None, "show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description="adresse", ordering="key")
    def address(self, row: GeocodedAddress) -> str:
        return row.key.partition(" | ")[2]

    @admin.display(description="spurgt hos")
    def asked_of(self, row: GeocodedAddress) -> str:
        return row.key.partition(" | ")[0]

    @admin.display(description="svar")
    def answer(self, row: GeocodedAddress) -> str:
        return row.problem or f"Fundet: {row.get_precision_display()}"

    @admin.action(description="Slå op igen", permissions=["change"])
    def again(self, request: HttpRequest, queryset: QuerySet[GeocodedAddress]) -> None:
        rows = clinics = 0
        for row in queryset.order_by("key"):
            try:
                clinics += ask_again(row=row, by=request.user)  # type: ignore[arg-type]  # staff only get here
                rows += 1
            except ActionError as error:
                messages.warning(request, error.text)
        if rows:
            what, whose = count(rows, "adresse", "adresser"), count(clinics, "klinik", "klinikker")
            messages.success(request, f"{what} slås op igen for {whose}.")
