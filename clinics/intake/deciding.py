"""What a person says about rows of a list: this clinic, a new one, or neither. Nothing here touches a clinic.

In bulk (`decide`) only what can be seen from a list makes sense; what needs a look at the row itself is refused with its
reason and done one by one (`choose`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, CharField, Q, QuerySet, Value, When

from clinics import likeness
from clinics.actions import ActionError
from clinics.listing.deciding import removed
from clinics.models import Clinic, ImportBatch, ImportRecord, Postcode
from clinics.ownership import may_moderate

from .proposing import NAMELESS, PLACELESS, described

Decision, State, Status = ImportRecord.Decision, ImportRecord.State, ImportBatch.Status

OPEN = (State.STAGED, State.FAILED)  # what could not be applied may be decided anew
# While the list is being applied the rest may be decided: each row is locked by itself, by the worker too.
DECIDABLE = (Status.STAGED, Status.APPLYING, Status.APPLIED)
SURE = 75  # from here on `likeness.decide` says "the same" (docs/likeness.md)
_BATCH = 2000
# Rows decided in one request: what a busy machine does in ten seconds. The rest is said to be left, and comes next.
MOST = 50_000

NOT_YOURS = "Det kan kun en moderator."
NOT_FOR_PEOPLE = "Vælg “opdatér”, “ny klinik”, “spring over” eller “en person skal se den”."
GONE = "Rækken findes ikke længere."
BUSY = "Listen læses eller rulles tilbage lige nu, eller er rullet tilbage."
APPLIED = "Rækken er allerede indført. Rul listen tilbage, hvis den var forkert."
FATAL = "Rækken kan ikke blive til en klinik: den mangler noget, eller den handler om noget andet."
NO_CLINIC = "Der er ingen klinik at opdatere. Åbn rækken, og vælg en."
EXAMPLE = "Klinikken er et opdigtet eksempel."
REMOVED = "Klinikken er taget af siden, fordi nogen bad om det."
REPEATED = "Rækken er en gentagelse i listen. Åbn den, hvis det er to klinikker."
CLOSED = "Klinikken står som lukket hos os. Gør den offentlig først, hvis den er åbnet igen."
SURELY = "Klinikken er efter alt at dømme her allerede. Åbn rækken, hvis det er en anden."
TWICE = "En anden række i listen er allerede den klinik."


@dataclass
class Decided:
    """`count`: rows that are now as was said; `refused`: Danish reason → how many were left as they were; `left`: how many
    were not come to."""

    count: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    left: int = 0


@transaction.atomic
def decide(*, records: QuerySet[ImportRecord], decision: str, by: User) -> Decided:
    """Say the same of many rows, `MOST` at once; each is locked until the end. The same again goes on with those that are left.
    Raises ActionError."""
    if not may_moderate(by):
        raise ActionError(NOT_YOURS)
    if decision not in (Decision.UPDATE, Decision.NEW, Decision.SKIP, Decision.PERSON):
        raise ActionError(NOT_FOR_PEOPLE)
    # Two who decide many rows of a list at once take turns, or each would wait for a row of the other's.
    lists = ImportBatch.objects.filter(pk__in=records.order_by().values("batch")).order_by("pk")
    list(lists.select_for_update(no_key=True).values_list("pk"))
    who = None if decision == Decision.PERSON else by
    said = {"decision": decision, "decided_by": who, "state": State.STAGED, "note": ""}
    refused: Counter[str] = Counter()
    may: list[tuple[int, int, int | None]] = []
    # Some at a time by their keys: of a list that was read a moment ago PostgreSQL has no statistics yet, and of one
    # statement about all of it at once it made a hundred thousand times a hundred thousand.
    said_already = Q(decision=decision, state=State.STAGED, decided_by__isnull=who is None, batch__status__in=DECIDABLE)
    as_said = records.filter(said_already).count()
    left = list(records.exclude(said_already).order_by("batch_id", "row").values_list("pk", flat=True))
    while left and len(may) < MOST:
        size = min(_BATCH, MOST - len(may))
        some, left = left[:size], left[size:]
        locked = _judged(some, decision).select_for_update(of=("self",)).order_by("batch_id", "row")
        for pk, batch, clinic, reason in locked.values_list("pk", "batch_id", "clinic_id", "why"):
            if reason:
                refused[reason] += 1
            else:
                may.append((pk, batch, clinic))
    if decision == Decision.UPDATE:
        may, twice = _once_each(may)
        refused[TWICE] += twice
    elif decision == Decision.NEW:
        _put_aside(pk for pk, _, clinic in may if clinic)
    for some in _in_parts([pk for pk, *_ in may]):
        ImportRecord.objects.filter(pk__in=some).update(**said)
    return Decided(as_said + len(may), dict(+refused), len(left))


@transaction.atomic
def choose(*, record: ImportRecord, clinic: Clinic | None, by: User) -> None:
    """After a look at the row: it is `clinic`, or a new one (None), though it may be like others. Raises ActionError."""
    if not may_moderate(by):
        raise ActionError(NOT_YOURS)
    if (
        clinic
    ):  # before the row, as everywhere; and of two rows that are given one clinic at once the second sees the first
        Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic.pk).first()
    stored = ImportRecord.objects.select_for_update(of=("self",)).select_related("batch").filter(pk=record.pk).first()
    if stored is None:
        raise ActionError(GONE)
    if reason := _reason_against(stored, clinic):
        raise ActionError(reason)
    candidates = {one["pk"]: one for one in candidates_of(stored)}
    stored.others = [one for one in candidates.values() if clinic is None or one["pk"] != clinic.pk]
    stored.clinic = clinic
    stored.decision = Decision.UPDATE if clinic else Decision.NEW
    if clinic:
        like = candidates.get(clinic.pk) or _compared(stored, clinic)
        stored.score, stored.reasons = like["score"], like["reasons"]
    else:
        stored.score, stored.reasons = 0, []
    stored.decided_by, stored.state, stored.note = by, State.STAGED, ""
    stored.save()


def candidates_of(record: ImportRecord) -> list[dict[str, Any]]:
    """The clinics that may be the row's, the chosen one first: `{"pk", "score", "reasons"}`."""
    first = []
    if record.clinic_id and not record.made_clinic:
        first = [{"pk": record.clinic_id, "score": record.score, "reasons": record.reasons}]
    return [*first, *(one for one in record.others if one.get("pk") != record.clinic_id)]


def _reason_against(record: ImportRecord, clinic: Clinic | None) -> str:
    """ "" when the choice makes sense."""
    if record.batch.status not in DECIDABLE:
        return BUSY
    if record.state not in OPEN:
        return APPLIED
    if any(one.get("fatal") for one in record.problems):
        return FATAL
    if clinic is None and not (record.name and record.facts.get("postcode_id")):
        return PLACELESS if record.name else NAMELESS
    if clinic is None:
        # A new one that surely is the clinic which asked to be taken off would bring it back.
        sure = [one["pk"] for one in candidates_of(record) if one.get("score", 0) >= SURE]
        return REMOVED if removed(Clinic.objects.filter(pk__in=sure)).exists() else ""
    if clinic.is_example:
        return EXAMPLE
    if clinic.status == Clinic.Status.CLOSED:
        return CLOSED
    if removed(Clinic.objects.filter(pk=clinic.pk)).exists():
        return REMOVED
    return TWICE if _taken([(record.pk, record.batch_id, clinic.pk)]) else ""


def _judged(pks: list[int], decision: str) -> QuerySet[Any]:
    """These rows, each with `why` the decision makes no sense for it, "" when it does."""
    gone = removed(Clinic.objects.all()).values("pk")
    against = [When(~Q(batch__status__in=DECIDABLE), then=Value(BUSY)), When(~Q(state__in=OPEN), then=Value(APPLIED))]
    if decision in (Decision.UPDATE, Decision.NEW):
        against.append(When(Q(problems__contains=[{"fatal": True}]), then=Value(FATAL)))
        against.append(When(Q(clinic__in=gone), then=Value(REMOVED)))
    if decision == Decision.UPDATE:
        against.append(When(Q(clinic=None), then=Value(NO_CLINIC)))
        against.append(When(Q(clinic__is_example=True), then=Value(EXAMPLE)))
        against.append(When(Q(clinic__status=Clinic.Status.CLOSED), then=Value(CLOSED)))
    elif decision == Decision.NEW:
        against.append(When(name="", then=Value(NAMELESS)))
        against.append(When(~Q(facts__has_key="postcode_id"), then=Value(PLACELESS)))
        against.append(When(proposed=Decision.DUPLICATE, then=Value(REPEATED)))
        against.append(When(Q(clinic__isnull=False, score__gte=SURE), then=Value(SURELY)))
    why = Case(*against, default=Value(""), output_field=CharField())
    return ImportRecord.objects.filter(pk__in=pks).annotate(why=why)


def _once_each(may: list[tuple[int, int, int | None]]) -> tuple[list[tuple[int, int, int | None]], int]:
    """Of rows of one list that are the same clinic the first, unless another is it already; and how many were left."""
    taken = {pair for some in _in_parts(may) for pair in _taken(some)}
    kept = []
    for pk, batch, clinic in may:
        if (batch, clinic) not in taken:
            taken.add((batch, clinic))
            kept.append((pk, batch, clinic))
    return kept, len(may) - len(kept)


def _taken(rows: list[tuple[int, int, int | None]]) -> set[tuple[int, int | None]]:
    """(batch, clinic) that rows besides these are already, or will be."""
    others = ImportRecord.objects.filter(
        batch__in={batch for _, batch, _ in rows}, clinic__in={clinic for *_, clinic in rows if clinic},
        decision__in=(Decision.UPDATE, Decision.NEW), state__in=(State.STAGED, State.APPLIED),
    ).exclude(pk__in=[pk for pk, *_ in rows])  # fmt: skip
    return set(others.values_list("batch_id", "clinic_id"))


def _put_aside(pks: Iterable[int]) -> None:
    """A new clinic is none of those here: the one it resembled is kept among the others, so that it can be chosen again."""
    for some in _in_parts(list(pks)):
        rows = list(
            ImportRecord.objects.filter(pk__in=some).only("clinic", "score", "reasons", "others", "made_clinic")
        )
        for row in rows:
            row.others = candidates_of(row)
            row.clinic, row.score, row.reasons = None, 0, []
        ImportRecord.objects.bulk_update(rows, ["others", "clinic", "score", "reasons"], batch_size=500)


def _compared(record: ImportRecord, clinic: Clinic) -> dict[str, Any]:
    """A clinic that a person found: how like it is all the same."""
    code = record.facts.get("postcode_id")
    row = described(record, Postcode.objects.in_bulk([code]) if code else {})
    found = likeness.decide(row, likeness.described(clinic))
    return {
        "pk": clinic.pk,
        "score": found.score,
        "reasons": [*found.reasons, *(f"men {one}" for one in found.against)],
    }


def _in_parts(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
