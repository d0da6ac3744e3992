"""The people of a clinic: who they are, what somebody else has documented, and what the clinic says of them.

Works on a clinic that was read with `whole.fill` and asks nothing. What each mark means: docs/people.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from . import danish, languages
from .matching import Wanted
from .models import Clinic, ClinicTreatment, Practitioner
from .offers import GROUP_TRAINING, Basis, Grade, in_group, is_official, short_names, shown

# The official word on everybody's authorisation, also whether it is restricted (docs/people.md).
REGISTER_URL = "https://stps.dk/sundhedsfaglig/autorisation/autorisationsregistret"

OFFICIAL_TITLES = {Grade.SPECIALIST: "Specialist i", Grade.CERTIFIED: "Certificeret kliniker i"}
NOT_PHYSIOTHERAPIST = "ikke fysioterapeut"


@dataclass(frozen=True)
class Skill:
    """`text`: `"Specialist i sportsfysioterapi"`, `"Knæ"`, `"GLA:D Ryg (certificeret)"`.

    `evidence` is who documents it, "" for the clinic's own word and in an example, where nobody does.
    """

    text: str
    fits: bool = False
    evidence: str = ""


@dataclass(frozen=True)
class Person:
    """One practitioner, ready to read. Empty texts are not stated; `languages` and `focus` are then written "Ikke oplyst".

    `authorisation` is "" where nobody has looked it up; `is_unchecked`: though there is one to look up.
    """

    anchor: str
    name: str
    role: str
    official: tuple[Skill, ...]
    focus: tuple[Skill, ...]
    treatments: tuple[Skill, ...]
    languages: str
    gender: str
    authorisation_id: str
    authorisation: str
    is_unchecked: bool
    is_restricted: bool

    @property
    def fits(self) -> bool:
        """Whether anything of theirs is what the visitor looks for."""
        return any(skill.fits for skill in (*self.official, *self.focus, *self.treatments))


@dataclass(frozen=True)
class PeoplePart:
    """False when the clinic has named nobody. `unchecked`: the names of those whose authorisation we have not looked up,
    as they stand in a sentence, "" for none."""

    people: tuple[Person, ...]
    unchecked: str
    register_url: str = REGISTER_URL

    def __bool__(self) -> bool:
        return bool(self.people)

    @property
    def fitting(self) -> tuple[Person, ...]:
        """Those who do what the visitor looks for; who is under restriction recommends nobody (domain.md R14)."""
        return tuple(person for person in self.people if person.fits and not person.is_restricted)

    @property
    def restricted(self) -> tuple[Person, ...]:
        """Those of whom the public must be told (domain.md R14)."""
        return tuple(person for person in self.people if person.is_restricted)


def people_part(clinic: Clinic, wanted: Iterable[Wanted] = ()) -> PeoplePart:
    """The people in the clinic's own order. `wanted` is what the visitor looks for (`Inquiry.subjects`)."""
    names = {one.name for one in wanted}
    specialities, treatments = shown(clinic.specialities.all()), shown(clinic.treatments.all())
    everybody = list(clinic.practitioners.all())
    people = tuple(_person(one, _of(one, specialities), _of(one, treatments), names) for one in everybody)
    if clinic.is_example:
        people = tuple(_undocumented(one) for one in people)
    return PeoplePart(people, _unchecked(everybody))


def anchor(pk: int) -> str:
    """Where a person stands on the clinic's page: `"behandler-12"`."""
    return f"behandler-{pk}"


def role(profession: str, title: str) -> str:
    """`"Fysioterapeut, klinikejer"`. Professions are never mixed: an osteopath is not called a physiotherapist."""
    title = title.strip()
    if profession == Practitioner.Profession.OTHER:
        return f"{title} ({NOT_PHYSIOTHERAPIST})" if title else f"Anden faggruppe ({NOT_PHYSIOTHERAPIST})"
    name = Practitioner.Profession(profession).label.capitalize()
    return f"{name}, {danish.in_sentence(title)}" if title else name


def _of(person: Practitioner, rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.practitioner_id == person.pk]


def _person(person: Practitioner, specialities: list[Any], treatments: list[Any], names: set[str]) -> Person:
    return Person(
        anchor=anchor(person.pk),
        name=person.name,
        role=role(person.profession, person.title),
        official=tuple(_official(row, names) for row in specialities if is_official(row)),
        focus=tuple(
            Skill(row.speciality.name, row.speciality.name in names) for row in specialities if not is_official(row)
        ),
        treatments=tuple({skill.text: skill for skill in (_treatment(row, names) for row in treatments)}.values()),
        languages=languages.in_words(person.languages),
        gender=person.get_gender_display().capitalize(),
        authorisation_id=person.authorisation_id,
        authorisation=_authorisation(person),
        is_unchecked=_is_unchecked(person),
        is_restricted=person.is_restricted is True,
    )


def _official(row: Any, names: set[str]) -> Skill:
    name = row.speciality.name
    title = OFFICIAL_TITLES.get(row.grade)
    return Skill(f"{title} {danish.in_sentence(name)}" if title else name, name in names, row.evidence)


def _treatment(row: ClinicTreatment, names: set[str]) -> Skill:
    name = row.treatment.name
    marks = []
    if row.grade and row.basis == Basis.DOCUMENTED:
        marks.append(row.get_grade_display())
    if row.format != ClinicTreatment.Format.INDIVIDUAL and row.treatment.slug != GROUP_TRAINING:
        marks.append(row.get_format_display())
    topic = row.group_topic if in_group(row) else None
    fits = name in names or (topic is not None and topic.name in names)
    text = f"{name}: {danish.in_sentence(topic.name)}" if topic else name
    return Skill(f"{text} ({', '.join(marks)})" if marks else text, fits, row.evidence if row.grade else "")


def _undocumented(person: Person) -> Person:
    """The page says once that everything is invented; so does no line of evidence."""
    return replace(person, official=_without_evidence(person.official), treatments=_without_evidence(person.treatments))


def _without_evidence(skills: Iterable[Skill]) -> tuple[Skill, ...]:
    return tuple(replace(skill, evidence="") for skill in skills)


def _authorisation(person: Practitioner) -> str:
    checked_on = person.authorisation_checked_on
    return f"Autorisation kontrolleret {danish.day(checked_on)}" if checked_on else ""


def _is_unchecked(person: Practitioner) -> bool:
    """A profession without an authorisation has none to look up, and a restriction is known from somebody who did."""
    has_one = person.profession != Practitioner.Profession.OTHER or bool(person.authorisation_id)
    return has_one and not person.authorisation_checked_on and not person.is_restricted


def _unchecked(everybody: list[Practitioner]) -> str:
    """`"Birgit, Ida og Peter"`, `"nogen af dem"`."""
    unchecked = [one for one in everybody if _is_unchecked(one)]
    if 1 < len(unchecked) == len(everybody):
        return "nogen af dem"
    short = short_names(everybody)
    return danish.listing([short[one.pk] for one in unchecked])
