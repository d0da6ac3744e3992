"""A person says that an answer of the geocoder is wrong, or old: it is forgotten, and its clinics are looked up anew."""

from django.contrib.auth.models import User
from django.db import transaction

from clinics import actions, ownership
from clinics.actions import ActionError
from clinics.models import Clinic, GeocodedAddress

from .asked import asked

GONE = "Opslaget findes ikke længere."


@transaction.atomic
def ask_again(*, row: GeocodedAddress, by: User) -> int:
    """Forget the answer. Returns how many clinics stand at the address; their points follow. Raises ActionError.

    A pin set by hand stays where it is, whatever is asked.
    """
    if not ownership.may_moderate(by):
        raise ActionError("Det kan kun en moderator.")
    stored = GeocodedAddress.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if stored is None:
        raise ActionError(GONE)
    line = stored.key.partition(" | ")[2]
    code = line.rpartition(", ")[2][:4]
    rows = Clinic.objects.select_for_update(of=("self",)).select_related("postcode").filter(postcode=code)
    there = []
    for clinic in rows.exclude(location_source=Clinic.LocationSource.HAND).order_by("pk"):
        question = asked(clinic.street, clinic.postcode)
        if question and question.line == line:
            there.append(clinic)
    stored.delete()
    for clinic in there:
        clinic.geocoded_for = f"{clinic.geocoded_for} " if clinic.geocoded_for else ""  # no address that anybody has
        clinic.save(update_fields=["geocoded_for"])
        actions.clinic_changed(clinic=clinic)
        actions.log(row=clinic, by=by, text="Lod adressen slå op igen.")
    return len(there)
