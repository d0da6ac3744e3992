"""Keeping versions: one after each save of a person that changed anything, and what was there before the first."""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, JSONField, OuterRef, Subquery

from clinics.models import Clinic, ClinicVersion

from .facts import facts_of_all
from .words import changed, differences

BEFORE = "Før den første ændring"
MADE = "Oprettet"
OTHER = "Andet"


def newest() -> Subquery:
    """Of each clinic, the facts of its newest version, None without any: to be asked for in the caller's own statement."""
    rows = ClinicVersion.objects.filter(clinic=OuterRef("pk")).order_by("-made_at", "-pk")
    return Subquery(rows.values("facts")[:1], output_field=JSONField())


def begin(*, clinic: Clinic) -> None:
    """Before a change: the first keeps what the clinic said until then, so that it can be undone. One statement when it has
    versions already."""
    begin_all(clinics=[clinic])


@transaction.atomic
def begin_all(*, clinics: Iterable[Clinic]) -> None:
    """The same for several that change in one transaction: three statements at most, however many."""
    keys = [clinic.pk for clinic in clinics if clinic.pk is not None]
    if not keys:
        return
    without = ~Exists(ClinicVersion.objects.filter(clinic=OuterRef("pk")))
    stored = list(Clinic.objects.filter(without, pk__in=keys).order_by("pk"))
    ClinicVersion.objects.bulk_create(
        ClinicVersion(clinic=clinic, note=BEFORE, facts=facts)
        for clinic, facts in zip(stored, facts_of_all(stored), strict=True)
    )


def record(*, clinic: Clinic, by: User | None, note: str = "") -> ClinicVersion | None:
    """After a change: what the clinic says now. None when it is what the newest version says. Three statements.

    `note`: what was done, as one reads it in the list; "" names the groups of facts that are different ("Priser, åbningstider").
    `by`: None where no person did it, an import. The clinic is read anew and locked, so versions are in the order of the changes.
    """
    return record_all(clinics=[clinic], by=by, note=note).get(clinic.pk)


@transaction.atomic
def record_all(*, clinics: Collection[Clinic], by: User | None, note: str = "") -> dict[int, ClinicVersion]:
    """The same for several that changed in one transaction, by key; who says what it said is not among them. Three statements."""
    if not clinics:
        return {}
    rows = Clinic.objects.select_for_update(of=("self",)).annotate(newest=newest())
    stored = list(rows.filter(pk__in=[clinic.pk for clinic in clinics]).order_by("pk"))
    made = []
    for clinic, facts in zip(stored, facts_of_all(stored), strict=True):
        if facts != clinic.newest:
            said = note or (MADE if clinic.newest is None else changed(differences(clinic.newest, facts)) or OTHER)
            made.append(ClinicVersion(clinic=clinic, made_by=by, note=said[:200], facts=facts))
    return {version.clinic_id: version for version in ClinicVersion.objects.bulk_create(made)}
