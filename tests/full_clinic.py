"""A clinic of which every part of its page knows something, and what tests ask of such a page."""

import datetime

from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    OpeningHours,
    Photo,
    Practitioner,
    Price,
)

from .people import clinic, speciality, treatment

URL = "/klinik/ryggen/"
MONDAY = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)  # 11 o'clock in Denmark
STATED = datetime.date(2026, 11, 3)


def a_full_clinic(**fields) -> Clinic:
    """One of which every part knows something."""
    everything = {
        "street": "Eksempelvej 12B",
        "address_extra": "2. tv.",
        "email": "ryggen@example.org",
        "website": "https://ryggen.example/",
        "booking_url": "https://ryggen.example/bestil",
        "about": "Vi undersøger dig og lægger en plan.",
        "has_ydernummer": True,
        "free_physiotherapy": False,
        "danmark_insurance": True,
        "home_visits": True,
        "online": False,
        "assessment_plan": True,
        "step_free": True,
        "lift": False,
        "parking": True,
        "languages": ["da", "en"],
        "access_note": "Indgang fra gården. Bus 1A standser ved døren.",
        "waiting_days": 3,
        "waiting_stated_on": datetime.date(2026, 11, 14),
        "approach_exercise": "Du får tre øvelser med hjem.",
        "source": "clinic",
        "confirmed_at": STATED,
    }
    made = clinic("Ryggen", "Aarhus C", specialities=["Ryg", "Knæ"], treatments=["Taping"], **everything | fields)
    mette = Practitioner.objects.create(
        clinic=made, name="Mette Eksempel", authorisation_id="09YM8", authorisation_checked_on=STATED
    )
    ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Ryg"), practitioner=mette)
    ClinicTreatment.objects.create(
        clinic=made, treatment=treatment("Holdtræning"), format="group", group_topic=speciality("Ryg")
    )
    Price.objects.create(clinic=made, kind="first", amount=550, minutes=45, confirmed_at=STATED)
    Price.objects.create(clinic=made, kind="follow_up", amount=420, minutes=30, confirmed_at=STATED)
    Price.objects.create(clinic=made, kind="package", amount=3800, sessions=10, valid_months=12, confirmed_at=STATED)
    Photo.objects.create(clinic=made, digest="a" * 64, width=960, height=640, alt="Indgangen fra gården")
    Photo.objects.create(clinic=made, digest="b" * 64, width=320, height=320, alt="Logo", kind="logo")
    for day in range(5):
        OpeningHours.objects.create(clinic=made, weekday=day, opens=datetime.time(8), closes=datetime.time(18))
    return made


def html(client, query: str = "") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def in_order(page: str, *texts: str) -> None:
    at = [page.index(text) for text in texts]
    assert at == sorted(at), list(zip(texts, at, strict=True))


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]
