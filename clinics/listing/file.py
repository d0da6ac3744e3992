"""Everything that a moderator needs to decide one request, on one screen; and how long it has waited."""

import datetime
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from clinics import clock, danish, memberships
from clinics.claiming.domains import host_of, is_shared, registrable
from clinics.likeness import Candidate, candidates, described
from clinics.models import Clinic, ListingRequest, Membership

from .deciding import removed

Kind, Status = ListingRequest.Kind, ListingRequest.Status
ANSWER_DAYS, LATE_DAYS = 14, 10  # promised to whoever asks; from here on it is marked
MOST = 10
# Ready-made reasons; what is typed beside them is added. The first word of the key says for which answer.
READY = {
    Kind.NEW: {
        "ja_fundet": "Vi har fundet klinikken i et offentligt register, og oplysningerne passer.",
        "ja_ringet": "Vi har talt med klinikken.",
        "nej_findes": "Klinikken er allerede på FysFinder. Find den, og overtag profilen.",
        "nej_ikke_fysioterapi": "Vi kan ikke se, at klinikken tilbyder fysioterapi ved autoriserede fysioterapeuter.",
        "nej_ukendt": "Vi kunne ikke finde klinikken på adressen. Send os mere, fx en hjemmeside eller et CVR-nummer.",
    },
    Kind.REMOVE: {
        "ja_onsket": "Klinikken har selv bedt om det.",
        "ja_findes_ikke": "Klinikken findes ikke længere på adressen.",
        "nej_klinikken": "Klinikken har sagt, at den gerne vil stå her.",
        "nej_ukendt": "Vi har ikke kunnet få bekræftet hos klinikken, at den ikke vil stå her.",
    },
}


@dataclass(frozen=True)
class Alike:
    """A clinic that may be the same. `was_removed`: it was taken off because somebody asked."""

    candidate: Candidate
    was_removed: bool


@dataclass(frozen=True)
class File:
    alike: list[Alike]
    addresses: list[EmailAddress]
    domain: str
    cvr: str
    earlier: list[ListingRequest]
    said: list[str]
    members: list[Membership]
    is_sure: bool


def file_of(request: ListingRequest) -> File:
    """A fixed number of queries, whatever the request."""
    alike = candidates(described(request), public=False, but=request.clinic_id, most=MOST)
    gone = set(removed(Clinic.objects.filter(pk__in=[one.clinic.pk for one in alike])).values_list("pk", flat=True))
    addresses = list(EmailAddress.objects.filter(user=request.user)) if request.user else []
    others = ListingRequest.objects.exclude(pk=request.pk).select_related("clinic").order_by("-created_at", "-pk")
    lines = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(ListingRequest), object_id=str(request.pk)
    )
    earlier = others.filter(user=request.user) if request.user else others.filter(clinic=request.clinic_id or 0)
    return File(
        alike=[Alike(one, one.clinic.pk in gone) for one in alike],
        addresses=addresses,
        domain=_domain(request, addresses),
        cvr=cvr_hint(request.cvr),
        earlier=list(earlier[:MOST]),
        said=[str(line.change_message) for line in lines.order_by("action_time", "pk")],
        members=memberships.members(request.clinic) if request.clinic else [],
        is_sure=any(one.is_sure for one in alike),
    )


def age(request: ListingRequest) -> str:
    """How long it has waited for us: `"3 dage"`; "" when it does not."""
    if request.status != Status.WAITING:
        return ""
    days = _days(request)
    return danish.count(days, "dag", "dage") if days else "i dag"


def is_late(request: ListingRequest) -> bool:
    """Whether the answer that was promised within 14 days is nearly due, or over it."""
    return request.status == Status.WAITING and _days(request) > LATE_DAYS


def answer_by(request: ListingRequest) -> str:
    """The day on which 14 days have passed."""
    day = (request.created_at + datetime.timedelta(days=ANSWER_DAYS)).astimezone(clock.COPENHAGEN).date()
    return danish.day(day)


def cvr_hint(number: str) -> str:
    """Every CVR number ends in a check figure (modulus 11, erhvervsstyrelsen.dk); a hint, for a person to look it up."""
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    if not number or sum(weight * int(figure) for weight, figure in zip(weights, number, strict=True)) % 11 == 0:
        return ""
    return "Kontrolcifret passer ikke. Slå nummeret op."


def _days(request: ListingRequest) -> int:
    return (clock.now() - request.created_at).days


def _domain(request: ListingRequest, addresses: list[EmailAddress]) -> str:
    """Whether the person's confirmed address is at the website's own domain, in words; "" without a website or a person."""
    host = host_of(request.website)
    if not host or not addresses:
        return ""
    if is_shared(host):
        return "Hjemmesiden er på et domæne, som alle kan bruge. Den beviser intet."
    mine = {registrable(one.email.rpartition("@")[2].lower()) for one in addresses if one.verified}
    if registrable(host) in mine:
        return "Personens bekræftede e-mail hører til hjemmesidens domæne."
    return "Personens e-mail hører ikke til hjemmesidens domæne."
