""" "Var det ikke dig?": whoever reads the clinic's published mail can object, and a member-to-be can ask the owners."""

import datetime

from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.urls import reverse

from clinics import memberships, rate_limit
from clinics.actions import ActionError
from clinics.memberships import name_of
from clinics.memberships.people import locked
from clinics.models import Claim, Clinic, Correction, Provenance
from clinics.outbox import absolute, promise

from .asking import has_confirmed_address, text

SALT = "clinics.claiming.objection"
TOKEN_AGE = datetime.timedelta(days=90)
DAY = datetime.timedelta(days=1)
MOST_OBJECTIONS = 3  # per claim
ASKED_OF_PERSON, ASKED_OF_CLINIC = 5, 5  # a day
LONGEST = 1800


def token_for(claim: Claim) -> str:
    return signing.dumps(claim.pk, salt=SALT)


def claim_of(token: str) -> Claim | None:
    """The approved claim that the link of a mail is about."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return None
    rows = Claim.objects.defer("document").select_related("clinic", "user")
    return rows.filter(pk=pk, status=Claim.Status.APPROVED).first()


@transaction.atomic
def object_to(*, claim: Claim, words: str) -> None:
    """Into the moderators' corrections, from the clinic. Nothing changes before somebody has looked. Raises ActionError."""
    words = text(words, LONGEST)
    if not rate_limit.allow("claim-objection", f"claim-{claim.pk}", MOST_OBJECTIONS, 90 * DAY):
        raise ActionError("Vi har fået jeres indsigelse og ser på den.")
    who = name_of(claim.user)
    told = f"Indsigelse: profilen er overtaget af {who} (sag {claim.pk}), og klinikken siger, at det ikke er aftalt."
    Correction.objects.create(
        clinic=claim.clinic, group=Provenance.Group.CONTACT, sender=Correction.Sender.CLINIC,
        text=f"{told}\n\n{words}".strip(),
    )  # fmt: skip


@transaction.atomic
def ask_owners(*, clinic: Clinic, user: User, words: str) -> None:
    """“NN vil være med”: a mail to the owners, who invite or do not. Raises ActionError."""
    clinic = locked(clinic.pk)
    words = text(words, 500)
    if not has_confirmed_address(user):
        raise ActionError("Bekræft først din egen e-mail.")
    present = [one for one in memberships.members(clinic) if one.user_id == user.pk]
    if present:
        raise ActionError("Du er allerede med på klinikken.")
    if not memberships.has_owner(clinic):
        raise ActionError("Klinikken har ingen ejer. Overtag profilen i stedet.")
    for who, most in ((f"user-{user.pk}", ASKED_OF_PERSON), (f"clinic-{clinic.pk}", ASKED_OF_CLINIC)):
        if not rate_limit.allow("claim-ask", who, most, DAY):
            raise ActionError("Der er spurgt mange gange i dag. Vent til i morgen.")
    for owner in memberships.owners(clinic).select_related("user"):
        if owner.user.email:
            promise(
                template="claim_ask", to=owner.user.email, clinic=clinic,
                context={
                    "clinic": clinic.name, "who": name_of(user), "email": user.email, "words": words,
                    "members_url": absolute(reverse("clinics:members", args=[clinic.slug])),
                },
            )  # fmt: skip
