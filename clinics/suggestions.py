"""Specialities and treatments that a list suggests for a clinic, and the answers. docs/suggested-specialities.md.

A suggestion is a row of what the clinic offers with the basis "suggested", made by `intake.changing.writing`: patients, index and
files leave it out. A yes, by a moderator or the clinic itself, makes it stated; never documented, and never a title. A no
keeps the row, with `REFUSED` before its evidence: the row takes the one place that the database has for this term, so no
later list suggests it again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from . import actions, clock, danish, ownership, versions
from .actions import ActionError
from .intake.suggesting.offer_words import SPECIALITY, TREATMENT
from .models import Clinic, ClinicSpeciality, ClinicTreatment, Provenance
from .models.clinic import Source
from .models.offer import Stated

MODELS: dict[str, Any] = {SPECIALITY: ClinicSpeciality, TREATMENT: ClinicTreatment}
REFUSED = "Afvist. "
OPEN = Q(basis=Stated.Basis.SUGGESTED) & ~Q(evidence__startswith=REFUSED)
LONGEST_EVIDENCE = 300

NOT_YOURS = "Det kan kun klinikken selv eller en moderator."
CLOSED = "Klinikken er lukket."
SPEAKS = "Klinikken siger selv, hvad den tilbyder. Den bliver spurgt på sin egen side."


@dataclass(frozen=True)
class Open:
    """One suggestion that waits for an answer. `key` names it in a form: "speciality-7"."""

    key: str
    name: str
    kind: str
    evidence: str


def open_of(clinic: Clinic) -> list[Open]:
    """What a clinic is asked, specialities first. No query on a filled clinic."""
    return [opened(SPECIALITY, row) for row in clinic.specialities.all() if is_open(row)] + [
        opened(TREATMENT, row) for row in clinic.treatments.all() if is_open(row)
    ]


def opened(kind: str, row: Any) -> Open:
    """A row of `MODELS[kind]` with its term."""
    label = "Speciale" if kind == SPECIALITY else "Behandling"
    return Open(f"{kind}-{row.pk}", getattr(row, kind).name, label, row.evidence)


def is_open(row: Any) -> bool:
    return bool(row.basis == Stated.Basis.SUGGESTED and not row.evidence.startswith(REFUSED))


def for_moderators(kind: str) -> QuerySet[Any]:
    """The rows of a kind that a moderator may decide: not those of a clinic that states itself what it offers."""
    said = Provenance.objects.filter(clinic=OuterRef("clinic"), group=Provenance.Group.OFFERS).values("source")
    whose = Coalesce(Subquery(said), "clinic__source", output_field=CharField())
    rows: QuerySet[Any] = MODELS[kind].objects.filter(OPEN).exclude(clinic__status=Clinic.Status.CLOSED)
    return rows.alias(whose=whose).exclude(whose=Source.CLINIC)


def evidence_of(name: str, words: str) -> str:
    """The evidence of a row that the list called `name` suggests: `"Listen “Havn”: navnet siger “knæ”"`."""
    return f"Listen “{name}”: {words[:1].lower()}{words[1:]}"[:LONGEST_EVIDENCE]


@transaction.atomic
def accept(*, clinic: Clinic, keys: Collection[str], by: User, for_clinic: bool = False) -> int:
    """A yes to these (`Open.key`): stated from now on, confirmed today. Returns how many; one that is gone is none.

    `for_clinic`: a member says so, and it is the clinic's own word; else a moderator does, who has looked it up: the list
    itself never said it. Raises ActionError.
    """
    stored = _locked(clinic, by, for_clinic)
    rows = _chosen(stored, keys)
    if not rows:
        return 0
    versions.begin(clinic=stored)
    for row in rows:
        row.basis, row.evidence, row.confirmed_at = Stated.Basis.STATED, "", clock.today()
        row.source = Source.CLINIC if for_clinic else Source.HAND
        row.save(update_fields=["basis", "evidence", "confirmed_at", "source"])
    _decided(stored, rows, by, "Sagde ja til forslag")
    return len(rows)


@transaction.atomic
def refuse(*, clinic: Clinic, keys: Collection[str], by: User, for_clinic: bool = False) -> int:
    """A no to these: never suggested for this clinic again. It can still be ticked in its form. Otherwise as `accept`."""
    stored = _locked(clinic, by, for_clinic)
    rows = _chosen(stored, keys)
    if not rows:
        return 0
    versions.begin(clinic=stored)
    for row in rows:
        row.evidence = f"{REFUSED}{row.evidence}"[:LONGEST_EVIDENCE]
        row.save(update_fields=["evidence"])
    _decided(stored, rows, by, "Sagde nej til forslag")
    return len(rows)


def _locked(clinic: Clinic, by: User, for_clinic: bool) -> Clinic:
    """The clinic as it is now, first of all; raises ActionError for whom it is not to say, and where it has been said."""
    stored = Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic.pk).first()
    if stored is None:
        raise ActionError("Klinikken findes ikke længere.")
    if not (ownership.is_member(by, stored) if for_clinic else ownership.may_moderate(by)):
        raise ActionError(NOT_YOURS)
    if stored.status == Clinic.Status.CLOSED:
        raise ActionError(CLOSED)
    if not for_clinic and _speaks_for_itself(stored):
        raise ActionError(SPEAKS)
    return stored


def _speaks_for_itself(clinic: Clinic) -> bool:
    """As `for_moderators` asks it of many."""
    said = clinic.provenance.filter(group=Provenance.Group.OFFERS).values_list("source", flat=True).first()
    return (said or clinic.source) == Source.CLINIC


def _chosen(clinic: Clinic, keys: Collection[str]) -> list[Any]:
    """The clinic's own open rows among them, locked."""
    found: list[Any] = []
    for kind, model in MODELS.items():
        numbers = [key.removeprefix(f"{kind}-") for key in keys if key.startswith(f"{kind}-")]
        pks = [int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) < 18]
        rows = model.objects.filter(OPEN, clinic=clinic, pk__in=pks).select_related(kind)
        found += rows.select_for_update(of=("self",)).order_by("pk")
    return found


def _decided(clinic: Clinic, rows: list[Any], by: User, what: str) -> None:
    names = [str(getattr(row, SPECIALITY if isinstance(row, ClinicSpeciality) else TREATMENT)) for row in rows]
    said = f"{what}: {danish.listing(names)}"
    actions.clinic_changed(clinic=clinic)
    actions.log(row=clinic, by=by, text=f"{said}.")
    versions.record(clinic=clinic, by=by, note=said)


def asked_clinics() -> QuerySet[Clinic]:
    """Those with something for a moderator to decide, in alphabetical order."""
    each = (Exists(for_moderators(kind).filter(clinic=OuterRef("pk"))) for kind in MODELS)
    speciality, treatment = each
    return Clinic.objects.filter(speciality | treatment).order_by("sort_name", "pk")
