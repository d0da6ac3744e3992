"""`/specialer/`: a speciality with a gate says when to ring a doctor before it asks where."""

import pytest

from .people import places, speciality

pytestmark = pytest.mark.django_db


@pytest.fixture
def veins(db):
    places()
    row = speciality("Venøse lidelser")
    row.care_gate = "Først når lægen har sagt god for det."
    row.save()
    return row


def test_a_gated_speciality_shows_the_urgent_cards_before_the_form(client, veins):
    main = client.get("/specialer/venoese-lidelser/").content.decode().split("<main")[1]
    acute, gate = main.index("Ring til læge med det samme"), main.index(veins.care_gate)
    assert main.index("tel:112") < acute < gate < main.index("<form")


def test_a_speciality_without_a_gate_shows_no_cards(client, veins):
    speciality("Knæ")
    assert "care-card" not in client.get("/specialer/knae/").content.decode()


def test_the_list_of_a_gated_speciality_shows_the_urgent_cards(client, veins):
    main = client.get("/find/fysioterapeut/", {"speciale": "venoese-lidelser"}).content.decode().split("<main")[1]
    assert main.index("tel:112") < main.index("Ring til læge med det samme") < main.index(veins.care_gate)
