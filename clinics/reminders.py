"""Once a day: the members of a clinic whose facts are half a year old are asked to confirm them. docs/mail.md.

A round of reminders begins on the day on which the facts are due (clinics.freshness), or a month after a member joined if
that is later, and has three months: one mail in each. Then we have asked often enough, until the clinic confirms and grows
old again. The mails wait for the day in the outbox.
"""

import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse

from . import clock, danish, outbox
from .completeness import missing, percent
from .freshness import DUE_MONTHS, due_until, months_before
from .mailing.stops import stopped_among
from .models import Clinic, Membership, Outbox
from .whole import fill

MOST = 3
SHOWN = 4  # of what is missing: an owner has ten minutes
BATCH = 200


def remind() -> int:
    """Promise the mails that are due today. Returns how many. Twice a day is as good as once."""
    day = clock.today()
    members = (
        Membership.objects.active()
        .filter(wants_reminders=True, user__is_active=True)
        .filter(clinic__status=Clinic.Status.PUBLISHED, clinic__confirmed_at__lte=due_until(day))
        .select_related("clinic__postcode")
        .order_by("pk")
    )
    due = [(one, number) for one in members if (number := _round_of(one, day))]
    return sum(_promise(due[start : start + BATCH], day) for start in range(0, len(due), BATCH))


def round_of(confirmed_at: datetime.date, joined_on: datetime.date, day: datetime.date) -> int | None:
    """Which of the reminders, 1 to 3, belongs to the month in which `day` lies; None when it is no time for one."""
    first = max(due_on(confirmed_at), months_after(joined_on, 1))
    if day >= months_after(first, MOST):
        return None
    return next((number for number in range(MOST, 0, -1) if day >= months_after(first, number - 1)), None)


def due_on(confirmed_at: datetime.date) -> datetime.date:
    """The first day on which facts that were confirmed then are due: of 31 August that is 1 March, as February ends before."""
    day = months_after(confirmed_at, DUE_MONTHS)
    return day if confirmed_at <= due_until(day) else day + datetime.timedelta(days=1)


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last."""
    return months_before(day, -months)


def _round_of(member: Membership, day: datetime.date) -> int | None:
    joined_on = member.created_at.astimezone(clock.COPENHAGEN).date()
    return round_of(member.clinic.confirmed_at, joined_on, day) if member.clinic.confirmed_at else None


@transaction.atomic
def _promise(due: list[tuple[Membership, int]], day: datetime.date) -> int:
    """Promise to each who has an address, has not said stop, heard nothing from us for a month."""
    clinics = {one.clinic_id: one.clinic for one, _ in due}
    fill([*clinics.values()])
    confirmed = EmailAddress.objects.filter(user__in=[one.user_id for one, _ in due], verified=True, primary=True)
    addresses = dict(confirmed.values_list("user_id", "email"))
    stopped = stopped_among(addresses.values())
    recent = _recently_reminded(clinics, day)
    promised = 0
    for member, number in due:
        address, whom = addresses.get(member.user_id), f"reminder:{member.clinic_id}:{member.user_id}"
        if address is None or address in stopped or whom in recent:
            continue
        clinic = clinics[member.clinic_id]
        outbox.promise(
            template="reminder",
            to=address,
            context=_context(clinic),
            key=f"{whom}:{clinic.confirmed_at}:{number}",
            clinic=clinic,
        )
        promised += 1
    return promised


def _recently_reminded(clinics: dict[int, Clinic], day: datetime.date) -> set[str]:
    """`"reminder:<clinic>:<user>"` of those who were reminded less than a month ago, because the worker was away before."""
    since = months_before(day, 1) + datetime.timedelta(days=1)
    midnight = datetime.datetime.combine(since, datetime.time(), clock.COPENHAGEN)
    keys = Outbox.objects.filter(template="reminder", clinic__in=clinics, created_at__gte=midnight)
    return {key.rsplit(":", 2)[0] for key in keys.values_list("key", flat=True) if key}


def _context(clinic: Clinic) -> dict[str, object]:
    return {
        "clinic": clinic.name,
        "confirmed": danish.day(clinic.confirmed_at or clock.today()),
        "share": percent(clinic),
        "missing": [{"label": one.label, "why": one.why} for one in missing(clinic)[:SHOWN]],
        "confirm_url": outbox.absolute(reverse("admin:clinics_clinic_change", args=[clinic.pk])),
    }
