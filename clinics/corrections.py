"""What visitors and clinics say is wrong: the form, and storing what it was told.

The form is for people without an account, so it sets no cookie. Django's token would need one, and guards what a cookie
allows; nothing is allowed by a cookie here. What is guarded instead: the post comes from a page of ours (`Sec-Fetch-Site` or
`Origin`, which browsers send and other sites cannot forge), and carries a token that we signed for this clinic today.
"""

import datetime
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction
from django.http import HttpRequest

from .models import Clinic, Correction, Provenance
from .plain_text import has_cpr, plain

SHORTEST, LONGEST, LONGEST_EMAIL = 10, 2000, 254
# Nobody sees this field; what fills in every field of a form is no person. No word that a browser knows, as it does addresses,
# and fills in by itself: whoever lets it would be thanked, and nothing stored.
TRAP = "emne"
TOKEN_AGE = datetime.timedelta(hours=24)
SALT = "clinics.corrections"

CPR = "Det ligner et CPR-nummer. Slet det, og send igen. Vi har ikke brug for det og må ikke få det."
EMAIL = "Skriv en e-mailadresse som navn@eksempel.dk, eller lad feltet stå tomt."
EXPIRED = "Siden har stået åben for længe. Læs din tekst igennem, og tryk Send en gang til."


class TypedField(forms.CharField):
    """What somebody typed, made harmless first; whatever stands past twice the room for it is not read."""

    def to_python(self, value: Any) -> str:
        return plain((super().to_python(value) or "")[: 2 * LONGEST])


class CorrectionForm(forms.Form):
    """`gruppe`, `tekst`, `email`; every fault has one sentence, and what was typed stays."""

    gruppe = forms.ChoiceField(
        label="Hvad handler det om?",
        choices=Provenance.Group.choices,
        error_messages={
            "required": "Vælg, hvad det handler om. Passer intet, så vælg det nærmeste.",
            "invalid_choice": "Vælg en mulighed fra listen.",
        },
    )
    tekst = TypedField(label="Hvad skal rettes?", required=False)
    email = TypedField(label="Din e-mail (kun til svar)", required=False)

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        self.clinic = clinic
        super().__init__(*args, **kwargs)

    def clean_tekst(self) -> str:
        text: str = self.cleaned_data["tekst"]
        if len(text) < SHORTEST:
            raise ValidationError("Skriv, hvad der er forkert, og hvad der skal stå i stedet.", code="short")
        if len(text) > LONGEST:
            raise ValidationError("Teksten er for lang. Der er plads til 2.000 tegn.", code="long")
        if has_cpr(text):
            raise ValidationError(CPR, code="cpr")
        return text

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address:
            if len(address) > LONGEST_EMAIL:
                raise ValidationError(EMAIL, code="long")
            EmailValidator(EMAIL)(address)
        return address

    def clean(self) -> None:
        if not token_holds(self.data.get("bevis", ""), self.clinic):
            raise ValidationError(EXPIRED, code="expired")

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))


def token_for(clinic: Clinic) -> str:
    return signing.dumps(clinic.pk, salt=SALT)


def token_holds(token: str, clinic: Clinic) -> bool:
    try:
        return bool(signing.loads(token, salt=SALT, max_age=TOKEN_AGE) == clinic.pk)
    except signing.BadSignature:
        return False


def from_our_page(request: HttpRequest) -> bool:
    """Whether a page of this site sent the form, as far as the browser says; what says nothing is no browser of today."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


@transaction.atomic
def suggest_correction(*, clinic: Clinic, group: str, text: str, sender: str, email: str = "") -> Correction:
    """Store what somebody says is wrong. Nothing about the clinic changes before a person has looked."""
    return Correction.objects.create(clinic=clinic, group=group, text=text, sender=sender, email=email)
