"""Tariffs and rules about referral: dated rows that patients see only once a person has read their source."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import DecimalField, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from clinics import actions, clock, danish, tariffs, verifying
from clinics.admin.clinic.fields import form_field
from clinics.models import ReferralRule, Tariff

Row = Tariff | ReferralRule
CLERICAL = {"code", "is_example"}  # what may change without the figures having to be read again


class TodayFilter(admin.SimpleListFilter):
    title = "gælder"
    parameter_name = "gaelder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nu", "i dag"), ("senere", "senere"), ("slut", "ikke mere"), ("venter", "venter på bekræftelse")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day = clock.today()
        asked = {
            "nu": Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day)),
            "senere": Q(valid_from__gt=day),
            "slut": Q(valid_to__lt=day),
            "venter": Q(verified_at=None, is_example=False),
        }.get(self.value() or "")
        return queryset.filter(asked) if asked else queryset


class DatedAdmin(admin.ModelAdmin):
    """`verified_at` is no field to write in: it is the day on which somebody pressed the button."""

    change_list_template = "admin/clinics/dated_list.html"
    date_hierarchy = "valid_from"
    actions = ("verify_chosen", "withdraw_chosen")
    readonly_fields = ("verified_at", "edited_at")

    @admin.display(description="gælder")
    def validity(self, row: Row) -> str:
        return f"{danish.day(row.valid_from)} – {danish.day(row.valid_to) if row.valid_to else ''}"

    @admin.display(description="i dag")
    def standing(self, row: Row) -> str:
        day = clock.today()
        when = "gælder i dag" if tariffs.holds(row, day) else "senere" if day < row.valid_from else "gælder ikke mere"
        if row.is_example:
            return f"{when} (opdigtet eksempel)"
        return when if row.verified_at or not self.waits(row) else f"{when}, men er IKKE BEKRÆFTET og vises ikke"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Amounts as Danes write them."""
        field = form_field(db_field) if isinstance(db_field, DecimalField) else None
        return field or super().formfield_for_dbfield(db_field, request, **kwargs)

    def waits(self, row: Any) -> bool:
        """Whether patients do not see the row until somebody has verified it."""
        return True

    def alarms(self) -> list[str]:
        return []

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"alarms": self.alarms()})

    @admin.action(description="Bekræft, at de valgte passer med kilden", permissions=["change"])
    def verify_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """A page that shows the figures beside their sources; the button there stamps them."""
        rows = list(queryset.order_by("valid_from", "pk"))
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "title": "Passer tallene med kilden?",
                "opts": self.opts,
                "rows": [{"row": row, "origin": tariffs.origin(row), "facts": self.facts(row)} for row in rows],
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/clinics/verify_dated.html", context)
        done = 0
        for row in rows:
            try:
                verifying.verify(row=row, by=request.user)  # type: ignore[arg-type]  # staff only get here
                done += 1
            except actions.ActionError as error:
                messages.error(request, error.text)
        if done:
            messages.success(request, f"{danish.count(done, 'række er', 'rækker er')} bekræftet i dag.")
        return None

    @admin.action(description="Træk bekræftelsen tilbage, så de ikke vises", permissions=["change"])
    def withdraw_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        chosen = queryset.exclude(verified_at=None)
        for row in chosen:
            verifying.withdraw(row=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "Bekræftelsen er trukket tilbage.")

    def facts(self, row: Any) -> list[tuple[str, str]]:
        """What is verified, as label and value."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        with transaction.atomic():
            if change and obj.verified_at and set(form.changed_data) - CLERICAL:
                obj.verified_at = None
                messages.warning(request, "Rækken er ændret og skal bekræftes igen, før patienter ser den.")
            super().save_model(request, obj, form, change)
            actions.mark_edited(row=obj)
            transaction.on_commit(tariffs.forget)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(tariffs.forget)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        transaction.on_commit(tariffs.forget)


@admin.register(Tariff)
class TariffAdmin(DatedAdmin):
    list_display = ("__str__", "patient_share", "validity", "standing", "verified_at", "source")
    list_filter = (TodayFilter, "service", "is_example")
    search_fields = ("code", "source")

    def alarms(self) -> list[str]:
        return [alarm.text for alarm in tariffs.alarms(clock.today())]

    def facts(self, row: Tariff) -> list[tuple[str, str]]:
        amounts = (("Samlet honorar", row.full_fee), ("Tilskud", row.subsidy), ("Patientens andel", row.patient_share))
        return [(label, danish.kroner(amount)) for label, amount in amounts if amount is not None]


@admin.register(ReferralRule)
class ReferralRuleAdmin(DatedAdmin):
    list_display = ("__str__", "with_ydernummer", "needs_referral", "payer", "validity", "standing", "verified_at")
    list_filter = (TodayFilter, "service", "region", "to_be_verified", "is_example")
    list_select_related = ("region",)
    search_fields = ("text", "municipality", "source")

    def waits(self, row: ReferralRule) -> bool:
        return row.to_be_verified

    def facts(self, row: ReferralRule) -> list[tuple[str, str]]:
        return [
            ("Klinikken har ydernummer", "ja" if row.with_ydernummer else "nej"),
            ("Kræver henvisning", "ja" if row.needs_referral else "nej"),
            ("Betaling", row.get_payer_display()),
            ("Svar til patienten", row.text),
        ]
