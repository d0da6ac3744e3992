"""Asking for a clinic to be listed, by somebody with an account, or not to be listed, by anybody.

Whatever changes a request locks the clinic first, then the account, then the request, as deleting a clinic or an account
does. `source` is `rate_limit.source_of(request)`.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from clinics import actions, clock, rate_limit
from clinics.actions import ActionError
from clinics.claiming.asking import has_confirmed_address
from clinics.likeness import Candidate, names_alike
from clinics.memberships.people import locked
from clinics.models import Clinic, ListingRequest, Postcode
from clinics.outbox import absolute, promise

Kind, Status = ListingRequest.Kind, ListingRequest.Status
DAY = datetime.timedelta(days=1)
OF_PERSON, OF_SOURCE = 5, 10  # new clinics a day
REMOVALS_OF_SOURCE = 5  # an hour

NOT_CONFIRMED = "Bekræft først din egen e-mail."
ONE_AT_A_TIME = "Du har allerede bedt om en klinik. Vent på svar, eller træk ønsket tilbage."
ASKED_ALREADY = (
    "En anden har allerede bedt om at få den klinik på FysFinder. Er det en kollega, så vent, til den er oprettet, og bed om"
    " at være med."
)
TOO_MANY = "Der er bedt om mange klinikker i dag. Vent til i morgen."
TOO_MANY_REMOVALS = "Du har sendt mange ønsker på kort tid. Vent en time, og send så igen."
NOT_WAITING = "Ønsket er allerede afgjort."


@transaction.atomic
def ask_new(*, user: User, answers: dict[str, Any], declined: Sequence[Candidate] = (), source: str) -> ListingRequest:
    """Put a new clinic into the moderators' queue. `answers`: `NewClinicForm.answers`. Raises ActionError.

    `declined`: the clinics that the person was shown and said is another; kept as a line in the request's history.
    """
    # Locked: two clicks, or two colleagues, at the same moment. No key: members join and clinics are made meanwhile.
    account = User.objects.select_for_update(of=("self",), no_key=True).filter(pk=user.pk, is_active=True).first()
    if account is None or not has_confirmed_address(account):
        raise ActionError(NOT_CONFIRMED)
    waiting = ListingRequest.objects.filter(kind=Kind.NEW, status=Status.WAITING)
    if waiting.filter(user=account).exists():
        raise ActionError(ONE_AT_A_TIME)
    postcode = Postcode.objects.select_for_update(no_key=True).get(pk=answers["postcode"].pk)
    for other in waiting.filter(postcode=postcode, user__is_active=True):
        if names_alike(answers["name"], postcode.town, other.name, postcode.town) == "same":
            raise ActionError(ASKED_ALREADY)
    for who, most in ((f"user-{account.pk}", OF_PERSON), (source, OF_SOURCE)):
        if not rate_limit.allow("listing", who, most, DAY):
            raise ActionError(TOO_MANY)
    request = ListingRequest.objects.create(kind=Kind.NEW, user=account, **answers)
    if declined:
        named = "; ".join(f"{one.clinic} ({one.clinic.address}), nr. {one.clinic.pk}" for one in declined)
        actions.log(row=request, by=account, text=f"Så disse og svarede, at klinikken er en anden: {named}."[:4000])
    promise(
        template="listing_received", to=account.email,
        context={"clinic": request.name, "status_url": absolute(reverse("clinics:new_clinic"))},
    )  # fmt: skip
    return request


@transaction.atomic
def withdraw(*, user: User) -> None:
    """The person has thought better of it. Raises ActionError when nothing waits any more."""
    User.objects.select_for_update(of=("self",), no_key=True).filter(pk=user.pk).first()
    rows = ListingRequest.objects.filter(kind=Kind.NEW, status=Status.WAITING, user=user)
    if not rows.update(status=Status.WITHDRAWN, decided_at=clock.now()):
        raise ActionError(NOT_WAITING)


def latest_of(user: User) -> ListingRequest | None:
    """The person's own newest request for a clinic, whatever became of it."""
    rows = ListingRequest.objects.filter(kind=Kind.NEW, user=user).select_related("postcode", "clinic")
    return rows.order_by("-created_at", "-pk").first()


@transaction.atomic
def ask_removal(*, clinic: Clinic, email: str, why: str, from_clinic: bool) -> ListingRequest:
    """Somebody wants the clinic off the site. Nothing changes before a moderator has looked. Raises ActionError.

    What the clinic is called, and where, is kept with it: it is how a later import recognises whom to leave out. The same
    wish from the same address is one.
    """
    clinic = locked(clinic.pk)
    mine = ListingRequest.objects.filter(kind=Kind.REMOVE, status=Status.WAITING, clinic=clinic, email__iexact=email)
    if found := mine.first():
        return found
    return ListingRequest.objects.create(
        kind=Kind.REMOVE, clinic=clinic, email=email, note=why,
        position="fra klinikken" if from_clinic else "ikke fra klinikken",
        name=clinic.name, street=clinic.street, address_extra=clinic.address_extra, postcode=clinic.postcode,
        phone=clinic.phone, website=clinic.website,
    )  # fmt: skip
