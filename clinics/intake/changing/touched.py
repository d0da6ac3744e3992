"""Has anybody done anything with a clinic that a list made? Then rolling the list back leaves it.

Every relation of a clinic is decided here, so that one that comes later fails tests/test_intake_undoing.py until it is.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinics.geocoding.placing import NOTE
from clinics.models import Clinic, ImportRecord, Outbox
from clinics.models.clinic import Source
from clinics.models.offer import Stated

# Of the rows of a list that made some clinics: what is there of the clinic that is looked at.
ANOTHER_LIST = "en anden liste"

Rows = Callable[[Sequence[ImportRecord]], QuerySet[Any]]


def _of(name: str) -> QuerySet[Any]:
    """The rows of a relation of the clinic that is looked at."""
    every: list[Any] = Clinic._meta.get_fields()
    relation = next(one for one in every if one.auto_created and one.is_relation and one.get_accessor_name() == name)
    return QuerySet(relation.related_model).filter(**{relation.field.name: OuterRef("pk")})


def _any(name: str) -> Rows:
    return lambda records: _of(name)


def _stated(name: str) -> Rows:
    """Rows that are somebody's word; a suggestion that nobody has said yes to is the list's."""
    return lambda records: _of(name).exclude(basis=Stated.Basis.SUGGESTED)


def _of_people(name: str) -> Rows:
    return lambda records: _of(name).filter(source__in=(Source.CLINIC, Source.HAND))


def _versions(records: Sequence[ImportRecord]) -> QuerySet[Any]:
    """A person's; one without a person is an import's or the worker's, but for a person whose account is gone."""
    ours = Q(made_by=None) & (
        Q(note=NOTE) | Q(note__startswith="Fra listen “") | Q(note__startswith="Rullet tilbage: “")
    )
    return _of("versions").exclude(ours).exclude(pk__in=[record.after.get("version") or 0 for record in records])


def _other_lists(records: Sequence[ImportRecord]) -> QuerySet[Any]:
    left = Q(state=ImportRecord.State.KEPT, before__has_key="fields")  # a part of what it wrote is there still
    rows = _of("import_records").filter(Q(state=ImportRecord.State.APPLIED) | left)
    return rows.exclude(pk__in=[record.pk for record in records])


# Relation → the rows that count as somebody's doing, with what they are called in a sentence.
COUNTS: dict[str, tuple[str, Rows]] = {
    "memberships": ("en bruger af klinikken", _any("memberships")),
    "claims": ("en overtagelse", _any("claims")),
    "invitations": ("en invitation", _any("invitations")),
    "reviews": ("en anmeldelse", _any("reviews")),
    "review_replies": ("et svar på en anmeldelse", _any("review_replies")),
    "visit_codes": ("en kode til anmeldelser", _any("visit_codes")),
    "code_sheets": ("et ark med koder", _any("code_sheets")),
    "contests": ("en indsigelse", _any("contests")),
    "reports": ("en indberetning", _any("reports")),
    "appeals": ("en klage", _any("appeals")),
    "corrections": ("et forslag til rettelse", _any("corrections")),
    "listing_requests": ("et ønske om klinikken", _any("listing_requests")),
    "pending_changes": ("en ændring, der er bedt om", _any("pending_changes")),
    "photos": ("et billede", _any("photos")),
    "practitioners": ("en behandler", _any("practitioners")),
    "opening_exceptions": ("en dag med andre tider", _any("opening_exceptions")),
    "specialities": ("et speciale", _stated("specialities")),
    "treatments": ("en behandling", _stated("treatments")),
    "prices": ("en pris", _of_people("prices")),
    "opening_hours": ("åbningstider", _of_people("opening_hours")),
    "provenance": ("oplysninger fra klinikken", _of_people("provenance")),
    "field_sources": ("en rettelse i hånden", _of_people("field_sources")),
    "versions": ("en ændring", _versions),
    "import_records": (ANOTHER_LIST, _other_lists),
    "Outbox": ("en mail om klinikken", lambda records: Outbox.objects.filter(clinic=OuterRef("pk"))),
}
# What comes of itself: counted, worked out or looked up by us.
OF_ITSELF = frozenset({"rating", "search_card", "search_entry", "statistics", "website_check"})


def touched(clinic: Clinic, record: ImportRecord) -> list[str]:
    """What somebody has done with it, in Danish words; [] when nobody has. One statement.

    `record`: the row of the list that made it.
    """
    return touched_all([(clinic, record)])[clinic.pk]


def touched_all(made: Sequence[tuple[Clinic, ImportRecord]]) -> dict[int, list[str]]:
    """The same of several clinics of one list, by key. One statement."""
    records = [record for _, record in made]
    asked = {f"has_{name}": Exists(rows(records).order_by()) for name, (_, rows) in COUNTS.items()}
    rows = Clinic.objects.filter(pk__in=[clinic.pk for clinic, _ in made]).annotate(**asked)
    there = {pk: found for pk, *found in rows.values_list("pk", *asked)}
    done = {}
    for clinic, _ in made:
        status = clinic.get_status_display()
        done[clinic.pk] = [f"den er nu {status}"] if clinic.status != Clinic.Status.PUBLISHED else []
        for is_there, (words, _) in zip(there[clinic.pk], COUNTS.values(), strict=True):
            done[clinic.pk] += [words] if is_there else []
    return done


def relations() -> set[str]:
    """Every way to a clinic that there is: the name of the relation, or of the model where it has none."""
    every: list[Any] = Clinic._meta.get_fields(include_hidden=True)
    return {
        one.related_model.__name__ if one.hidden else one.get_accessor_name()
        for one in every
        if one.auto_created and not one.concrete and one.is_relation
    }
