"""The point of a clinic on the map, confirmed or moved by hand: from then on no look-up of the address moves it."""

from django.contrib.auth.models import User
from django.db import transaction

from . import actions, ownership, versions
from .actions import ActionError
from .geo import Point
from .models import Clinic, Postcode, Provenance
from .models.clinic import Source
from .place_rows import nearest_postcodes

# A postcode's point is somewhere in its town; from there, or from where the pin is, an owner finds the door. The second limit
# keeps the pin from walking off, two kilometres at a time.
STEP_KM = 2
MOST_KM = 15
FAR = "Punktet ligger for langt væk. Er klinikken flyttet, så bed om en anden adresse."
OTHER_LAND = "Punktet ligger et andet sted, over vand fra klinikkens postnummer. Tjek breddegrad og længdegrad."
ABROAD = "Punktet ligger ikke i Danmark. Er breddegrad og længdegrad byttet om?"


@transaction.atomic
def place(*, clinic: Clinic, by: User, point: Point) -> None:
    """Say that the clinic's door is here. Raises ActionError for staff and others, and for what is too far for an owner."""
    stored = Clinic.objects.select_for_update(of=("self",)).select_related("postcode").filter(pk=clinic.pk).first()
    if stored is None:
        raise ActionError("Klinikken er ikke længere på FysFinder.")
    moderates = ownership.may_moderate(by)
    if not (moderates or ownership.is_owner(by, stored)):
        raise ActionError("Det kan kun klinikkens ejer.")
    if problem := problem_with(stored, point, moderates):
        raise ActionError(problem)
    versions.begin(clinic=stored)
    stored.latitude, stored.longitude = round(point.latitude, 6), round(point.longitude, 6)
    stored.location_source = Clinic.LocationSource.HAND
    stored.location_precision = Clinic.Precision.ADDRESS
    stored.save(update_fields=["latitude", "longitude", "location_source", "location_precision", "updated_at"])
    source = None if moderates else Source.CLINIC
    actions.facts_stated(clinic=stored, groups={Provenance.Group.CONTACT}, source=source)
    actions.clinic_changed(clinic=stored)
    actions.log(row=stored, by=by, text="Bekræftede punktet på kortet.")
    versions.record(clinic=stored, by=by, note="Punktet på kortet")


def problem_with(clinic: Clinic, point: Point, moderates: bool) -> str:
    """One Danish sentence, "" when the pin may stand there."""
    nearest = nearest_postcode(point)
    if nearest is None or point.km_to(Point(nearest.latitude, nearest.longitude)) > MOST_KM:
        return ABROAD
    if moderates:
        return ""
    town = point.km_to(Point(clinic.postcode.latitude, clinic.postcode.longitude))
    here = point.km_to(Point(clinic.latitude, clinic.longitude))
    if min(town, here) > STEP_KM or town > MOST_KM:
        return FAR
    return OTHER_LAND if nearest.land != clinic.postcode.land else ""


def nearest_postcode(point: Point) -> Postcode | None:
    if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
        return None
    return nearest_postcodes(point).filter(kind=Postcode.Kind.AREA).first()
