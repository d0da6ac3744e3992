"""What changes more than one row: keyword-only, atomic verbs that admin, commands, tasks and tests all call."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from . import addresses, clock, filters, index, suggesting, tags
from .models import (
    Clinic,
    Condition,
    ConditionMatch,
    Correction,
    Provenance,
    SlugHistory,
    Speciality,
    Tag,
    TreatmentType,
)
from .models.clinic import Source
from .models.offer import Stated
from .plain_text import plain
from .text import slugify_da

_DATED_ROWS = {Provenance.Group.PRICES, Provenance.Group.PEOPLE, Provenance.Group.HOURS}
_WITHOUT_DATED_ROWS = tuple(group for group in Provenance.Group if group not in _DATED_ROWS)
EDITOR, SUGGESTED = ConditionMatch.Origin.EDITOR, ConditionMatch.Origin.SUGGESTED


def clinic_changed(*, clinic: Clinic) -> None:
    """After a clinic or anything it states was saved: its index row says the same, in the same transaction.

    A point that was looked up for another address does not stay, and the new address is looked up after the commit.
    """
    clinics_changed(clinics=[clinic])


@transaction.atomic
def clinics_changed(*, clinics: Collection[Clinic]) -> None:
    """The same for several that were saved in this transaction, in as many statements as for one."""
    from . import geocoding  # it stands on this

    for clinic in clinics:
        geocoding.follow(clinic=clinic)
    if clinics:
        index.rebuild([clinic.pk for clinic in clinics])


class ActionError(Exception):
    """Why something was not done: one Danish sentence."""

    @property
    def text(self) -> str:
        return str(self)


@transaction.atomic
def confirm_facts(*, clinic: Clinic, by: User, source: str | None = None) -> None:
    """The clinic has said that everything shown is right: clinic and rows are confirmed today, the waiting time stated today.

    `source`: whose word the facts are from now on. The clinic that confirms for itself gives `Source.CLINIC`, and every
    group is its own. A moderator `by` whose hand it happens leaves it out: a register stays the source, with its own day,
    and only what came from the clinic is dated anew. What is only suggested is never confirmed.
    """
    from . import versions  # it stands on this

    today = clock.today()
    stored = Clinic.objects.select_for_update(of=("self",)).get(pk=clinic.pk)
    versions.begin(clinic=stored)
    stored.confirmed_at = today
    if stored.waiting_days is not None:
        stored.waiting_stated_on = today
    if source:
        stored.source = source
    stored.save(update_fields=["confirmed_at", "waiting_stated_on", "source", "updated_at"])
    whose: dict[str, Any] = {"confirmed_at": today} | ({"source": source} if source else {})
    stored.specialities.exclude(basis=Stated.Basis.SUGGESTED).update(**whose)
    stored.treatments.exclude(basis=Stated.Basis.SUGGESTED).update(**whose)
    stored.prices.update(**whose)
    stored.practitioners.update(**whose)
    stored.opening_hours.update(**whose)
    if source:
        stored.provenance.update(source=source, note="", stated_on=today)
        stored.field_sources.all().delete()  # no list or moderator is the source of anything any more
    else:
        stored.provenance.filter(source=Source.CLINIC).update(stated_on=today)
    log(row=stored, by=by, text="Bekræftede oplysningerne.")
    clinic_changed(clinic=stored)
    versions.record(clinic=stored, by=by, note="Bekræftede oplysningerne")
    for field in ("confirmed_at", "waiting_stated_on", "source"):
        setattr(clinic, field, getattr(stored, field))


@transaction.atomic
def facts_stated(*, clinic: Clinic, groups: Collection[str], source: str | None = None) -> None:
    """After facts of these groups were changed: what has the clinic as its source was stated today.

    `source`: who changed them, as in `confirm_facts`. A clinic that writes for itself is the source of these groups from now
    on, whatever register or list said so before.
    """
    from . import field_sources  # it stands on this

    today = clock.today()
    if source:
        written = clinic.provenance.filter(group__in=groups)
        written.update(source=source, note="", stated_on=today)
        # Rows of prices, people and hours say themselves who wrote them and when; the others follow the clinic as a whole.
        there = set(written.values_list("group", flat=True))
        missing = [group for group in _WITHOUT_DATED_ROWS if group in groups and group not in there]
        Provenance.objects.bulk_create(
            Provenance(clinic=clinic, group=group, source=source, stated_on=today) for group in missing
        )
        field_sources.forget(clinic=clinic, groups=groups)
    else:
        clinic.provenance.filter(group__in=groups, source=Source.CLINIC).update(stated_on=today)


@transaction.atomic
def clinic_moved(*, clinic: Clinic, old: str) -> None:
    """After a clinic got another address: whoever kept the old one is led there."""
    if old and old != clinic.slug:
        addresses.move(kind=SlugHistory.Kind.CLINIC, object_id=clinic.pk, old=old, new=clinic.slug)


@transaction.atomic
def speciality_moved(*, speciality: Speciality, old: str) -> None:
    """After a speciality got another address: whoever kept the old one is led there, and what is stored by it follows."""
    from . import versions  # it stands on this

    if old and old != speciality.slug:
        addresses.move(kind=SlugHistory.Kind.SPECIALITY, object_id=speciality.pk, old=old, new=speciality.slug)
        tags.move(Tag.Kind.SPECIALITY, old, speciality.slug)
        versions.speciality_moved(old=old, new=speciality.slug)


@transaction.atomic
def speciality_deleted(*, pk: int) -> None:
    """After a speciality is gone for good: its old addresses are free, and the index knows of it no more."""
    addresses.forget(kind=SlugHistory.Kind.SPECIALITY, object_id=pk)
    vocabulary_changed()


@transaction.atomic
def rename(*, clinic: Clinic, name: str) -> None:
    """Another name, and the address that goes with it; whoever kept the old address is led there."""
    stored = Clinic.objects.select_for_update(of=("self",)).select_related("postcode").get(pk=clinic.pk)
    old, is_same = stored.slug, slugify_da(name) == slugify_da(stored.name)
    stored.name = name
    if not is_same:
        stored.slug = addresses.free_for_clinic(name, stored.postcode.town, but=stored.pk)
    stored.save(update_fields=["name", "slug", "updated_at"])
    clinic_moved(clinic=stored, old=old)
    clinic_changed(clinic=stored)
    clinic.name, clinic.slug = stored.name, stored.slug


@transaction.atomic
def delete_clinic(*, clinic: Clinic) -> None:
    """For good, with everything it states and its old addresses. A clinic that has closed is closed instead."""
    # First, as everywhere: Django would begin with the rows that name it, which others lock after it.
    Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic.pk).first()
    addresses.forget(kind=SlugHistory.Kind.CLINIC, object_id=clinic.pk)
    clinic.delete()


@transaction.atomic
def delete_clinics(*, clinics: Collection[Clinic]) -> None:
    """The same for several, in as many statements as for one."""
    keys = [clinic.pk for clinic in clinics]
    # As a list: counted, the rows would not be read, and not locked.
    list(Clinic.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    SlugHistory.objects.filter(kind=SlugHistory.Kind.CLINIC, object_id__in=keys).delete()
    Clinic.objects.filter(pk__in=keys).delete()


@transaction.atomic
def decide_correction(*, correction: Correction, status: str, decision: str, by: User) -> None:
    """Say what became of a suggestion, once. The sender's address was for the answer alone and is erased. Raises ActionError."""
    stored = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if stored.status != Correction.Status.NEW:
        raise ActionError(f"Forslaget er allerede afgjort: {stored.get_status_display()}.")
    if status not in (Correction.Status.DONE, Correction.Status.REFUSED):
        raise ActionError("Vælg, om forslaget er rettet eller afvist.")
    decision = plain(decision)
    if not decision:
        raise ActionError("Skriv, hvad der blev besluttet og hvorfor.")
    stored.status, stored.decision, stored.email = status, decision, ""
    stored.decided_at, stored.decided_by = timezone.now(), by
    stored.save()
    log(row=stored, by=by, text=f"Afgjorde forslaget: {stored.get_status_display()}.")


def log(*, row: Any, by: User, text: str) -> None:
    """A line in the history of the admin."""
    LogEntry.objects.log_actions(by.pk, [row], CHANGE, text)


def mark_edited(*, row: Any) -> None:
    """A person changed this row of the vocabulary: loading the committed data leaves it alone from now on."""
    row.edited_at = timezone.now()
    row.save(update_fields=["edited_at"])


@transaction.atomic
def vocabulary_changed() -> None:
    """After a speciality or treatment type came, went or moved to another official speciality: every value has its index
    number, clinics count for what is theirs now, and filters show it."""
    index.rebuild()
    transaction.on_commit(filters.forget)
    transaction.on_commit(suggesting.forget)


@transaction.atomic(savepoint=False)
def store_suggestions(
    *, condition: Condition, suggestions: Iterable[suggesting.SuggestedMatch], is_new: bool = False
) -> bool:
    """Make these the suggested matches of the condition, instead of those suggested before. True when anything changed.

    Nothing is stored while an editor has matched the condition or saved it in the admin, which is their word on its
    matches too, nor for a generic one. `is_new`: it was made in this transaction, so that nobody else knows it.
    """
    stored, rows = condition, []
    if not is_new:
        # Locked: two imports at once, or an editor who is just saving, take turns.
        stored = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
        rows = list(stored.matches.all())
    if stored.edited_at or stored.is_generic or any(row.origin == EDITOR for row in rows):
        return False
    wanted = list(suggestions)
    if rows:
        if _weights(wanted) == {(row.speciality_id, row.treatment_id): row.weight for row in rows}:
            return False
        stored.matches.all().delete()
    return bool(_insert(stored, wanted) or rows)


@transaction.atomic
def accept_suggestions(*, condition: Condition) -> int:
    """An editor says that the suggestions are right: they are the editor's rows from now on. Returns how many."""
    stored = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if stored.matches.filter(origin=EDITOR).exists() or not (
        accepted := stored.matches.filter(origin=SUGGESTED).update(origin=EDITOR)
    ):
        return 0
    mark_edited(row=stored)
    return accepted


@transaction.atomic
def drop_replaced_suggestions(*, condition: Condition) -> int:
    """After an editor's row was stored: the suggestions beside it count no longer, so they go. Returns how many."""
    Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if not condition.matches.filter(origin=EDITOR).exists():
        return 0
    return condition.matches.filter(origin=SUGGESTED).delete()[0]


def _insert(condition: Condition, suggestions: Iterable[suggesting.SuggestedMatch]) -> int:
    """Store them in their order and return how many. One statement: an import does this for hundreds of new conditions.

    One that was deleted since the words were read has no key, and is left out.
    """
    weights = {(one.kind, one.slug): one.weight for one in suggestions}
    kinds, slugs = [kind for kind, _ in weights], [slug for _, slug in weights]
    sql = """
        INSERT INTO clinics_conditionmatch (condition_id, speciality_id, treatment_id, weight, origin)
        SELECT %s, speciality.id, treatment.id, wanted.weight, %s
        FROM unnest(%s::text[], %s::text[], %s::int[]) WITH ORDINALITY AS wanted (kind, slug, weight, number)
        LEFT JOIN clinics_speciality speciality ON wanted.kind = %s AND speciality.slug = wanted.slug
        LEFT JOIN clinics_treatmenttype treatment ON wanted.kind = %s AND treatment.slug = wanted.slug
        WHERE num_nonnulls(speciality.id, treatment.id) = 1 ORDER BY wanted.number"""
    of = (condition.pk, SUGGESTED, kinds, slugs, [*weights.values()], suggesting.SPECIALITY, suggesting.TREATMENT)
    with connection.cursor() as cursor:
        cursor.execute(sql, of)
        return cursor.rowcount


def _weights(suggestions: Iterable[suggesting.SuggestedMatch]) -> dict[tuple[int | None, int | None], int]:
    """Keys of speciality and treatment type, one of them None, with the weight; in the order of the suggestions."""
    weights = {(one.kind, one.slug): one.weight for one in suggestions}
    slugs = [slug for _, slug in weights]
    specialities = dict(Speciality.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    treatments = dict(TreatmentType.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    keys = {
        (kind, slug): (specialities.get(slug), None) if kind == suggesting.SPECIALITY else (None, treatments.get(slug))
        for kind, slug in weights
    }
    # One that was deleted since the words were read has no key.
    return {keys[one]: weight for one, weight in weights.items() if any(keys[one])}
