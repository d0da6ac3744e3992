"""The search form: every parameter of a results page is a field here, and page, box and landing page all read it here.

How to add a filter: README.md. Why this is a plain form and not a FilterSet: docs/decisions/0002-search-form.md.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms

from . import danish
from .choices import FILTERS, RADII
from .map_area import BoxField
from .models import Condition, SlugHistory, Speciality, TreatmentType
from .orders import ORDERS
from .remembered import Remembered
from .together import read_together
from .vocabulary import condition_for

LONGEST_WAIT = 365  # days


class BySlug(dict[str, Any]):
    """Rows by slug. Whoever asks with an address that a row once had is given it, too; it is counted and listed once."""

    def __init__(self, rows: Iterable[Any], moved: Mapping[str, int] | None = None) -> None:
        """`moved`: former slug → key of the row."""
        super().__init__((row.slug, row) for row in rows)
        by_key = {row.pk: row for row in self.values()}
        self.former: dict[str, Any] = {}
        self.former = {old: by_key[key] for old, key in (moved or {}).items() if key in by_key and old not in self}

    def __contains__(self, slug: object) -> bool:
        return super().__contains__(slug) or slug in self.former

    def __missing__(self, slug: str) -> Any:
        return self.former[slug]

    def get(self, slug: str, default: Any = None) -> Any:
        return super().get(slug, self.former.get(slug, default))


@dataclass(frozen=True)
class Terms:
    """What can be chosen, by slug, in alphabetical order."""

    specialities: BySlug
    treatments: dict[str, TreatmentType]


def _read() -> Terms:
    """The specialities and treatment types as they are now, in one query."""
    old = SlugHistory.objects.filter(kind=SlugHistory.Kind.SPECIALITY)
    *read, moved = read_together(Speciality.objects.all(), TreatmentType.objects.all(), old)
    specialities, treatments = [sorted(rows, key=lambda term: danish.sort_key(term.name)) for rows in read]
    to = {one.slug: one.object_id for one in moved}
    return Terms(BySlug(specialities, to), {term.slug: term for term in treatments})


terms = Remembered(_read)
forget = terms.forget


class Ticks(forms.Field):
    """Ticked choices, repeated in the address, by slug; cleaned to the choices themselves, each once.

    `known` is asked for the choices only when one was ticked: a page without filters need not read the vocabulary.
    """

    widget = forms.SelectMultiple

    def __init__(self, known: Callable[[], Mapping[str, Any]], **kwargs: Any) -> None:
        self.known = known
        super().__init__(required=False, **kwargs)

    def clean(self, value: list[str] | None) -> list[Any]:
        if unknown := [slug for slug in value or () if slug and slug not in self.known()]:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": unknown[0]})
        return self.understood(value)

    def understood(self, value: list[str] | None) -> list[Any]:
        """What is left when the values that do not exist are left out."""
        known = self.known() if value else {}
        return list(dict.fromkeys(known[slug] for slug in value or () if slug in known))


class PriceField(forms.DecimalField):
    """Kroner as Danes write them: `"506,72"`, `"1.250"`, `"600 kr."`."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(danish.amount(value) if isinstance(value, str) else value)


class AverageField(forms.DecimalField):
    """A number with a comma or a point: `"4,5"`."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class SearchForm(forms.Form):
    """The parameters of `/find/fysioterapeut/`. All are optional; a field that is not understood is named and left out."""

    q = forms.CharField(required=False, max_length=200, label="Hvad gør ondt?")
    tilstand = forms.CharField(required=False, max_length=120, label="Tilstand")
    sted = forms.CharField(required=False, max_length=120, label="Hvor?")
    speciale = Ticks(lambda: terms().specialities, label="Speciale")
    behandling = Ticks(lambda: terms().treatments, label="Behandling")
    radius = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        label="Afstand",
        choices=[("", "Automatisk"), *((km, f"{km} km") for km in RADII)],
    )
    sorter = forms.ChoiceField(
        required=False, choices=[(order.slug, order.label) for order in ORDERS.values()], label="Rækkefølge"
    )
    kun_filtre = forms.ChoiceField(
        required=False, choices=[("", ""), ("ja", "Ja")], label="Se ikke bort fra noget filter"
    )
    kun_radius = forms.ChoiceField(
        required=False, choices=[("", ""), ("ja", "Ja")], label="Søg kun inden for afstanden"
    )
    pris_max = PriceField(
        required=False,
        min_value=0,
        max_value=99_999,
        decimal_places=2,
        label="Højeste pris uden henvisning",
    )
    ventetid_max = forms.IntegerField(
        required=False, min_value=0, max_value=LONGEST_WAIT, label="Længste ventetid i dage"
    )
    bedoemmelse_min = AverageField(
        required=False, min_value=1, max_value=5, decimal_places=2, label="Laveste bedømmelse"
    )
    omraade = BoxField(required=False, label="Område på kortet")
    side = forms.IntegerField(required=False, min_value=1, max_value=100_000, label="Side")

    def __init__(self, *args: Any, along: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """`along`: what else is read of the condition in the statement that finds it, as annotations."""
        super().__init__(*args, **kwargs)
        self.along = along or {}
        self.fields |= {one.name: Ticks(partial(getattr, one, "by_slug"), label=one.title) for one in FILTERS}
        for field in self.fields.values():
            field.error_messages |= ERRORS
            for validator in field.validators:
                if (code := getattr(validator, "code", "")) in ERRORS:
                    setattr(validator, "message", ERRORS[code])  # noqa: B010 (a validator's type need not have one)

    def clean_tilstand(self) -> Condition | None:
        """The condition, followed to the one it was merged into."""
        slug = self.cleaned_data["tilstand"]
        condition = condition_for(slug, **self.along) if slug else None
        if slug and condition is None:
            raise forms.ValidationError(
                "Vi kender ikke den tilstand. Skriv, hvad der gør ondt, i søgefeltet.", code="unknown"
            )
        return condition

    def clean(self) -> dict[str, Any]:
        """A value that does not exist does not take the ones beside it along."""
        for name, field in self.fields.items():
            if isinstance(field, Ticks) and name in self.errors:
                self.cleaned_data[name] = field.understood(self[name].data)
        return self.cleaned_data


ERRORS = {
    "max_length": "Teksten er for lang. Skriv det kortere.",
    "null_characters_not_allowed": "Teksten indeholder tegn, som vi ikke kan læse. Skriv den igen.",
    "invalid_choice": "Valget findes ikke: “%(value).60s”. Vælg et fra listen.",
    "invalid": "Vi forstod ikke tallet. Skriv det med cifre, fx 500.",
    "min_value": "Tallet er for lille.",
    "max_value": "Tallet er for stort.",
    "max_decimal_places": "Skriv prisen med højst to decimaler.",
}
