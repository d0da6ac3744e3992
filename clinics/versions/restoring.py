"""Going back to what a clinic said once, as far as it is the clinic's to say and still makes sense.

`plan_for` says what would stand there, in JSON and without touching anything; `restore` writes exactly that, under the lock
of the clinic. People are neither brought back nor taken away: who has left has left, and who came since stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from clinics import actions, claims, clock, danish, ownership
from clinics.filters import terms
from clinics.models import Clinic, ClinicVersion, Postcode
from clinics.models.clinic import Source
from clinics.models.offer import Stated

from . import recording
from .facts import PARTS, SCALARS, STANDING, TERMS, Facts, Row, as_json, facts_of, mark, row_facts
from .words import OF_FIELD, OF_PART, STATUS, Difference, differences, label_of
from .writing import update, write_rows, write_scalars

# What stands as it stands now, for everybody: a restored text does not reopen a clinic or move it to another address on the site.
NEVER = frozenset(name for name, group in OF_FIELD.items() if group == STATUS)
TRUST = frozenset(
    {"name", "street", "address_extra", "postcode_id", "latitude", "longitude", "location_source", "location_precision"}
)
TRUST_OF_PERSON = frozenset({"name", "authorisation_id", "authorisation_checked_on", "is_restricted"})
OFFERS = ("specialities", "treatments")
CHANGED = "Nogen har gemt imens. Se, hvad der nu vil blive ændret, og tryk igen."
SAME = "Klinikken siger allerede det samme som i den version. Der er intet at gendanne."


@dataclass(frozen=True)
class Plan:
    """`facts`: what the clinic would say; `differences` from what it says now; `left_out`: Danish sentences about what stays.

    `seen`: a mark of what it says now, for `restore` to compare with.
    """

    facts: Facts
    differences: list[Difference]
    left_out: list[str]
    seen: str
    groups: frozenset[str] = field(default_factory=frozenset)


def plan_for(*, version: ClinicVersion, by: User, clinic: Clinic | None = None) -> Plan:
    """What restoring would do now. A moderator also brings back name, address, authorisation and what is documented."""
    clinic = clinic or Clinic.objects.get(pk=version.clinic_id)
    now = facts_of(clinic)
    return _plan(clinic, now, version.facts, trusted=ownership.may_moderate(by))


@transaction.atomic
def restore(*, version: ClinicVersion, by: User, seen: str | None = None) -> list[str]:
    """Make it so, and keep that as a version too. Returns what was left out. Raises ActionError.

    `seen`: the plan's, as it was shown; when somebody has saved since, nothing is done.
    """
    from clinics import field_sources  # they import what imports this
    from clinics.claiming import channels

    clinic = Clinic.objects.select_for_update(of=("self",)).filter(pk=version.clinic_id).first()
    if clinic is None:
        raise actions.ActionError("Klinikken findes ikke længere.")
    if not (ownership.may_moderate(by) or ownership.is_member(by, clinic)):
        raise actions.ActionError("Det kan kun klinikkens egne.")
    recording.begin(clinic=clinic)
    plan = plan_for(version=version, by=by, clinic=clinic)
    if seen is not None and seen != plan.seen:
        raise actions.ActionError(CHANGED)
    if not plan.differences:
        raise actions.ActionError(SAME)
    before = {name: getattr(clinic, name) for name in channels.CHANNELS}
    own, changed, rows = field_sources.own_groups(clinic), *_changed(clinic, plan.facts)
    source = None if ownership.may_moderate(by) else Source.CLINIC
    write_scalars(clinic, plan.facts)
    clinic.save()
    write_rows(clinic, plan.facts, source)
    channels.changed(clinic=clinic, by=by, before=before)
    actions.facts_stated(clinic=clinic, groups=plan.groups, source=source)
    if source is None:
        # Whoever stated it then may say otherwise now: it is the moderator's word. Rows say themselves who stated them.
        field_sources.by_hand(clinic=clinic, fields=changed, own=own)
        field_sources.forget_fields(clinic=clinic, fields=rows)
    actions.clinic_changed(clinic=clinic)
    when = danish.day(version.made_at.astimezone(clock.COPENHAGEN).date())
    actions.log(row=clinic, by=by, text=f"Gendannede versionen fra {when}.")
    recording.record(clinic=clinic, by=by, note=f"Gendannede versionen fra {when}")
    return plan.left_out


# What shall stand


def _plan(clinic: Clinic, now: Facts, then: Facts, *, trusted: bool) -> Plan:
    left_out: list[str] = []
    wanted: Facts = dict(now)
    kept = NEVER if trusted else NEVER | TRUST
    for name in SCALARS:
        if name in then and name not in kept:
            wanted[name] = then[name]
    if not trusted and any(name in then and then[name] != now[name] for name in TRUST):
        left_out.append("Navn, adresse og punktet på kortet bliver, som de er nu.")
    _check(clinic, now, wanted, left_out)
    wanted["practitioners"], place = _people(now, then, left_out, trusted)
    for part in OFFERS:
        if part in then:
            wanted[part] = _offers(part, now, then, place, left_out, trusted)
    for part in ("prices", "opening_hours", "opening_exceptions"):
        if part in then:
            wanted[part] = _valid(part, _known(part, then[part], left_out), now[part], left_out)
    found = differences(now, wanted)
    groups = {OF_FIELD[name] for name in SCALARS if wanted[name] != now[name]}
    groups |= {OF_PART[part] for part in PARTS if wanted[part] != now[part]}
    return Plan(wanted, found, list(dict.fromkeys(left_out)), mark(now), frozenset(groups - {STATUS}))


def _changed(clinic: Clinic, wanted: Facts) -> tuple[set[str], set[str]]:
    """The clinic's fields, and its rows with a source of their own, that are to say something else. It is filled."""
    fields = {name for name in SCALARS if as_json(getattr(clinic, name)) != wanted[name]}
    return fields, {
        part
        for part in ("prices", "opening_hours")
        if [row_facts(row, {}) for row in getattr(clinic, part).all()] != wanted[part]
    }


def _check(clinic: Clinic, now: Facts, wanted: Facts, left_out: list[str]) -> None:
    """What may no longer be said stays as it is now: rules and lists of choices are not those of then."""
    for _ in range(3):  # a field that goes back may let another stand alone
        trial = Clinic(pk=clinic.pk)
        write_scalars(trial, wanted)
        try:
            trial.clean_fields(exclude=["postcode"])
            trial.clean()
            wrong = {name for name in SCALARS if isinstance(wanted[name], str) and _claims(name, wanted[name])}
            if not Postcode.objects.filter(pk=wanted["postcode_id"]).exists():
                wrong.add("postcode_id")
        except ValidationError as error:
            wrong = set(error.message_dict)
        wrong = {name for name in wrong & set(SCALARS) if wanted[name] != now[name]}
        if not wrong:
            return
        for name in wrong:
            label = label_of(name)
            left_out.append(f"“{label}” bliver, som det er nu: det gamle passer ikke med reglerne i dag.")
            wanted[name] = now[name]


def _claims(name: str, text: str) -> bool:
    return OF_FIELD[name] in ("answers", "access", "hours", "referral") and bool(claims.problems(text))


def _people(now: Facts, then: Facts, left_out: list[str], trusted: bool) -> tuple[list[Row], dict[int, int]]:
    """The people of now with what was said of them then; and place then → place now."""
    here: dict[str, int] = {}
    for number, row in enumerate(now["practitioners"]):
        here.setdefault(row["name"], number)
    people, place, gone = [dict(row) for row in now["practitioners"]], {}, []
    for number, row in enumerate(then.get("practitioners") or []):
        at = here.pop(row.get("name", ""), None)
        if at is None:
            gone.append(row.get("name", ""))
            continue
        place[number] = at
        for name, value in row.items():
            if name in people[at] and name not in STANDING and (trusted or _may_say(people[at], name, value)):
                people[at][name] = value
    if gone:
        left_out.append(
            f"{danish.listing(gone)} er ikke hos klinikken længere og kommer ikke tilbage. Skriv personen ind igen, hvis det er"
            " en fejl."
        )
    if here and then.get("practitioners") is not None:
        left_out.append(f"{danish.listing(list(here))} er kommet til siden og bliver.")
    return people, place


def _may_say(person: Row, name: str, value: Any) -> bool:
    """What the clinic says of its people itself. Somebody whose papers were looked at keeps the profession too."""
    if name == "title":
        return not claims.GRANTED_TITLE.search(value)
    looked_up = person["authorisation_id"] or person["authorisation_checked_on"] or person["is_restricted"] is not None
    return name not in TRUST_OF_PERSON and not (looked_up and name == "profession")


def _offers(part: str, now: Facts, then: Facts, place: dict[int, int], left_out: list[str], trusted: bool) -> list[Row]:
    """Rows of then; beside them what stays whatever was said: what is documented, and what belongs to somebody who came since."""

    def called(row: Row) -> tuple[Any, ...]:
        return tuple(row.get(name) for name in (*TERMS, "format", "practitioner"))

    known = set(place.values())
    said_then = {called(row) for row in then[part] if row["basis"] != Stated.Basis.SUGGESTED}
    stays = [
        row
        for row in now[part]
        if (row["practitioner"] is not None and row["practitioner"] not in known)
        or (not trusted and _documented(row))
        or (row["basis"] == Stated.Basis.SUGGESTED and called(row) not in said_then)
    ]
    taken, wanted = {called(row) for row in stays}, []
    for row in _known(part, then[part], left_out):
        person = row.get("practitioner")
        if person is not None and person not in place:
            continue  # said already: who is gone
        row = row | {"practitioner": None if person is None else place[person]}
        if called(row) in taken:
            continue
        if row["basis"] == Stated.Basis.SUGGESTED:
            continue  # nobody said it; one that was answered since stays answered
        if not trusted and _documented(row):
            left_out.append("Titler og dokumenterede specialer bliver, som de er nu.")
            continue
        taken.add(called(row))
        wanted.append(row)
    if not trusted and any(_documented(row) for row in now[part]):
        left_out.append("Titler og dokumenterede specialer bliver, som de er nu.")
    return stays + wanted


def _documented(row: Row) -> bool:
    evidence = row["evidence"] and row["basis"] != Stated.Basis.SUGGESTED  # that of a suggestion is what a list says
    return bool(row["grade"] or evidence or row["basis"] == Stated.Basis.DOCUMENTED)


def _known(part: str, rows: Iterable[Row], left_out: list[str]) -> list[Row]:
    """Those whose terms are still there."""
    found = []
    vocabulary: dict[str, Any] = {
        "speciality": terms().specialities,
        "group_topic": terms().specialities,
        "treatment": terms().treatments,
    }
    for row in rows:
        missing = [row[name] for name in TERMS if row.get(name) is not None and row[name] not in vocabulary[name]]
        if missing:
            left_out.append(f"“{missing[0]}” findes ikke længere på FysFinder og kommer ikke tilbage.")
        else:
            found.append(row)
    return found


def _valid(part: str, rows: list[Row], now: list[Row], left_out: list[str]) -> list[Row]:
    """Those that may be said today; what stands there now is not judged."""
    found = []
    for row in rows:
        trial = PARTS[part]()
        update(trial, {name: value for name, value in row.items() if name not in TERMS})
        try:
            trial.clean_fields(exclude=["clinic", *TERMS])
            trial.clean()
            wrong = bool(claims.problems(row.get("note") or ""))
        except ValidationError:
            wrong = True
        if wrong and row not in now:
            left_out.append(f"“{trial}” kommer ikke tilbage: det passer ikke med reglerne i dag.")
        else:
            found.append(row)
    return found
