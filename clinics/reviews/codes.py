"""Visit codes: a sheet of them for a clinic to hand out, and using one up. docs/visit-codes.md.

A code proves that somebody got a card at the clinic, and nothing else: it is stored as a keyed hash, without a time, and nobody
knows to whom it was given. What a clinic may still print counts whole sheets and never looks at what was used, or a clinic
could see by it that a review has come in.
"""

import datetime
import secrets
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from clinics import clock, ownership, rate_limit
from clinics.actions import ActionError, log
from clinics.claiming.codes import LETTERS
from clinics.memberships.people import locked
from clinics.models import Clinic, CodeSheet, VisitCode

from .tokens import keyed

CODE_LENGTH = 10  # 31^10, some 820 thousand billion: not to be guessed, however many try
SALT = "clinics.reviews.codes"
SHEET_SIZE = 24  # cards on a page of A4
MOST_CODES = 480  # of one clinic that can still be used
SHEETS_A_DAY = 20
DAY = datetime.timedelta(days=1)
GOOD_FOR = datetime.timedelta(days=548)  # 18 months

NOT_GOOD = (
    "Koden kan ikke bruges. Se efter, om den er skrevet rigtigt. Den virker kun én gang og kun hos klinikken på kortet. Går"
    " det ikke, så slet koden, og skriv din e-mail i stedet."
)
ONLY_MEMBERS = "Det kan kun klinikkens ejere og medarbejdere."
NOT_SHOWN = "Klinikken skal være vist på FysFinder, før I kan dele koder ud."
TOO_MANY = f"I har {MOST_CODES} koder, der gælder. Annullér et ark, som I ikke deler ud af mere, og lav så et nyt."
MADE = (
    "Arket er allerede lavet, og koderne vises kun den ene gang. Nåede I ikke at printe dem, så annullér arket herunder, og lav"
    " et nyt."
)
TOO_OFTEN = "I har lavet mange ark i dag. Vent til i morgen."


@transaction.atomic
def make_sheet(
    *, clinic: Clinic, by: User, source: str, size: int = SHEET_SIZE, form: str = ""
) -> tuple[CodeSheet, list[str]]:
    """New codes for a clinic, each of 10 letters, returned this once and stored nowhere. Raises ActionError.

    `source`: where it is printed, as `rate_limit.source_of` names it today. `form`: which opening of the page asks, if one
    does; it is good for one sheet a day.
    """
    stored = locked(clinic.pk)  # two at once would each see room
    _only_members(by, stored)
    if stored.status != Clinic.Status.PUBLISHED:
        raise ActionError(NOT_SHOWN)
    if sum(good_sheets(stored).values_list("size", flat=True)) + size > MOST_CODES:
        raise ActionError(TOO_MANY)
    # In this transaction: a form whose sheet was not made after all can be sent again.
    if form and not rate_limit.allow("code-sheet-form", f"{stored.pk}-{form}", 1, DAY):
        raise ActionError(MADE)
    if not rate_limit.allow("code-sheet", f"clinic-{stored.pk}", SHEETS_A_DAY, DAY):
        raise ActionError(TOO_OFTEN)
    sheet = CodeSheet.objects.create(clinic=stored, created_by=by, size=size, source=source, created_at=clock.now())
    codes = [new_code() for _ in range(size)]
    VisitCode.objects.bulk_create(VisitCode(digest=digest(code), clinic=stored, sheet=sheet) for code in codes)
    log(row=stored, by=by, text=f"Lavede et ark med {size} besøgskoder.")
    return sheet, codes


def redeem(*, clinic: Clinic, typed: str) -> CodeSheet:
    """Use up the code that somebody typed, in the caller's transaction; its sheet comes back. Raises ActionError.

    One statement asks and marks, so that of two at the same instant one has it. The same sentence for a code that is unknown,
    used, cancelled, too old or another clinic's.
    """
    known = digests(read(typed))
    good: dict[str, Any] = {"pk__in": known, "clinic": clinic, "sheet__in": good_sheets(clinic)}
    # `is_used` must stand beside the row that is locked: in a subquery the second would see what the first saw.
    if not VisitCode.objects.filter(is_used=False, **good).update(is_used=True):
        raise ActionError(NOT_GOOD)
    return CodeSheet.objects.get(codes__in=known)


@transaction.atomic
def revoke(*, sheet: CodeSheet, by: User) -> None:
    """Codes of a sheet that nobody has used are good no more; reviews written with the others stay. Raises ActionError."""
    clinic = locked(sheet.clinic_id)
    _only_members(by, clinic)
    if not clinic.code_sheets.filter(pk=sheet.pk, revoked_at=None).update(revoked_at=clock.now()):
        raise ActionError("Arket er allerede annulleret.")
    # Gone and not just marked: whoever is redeeming one of them at this moment waits for this, and finds nothing.
    VisitCode.objects.filter(sheet=sheet.pk, is_used=False).delete()
    log(row=clinic, by=by, text=f"Annullerede et ark med {sheet.size} besøgskoder.")


def good_sheets(clinic: Clinic) -> Any:
    """A QuerySet of the sheets whose codes can be used now."""
    begin = (
        clock.now().astimezone(datetime.UTC) - GOOD_FOR
    )  # 24 hours to the day, as where they are erased: retention.py
    return CodeSheet.objects.filter(clinic=clinic, revoked_at=None, created_at__gt=begin).order_by()


def last_day(sheet: CodeSheet) -> datetime.date:
    """The last whole day on which a code of it is good."""
    over = sheet.created_at.astimezone(datetime.UTC) + GOOD_FOR
    return over.astimezone(clock.COPENHAGEN).date() - DAY


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def read(typed: str) -> str:
    """What was typed or pasted, as it was made: no spaces, dashes or small letters. "" when it cannot be a code."""
    code = "".join(letter for letter in typed[:100].upper() if letter.isascii() and letter.isalnum())
    return code if len(code) == CODE_LENGTH and all(letter in LETTERS for letter in code) else ""


def digest(code: str) -> str:
    """64 hexadecimal digits that only we can make: the database alone tells nobody a code."""
    return digests(code)[0]


def digests(code: str) -> list[str]:
    """That of today's key and those of the keys before it: a printed card outlives a change of the key."""
    return keyed(SALT, code)


def _only_members(by: User, clinic: Clinic) -> None:
    if not ownership.is_member(by, clinic):
        raise ActionError(ONLY_MEMBERS)
