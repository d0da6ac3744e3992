"""Invented clinics at real towns, on the committed tables of places: what the search of a real visitor goes through.

A row is a clinic: name, postcode, latitude, longitude (of the town, from a map), specialities, what else it has stated.
"""

import datetime

from clinics import index
from clinics.clock import today
from clinics.loading.places import load_places
from clinics.models import Clinic, ClinicSpeciality, ClinicTreatment, OpeningHours, Price
from clinics.text import slugify_da

from .people import condition, speciality, treatment

CLINICS = [
    # Aarhus, Djursland and the towns around
    (
        "Midtbyen",
        "8000",
        56.155,
        10.205,
        "Ryg",
        {"price": 700, "has_ydernummer": True, "lift": True, "step_free": True},
    ),
    ("Trøjborg", "8200", 56.174, 10.211, "Sport", {"price": 500, "waiting_days": 2, "danmark_insurance": True}),
    ("Risskov", "8240", 56.190, 10.230, "Ryg Sport", {"price": 600, "languages": ["ar"], "has_ydernummer": True}),
    ("Viby", "8260", 56.125, 10.160, "", {}),
    ("Lystrup", "8520", 56.237, 10.240, "Knæ", {"price": 450, "lift": True, "home_visits": True}),
    ("Randers", "8900", 56.460, 10.040, "Ryg", {"price": 400, "acute_appointments": True, "hold": True}),
    ("Silkeborg", "8600", 56.170, 9.550, "Ryg Knæ", {"price": 550, "waiting_days": 0, "step_free": True}),
    ("Horsens", "8700", 55.862, 9.850, "", {"has_ydernummer": True}),
    ("Ebeltoft", "8400", 56.195, 10.680, "Ryg", {"price": 650, "waiting_days": 20, "saturday": True}),
    ("Samsø", "8305", 55.830, 10.590, "Ryg", {"price": 480}),
    # Aalborg and the north
    ("Aalborg", "9000", 57.048, 9.920, "Ryg", {"price": 520, "online": True, "hold": True}),
    ("Nørresundby", "9400", 57.062, 9.920, "Knæ", {"price": 510, "parking": True}),
    ("Hobro", "9500", 56.643, 9.790, "Ryg", {"price": 430}),
    ("Frederikshavn", "9900", 57.441, 10.540, "", {}),
    ("Skagen", "9990", 57.720, 10.590, "Ryg", {"price": 570}),
    ("Læsø", "9940", 57.270, 11.000, "Ryg", {"price": 300}),
    # the west
    ("Esbjerg", "6700", 55.467, 8.452, "Ryg", {"price": 560, "confirmed": True}),
    ("Esbjerg Øst", "6705", 55.490, 8.510, "Knæ", {"price": 540}),
    ("Fanø", "6720", 55.445, 8.400, "Ryg Knæ", {"price": 390}),
    ("Varde", "6800", 55.621, 8.481, "Ryg", {"insurers": ["tryg"]}),
    ("Ribe", "6760", 55.330, 8.765, "", {"price": 420}),
    # on either side of Lillebælt
    ("Fredericia", "7000", 55.566, 9.755, "Ryg Knæ", {"price": 590}),
    ("Middelfart", "5500", 55.505, 9.732, "Ryg", {"price": 410}),
    # Fyn and Ærø
    ("Odense", "5000", 55.396, 10.390, "Ryg", {"price": 610, "has_ydernummer": True}),
    ("Odense Sydøst", "5220", 55.370, 10.440, "Sport", {"price": 490}),
    ("Nyborg", "5800", 55.312, 10.790, "Ryg", {"waiting_days": 5}),
    ("Svendborg", "5700", 55.060, 10.607, "", {}),
    ("Ærø", "5970", 54.890, 10.410, "Knæ", {"home_visits": True}),
    # Sjælland, Lolland and Falster
    ("Korsør", "4220", 55.330, 11.140, "Ryg", {"price": 440}),
    ("Slagelse", "4200", 55.403, 11.355, "Sport", {"price": 460}),
    ("Kalundborg", "4400", 55.680, 11.090, "Ryg", {"price": 350}),
    ("Nykøbing", "4800", 54.770, 11.875, "Ryg", {"price": 380}),
    ("Nakskov", "4900", 54.830, 11.135, "Knæ", {"price": 370}),
    ("Indre By", "1050", 55.680, 12.580, "Ryg", {"price": 800, "languages": ["en"], "evening": True}),
    ("Nørrebro", "2200", 55.695, 12.550, "Ryg Knæ", {"price": 650, "languages": ["ar", "tr"], "lift": True}),
    ("Frederiksberg", "2000", 55.679, 12.530, "Sport", {"price": 750, "free_physiotherapy": True}),
    ("Amager", "2300", 55.660, 12.605, "", {"price": 620}),
    ("Hvidovre", "2650", 55.643, 12.475, "Ryg", {"price": 330, "assessment_plan": True}),
    ("Helsingør", "3000", 56.036, 12.613, "Ryg", {"price": 470}),
    # Bornholm
    ("Rønne", "3700", 55.100, 14.705, "Ryg", {"price": 530}),
    ("Nexø", "3730", 55.060, 15.130, "", {}),
]
HIDDEN = [("Kladde", "draft"), ("Lukket", "closed")]  # in the middle of Aarhus, and nobody's answer
SECRET = "Hemmelig note 1f9"


def denmark() -> None:
    """All of the above with their index, and what hurts: back, knee, and one condition that has a gate."""
    load_places()
    for name in ("Ryg", "Knæ", "Sport"):
        speciality(name)
    treatment("Holdtræning")
    condition("Ondt i ryggen", {"Ryg": 3, "Sport": 2})
    condition("Ondt i knæet", {"Knæ": 3})
    condition("Efter blodprop", {"Sport": 3}, care_gate="Spørg lægen først.")
    for name, code, latitude, longitude, specialities, facts in CLINICS:
        _clinic(name, code, latitude, longitude, specialities.split(), dict(facts))
    for name, status in HIDDEN:
        _clinic(name, "8000", 56.157, 10.211, ["Ryg"], {"price": 1}, status=status, about=SECRET)
    index.rebuild()


def _clinic(
    name: str, code: str, latitude: float, longitude: float, specialities: list[str], facts: dict, **fields
) -> None:
    price, hold = facts.pop("price", None), facts.pop("hold", False)
    saturday, evening = facts.pop("saturday", False), facts.pop("evening", False)
    if facts.pop("confirmed", False):
        facts["confirmed_at"] = today()
    if "waiting_days" in facts:
        facts["waiting_stated_on"] = today() - datetime.timedelta(days=5)
    made = Clinic.objects.create(
        name=name,
        slug=slugify_da(name),
        postcode_id=code,
        latitude=latitude,
        longitude=longitude,
        phone="+4500001234",
        **{"status": "published"} | facts | fields,
    )
    for one in specialities:
        ClinicSpeciality.objects.create(clinic=made, speciality=speciality(one))
    if hold:
        ClinicTreatment.objects.create(clinic=made, treatment=treatment("Holdtræning"), format="group")
    if price is not None:
        Price.objects.create(clinic=made, kind=Price.Kind.FIRST, amount=price)
    if saturday:
        OpeningHours.objects.create(clinic=made, weekday=5, opens=datetime.time(9), closes=datetime.time(13))
    if evening:
        OpeningHours.objects.create(clinic=made, weekday=1, opens=datetime.time(12), closes=datetime.time(20))
