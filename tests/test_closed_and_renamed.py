"""A clinic that is gone says so and names others; one that moved is found under every address it ever had."""

import re

import pytest

from clinics import addresses
from clinics.addresses import CLINIC
from clinics.models import Clinic

from .html_reader import Page
from .people import clinic, condition, places
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def around():
    places()
    closed = clinic("Ryggen", "Aarhus C", specialities=["Ryg"], status="closed", street="Eksempelvej 1")
    clinic("Ryg i nord", "Aarhus N", specialities=["Ryg"])
    clinic("Knæ ved siden af", "Aarhus C", specialities=["Knæ"])
    clinic("Hofte i Viby", "Viby J", specialities=["Hofte"])
    return closed


def profiles(html: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'<h3>.*?href="/klinik/([a-z0-9-]+)/', html)))


def test_gone_and_who_else_there_is_what_treats_the_same_first(client, around):
    response = client.get("/klinik/ryggen/")
    page = response.content.decode()
    assert response.status_code == 410
    assert "Ryggen er lukket" in Page(page).words and "Eksempelvej 1, 8000 Aarhus C" in page
    assert profiles(page) == ["ryg-i-nord", "knae-ved-siden-af", "hofte-i-viby"]
    assert page.index("Klinikker med mindst ét af de samme specialer") < page.index("ryg-i-nord")
    assert page.index("ryg-i-nord") < page.index("Andre klinikker i nærheden") < page.index("knae-ved-siden-af")
    assert "Afstanden er i luftlinje fra Ryggen." in page
    assert '<meta name="robots" content="noindex">' in page and 'href="/klinik/ryggen/ret/"' in page


def test_many_that_treat_the_same_leave_no_room_for_others(client, around):
    for number in range(3):
        clinic(f"Ryg {number}", "Aarhus C", specialities=["Ryg"])
    page = client.get("/klinik/ryggen/").content.decode()
    assert profiles(page) == ["ryg-0", "ryg-1", "ryg-2"] and "Andre klinikker i nærheden" not in page


def test_a_clinic_that_had_stated_nothing_leads_to_the_nearest(client, around):
    clinic("Stille", "Aarhus C", status="closed")
    page = client.get("/klinik/stille/").content.decode()
    assert profiles(page)[0] == "knae-ved-siden-af" and "De nærmeste klinikker" in page
    assert "samme specialer" not in page


def test_nearest_to_where_the_visitor_is_and_the_place_travels_along(client, around):
    clinic("Odense", "Odense C", specialities=["Ryg"])
    condition("Ondt i lænden", {"Ryg": 3})
    page = client.get("/klinik/ryggen/?sted=5000&tilstand=ondt-i-laenden").content.decode().replace("&amp;", "&")
    assert profiles(page)[0] == "odense" and "i nærheden af 5000 Odense C" in page
    assert "Afstanden er i luftlinje fra 5000 Odense C." in page
    assert "/klinik/odense/?tilstand=ondt-i-laenden&sted=5000" in page
    assert "/find/fysioterapeut/?tilstand=ondt-i-laenden&sted=5000" in page


def test_a_gate_stands_above_them(client, around):
    condition("Blodprop", {"Ryg": 3}, care_gate="Ring først til din læge.")
    page = client.get("/klinik/ryggen/?tilstand=blodprop").content.decode()
    assert page.index('id="ring-112"') < page.index("Ring først til din læge.") < page.index("ryg-i-nord")


def test_nobody_else_at_all(client):
    places()
    clinic("Ryggen", "Aarhus C", status="closed")
    response = client.get("/klinik/ryggen/")
    assert response.status_code == 410 and "Søg videre efter en fysioterapeut" in response.content.decode()


def test_a_closed_clinic_is_in_no_list(client, around):
    assert "/klinik/ryggen/" not in client.get("/find/fysioterapeut/?sted=8000").content.decode()


# --- Moved ---


def renamed(made: Clinic, *slugs: str) -> None:
    for slug in slugs:
        addresses.move(kind=CLINIC, object_id=made.pk, old=made.slug, new=slug)
        made.slug = slug
        made.save(update_fields=["slug"])


def test_every_old_address_leads_there_in_one_step(client):
    made = clinic("Ryggen", "Aarhus C")
    renamed(made, "ryg-b", "ryg-c")
    for old in ("ryggen", "ryg-b"):
        response = client.get(f"/klinik/{old}/?sted=8000&tilstand=a%26b")
        assert (response.status_code, response["Location"]) == (301, "/klinik/ryg-c/?sted=8000&tilstand=a%26b")
    assert client.get("/klinik/ryg-c/").status_code == 200


def test_there_and_back_again_runs_in_no_circle(client):
    made = clinic("Ryggen", "Aarhus C")
    renamed(made, "ryg-b", "ryggen")
    assert client.get("/klinik/ryggen/").status_code == 200
    assert client.get("/klinik/ryg-b/")["Location"] == "/klinik/ryggen/"


def test_a_new_clinic_at_an_old_address_wins(client):
    renamed(clinic("Ryggen", "Aarhus C"), "ryg-b")
    clinic("Ryggen", "Odense C")
    response = client.get("/klinik/ryggen/")
    assert response.status_code == 200 and "Odense C" in response.content.decode()


@pytest.mark.parametrize(("status", "old", "new"), [("draft", 404, 404), ("closed", 301, 410), ("published", 301, 200)])
def test_what_became_of_it_decides(client, status, old, new):
    places()
    renamed(clinic("Ryggen", "Aarhus C"), "ryg-b")
    Clinic.objects.update(status=status)
    assert client.get("/klinik/ryggen/").status_code == old
    assert client.get("/klinik/ryg-b/").status_code == new


def test_a_deleted_clinic_is_not_found(client):
    made = clinic("Ryggen", "Aarhus C")
    renamed(made, "ryg-b")
    made.delete()
    assert client.get("/klinik/ryggen/").status_code == client.get("/klinik/ryg-b/").status_code == 404


def test_a_draft_that_takes_an_old_address_hides_nothing(client):
    renamed(clinic("Ryggen", "Aarhus C"), "ryg-b")
    clinic("Ryggen", "Odense C", status="draft")
    assert client.get("/klinik/ryggen/")["Location"] == "/klinik/ryg-b/"


@pytest.mark.parametrize("slug", ["findes-ikke", "%00", "a" * 300, "x%0a"])
def test_what_never_was(client, slug):
    assert client.get(f"/klinik/{slug}/").status_code == 404
