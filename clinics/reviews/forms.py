"""The form of a review: one question to a block. Without a cookie, guarded as clinics/corrections.py says.

The one hidden field is signed by us and good for one clinic for a day. Out of it comes the private link, so that a form which
is sent twice, by two taps of a trembling finger, makes one review.
"""

import datetime
import secrets
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.dateformat import format as date_format

from clinics import clock
from clinics.corrections import TOKEN_AGE, TRAP, TypedField
from clinics.mailing.recipient import checked
from clinics.models import Clinic, Review

from . import nickname as nicknames
from . import text_checks
from .questions import QUESTIONS
from .text_checks import Checked
from .tokens import token_of
from .writing import Answers

MONTHS = 18  # as long as a visit code is good; a clinic is another after that
SHORTEST, LONGEST, LONGEST_NICKNAME, LONGEST_CODE = 30, 1500, 40, 100
SALT = "clinics.reviews.form"

EXPIRED = "Siden har stået åben for længe. Læs din anmeldelse igennem, og tryk Send en gang til."
NO_PROOF = "Skriv koden fra klinikken eller din e-mail. Vi skal bruge den ene af dem."
EMAIL = "Skriv en e-mailadresse som navn@eksempel.dk."
BLOCKED = "Der står noget, som vi ikke må vise. Ret det, der er markeret under feltet, og send så igen."
WARNED = "Se det, der er markeret under feltet. Du kan rette det, eller sende alligevel."


class AnswersForm(forms.Form):
    """`maaned`, the five questions, `tekst`, `alligevel` (warnings were seen), `kaldenavn`. Every fault has one sentence."""

    tekst = TypedField(label="Fortæl med dine egne ord", required=False)
    alligevel = forms.BooleanField(required=False)
    kaldenavn = TypedField(label="Kaldenavn", required=False)

    def __init__(self, *args: Any, clinic: Clinic, review: Review | None = None, **kwargs: Any) -> None:
        self.clinic, self.review = clinic, review
        self.checked: Checked | None = None
        super().__init__(*args, **kwargs)
        self.fields["maaned"] = forms.ChoiceField(
            label="Hvornår var du der?",
            choices=months(review.visited_in if review else None),
            error_messages={"required": "Vælg måneden.", "invalid_choice": "Vælg en måned fra listen."},
        )
        for question in QUESTIONS:
            self.fields[question.name] = forms.ChoiceField(
                label=question.ask,
                choices=question.choices,
                error_messages={
                    "required": "Vælg det svar, der passer bedst.",
                    "invalid_choice": "Vælg et svar fra listen.",
                },
            )

    def clean_tekst(self) -> str:
        text: str = text_checks.cleaned(self.cleaned_data["tekst"])
        if len(text) < SHORTEST:
            raise ValidationError(f"Skriv lidt mere: mindst {SHORTEST} tegn, fx et par sætninger.", code="short")
        if len(text) > LONGEST:
            over = len(text) - LONGEST
            raise ValidationError(f"Teksten er {over} tegn for lang. Der er plads til 1.500.", code="long")
        return text

    def clean_kaldenavn(self) -> str:
        name: str = text_checks.cleaned(self.cleaned_data["kaldenavn"].replace("\n", " "))
        if not name:
            raise ValidationError("Skriv et kaldenavn, eller behold det, vi foreslår.", code="short")
        if len(name) > LONGEST_NICKNAME:
            raise ValidationError(f"Kaldenavnet er for langt. Der er plads til {LONGEST_NICKNAME} tegn.", code="long")
        if problem := nicknames.problem(name, self.clinic):
            raise ValidationError(problem, code="nickname")
        return name

    def clean(self) -> None:
        if "tekst" not in self.cleaned_data:
            return
        self.checked = checked_text(self.clinic, self.cleaned_data["tekst"], self.cleaned_data.get("samlet"))
        if self.checked.blocks:
            self.add_error("tekst", ValidationError(BLOCKED, code="blocked"))
        elif self.checked.warns and not self.cleaned_data.get("alligevel"):
            self.add_error("tekst", ValidationError(WARNED, code="warned"))

    def answers(self) -> Answers:
        """What a valid form says."""
        told = self.cleaned_data
        return Answers(
            visited_in=datetime.date.fromisoformat(f"{told['maaned']}-01"),
            text=told["tekst"],
            nickname=told["kaldenavn"],
            **{question.field: int(told[question.name]) for question in QUESTIONS},
        )


class ReviewForm(AnswersForm):
    """Beside the answers: `kode` or `email` or both, `samtykke`, the signed `bevis`, and the trap."""

    kode = forms.CharField(required=False)
    email = forms.CharField(required=False)
    samtykke = forms.BooleanField(
        error_messages={
            "required": "Sæt flueben, hvis vi må gemme og vise det, du skriver. Ellers kan vi ikke tage imod."
        }
    )

    def clean_kode(self) -> str:
        return str(self.cleaned_data["kode"])[:LONGEST_CODE].strip()

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).strip()
        try:
            return checked(address) if address else ""
        except ValidationError as error:
            raise ValidationError(EMAIL, code="email") from error

    def clean(self) -> None:
        super().clean()
        told = self.cleaned_data
        if "email" in told and not told["email"] and not told.get("kode"):
            self.add_error("kode", ValidationError(NO_PROOF, code="proof"))
        if not self.token:
            raise ValidationError(EXPIRED, code="expired")

    @property
    def token(self) -> str:
        """The private link of what this form sends. "" when it is not a form that we made for this clinic today.

        With an e-mail alone another for each address: whoever mistyped theirs, goes back and mends it, is no second press.
        """
        told = self.cleaned_data
        return link_of(self.data.get("bevis", ""), self.clinic, "" if told.get("kode") else told.get("email", ""))

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))


def checked_text(clinic: Clinic, text: str, overall: str | None) -> Checked:
    """What should not stand in a text about this clinic; `overall` is the answer of all in all, "" or None without one."""
    negative = overall in ("1", "2", "3", "4", "5") and text_checks.is_negative(int(overall))
    return text_checks.checked(text, names=text_checks.names_of(clinic), is_negative=negative)


def initial_of(review: Review) -> dict[str, Any]:
    """The form as it was filled in."""
    return {
        "maaned": f"{review.visited_in:%Y-%m}",
        "tekst": review.text,
        "kaldenavn": review.nickname,
        **{question.name: str(getattr(review, question.field)) for question in QUESTIONS},
    }


def months(chosen: datetime.date | None = None) -> list[tuple[str, str]]:
    """This month and those before it, the last first: `("2026-11", "november 2026")`. With the one `chosen` long ago."""
    today = clock.today()
    count = today.year * 12 + today.month - 1
    firsts = [datetime.date(n // 12, n % 12 + 1, 1) for n in range(count, count - MONTHS - 1, -1)]
    if chosen is not None and chosen not in firsts:
        firsts.append(chosen)
    return [(f"{first:%Y-%m}", date_format(first, "F Y")) for first in firsts]


def proof_for(clinic: Clinic) -> str:
    """What the hidden field holds: another each time the form is opened."""
    return signing.dumps([clinic.pk, secrets.token_urlsafe(16)], salt=SALT)


def link_of(proof: str, clinic: Clinic, address: str = "") -> str:
    try:
        pk, seed = signing.loads(proof, salt=SALT, max_age=TOKEN_AGE)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    return token_of(f"{seed} {address}".strip()) if pk == clinic.pk else ""
