"""All that is told about one clinic, as JSON: what its profile states, with sources and dates, and nothing else.

Works on a clinic that was read with `whole.fill`. Of the people stands what a patient chooses by: name, role, languages,
titles, and a restricted authorisation, which must be told. Their authorisation number and gender are for the page alone,
where nobody harvests them.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from clinics import clock, images, insurers, languages
from clinics.freshness import waiting_time
from clinics.images import Picture
from clinics.models import Clinic, ClinicTreatment, OpeningException, OpeningHours, Photo, Practitioner, Price
from clinics.offers import is_official, shown
from clinics.opening import state
from clinics.people import role
from clinics.prices import with_referral
from clinics.reviews import mean
from clinics.reviews.showing import rating_of
from clinics.sources import source_lines

from .clinics import kroner, open_state_json

ACCESS = ("step_free", "lift", "accessible_toilet", "parking", "hearing_loop")
OFFERED = ("home_visits", "online", "acute_appointments", "assessment_plan")
PAID = ("has_ydernummer", "free_physiotherapy", "danmark_insurance")
OF_CLINIC = ("phone", "email", "website", "booking_url", "about", "hours_note", "insurers_note")
APPROACH = ("exercise", "manual", "follow_up")


def clinic_json(clinic: Clinic, absolute: Any) -> dict[str, Any]:
    """`absolute` makes a whole address of a path. No query; the tariffs of the day are remembered by the process."""
    now = clock.now()
    return {
        "slug": clinic.slug,
        "name": clinic.name,
        "url": absolute(clinic.get_absolute_url()),
        "is_example": clinic.is_example,
        "confirmed_at": clinic.confirmed_at,
        "address": clinic.street or None,
        "address_extra": clinic.address_extra or None,
        "postcode": clinic.postcode_id,
        "town": clinic.postcode.town,
        "latitude": clinic.latitude,
        "longitude": clinic.longitude,
        "location_precision": clinic.location_precision,
        **{name: getattr(clinic, name) or None for name in OF_CLINIC},
        **{name: getattr(clinic, name) for name in (*PAID, *OFFERED)},
        "approach": {name: getattr(clinic, f"approach_{name}") or None for name in APPROACH},
        "access": {name: getattr(clinic, name) for name in ACCESS} | {"note": clinic.access_note or None},
        "languages": _named(clinic.languages, languages.NAMES),
        "insurers": _named(clinic.insurers, insurers.NAMES),
        "waiting": _waiting(clinic, now.date()),
        "open_state": open_state_json(state(clinic, now)),
        "closed_on_holidays": clinic.closed_on_holidays,
        "opening_hours": [_hours(row) for row in clinic.opening_hours.all()],
        "opening_exceptions": [
            _exception(row) for row in clinic.opening_exceptions.all() if row.last_day >= now.date()
        ],
        "prices": [_price(row) for row in clinic.prices.all()],
        "with_referral": _with_referral(clinic, now.date()),
        "specialities": [_speciality(row) for row in shown(clinic.specialities.all())],
        "treatments": [_treatment(row) for row in shown(clinic.treatments.all())],
        "people": [_person(person) for person in clinic.practitioners.all()],
        "photos": [_photo(row, absolute) for row in clinic.photos.all()],
        "sources": {
            group: {"source": line.source, "text": line.text, "stated_on": line.stated_on, "is_stale": line.is_stale}
            for group, line in source_lines(clinic, now.date()).items()
        },
        **_rating(clinic),
    }


def _rating(clinic: Clinic) -> dict[str, Any]:
    rating = rating_of(clinic)
    average = mean.average(rating.overall, rating.counted)
    return {"rating": None if average is None else float(average), "review_count": rating.counted}


def _named(codes: Iterable[str] | None, names: dict[str, str]) -> list[dict[str, str]] | None:
    """None when nothing was stated; an empty list is the clinic's word that it has none."""
    return None if codes is None else [{"code": code, "name": names.get(code, code)} for code in codes]


def _term(term: Model | None) -> dict[str, Any] | None:
    return None if term is None else {"slug": term.slug, "name": term.name}  # type: ignore[attr-defined]


def _waiting(clinic: Clinic, day: datetime.date) -> dict[str, Any] | None:
    waiting = waiting_time(clinic.waiting_days, clinic.waiting_stated_on, day)
    if waiting is None:
        return None
    return {"days": waiting.days, "stated_on": waiting.stated_on, "is_current": waiting.counts}


def _hours(row: OpeningHours) -> dict[str, Any]:
    return {"kind": row.kind, "weekday": row.weekday + 1, "opens": _time(row.opens), "closes": _time(row.closes)}


def _exception(row: OpeningException) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "opens": _time(row.opens),
        "closes": _time(row.closes),
        "note": row.note or None,
    }


def _time(at: datetime.time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


def _price(row: Price) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "treatment": _term(row.treatment),
        "amount": kroner(row.amount),
        "minutes": row.minutes,
        "sessions": row.sessions,
        "valid_months": row.valid_months,
        "refundable": row.refundable,
        "terms": row.terms or None,
        "confirmed_at": row.confirmed_at,
        "source": row.source,
    }


def _with_referral(clinic: Clinic, day: datetime.date) -> dict[str, Any]:
    """The patient's share, which is the same everywhere; empty where no verified amount holds today."""
    said = with_referral(clinic, day)
    shares = [{"service": row.service, "amount": kroner(row.patient_share)} for row in said.shares.lines]
    return {"covered": said.covered, "shares": shares, "text": said.sentence or None}


def _stated(row: Any) -> dict[str, Any]:
    return {
        "basis": row.basis,
        "grade": row.grade or None,
        "evidence": row.evidence or None,
        "person": row.practitioner.name if row.practitioner else None,
        "confirmed_at": row.confirmed_at,
        "source": row.source,
    }


def _speciality(row: Any) -> dict[str, Any]:
    """`is_official`: somebody else has documented the title; all else is the clinic's own word."""
    return {
        "slug": row.speciality.slug,
        "name": row.speciality.name,
        "is_official": is_official(row),
        "care_gate": row.speciality.care_gate or None,
        **_stated(row),
    }


def _treatment(row: ClinicTreatment) -> dict[str, Any]:
    return {
        "slug": row.treatment.slug,
        "name": row.treatment.name,
        "format": row.format,
        "group_topic": _term(row.group_topic),
        **_stated(row),
    }


def _person(person: Practitioner) -> dict[str, Any]:
    return {
        "name": person.name,
        "role": role(person.profession, person.title),
        "profession": person.profession,
        "languages": _named(person.languages, languages.NAMES),
        "authorisation_checked_on": person.authorisation_checked_on,
        "is_restricted": person.is_restricted,
        "confirmed_at": person.confirmed_at,
        "source": person.source,
    }


def _photo(row: Photo, absolute: Any) -> dict[str, Any]:
    widths = Picture(row.digest, row.width, row.height).widths
    return {
        "kind": row.kind,
        "url": absolute(images.address(row.digest, widths[-1])),
        "alt": row.alt,
        "credit": row.credit or None,
    }
