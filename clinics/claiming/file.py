"""Everything that a moderator needs to decide one claim, in words, on one screen."""

import datetime
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from clinics import clock, danish, memberships
from clinics.models import Claim, Clinic, Correction, Membership, Provenance
from clinics.models.clinic import Source
from clinics.sources import STATED

from . import channels
from .domains import host_of, is_shared, own_domain, registrable

# Ready-made reasons; what is typed beside them is added. The first word of the key says for which answer.
READY = {
    "ja_papir": "Dokumentationen viser, at du hører til klinikken.",
    "ja_opkald": "Klinikken har bekræftet det i telefonen.",
    "nej_ulaeselig": "Vi kan ikke læse filen. Klag over afgørelsen, og vedhæft en tydelig kopi.",
    "nej_andet_navn": "Dokumentationen viser en anden klinik eller en anden person.",
    "nej_intet_svar": "Vi har forsøgt at få fat i klinikken, men har ikke fået svar.",
    "nej_kender_ikke": "Klinikken har sagt, at den ikke kender til det.",
    "nej_har_ejer": "Klinikken passer allerede sin profil selv. Bed ejeren om at invitere dig.",
}
MOST = 10  # of each list


@dataclass(frozen=True)
class Channel:
    """One way to the clinic. `changed` is when and by whom, newest first; `is_fresh`: within 14 days."""

    label: str
    value: str
    changed: list[str]
    is_fresh: bool


@dataclass(frozen=True)
class File:
    channels: list[Channel]
    source: str
    domain: str
    addresses: list[EmailAddress]
    members: list[Membership]
    elsewhere: list[Membership]
    of_person: list[Claim]
    of_clinic: list[Claim]
    alike: list[Clinic]
    corrections: list[Correction]
    age: str
    has_owner: bool


def file_of(claim: Claim) -> File:
    """A fixed number of queries, whatever the claim. No document is read."""
    clinic, person = claim.clinic, claim.user
    others = (
        Claim.objects.defer("document").select_related("clinic", "user").exclude(pk=claim.pk).order_by("-created_at")
    )
    return File(
        channels=_channels(clinic),
        source=_source(clinic),
        domain=_domain(clinic),
        addresses=list(EmailAddress.objects.filter(user=person)) if person else [],
        members=memberships.members(clinic),
        elsewhere=_elsewhere(person, clinic),
        of_person=list(others.filter(user=person)[:MOST]) if person else [],
        of_clinic=list(others.filter(clinic=clinic)[:MOST]),
        alike=list(_alike(clinic)[:MOST]),
        corrections=list(clinic.corrections.order_by("-created_at")[:MOST]),
        age=age(claim),
        has_owner=memberships.has_owner(clinic),
    )


def age(claim: Claim) -> str:
    """How long it has waited for us: `"3 dage"`; "" when it does not."""
    if claim.status not in Claim.QUEUED:
        return ""
    days = (clock.now() - (claim.queued_at or claim.created_at)).days
    return danish.count(days, "dag", "dage") if days else "i dag"


def _channels(clinic: Clinic) -> list[Channel]:
    noted = channels.changes(clinic)
    since = clock.now() - datetime.timedelta(days=channels.FRESH_DAYS)
    result = []
    for name, label in channels.CHANNELS.items():
        mine = [row for row in noted if label in channels.words_of(row)]
        told = [f"{_day(row.action_time)} af {memberships.name_of(row.user)}" for row in mine]
        value = danish.phone(clinic.phone) if name == "phone" else getattr(clinic, name)
        result.append(Channel(label, value, told, any(row.action_time >= since for row in mine)))
    return result


def _day(moment: datetime.datetime) -> str:
    return danish.day(moment.astimezone(clock.COPENHAGEN).date())


def _source(clinic: Clinic) -> str:
    row = Provenance.objects.filter(clinic=clinic, group=Provenance.Group.CONTACT).first()
    source, day = (row.source, row.stated_on) if row else (clinic.source, clinic.confirmed_at)
    words = f"{STATED[Source(source)]} {danish.day(day)}" if day else "uden dato"
    return f"{(row or clinic).get_source_display()}, {words}"


def _domain(clinic: Clinic) -> str:
    """What the website's domain is worth as a proof, in words; "" without a website."""
    host = host_of(clinic.website)
    if not host:
        return ""
    if is_shared(host):
        return "Her kan alle have en side eller en adresse."
    return "Kun klinikken bruger domænet." if own_domain(clinic) else "Flere klinikker bruger domænet."


def _elsewhere(person: User | None, clinic: Clinic) -> list[Membership]:
    if person is None:
        return []
    rows = Membership.objects.filter(user=person).select_related("clinic", "user")
    return list(rows.exclude(clinic=clinic, ended_at=None).order_by("-created_at")[:MOST])


def _alike(clinic: Clinic) -> QuerySet[Clinic]:
    """Clinics with the same number, address, mail or domain: another branch, or the same one twice."""
    same = Q(name__iexact=clinic.name)
    if clinic.phone:
        same |= Q(phone=clinic.phone)
    if clinic.email:
        same |= Q(email__iexact=clinic.email)
    if clinic.street:
        same |= Q(street__iexact=clinic.street, postcode_id=clinic.postcode_id)
    host = host_of(clinic.website)
    if host and not is_shared(host):
        same |= Q(website__icontains=registrable(host))
    return Clinic.objects.filter(same).exclude(pk=clinic.pk).select_related("postcode").order_by("name", "pk")
