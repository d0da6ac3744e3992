"""Owners ask, and take back what they asked for. One change of a subject waits at a time: asking again replaces it."""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from clinics import clock, ownership
from clinics.actions import ActionError, log
from clinics.models import Clinic, PendingChange, Practitioner
from clinics.plain_text import has_cpr, plain

from . import subjects
from .subjects import FIELDS, NEEDS_PERSON, OF_OFFERS, Subject

Status = PendingChange.Status
LONGEST_EVIDENCE = 1000
LONGEST_PROOF = 300  # of a title or speciality: it is kept with the row
MOST_A_DAY = 20  # of one clinic; more is no owner who mends a profile
ONLY_OWNERS = "Det kan kun klinikkens ejer bede om."
NO_CPR = "Skriv aldrig et CPR-nummer her."


def waiting(clinic: Clinic) -> list[PendingChange]:
    return list(clinic.pending_changes.filter(status=Status.WAITING).select_related("asked_by"))


@transaction.atomic
def ask(
    *, clinic: Clinic, by: User, subject: str, row: int | None = None, new: dict[str, Any], evidence: str = ""
) -> PendingChange:
    """Ask a moderator for a change. `row`: the practitioner concerned. `new`: the values of `subjects.FIELDS`, checked by a form.

    Raises ActionError for whoever is no owner, for another clinic's practitioner, and for what stands there already.
    """
    stored = _locked(clinic)
    if not ownership.is_owner(by, stored):
        raise ActionError(ONLY_OWNERS)
    if stored.status == Clinic.Status.CLOSED:
        raise ActionError("Klinikken er lukket. Skriv til os, hvis den åbner igen.")
    if subject not in FIELDS or set(new) != set(FIELDS[subject]):
        raise ActionError("Den oplysning kan der ikke bedes om her.")
    person = _person(stored, subject, row)
    evidence = plain(evidence)
    if len(evidence) > (LONGEST_PROOF if subject in OF_OFFERS else LONGEST_EVIDENCE):
        raise ActionError("Dokumentationen er for lang.")
    if has_cpr(evidence) or any(isinstance(one, str) and has_cpr(one) for one in new.values()):
        raise ActionError(NO_CPR)
    old = subjects.current(stored, subject, person, new)
    if all(old.get(name) == value for name, value in new.items()):
        raise ActionError("Det står der allerede.")
    day = clock.now() - datetime.timedelta(days=1)
    if stored.pending_changes.filter(created_at__gt=day).count() >= MOST_A_DAY:
        raise ActionError("I har bedt om mange ændringer i dag. Prøv igen i morgen.")
    row = person.pk if person else None
    for earlier in stored.pending_changes.select_for_update(of=("self",)).filter(
        subject=subject, row=row, status=Status.WAITING
    ):
        _close(earlier, by)
    change = PendingChange.objects.create(
        clinic=stored, asked_by=by, subject=subject, row=row, old=old, new=new, evidence=evidence
    )
    log(row=stored, by=by, text=f"Bad om en ændring: {change.get_subject_display()}.")
    return change


@transaction.atomic
def withdraw(*, change: PendingChange, by: User) -> None:
    """Any owner of the clinic takes it back. Raises ActionError."""
    clinic = _locked(change.clinic)
    stored = PendingChange.objects.select_for_update(of=("self",)).filter(pk=change.pk, clinic=clinic).first()
    if not ownership.is_owner(by, clinic):
        raise ActionError(ONLY_OWNERS)
    if stored is None or stored.status != Status.WAITING:
        raise ActionError("Ændringen venter ikke længere.")
    _close(stored, by)
    log(row=clinic, by=by, text=f"Trak en ændring tilbage: {stored.get_subject_display()}.")


def _close(change: PendingChange, by: User) -> None:
    change.status, change.decided_at, change.decided_by = Status.WITHDRAWN, clock.now(), by
    change.save(update_fields=["status", "decided_at", "decided_by"])


def _locked(clinic: Clinic) -> Clinic:
    stored = Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic.pk).first()
    if stored is None:
        raise ActionError("Klinikken er ikke længere på FysFinder.")
    return stored


def _person(clinic: Clinic, subject: str, row: int | None) -> Practitioner | None:
    person = Practitioner.objects.filter(clinic=clinic, pk=row).first() if row is not None else None
    if row is not None and (person is None or subject in (Subject.NAME, Subject.ADDRESS)):
        raise ActionError("Behandleren er ikke hos klinikken.")
    if person is None and subject in NEEDS_PERSON:
        raise ActionError("Vælg behandleren.")
    return person
