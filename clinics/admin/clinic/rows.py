"""The rows under the form: prices, people, days that are different, sources. What is offered: offer_rows.py; photos.py."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from clinics import claims, danish
from clinics.admin.owned import OwnedRows
from clinics.models import (
    Clinic,
    OpeningException,
    Practitioner,
    Price,
    Provenance,
)
from clinics.opening import check_exceptions

from .days import check_period, check_stated
from .drawing import DRAWING, SharedChoiceField
from .fields import form_field
from .formsets import RowFormSet

MOST_NEW = 10  # empty rows that a page without JavaScript can be asked for
MORE = "nye"  # ?nye=5
GONE = "En af rækkerne findes ikke længere hos denne klinik. Hent siden igen, og skriv din ændring en gang til."


class RowForm(forms.ModelForm):
    """`claimed`: fields of the row that patients read as the clinic's words (R13, R17 of the project)."""

    claimed: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What the row is called above its fields."""
        return str(self.instance)

    @property
    def subject(self) -> str:
        """What the row is about, in a sentence."""
        return self.heading

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.claimed:
            for problem in claims.problems(cleaned.get(name) or ""):
                self.add_error(name, problem.text)
        return cleaned


class RowSet(RowFormSet):
    def clean(self) -> None:
        """Rows that went away while the form was open, or were another clinic's all along. Django takes such a row for
        nothing at all, and their keys are hidden fields, so it is said above the rows."""
        super().clean()
        known = (
            form.instance.pk and self.fk.name not in form.errors for form in self.initial_forms if self._stays(form)
        )
        if not all(known):
            raise ValidationError(GONE)

    def _stays(self, form: Any) -> bool:
        return not self._should_delete_form(form)  # type: ignore[attr-defined]


class Rows(OwnedRows):
    """One kind of row; `section` is where in the form it stands."""

    template = "admin/clinics/clinic/_rows.html"
    form = RowForm
    formset = RowSet
    extra = 0
    section = ""
    once: tuple[str, ...] = ()  # fields whose values only one row of a clinic may have
    intro = ""
    add_text = ""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = form_field(db_field, **kwargs) or super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no buttons that open windows
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "practitioner":  # those of this clinic: get_formset
            kwargs["queryset"] = Practitioner.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs | {"form_class": SharedChoiceField})

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.section, formset.once, formset.label = self.section, self.once, str(self.verbose_name).capitalize()
        formset.renderer = DRAWING
        if obj and "practitioner" in formset.form.base_fields:
            formset.form.base_fields["practitioner"].queryset = Practitioner.objects.filter(clinic=obj)
        return formset

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        asked = request.GET.get(MORE, "")
        return min(int(asked), MOST_NEW) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else self.extra


class PriceForm(RowForm):
    class Meta:
        help_texts: ClassVar = {"amount": "For en patient uden henvisning."}

    @property
    def heading(self) -> str:
        price = self.instance
        minutes = f", {price.minutes} minutter" if price.minutes else ""
        return f"{price.get_kind_display().capitalize()}: {danish.kroner(price.amount)}{minutes}"

    def has_changed(self) -> bool:
        """A new row where nothing but the kind is chosen is nothing yet."""
        return bool(self.changed_data) and not (self.instance.pk is None and self.changed_data == ["kind"])


class PriceRows(Rows):
    model = Price
    form = PriceForm
    section = "prices"
    intro = (
        "Det, en patient uden henvisning betaler for en almindelig tid. Det, som alle skal betale, er med i prisen. "
        "Tillæg, som kun nogle betaler, fx om aftenen, skrives på deres egen linje. "
        "Prisen med henvisning er ens i hele landet og står her ikke."
    )
    add_text = "Tilføj en pris"
    fieldsets = (
        (None, {"fields": (("kind", "amount", "minutes"),)}),
        (
            "Pakke, behandlingstype og betingelser",
            {"fields": (("sessions", "valid_months"), "each", "refundable", "treatment", "terms")},
        ),
    )
    readonly_fields = ("each",)

    @admin.display(description="pr. gang")
    def each(self, price: Price) -> str:
        if price.pk and price.kind == Price.Kind.PACKAGE and price.sessions:
            return danish.kroner(price.amount / price.sessions)
        return "Regnes ud for pakker, når du har gemt."

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return max(len(first_rows(obj)), super().get_extra(request, obj, **kwargs))


def first_rows(clinic: Clinic | None) -> list[dict[str, str]]:
    """What a clinic without prices is asked for first; a row that stays without an amount is nothing."""
    asked = clinic and not clinic.prices.exists()
    return [{"kind": Price.Kind.FIRST}, {"kind": Price.Kind.FOLLOW_UP}] if asked else []


class PractitionerForm(RowForm):
    claimed = ("title",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_stated(self, ["authorisation_checked_on"])
        return cleaned


class PractitionerRows(Rows):
    model = Practitioner
    form = PractitionerForm
    section = "people"
    intro = "Dem, patienten kan møde. Skriv kun det, behandleren har sagt ja til."
    add_text = "Tilføj en behandler"
    fieldsets = (
        (None, {"fields": (("name", "title"),)}),
        (
            "Faggruppe, autorisation og sprog",
            {
                "fields": (
                    ("profession", "gender"),
                    ("authorisation_id", "authorisation_checked_on"),
                    "languages",
                    "is_restricted",
                    "position",
                )
            },
        ),
    )


class ExceptionForm(RowForm):
    claimed = ("note",)

    def clean(self) -> dict[str, Any]:
        """What the database would say of the whole row is said at the field."""
        cleaned = super().clean()
        check_period(self, ["first_day", "last_day"])
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Sidste dag ligger før første dag. Byt om på dem.")
        times = {"opens", "closes"} - set(self.errors)
        if len(times) == 2 and (cleaned.get("opens") is None) != (cleaned.get("closes") is None):
            missing = "opens" if cleaned.get("opens") is None else "closes"
            self.add_error(missing, "Skriv både åbner og lukker, eller lad begge stå tomme: så er der lukket.")
        return cleaned


class ExceptionFormSet(RowSet):
    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if not form.errors and form.cleaned_data and not form.cleaned_data.get("DELETE") and form.instance.first_day
        ]
        for problem in check_exceptions([form.instance for form in kept]):
            kept[problem.row].add_error("first_day", problem.text)


class ExceptionRows(Rows):
    model = OpeningException
    form = ExceptionForm
    formset = ExceptionFormSet
    section = "hours"
    verbose_name = "periode"
    verbose_name_plural = "dage, der er anderledes"
    add_text = "Tilføj ferie eller en anden dag"
    intro = "Ferie, helligdage og kortere dage. Uden klokkeslæt er der lukket."
    fieldsets = (
        (None, {"fields": (("first_day", "last_day"),)}),
        ("Åbent på andre tider, og bemærkning", {"fields": (("opens", "closes"), "kind", "note")}),
    )


class ProvenanceForm(RowForm):
    claimed = ("note",)

    @property
    def subject(self) -> str:
        return str(self.instance.get_group_display()).capitalize()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_stated(self, ["stated_on"])
        return cleaned


class ProvenanceRows(Rows):
    model = Provenance
    form = ProvenanceForm
    once = ("group",)
    section = "sources"
    intro = "Kun når en gruppe af oplysninger har en anden kilde end klinikken som helhed. Vises for patienter."
    verbose_name = "kilde"
    verbose_name_plural = "kilder"
    add_text = "Tilføj en kilde"
    fields = (("group", "source"), ("stated_on", "note"))
