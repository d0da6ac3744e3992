"""What a clinic offers, each term once with the people behind it: the parts "Behandler" and "Holdtræning" of a profile.

Two layers that never mix (domain.md §3.2): an official speciality that is documented, and everything that the clinic says
of itself. A term is known by its name. Rows that are only suggested are nobody's word and are never shown. Works on a
clinic that was read with `whole.fill` and asks nothing. What each mark means: docs/people.md.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from . import danish
from .matching import Wanted
from .models import Clinic, ClinicTreatment, Practitioner, Price, Speciality
from .models.clinic import Source
from .models.offer import Stated

Basis, Grade, Format = Stated.Basis, Stated.Grade, ClinicTreatment.Format

GROUP_TRAINING = "holdtraening"  # the treatment type that is in groups whatever its row says
GRADES = [Grade.SPECIALIST, Grade.CERTIFIED, ""]  # highest first
FORMS = {
    Format.INDIVIDUAL: "Individuel behandling",
    Format.HOME: "Behandling hjemme hos dig",
    Format.ONLINE: "Behandling online",
}
OWN = {Source.CLINIC, Source.EXAMPLE}
TITLES = {Grade.SPECIALIST: "specialist", Grade.CERTIFIED: "certificeret"}


@dataclass(frozen=True)
class Offer:
    """One term. `people`: who, as `"Mette"` or `"Mette: specialist"`; empty is the clinic as a whole. `fits`: it is what
    the visitor looks for. `topic`: what a group is about, "" when that is not stated."""

    name: str
    fits: bool = False
    people: tuple[str, ...] = ()
    topic: str = ""


@dataclass(frozen=True)
class Treatments:
    """The treatments of one form, which is a value of `FORMS`; none where only the form itself is stated."""

    form: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class OffersPart:
    """False when the clinic has stated nothing. `official` is documented; `focus` and `treatments` somebody says.

    `by_clinic`: it was the clinic itself that said each of `focus`, and not one of us.
    """

    official: tuple[Offer, ...]
    focus: tuple[Offer, ...]
    treatments: tuple[Treatments, ...]
    by_clinic: bool = True

    def __bool__(self) -> bool:
        return bool(self.official or self.focus or self.treatments)

    @property
    def any_fits(self) -> bool:
        done = (offer for form in self.treatments for offer in form.offers)
        return any(offer.fits for offer in (*self.official, *self.focus, *done))


@dataclass(frozen=True)
class TrainingPart:
    """Training in groups. Day, time and level are facts that no clinic can state here yet, so the page says to ask.

    `is_priced`: there is a price for it, which says that there are groups where `offers` does not say which.
    """

    offers: tuple[Offer, ...]
    is_priced: bool = False

    def __bool__(self) -> bool:
        return bool(self.offers) or self.is_priced

    @property
    def any_fits(self) -> bool:
        return any(offer.fits for offer in self.offers)


def offers_part(clinic: Clinic, wanted: Iterable[Wanted] = ()) -> OffersPart:
    """Specialities, and treatments that are not in groups. `wanted` is what the visitor looks for (`Inquiry.subjects`)."""
    naming = _Naming(clinic, wanted)
    by_term = _by(shown(clinic.specialities.all()), lambda row: row.speciality_id)
    official = [rows for rows in by_term if any(is_official(row) for row in rows)]
    done = [row for row in shown(clinic.treatments.all()) if not in_group(row)]
    forms = (
        (label, _by((row for row in done if row.format == form), lambda row: row.treatment_id))
        for form, label in FORMS.items()
    )
    return OffersPart(
        official=tuple(naming.offer(rows[0].speciality, rows, official=True) for rows in official),
        focus=tuple(naming.offer(rows[0].speciality, rows) for rows in by_term if rows not in official),
        by_clinic=all(row.source in OWN for rows in by_term if rows not in official for row in rows),
        treatments=tuple(
            Treatments(label, _beside(label, (naming.offer(rows[0].treatment, rows) for rows in by_type)))
            for label, by_type in forms
            if by_type
        ),
    )


def training_part(clinic: Clinic, wanted: Iterable[Wanted] = ()) -> TrainingPart:
    """What is given in groups, by what it is and what it is about."""
    naming = _Naming(clinic, wanted)
    rows = [row for row in shown(clinic.treatments.all()) if in_group(row)]
    by_topic = _by(rows, lambda row: (row.treatment_id, row.group_topic_id))
    return TrainingPart(
        tuple(naming.offer(rows[0].treatment, rows, topic=rows[0].group_topic) for rows in by_topic),
        is_priced=any(price.kind == Price.Kind.GROUP for price in clinic.prices.all()),
    )


def shown(rows: Iterable[Any]) -> list[Any]:
    """Without what nobody has said."""
    return [row for row in rows if row.basis != Basis.SUGGESTED]


def is_official(row: Any) -> bool:
    """Whether a row of `ClinicSpeciality` is a documented official speciality: what a clinic only says is a focus area."""
    return row.speciality.kind == Speciality.Kind.OFFICIAL and row.basis == Basis.DOCUMENTED


def in_group(row: ClinicTreatment) -> bool:
    return row.format == Format.GROUP or row.treatment.slug == GROUP_TRAINING


def short_names(people: Iterable[Practitioner]) -> dict[int, str]:
    """Key → first name, or the whole name where two at the clinic have the same first one."""
    people = list(people)
    first = {person.pk: person.name.split(" ", 1)[0] for person in people}
    count = Counter(first.values())
    return {person.pk: first[person.pk] if count[first[person.pk]] == 1 else person.name for person in people}


class _Naming:
    """What the terms of a clinic and the people behind them are called, and which the visitor looks for."""

    def __init__(self, clinic: Clinic, wanted: Iterable[Wanted]) -> None:
        self.short = short_names(clinic.practitioners.all())
        self.wanted = {one.name for one in wanted}

    def offer(self, term: Any, rows: list[Any], *, official: bool = False, topic: Speciality | None = None) -> Offer:
        return Offer(
            name=term.name,
            fits=term.name in self.wanted or (topic is not None and topic.name in self.wanted),
            people=self._people(rows, official),
            topic=danish.in_sentence(topic.name) if topic else "",
        )

    def _people(self, rows: list[Any], official: bool) -> tuple[str, ...]:
        """Each once, with the highest title; who has one stands first."""
        told: dict[int, str] = {}
        for row in sorted(rows, key=lambda row: (GRADES.index(row.grade), row.basis != Basis.DOCUMENTED)):
            if name := self.short.get(row.practitioner_id):
                # Beside a title that somebody grants, a word of the clinic's own must not look like one.
                unproven = "oplyst af klinikken" if official and row.basis != Basis.DOCUMENTED else ""
                told.setdefault(row.practitioner_id, ": ".join(filter(None, [name, TITLES.get(row.grade) or unproven])))
        return tuple(told.values())


def _beside(form: str, offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Without a treatment type that is called what its heading says already, unless it is what the visitor looks for."""
    return tuple(offer for offer in offers if offer.name != form or offer.fits)


def _by(rows: Iterable[Any], key: Callable[[Any], Any]) -> list[list[Any]]:
    """The rows that say the same, together; in the order in which the first of each was stated."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())
