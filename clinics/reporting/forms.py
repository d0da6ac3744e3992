"""What visitors type to report something or to appeal. No cookie: clinics/corrections.py says what stands in its place."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from clinics.actions import ActionError
from clinics.corrections import CPR, EMAIL, EXPIRED, LONGEST_EMAIL, TOKEN_AGE, TRAP, TypedField
from clinics.models import Clinic, Report, Review
from clinics.plain_text import has_cpr

from . import appeals

SHORTEST, LONGEST, LONGEST_NAME = 10, 2000, 120
SALT = "clinics.reporting.forms"


def proof(*parts: Any) -> str:
    """Signed: our own page about this very thing was open within the last day."""
    return signing.dumps(list(parts), salt=SALT, compress=False)


def proof_holds(sent: str, *parts: Any) -> bool:
    try:
        return bool(signing.loads(sent, salt=SALT, max_age=TOKEN_AGE) == list(parts))
    except signing.BadSignature:
        return False


class ReportForm(forms.Form):
    """`aarsag`, `tekst`, `navn`, `email`, `god_tro`; every fault has one sentence, and what was typed stays."""

    aarsag = forms.ChoiceField(
        label="Hvad er der galt?",
        choices=Report.Reason.choices,
        error_messages={
            "required": "Vælg, hvad der er galt. Passer intet, så vælg “Noget andet”.",
            "invalid_choice": "Vælg en mulighed fra listen.",
        },
    )
    tekst = TypedField(label="Forklar, hvad der er galt", required=False)
    navn = TypedField(label="Dit navn (behøves ikke)", required=False)
    email = TypedField(label="Din e-mail (behøves ikke)", required=False)
    god_tro = forms.BooleanField(
        label="Jeg mener ærligt, at det, jeg skriver her, er rigtigt og dækkende.",
        error_messages={"required": "Sæt flueben, hvis det, du skriver, er rigtigt. Ellers kan vi ikke tage imod det."},
    )

    def __init__(self, *args: Any, clinic: Clinic, review: Review | None, **kwargs: Any) -> None:
        self.about = (clinic.pk, review.key if review else "")
        super().__init__(*args, **kwargs)

    @property
    def proof(self) -> str:
        return proof("report", *self.about)

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))

    def clean_tekst(self) -> str:
        text: str = self.cleaned_data["tekst"]
        if len(text) < SHORTEST:
            raise ValidationError("Skriv med et par ord, hvad der er galt, og hvorfor.", code="short")
        if len(text) > LONGEST:
            raise ValidationError("Teksten er for lang. Der er plads til 2.000 tegn.", code="long")
        if has_cpr(text):
            raise ValidationError(CPR, code="cpr")
        return text

    def clean_navn(self) -> str:
        name: str = " ".join(self.cleaned_data["navn"].split())
        if len(name) > LONGEST_NAME:
            raise ValidationError("Navnet er for langt. Der er plads til 120 tegn.", code="long")
        if has_cpr(name):
            raise ValidationError(CPR, code="cpr")
        return name

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address:
            if len(address) > LONGEST_EMAIL:
                raise ValidationError(EMAIL, code="long")
            EmailValidator(EMAIL)(address)
        return address

    def clean(self) -> None:
        if not proof_holds(self.data.get("bevis", ""), "report", *self.about):
            raise ValidationError(EXPIRED, code="expired")


class AppealForm(forms.Form):
    """`tekst`. `about`: what names the decision and the side, for nobody else to send it."""

    tekst = TypedField(label="Hvorfor er afgørelsen forkert?", required=False)

    def __init__(self, *args: Any, about: tuple[str, int], **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)

    @property
    def proof(self) -> str:
        return proof("appeal", *self.about)

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))

    def clean_tekst(self) -> str:
        try:
            return appeals.checked(self.cleaned_data["tekst"])
        except ActionError as error:
            raise ValidationError(error.text) from error

    def clean(self) -> None:
        if not proof_holds(self.data.get("bevis", ""), "appeal", *self.about):
            raise ValidationError(EXPIRED, code="expired")
