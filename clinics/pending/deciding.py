"""A moderator decides, once, with a reason that is mailed and kept; what is approved is written in the same transaction."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinics import actions, addresses, clock, ownership, versions
from clinics.actions import ActionError, log
from clinics.geo import Point
from clinics.models import Clinic, ClinicTreatment, PendingChange, Postcode, Provenance
from clinics.models.clinic import Source
from clinics.models.offer import Stated
from clinics.outbox import absolute, promise
from clinics.plain_text import plain

from . import subjects
from .subjects import Subject, person_of

Status, Group = PendingChange.Status, Provenance.Group
LONGEST_REASON = 1000
PIN_KM = 15  # how far a point set by hand may lie from a new postcode's and still be meant
NOT_OWNER = "Den, der bad om ændringen, er ikke længere ejer af klinikken. Afvis den; en ejer kan bede om den igen."
NO_PERSON = "Behandleren er ikke længere hos klinikken. Afvis ændringen."


@transaction.atomic
def approve(*, change: PendingChange, by: User, reason: str) -> None:
    """Make the change, from the clinic today, and tell whoever asked. Raises ActionError, and then nothing is changed."""
    clinic, stored = _locked(change)
    reason = _decidable(clinic, stored, by, reason)
    if clinic.status == Clinic.Status.CLOSED:
        raise ActionError("Klinikken er lukket. Afvis ændringen.")
    if stored.asked_by is None or not ownership.is_owner(stored.asked_by, clinic):
        raise ActionError(NOT_OWNER)
    versions.begin(clinic=clinic)
    try:
        with transaction.atomic():
            group = _APPLY[stored.subject](clinic, stored)
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from error
    except IntegrityError as error:  # a row that came at this moment, from a form that does not lock the clinic
        raise ActionError("Ændringen kunne ikke gemmes. Prøv igen.") from error
    actions.facts_stated(clinic=clinic, groups={group}, source=Source.CLINIC)
    actions.clinic_changed(clinic=clinic)
    _close(stored, Status.APPROVED, by, reason)
    subject = stored.get_subject_display()
    log(row=clinic, by=by, text=f"Godkendte en ændring: {subject}.")
    versions.record(clinic=clinic, by=by, note=f"Godkendt ændring: {subject}")
    _tell(clinic, stored, "change_approved", reason)


@transaction.atomic
def refuse(*, change: PendingChange, by: User, reason: str) -> None:
    """Leave it as it is, and say why. Raises ActionError."""
    clinic, stored = _locked(change)
    reason = _decidable(clinic, stored, by, reason)
    _close(stored, Status.REFUSED, by, reason)
    log(row=clinic, by=by, text=f"Afviste en ændring: {stored.get_subject_display()}.")
    _tell(clinic, stored, "change_refused", reason)


# What each subject writes. Returns the group of facts that the clinic has stated by it.


def _name(clinic: Clinic, change: PendingChange) -> str:
    old = clinic.slug
    clinic.name = change.new["name"]
    # The address on the site follows the name; one that is, or once was, another clinic's is left to it.
    town = Postcode.objects.get(pk=clinic.postcode_id).town
    clinic.slug = addresses.free_for_clinic(clinic.name, town, but=clinic.pk)
    _checked(clinic, "name", "slug")
    clinic.save()
    actions.clinic_moved(clinic=clinic, old=old)
    return Group.CONTACT


def _address(clinic: Clinic, change: PendingChange) -> str:
    new = change.new
    postcode = Postcode.objects.filter(pk=new["postcode"]).first()
    if postcode is None:
        raise ActionError(f"Postnummer {new['postcode']} findes ikke længere. Afvis ændringen.")
    same_street = clinic.street == new["street"]
    same_place = same_street and clinic.postcode_id == postcode.pk  # another floor
    point = Point(clinic.latitude, clinic.longitude)
    by_hand = clinic.location_source == Clinic.LocationSource.HAND and same_street
    near = point.km_to(Point(postcode.latitude, postcode.longitude)) <= PIN_KM
    clinic.street, clinic.address_extra, clinic.postcode = new["street"], new["address_extra"], postcode
    if not same_place and not (by_hand and near):
        clinic.latitude, clinic.longitude = postcode.latitude, postcode.longitude
        clinic.location_source = Clinic.LocationSource.POSTCODE
        clinic.location_precision = Clinic.Precision.POSTCODE
    _checked(clinic, "street", "address_extra")
    clinic.save()
    return Group.CONTACT


def _authorisation(clinic: Clinic, change: PendingChange) -> str:
    person = person_of(change)
    if person is None:
        raise ActionError(NO_PERSON)
    person.authorisation_id = change.new["authorisation_id"]
    person.authorisation_checked_on = person.confirmed_at = clock.today()
    person.clean_fields(exclude=["clinic"])
    person.clean()
    person.save()
    return Group.PEOPLE


def _offer(clinic: Clinic, change: PendingChange) -> str:
    person = person_of(change)
    if change.row is not None and person is None:
        raise ActionError(NO_PERSON)
    model, name, term = subjects.kind_of(change.new["term"])
    if term is None:
        raise ActionError("Specialet findes ikke længere på FysFinder. Afvis ændringen.")
    row: Any = subjects.offer_of(clinic, person, change.new["term"])
    if row is None:
        more = {"format": ClinicTreatment.Format.INDIVIDUAL} if model is ClinicTreatment else {}
        row = model(clinic=clinic, practitioner=person, **{name: term}, **more)
    row.grade = change.new.get("grade", row.grade)
    row.basis, row.evidence = Stated.Basis.DOCUMENTED, change.evidence
    row.source, row.confirmed_at = Source.CLINIC, clock.today()
    row.full_clean()
    row.save()
    return Group.OFFERS


_APPLY: dict[str, Callable[[Clinic, PendingChange], str]] = {
    Subject.NAME: _name,
    Subject.ADDRESS: _address,
    Subject.AUTHORISATION: _authorisation,
    Subject.TITLE: _offer,
    Subject.SPECIALITY: _offer,
}


def _checked(clinic: Clinic, *names: str) -> None:
    """Raises ValidationError when one of these fields cannot hold what it shall."""
    clinic.clean_fields(exclude=[field.name for field in Clinic._meta.fields if field.name not in names])


# What every decision shares


def _locked(change: PendingChange) -> tuple[Clinic, PendingChange]:
    """Both as they are now, for this transaction alone. A clinic that was deleted took its changes with it."""
    clinic = Clinic.objects.select_for_update(of=("self",)).filter(pk=change.clinic_id).first()
    rows = PendingChange.objects.select_for_update(of=("self",)).select_related("asked_by")
    stored = rows.filter(pk=change.pk).first() if clinic else None
    if clinic is None or stored is None:
        raise ActionError("Ændringen findes ikke længere: klinikken er slettet.")
    stored.clinic = clinic
    return clinic, stored


def _decidable(clinic: Clinic, change: PendingChange, by: User, reason: str) -> str:
    """The reason, fit to be mailed. Raises ActionError."""
    if not ownership.may_moderate(by):
        raise ActionError("Det kan kun en moderator.")
    if change.asked_by_id == by.pk or ownership.is_member(by, clinic):
        raise ActionError("Du hører selv til klinikken. Bed en anden moderator om at afgøre det.")
    if change.status != Status.WAITING:
        raise ActionError(f"Ændringen er allerede afgjort: {change.get_status_display()}.")
    reason = plain(reason)
    if not reason:
        raise ActionError("Skriv en begrundelse. Den sendes til den, der har bedt om ændringen, og gemmes.")
    if len(reason) > LONGEST_REASON:
        raise ActionError("Begrundelsen er for lang: der er plads til 1.000 tegn.")
    return reason


def _close(change: PendingChange, status: str, by: User, reason: str) -> None:
    change.status, change.reason = status, reason
    change.decided_at, change.decided_by = clock.now(), by
    change.save(update_fields=["status", "reason", "decided_at", "decided_by"])


def _tell(clinic: Clinic, change: PendingChange, template: str, reason: str) -> None:
    """Nobody who is gone is written to."""
    who = change.asked_by
    if who and who.is_active and who.email:
        context = {
            "clinic": clinic.name,
            "subject_of_change": change.get_subject_display(),
            "wanted": subjects.summary(change),
            "reason": reason,
            "form_url": absolute(reverse("admin:clinics_clinic_change", args=[clinic.pk])),
        }
        promise(template=template, to=who.email, clinic=clinic, context=context)
