"""A moderator decides: the clinic is listed or taken off, or it is not, with a reason that is mailed and kept."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from clinics import actions, addresses, clock, memberships, ownership, versions
from clinics.actions import ActionError, clinic_changed
from clinics.claiming.asking import has_confirmed_address
from clinics.likeness import Candidate, candidates, described
from clinics.memberships.people import tell_others
from clinics.models import Clinic, ListingRequest, Provenance, Role
from clinics.models.clinic import Source
from clinics.outbox import absolute, promise
from clinics.plain_text import plain

from .asking import NOT_WAITING

Kind, Status = ListingRequest.Kind, ListingRequest.Status
LONGEST_REASON = 1000
TAKEN_OFF = "Klinikken står ikke længere på FysFinder, fordi nogen har bedt om det. Er det en fejl, så skriv til os."
GONE = "Kontoen bag ønsket findes ikke længere. Afvis ønsket."


@transaction.atomic
def approve(*, request: ListingRequest, by: User, reason: str, despite: bool = False) -> Clinic | None:
    """List the clinic, with whoever asked as its owner, or take it off. Returns the clinic. Raises ActionError.

    `despite`: the moderator has looked at the clinics that are nearly certainly the same, and it is another.
    """
    stored = _locked(request)
    reason = _decidable(stored, by, reason)
    if stored.kind == Kind.REMOVE:
        return _take_off(stored, by, reason)
    return _list(stored, by, reason, despite)


@transaction.atomic
def refuse(*, request: ListingRequest, by: User, reason: str) -> None:
    """Nothing changes, and whoever asked is told why. Raises ActionError."""
    stored = _locked(request)
    reason = _decidable(stored, by, reason)
    to = _address(stored)
    _close(stored, Status.REFUSED, by, reason)
    if stored.kind == Kind.REMOVE:
        links = {
            "correction_url": _link("clinics:correction", stored.clinic.slug)
            if stored.clinic
            else _link("pages:contact")
        }
        _tell("removal_refused", to, stored, reason, **links)
    else:
        _tell(
            "listing_refused", to, stored, reason,
            find_url=_link("clinics:for_clinics"), new_url=_link("clinics:new_clinic"),
        )  # fmt: skip


def removed(clinics: QuerySet[Clinic]) -> QuerySet[Clinic]:
    """Of these, the ones that were taken off because somebody asked: an import leaves them alone.

    A moderator who publishes one again has changed that.
    """
    asked = ListingRequest.objects.filter(clinic=OuterRef("pk"), kind=Kind.REMOVE, status=Status.APPROVED)
    return clinics.filter(Exists(asked), status=Clinic.Status.DRAFT)


def surely_the_same(request: ListingRequest) -> list[Candidate]:
    """Clinics of any status that a moderator may not overlook before listing another."""
    return [one for one in candidates(described(request), public=False, but=request.clinic_id) if one.is_sure]


def _list(stored: ListingRequest, by: User, reason: str, despite: bool) -> Clinic:
    person, postcode = stored.user, stored.postcode
    if person is None or not person.is_active or not has_confirmed_address(person):
        raise ActionError(GONE)
    if postcode is None or not stored.name:
        raise ActionError("Ønsket mangler navn eller postnummer. Afvis det.")
    if not despite and (alike := surely_the_same(stored)):
        raise ActionError(
            f"{alike[0].clinic} ({alike[0].clinic.address}) ligner meget. Er det en anden klinik, så sæt kryds ved det."
        )
    today = clock.today()
    clinic = Clinic.objects.create(
        name=stored.name, slug=addresses.free_for_clinic(stored.name, postcode.town), status=Clinic.Status.PUBLISHED,
        street=stored.street, address_extra=stored.address_extra, postcode=postcode,
        latitude=postcode.latitude, longitude=postcode.longitude,
        location_source=Clinic.LocationSource.POSTCODE, location_precision=Clinic.Precision.POSTCODE,
        phone=stored.phone, email=stored.email, website=stored.website, source=Source.CLINIC, confirmed_at=today,
    )  # fmt: skip
    Provenance.objects.create(clinic=clinic, group=Provenance.Group.CONTACT, source=Source.CLINIC, stated_on=today)
    memberships.join(clinic=clinic, user=person, role=Role.OWNER, by=by)
    clinic_changed(clinic=clinic)
    versions.record(clinic=clinic, by=by)
    stored.clinic = clinic
    _close(stored, Status.APPROVED, by, reason)
    _tell(
        "listing_approved", person.email, stored, reason,
        form_url=_link("admin:clinics_clinic_change", str(clinic.pk)), profile_url=absolute(clinic.get_absolute_url()),
        members_url=_link("clinics:members", clinic.slug),
    )  # fmt: skip
    return clinic


def _take_off(stored: ListingRequest, by: User, reason: str) -> Clinic | None:
    """A draft is not there for anybody (404), which is true; closed (410) would say that it has closed, which may not be."""
    clinic, to = stored.clinic, _address(stored)
    if clinic and clinic.status != Clinic.Status.DRAFT:
        versions.begin(clinic=clinic)
        clinic.status = Clinic.Status.DRAFT
        clinic.save(update_fields=["status", "updated_at"])
        clinic_changed(clinic=clinic)
        versions.record(clinic=clinic, by=by, note="Taget af siden efter ønske")
        actions.log(row=clinic, by=by, text="Tog klinikken af siden efter ønske.")
        tell_others(
            clinic,
            "Klinikken står ikke længere på FysFinder, fordi nogen har bedt om det. Er det en fejl, så skriv.",
            but=[],
        )
    _close(stored, Status.APPROVED, by, reason)
    _tell("removal_done", to, stored, reason)
    return clinic


def _locked(request: ListingRequest) -> ListingRequest:
    """The request as it is now, for this transaction alone; what it is about is locked before it. Raises ActionError."""
    if request.clinic_id:
        Clinic.objects.select_for_update(of=("self",)).filter(pk=request.clinic_id).first()
    if request.user_id:
        User.objects.select_for_update(of=("self",)).filter(pk=request.user_id).first()
    rows = ListingRequest.objects.select_for_update(of=("self",)).select_related("user", "clinic", "postcode")
    stored = rows.filter(pk=request.pk).first()
    if stored is None or stored.status != Status.WAITING:
        raise ActionError(NOT_WAITING)
    return stored


def _decidable(stored: ListingRequest, by: User, reason: str) -> str:
    """The reason, cleaned. Raises ActionError."""
    if not ownership.may_moderate(by):
        raise ActionError("Det kan kun en moderator.")
    if by.pk == stored.user_id:
        raise ActionError("Du kan ikke afgøre dit eget ønske.")
    reason = plain(reason[: 2 * LONGEST_REASON])
    if not reason:
        raise ActionError("Skriv en begrundelse. Den bliver sendt og gemt.")
    if len(reason) > LONGEST_REASON:
        raise ActionError("Begrundelsen er for lang. Der er plads til 1.000 tegn.")
    return reason


def _close(stored: ListingRequest, status: ListingRequest.Status, by: User, reason: str) -> None:
    stored.status, stored.reason, stored.decided_by, stored.decided_at = status, reason, by, clock.now()
    if stored.kind == Kind.REMOVE:
        stored.email = ""  # it was for the answer alone
    stored.save()
    actions.log(row=stored, by=by, text=f"Afgjorde ønsket: {stored.get_status_display()}.")


def _address(stored: ListingRequest) -> str:
    """Where the answer goes; nobody who is gone is written to."""
    if stored.kind == Kind.REMOVE:
        return stored.email
    return stored.user.email if stored.user and stored.user.is_active else ""


def _tell(template: str, to: str, stored: ListingRequest, reason: str, **links: str) -> None:
    if to:
        promise(
            template=template, to=to, clinic=stored.clinic, context={"clinic": stored.name, "reason": reason, **links}
        )


def _link(page: str, *arguments: str) -> str:
    return absolute(reverse(page, args=arguments))
