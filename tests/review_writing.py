"""A patient with a visit code or an e-mail, and what they send."""

import datetime
import re

from clinics.models import Clinic, CodeSheet, Outbox, VisitCode
from clinics.reviews import codes, forms
from clinics.reviews.writing import Answers

SOURCE = "b" * 64
TEXT = "De lyttede til mig og forklarede øvelserne, så jeg forstod dem. Ventetiden var lang."
NAME = "Rolig Lærke"


def month() -> datetime.date:
    """The first of last month."""
    return datetime.date.fromisoformat(f"{forms.months()[1][0]}-01")


def answers(**other) -> Answers:
    given = {
        "visited_in": month(),
        "taken_seriously": 5,
        "explained": 4,
        "appointments": 3,
        "premises": 2,
        "overall": 4,
        "text": TEXT,
        "nickname": NAME,
    }
    return Answers(**given | other)


def code_of(clinic: Clinic) -> str:
    """A code that is good there."""
    code, sheet = codes.new_code(), CodeSheet.objects.create(clinic=clinic, size=1)
    VisitCode.objects.create(digest=codes.digest(code), clinic=clinic, sheet=sheet)
    return code


def fields(clinic: Clinic, /, **other) -> dict[str, str]:
    """What the form sends, without code and e-mail."""
    return {
        "bevis": forms.proof_for(clinic),
        "maaned": f"{month():%Y-%m}",
        "alvorligt": "5",
        "forklaret": "4",
        "aftaler": "3",
        "rammer": "2",
        "samlet": "4",
        "tekst": TEXT,
        "kaldenavn": NAME,
        "samtykke": "ja",
    } | other


def changed(**other) -> dict[str, str]:
    """What the form of a correction sends."""
    return {name: value for name, value in fields(Clinic(pk=0), **other).items() if name not in ("bevis", "samtykke")}


def mailed_link() -> str:
    """The path of the one private link that waits in the outbox."""
    row = Outbox.objects.get(template="review_received")
    return re.fullmatch(r"https?://[^/]+(/anmeldelse/[\w-]{43}/)", row.context["link"])[1]
