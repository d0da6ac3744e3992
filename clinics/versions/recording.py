"""Keeping versions: one after each save of a person that changed anything, and what was there before the first."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import JSONField, OuterRef, Subquery

from clinics.models import Clinic, ClinicVersion

from .facts import facts_of
from .words import changed, differences

BEFORE = "Før den første ændring"
MADE = "Oprettet"
OTHER = "Andet"


def newest() -> Subquery:
    """Of each clinic, the facts of its newest version, None without any: to be asked for in the caller's own statement."""
    rows = ClinicVersion.objects.filter(clinic=OuterRef("pk")).order_by("-made_at", "-pk")
    return Subquery(rows.values("facts")[:1], output_field=JSONField())


@transaction.atomic
def begin(*, clinic: Clinic) -> None:
    """Before a change: the first keeps what the clinic said until then, so that it can be undone. One statement when it has
    versions already."""
    if clinic.pk is None or ClinicVersion.objects.filter(clinic=clinic).exists():
        return
    stored = Clinic.objects.filter(pk=clinic.pk).first()
    if stored:
        ClinicVersion.objects.create(clinic=stored, note=BEFORE, facts=facts_of(stored))


@transaction.atomic
def record(*, clinic: Clinic, by: User | None, note: str = "") -> ClinicVersion | None:
    """After a change: what the clinic says now. None when it is what the newest version says. Three statements.

    `note`: what was done, as one reads it in the list; "" names the groups of facts that are different ("Priser, åbningstider").
    `by`: None where no person did it, an import. The clinic is read anew and locked, so versions are in the order of the changes.
    """
    stored = Clinic.objects.select_for_update(of=("self",)).annotate(newest=newest()).filter(pk=clinic.pk).first()
    if stored is None:
        return None
    facts, before = facts_of(stored), stored.newest
    if facts == before:
        return None
    said = note or (MADE if before is None else changed(differences(before, facts)) or OTHER)
    return ClinicVersion.objects.create(clinic=stored, made_by=by, note=said[:200], facts=facts)
