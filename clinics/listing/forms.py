"""What somebody types who wants a clinic listed, or not listed: every fault has one sentence at its field."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinics.admin.clinic.fields import LineField, PostcodeField
from clinics.corrections import CPR, EXPIRED, TRAP, TypedField, token_holds
from clinics.geo import Point
from clinics.likeness import Described, house
from clinics.mailing.recipient import checked
from clinics.models import Clinic, Postcode
from clinics.phones import PhoneError, read_phone
from clinics.plain_text import has_cpr
from clinics.websites import WebsiteError, read_website

SHORTEST_WHY, LONGEST_TEXT = 10, 2000
_LETTER = re.compile(r"[^\W\d_]")
FIELDS = {
    "navn": "name", "vej": "street", "etage": "address_extra", "postnummer": "postcode", "telefon": "phone",
    "email": "email", "hjemmeside": "website", "cvr": "cvr", "rolle": "position", "besked": "note",
}  # fmt: skip


class Line(LineField):
    """One line; `longest` is what the column holds."""

    def __init__(self, *, label: str, longest: int, required: str = "", **attrs: str) -> None:
        help_text = attrs.pop("help_text", "")
        super().__init__(
            label=label, required=bool(required), help_text=help_text, widget=forms.TextInput(attrs=attrs),
            error_messages={"required": required},
        )  # fmt: skip
        self.longest = longest

    def to_python(self, value: Any) -> str:
        text = super().to_python((value or "")[: 2 * LONGEST_TEXT])
        if len(text) > self.longest:
            raise ValidationError(f"Teksten er for lang. Der er plads til {self.longest} tegn.")
        return text


class Several(TypedField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > LONGEST_TEXT:
            raise ValidationError("Teksten er for lang. Der er plads til 2.000 tegn.")
        if has_cpr(value):
            raise ValidationError(CPR)


class Where(PostcodeField):
    """Four figures, with or without the town."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs |= {"autocomplete": "off", "class": ""}

    def to_python(self, value: Any) -> Any:
        postcode = super().to_python((value or "")[:100])
        if postcode and postcode.kind == Postcode.Kind.LARGE_RECIPIENT:
            raise ValidationError(f"{postcode.pk} er kun til post. Skriv postnummeret, hvor klinikken ligger.")
        return postcode


class _Faulty(forms.Form):
    """The first field with a fault gets the focus."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})

    def full_clean(self) -> None:
        super().full_clean()
        if first := next((name for name in self.fields if name in self.errors), ""):
            self.fields[first].widget.attrs["autofocus"] = True


class NewClinicForm(_Faulty):
    navn = Line(
        label="Klinikkens navn", longest=160, required="Skriv, hvad klinikken hedder.", autocomplete="organization",
        help_text="Som det står på skiltet.",
    )  # fmt: skip
    vej = Line(
        label="Vej og husnummer", longest=160, required="Skriv vej og husnummer.", autocomplete="address-line1",
        help_text="Fx Nørregade 4B.",
    )  # fmt: skip
    etage = Line(label="Etage, dør eller bygning", longest=120, autocomplete="address-line2")
    postnummer = Where(
        label="Postnummer og by", help_text="Fx 8000 Aarhus C. Er du i tvivl om byen, så skriv kun de fire tal.",
        error_messages={"required": "Skriv postnummeret."},
    )  # fmt: skip
    telefon = Line(label="Telefon", longest=60, type="tel", autocomplete="tel", help_text="Klinikkens, fx 86 12 12 12.")
    email = Line(
        label="E-mail", longest=254, inputmode="email", autocapitalize="none", autocomplete="email",
        help_text="Klinikkens. Patienter kan se den.",
    )  # fmt: skip
    hjemmeside = Line(
        label="Hjemmeside", longest=300, inputmode="url", autocapitalize="none", autocomplete="url",
        help_text="Fx www.klinik.dk.",
    )  # fmt: skip
    cvr = Line(label="CVR-nummer", longest=40, inputmode="numeric", help_text="8 cifre. Kun vi ser det.")
    rolle = Line(
        label="Din rolle i klinikken", longest=80, required="Skriv din rolle, fx ejer.", help_text="Fx ejer. Kun vi ser det."
    )  # fmt: skip
    besked = Several(label="Besked til os", required=False, help_text="Kun vi ser den. Skriv ikke om patienter.")

    def clean_navn(self) -> str:
        name: str = self.cleaned_data["navn"]
        if len(name) < 2 or not _LETTER.search(name):
            raise ValidationError("Skriv klinikkens navn med bogstaver.")
        return name

    def clean_vej(self) -> str:
        street: str = self.cleaned_data["vej"]
        if house(street) is None:
            raise ValidationError("Skriv også husnummeret, fx Nørregade 4B.")
        return street

    def clean_telefon(self) -> str:
        try:
            return read_phone(self.cleaned_data["telefon"])
        except PhoneError as error:
            raise ValidationError(error.text) from error

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        return checked(address) if address else ""

    def clean_hjemmeside(self) -> str:
        try:
            return read_website(self.cleaned_data["hjemmeside"])
        except WebsiteError as error:
            raise ValidationError(error.text) from error

    def clean_cvr(self) -> str:
        """The eighth figure is a check (modulus 11, erhvervsstyrelsen.dk); a moderator is told where it does not fit."""
        figures = re.sub(r"(?i)^dk|[\s.-]", "", self.cleaned_data["cvr"])
        if figures and not re.fullmatch(r"[0-9]{8}", figures):
            raise ValidationError("Et CVR-nummer har 8 cifre.")
        return figures

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"telefon", "email"} & set(self.errors) and not cleaned.get("telefon") and not cleaned.get("email"):
            self.add_error("telefon", "Skriv et telefonnummer eller en e-mail, så patienter kan få fat i jer.")
        return cleaned

    def answers(self) -> dict[str, Any]:
        """By field of `ListingRequest`: what was asked for and nothing else that was sent."""
        return {column: self.cleaned_data[name] for name, column in FIELDS.items()}

    def described(self) -> Described:
        one = self.cleaned_data
        where: Postcode = one["postnummer"]
        return Described(
            name=one["navn"], street=one["vej"], postcode=where.pk, town=where.town, phone=one["telefon"],
            email=one["email"], website=one["hjemmeside"], point=Point(where.latitude, where.longitude),
        )  # fmt: skip


class RemovalForm(_Faulty):
    """`bevis` and the trap: clinics.corrections."""

    fra = forms.ChoiceField(
        label="Er du fra klinikken?",
        choices=[("ja", "Ja, jeg ejer den eller arbejder der"), ("nej", "Nej")],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg ja eller nej.", "invalid_choice": "Vælg ja eller nej."},
    )
    tekst = Several(
        label="Hvorfor skal klinikken ikke stå her?", required=False,
        help_text="Fx at den er lukket, eller at du ikke vil stå her. Skriv ikke om patienter, og skriv aldrig CPR-numre.",
    )  # fmt: skip
    email = Line(
        label="Din e-mail", longest=254, required="Skriv din e-mail, så vi kan svare.", inputmode="email",
        autocapitalize="none", autocomplete="email",
        help_text="Kun til svaret. Vi sletter den, når sagen er afgjort.",
    )  # fmt: skip

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        self.clinic = clinic
        super().__init__(*args, **kwargs)

    def clean_tekst(self) -> str:
        text: str = self.cleaned_data["tekst"]
        if len(text) < SHORTEST_WHY:
            raise ValidationError("Skriv kort, hvorfor klinikken ikke skal stå her.")
        return text

    def clean_email(self) -> str:
        return checked(self.cleaned_data["email"])

    def clean(self) -> None:
        if not token_holds(self.data.get("bevis", ""), self.clinic):
            raise ValidationError(EXPIRED, code="expired")

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))
