"""Form fields for what a clinic says: a phone number, a website, a postcode with its town, yes/no/not stated, lists."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from clinics import danish
from clinics.models import Place, Postcode
from clinics.phones import PhoneError, read_phone
from clinics.plain_text import plain
from clinics.text import fold, folds
from clinics.websites import WebsiteError, read_website

UNKNOWN = "Ikke oplyst"
_CODE = re.compile(r"[0-9]{4}\Z")
_POSTCODE = re.compile(r"(?i)(?:dk|d)?[ -]*([0-9]{4})(?![0-9])[ ,]*(.*)")


class Templated:
    """A widget with a template of the site's own; Django's renderer of forms knows only the apps' templates."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return mark_safe(render_to_string(template_name, context))  # noqa: S308  # rendered by a template, escaped there


class LineField(forms.CharField):
    """One line. A line break is no slip of a finger: it is how headers are put into mails."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if re.search(r"[\r\n\x00\x0b\x0c\x85\u2028\u2029]", text):
            raise ValidationError("Skriv det på én linje.")
        return plain(text)


class TextField(forms.CharField):
    """Several lines, without what is invisible."""

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value) or "")


class PhoneField(LineField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "vTextField"})
        options |= {"widget": widget, "max_length": 60, "help_text": "Skriv det, som du plejer, fx 86 12 12 12."}
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return danish.phone(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        try:
            return read_phone(super().to_python(value), example=True)  # whether the clinic is one: ClinicForm.clean
        except PhoneError as error:
            raise ValidationError(error.text) from error


class WebsiteField(LineField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "class": "vTextField"})
        super().__init__(**options | {"widget": widget, "max_length": None})

    def to_python(self, value: Any) -> str:
        try:
            return read_website(super().to_python(value))
        except WebsiteError as error:
            raise ValidationError(error.text) from error


class PostcodeField(LineField):
    """`"8000"`, `"DK-8000 Aarhus C"` → the `Postcode`. A town that lies elsewhere is asked about, never overruled."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "postal-code", "class": "vTextField"})
        super().__init__(**options | {"widget": widget})
        self.validators = []  # they are for texts, and this one becomes a row

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Postcode):
            return str(value)
        if isinstance(value, str) and _CODE.match(value) and (known := Postcode.objects.filter(pk=value).first()):
            return str(known)
        return value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = _POSTCODE.fullmatch(text[:80])
        if not found:
            raise ValidationError("Skriv postnummeret med fire cifre, og gerne byen: 8000 Aarhus C.")
        code, town = found.groups()
        postcode = Postcode.objects.filter(pk=code).first() if code.isascii() else None
        if postcode is None:
            raise ValidationError(f"Vi kender ikke postnummer {code}. Tjek de fire cifre.")
        if town and not _is_town_of(town, postcode):
            raise ValidationError(f"{code} er {postcode.town}, ikke {town}: ret postnummer eller by.")
        return postcode

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            postcode = self.to_python(data)
        except ValidationError:
            return True
        return (postcode.pk if postcode else None) != (initial.pk if isinstance(initial, Postcode) else initial)


def _is_town_of(town: str, postcode: Postcode) -> bool:
    """`"Aarhus"` is good enough for 8000 Aarhus C, and so is a district or an old spelling that leads to the postcode."""
    typed, real = f"{fold(town)} ", f"{fold(postcode.town)} "
    if real.startswith(typed) or typed.startswith(real):
        return True
    return Place.objects.filter(keys__overlap=list(folds(town)), postcodes__contains=[postcode.pk]).exists()


class DegreesField(forms.FloatField):
    """Degrees with point or comma; shown with the comma that Danes write."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "vTextField"})

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, float) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".").strip() if isinstance(value, str) else value)


class ThreeStateField(forms.TypedChoiceField):
    """Ja, Nej or Ikke oplyst → True, False, None."""

    def __init__(self, **options: Any) -> None:
        choices = [("yes", "Ja"), ("no", "Nej"), ("", UNKNOWN)]
        options |= {"choices": choices, "coerce": _yes_or_no, "empty_value": None}
        super().__init__(**options | {"required": False, "widget": forms.RadioSelect(attrs={"class": "three"})})

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _yes_or_no(answer: str) -> bool:
    if answer not in ("yes", "no"):
        raise ValueError(answer)
    return answer == "yes"


class FoldedTicks(Templated, forms.CheckboxSelectMultiple):
    """A fold that says what is chosen, so that forty ticks are not in the way. `nothing`: what no tick means."""

    template_name = "admin/clinics/clinic/_ticks_widget.html"

    def __init__(self, nothing: str = UNKNOWN, **options: Any) -> None:
        super().__init__(**options)
        self.nothing = nothing

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = [option for _, group, _ in context["widget"]["optgroups"] for option in group]
        chosen = danish.listing([str(option["label"]) for option in options if option["selected"]])
        return context | {"options": options, "chosen": chosen or self.nothing}


class StatedListField(forms.TypedMultipleChoiceField):
    """Ticks → a list in the order of the choices. No tick: None, not stated. The tick `none`: an empty list, there are none."""

    NONE = "none"

    def __init__(self, *, choices: Any, none: str = "", **options: Any) -> None:
        self.says_none = bool(none)
        self.keys = [key for key, _ in choices]
        choices = [*choices, (self.NONE, none)] if none else list(choices)
        super().__init__(**options | {"choices": choices, "required": False, "widget": FoldedTicks()})

    def prepare_value(self, value: Any) -> Any:
        return [self.NONE] if value == [] and self.says_none else value

    def clean(self, value: Any) -> list[str] | None:
        chosen = super().clean(value)
        if self.NONE in chosen and len(chosen) > 1:
            raise ValidationError("Sæt enten flueben ved “Ingen” eller ved dem, I har. Ikke begge dele.")
        if self.NONE in chosen:
            return []
        return [key for key in self.keys if key in chosen] or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial) or [], data or [])


class KronerField(forms.DecimalField):
    """Kroner as Danes write them: `"1.250"`, `"1250 kr."` and `"450,50"`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options | {"widget": forms.TextInput(attrs={"inputmode": "decimal", "class": "vShortField"})}
        )

    def prepare_value(self, value: Any) -> Any:
        return danish.kroner(value).removesuffix(" kr.") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(danish.amount(value) if isinstance(value, str) else value)


class DayField(forms.DateField):
    """The telephone's own calendar; typed by hand in any Danish way."""

    def __init__(self, **options: Any) -> None:
        formats = ["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%y"]
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**options | {"input_formats": formats, "widget": widget})


class ClockField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        formats = ["%H:%M", "%H.%M", "%H", "%H%M", "%H:%M:%S"]
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(**options | {"input_formats": formats, "widget": widget})


def form_field(db_field: models.Field, **given: Any) -> forms.Field | None:
    """The field of this file for a field of a model, or None where Django's own will do. `given`: what a form's Meta says."""
    options: dict[str, Any] = {
        "label": given.get("label") or capfirst(db_field.verbose_name),
        "help_text": given.get("help_text", db_field.help_text),
        "required": not db_field.blank,
    }
    if isinstance(db_field, models.BooleanField) and db_field.null:
        return ThreeStateField(label=options["label"], help_text=options["help_text"])
    if isinstance(db_field, ArrayField) and db_field.base_field.choices:
        none = "Ingen" if db_field.name == "insurers" else ""  # nobody speaks no language
        return StatedListField(
            choices=db_field.base_field.choices, none=none, label=options["label"], help_text=options["help_text"]
        )
    if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
        return DayField(**options)
    if isinstance(db_field, models.TimeField):
        return ClockField(**options)
    if isinstance(db_field, models.DecimalField):
        digits = {"max_digits": db_field.max_digits, "decimal_places": db_field.decimal_places}
        return KronerField(**options, **digits)
    if isinstance(db_field, models.TextField):
        return TextField(**options, max_length=db_field.max_length, widget=forms.Textarea(attrs={"rows": 4}))
    if type(db_field) is models.CharField and not db_field.choices:
        return LineField(**options, max_length=db_field.max_length)
    return None
