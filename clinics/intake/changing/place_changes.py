"""Where a clinic is, by a list: street, floor and postcode are one fact, and a point counts for the address of its row alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from clinics import field_sources
from clinics.geo import Point
from clinics.geocoding import asked as asking
from clinics.geocoding import judging
from clinics.geocoding.geocoders import Found
from clinics.likeness import same_house
from clinics.models import Clinic, Postcode
from clinics.models.name_key import name_key

from .changes import OWN_EMPTY, Change, Said, stays

Where, Precision = Clinic.LocationSource, Clinic.Precision
PINNED = "Punktet på kortet er sat i hånden og hører til adressen, som den er nu."
HALF = "Listen siger kun postnummeret og ikke vejen."
UNPLACED = "Listen siger vejen og ikke postnummeret."
NO_POSTCODE = "Postnummeret {code} findes ikke længere."
LOOKED_UP = "Adressen er slået op."
NEAR_KM = 0.05  # two points of one door
LABEL, POINT_LABEL = "Adresse", "Punkt på kortet"


def address(facts: Mapping[str, Any], clinic: Clinic, said: Said) -> list[Change]:
    """At most one change; a floor that is told of the same house is filled in."""
    street, extra, code = (facts.get(name) or "" for name in field_sources.ADDRESS)
    if not (street or code):
        return []
    same_code = code in ("", clinic.postcode_id)
    if same_code and street and clinic.street and _one_house(street, clinic.street):
        return _floor(extra, clinic, said)
    if same_code and not street:
        return []
    values = {"street": street, "address_extra": extra, "postcode_id": code or clinic.postcode_id}
    postcode = Postcode.objects.filter(pk=code).first() if not same_code else clinic.postcode
    kept = _verdict(clinic, said, fills=same_code and not clinic.street)
    if not kept:
        kept = (
            NO_POSTCODE.format(code=code) if postcode is None
            else UNPLACED if not code and clinic.street
            else HALF if not street and clinic.street
            else PINNED if clinic.location_source == Where.HAND and (clinic.street or not same_code)
            else ""
        )  # fmt: skip
    if not kept and postcode and clinic.location_source != Where.HAND:
        values |= postcode_point(postcode)
    new = ", ".join(filter(None, [street, extra, str(postcode or code)]))
    return [Change("street", LABEL, clinic.address, new, kept, values)]


def point(facts: Mapping[str, Any], clinic: Clinic, said: Said, place: Sequence[Change]) -> list[Change]:
    """At most one change. `place`: what `address` gave."""
    if facts.get("latitude") is None or facts.get("longitude") is None:
        return []
    there = Point(round(float(facts["latitude"]), 6), round(float(facts["longitude"]), 6))
    moves = next((one for one in place if not one.kept and "postcode_id" in one.values), None)
    if not moves and not _is_here(facts, clinic):
        return []  # of another address than the clinic's
    here = Point(clinic.latitude, clinic.longitude)
    looked_up = clinic.location_source == Where.GEOCODER and clinic.location_precision == Precision.ADDRESS
    if not moves and here.km_to(there) <= NEAR_KM and (looked_up or clinic.location_source in (Where.HAND, Where.LIST)):
        return []
    street = moves.values["street"] if moves else clinic.street
    postcode = clinic.postcode
    if moves and moves.values["postcode_id"] != clinic.postcode_id:
        postcode = Postcode.objects.get(pk=moves.values["postcode_id"])
    kept = (
        PINNED if clinic.location_source == Where.HAND
        else LOOKED_UP if looked_up and not moves
        else stays(field_sources.of_field(clinic, "latitude"), said)
        if clinic.location_source == Where.LIST and not moves
        else ""
    )  # fmt: skip
    if not kept and (problem := problem_with(there, street, postcode)):
        kept = f"Listens punkt bruges ikke: {problem}."
    return [Change("latitude", POINT_LABEL, _said(here), _said(there), kept, list_point(there, street, postcode))]


def problem_with(point: Point, street: str, postcode: Postcode) -> str:
    """Why a list's point cannot be the place, as `geocoding.judging` says it of an answer; "" when it can."""
    question = asking.asked(street, postcode) or asking.Asked("", "", postcode)
    return judging.problem_with(question, Found(point.latitude, point.longitude, precision=Precision.ADDRESS))


def list_point(point: Point, street: str, postcode: Postcode) -> dict[str, Any]:
    """A clinic's fields for it. With a house number it is the door, without one somewhere along the street."""
    question = asking.asked(street, postcode)
    return {
        "latitude": point.latitude, "longitude": point.longitude, "location_source": str(Where.LIST),
        "location_precision": str(Precision.ADDRESS if question and question.house else Precision.STREET),
        "geocoded_for": asking.said(Clinic(street=street, postcode_id=postcode.pk)),
    }  # fmt: skip


def postcode_point(postcode: Postcode) -> dict[str, Any]:
    """A clinic's fields for the postcode's own point, until the address is looked up."""
    return {
        "latitude": postcode.latitude, "longitude": postcode.longitude, "location_source": str(Where.POSTCODE),
        "location_precision": str(Precision.POSTCODE), "geocoded_for": "",
    }  # fmt: skip


def _floor(extra: str, clinic: Clinic, said: Said) -> list[Change]:
    old = clinic.address_extra
    if not extra or _key(extra) == _key(old):
        return []
    kept = _verdict(clinic, said, fills=not old)
    label = "Etage, dør, bygning"
    return [Change("address_extra", label, old or "Ikke oplyst", extra, kept, {"address_extra": extra})]


def _verdict(clinic: Clinic, said: Said, *, fills: bool) -> str:
    """The newest and strongest word on any part of the address counts for all of it."""
    origins = [field_sources.of_field(clinic, name) for name in field_sources.ADDRESS]
    if fills:
        theirs = field_sources.is_own(clinic, "street")
        return OWN_EMPTY if theirs else ""
    return next(filter(None, (stays(origin, said) for origin in origins)), "")


def _is_here(facts: Mapping[str, Any], clinic: Clinic) -> bool:
    street, code = facts.get("street") or "", facts.get("postcode_id") or ""
    if code != clinic.postcode_id:
        return False
    return _one_house(street, clinic.street) if street and clinic.street else not (street or clinic.street)


def _one_house(one: str, other: str) -> bool:
    return same_house(one, other) or _key(one) == _key(other)


def _key(text: str) -> str:
    return "".join(letter for letter in name_key(text) if letter.isalnum())


def _said(point: Point) -> str:
    return f"{point.latitude:.5f}; {point.longitude:.5f}".replace(".", ",")
