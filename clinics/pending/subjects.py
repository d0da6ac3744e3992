"""What can be asked for: which values each subject has, what they are now, and how they read.

`new` and `old` of a `PendingChange` hold these values in the form in which JSON keeps them. A term is `"speciality/knae"` or
`"treatment/akupunktur"`, so that it survives a vocabulary that is loaded anew.
"""

from dataclasses import dataclass
from typing import Any

from clinics.filters import terms
from clinics.models import Clinic, ClinicSpeciality, ClinicTreatment, PendingChange, Postcode, Practitioner
from clinics.models.offer import Stated

Subject = PendingChange.Subject
FIELDS: dict[str, dict[str, str]] = {
    Subject.NAME: {"name": "Klinikkens navn"},
    Subject.ADDRESS: {
        "street": "Vej og husnummer",
        "address_extra": "Etage, dør, bygning",
        "postcode": "Postnummer og by",
    },
    Subject.AUTHORISATION: {"authorisation_id": "Autorisations-ID"},
    Subject.TITLE: {"term": "Speciale eller behandling", "grade": "Titel"},
    Subject.SPECIALITY: {"term": "Speciale eller behandling", "documented": "Dokumentation"},
}
ABOUT_PEOPLE = frozenset({Subject.AUTHORISATION, Subject.TITLE, Subject.SPECIALITY})
OF_OFFERS = frozenset({Subject.TITLE, Subject.SPECIALITY})
# Whether a person must be named; a documented speciality may be the whole clinic's.
NEEDS_PERSON = frozenset({Subject.AUTHORISATION, Subject.TITLE})
UNKNOWN = "Ikke oplyst"


@dataclass(frozen=True)
class Line:
    """One value: as it was when somebody asked, as it is now, and as it shall be, in words."""

    label: str
    old: str
    now: str
    new: str

    @property
    def differs(self) -> bool:
        return self.new != self.now

    @property
    def moved(self) -> bool:
        """What was there when somebody asked is not there any more."""
        return self.old != self.now


def person_of(change: PendingChange) -> Practitioner | None:
    """The practitioner concerned, None for the clinic as a whole and for one who is gone."""
    if change.row is None:
        return None
    return Practitioner.objects.filter(clinic=change.clinic_id, pk=change.row).first()


def current(clinic: Clinic, subject: str, person: Practitioner | None, new: dict[str, Any]) -> dict[str, Any]:
    """What stands there now, in the form of `old`."""
    if subject == Subject.NAME:
        return {"name": clinic.name}
    if subject == Subject.ADDRESS:
        return {"street": clinic.street, "address_extra": clinic.address_extra, "postcode": clinic.postcode_id}
    name = person.name if person else ""
    if subject == Subject.AUTHORISATION:
        return {"person": name, "authorisation_id": person.authorisation_id if person else ""}
    row = offer_of(clinic, person, new.get("term", ""))
    grade, basis = (row.grade, row.basis) if row else ("", "")
    value = {"grade": grade} if subject == Subject.TITLE else {"documented": basis == Stated.Basis.DOCUMENTED}
    return {"person": name, "term": new.get("term", "") if row else "", **value}


def kind_of(term: str) -> tuple[type[Any], str, Any]:
    """(model of the row, name of its key, the term itself or None when it is gone)."""
    kind, _, slug = term.partition("/")
    if kind == "treatment":
        return ClinicTreatment, "treatment", terms().treatments.get(slug)
    return ClinicSpeciality, "speciality", terms().specialities.get(slug)


def offer_of(clinic: Clinic, person: Practitioner | None, term: str) -> Any:
    """The row that says that the person, or the clinic, offers the term; None when there is none."""
    model, name, known = kind_of(term)
    if known is None:
        return None
    asked: dict[str, Any] = {name: known, "practitioner": person}
    if model is ClinicTreatment:
        asked |= {"format": ClinicTreatment.Format.INDIVIDUAL, "group_topic": None}
    return model.objects.filter(clinic=clinic, **asked).first()


def lines(change: PendingChange) -> list[Line]:
    """Every value of the change, whether it differs or not."""
    now = current(change.clinic, change.subject, person_of(change), change.new)
    if change.status != PendingChange.Status.WAITING:
        now = change.old  # what is there today says nothing about what was decided then
    return [
        Line(label, *(in_words(name, values.get(name)) for values in (change.old, now, change.new)))
        for name, label in FIELDS.get(change.subject, {}).items()
    ]


def summary(change: PendingChange) -> str:
    """What it shall be, in one line."""
    said = [in_words(name, change.new.get(name)) for name in FIELDS.get(change.subject, {}) if change.new.get(name)]
    if change.subject == Subject.SPECIALITY:
        said = said[:1]
    name = str(change.old.get("person") or "")
    return f"{name}: {', '.join(said)}" if name else ", ".join(said)


def in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Dokumenteret" if value else "Ikke dokumenteret"
    if not value:
        return UNKNOWN
    if name == "postcode":
        return str(Postcode.objects.filter(pk=value).first() or value)
    if name == "term":
        known = kind_of(str(value))[2]
        return str(known.name if known else str(value).partition("/")[2])
    if name == "grade":
        return dict(Stated.Grade.choices).get(str(value), str(value)).capitalize()
    return str(value)
