"""The pin on the map, and the page as patients will see it while a clinic is a draft: as users and as attackers."""

import datetime

import pytest
import time_machine

from clinics import index, pin
from clinics.actions import ActionError
from clinics.geo import Point
from clinics.models import Clinic, ClinicVersion, Postcode, SearchEntry

from . import attack
from .attack import World
from .test_pending_screens import browser, text
from .worlds import kept

pytestmark = pytest.mark.django_db
NEAR = Point(56.1600, 10.2150)  # 410 m from the postcode's point


@kept
def world() -> World:
    return attack.build()


def pin_url(one: Clinic) -> str:
    return f"/admin/clinics/clinic/{one.pk}/pin/"


def preview_url(one: Clinic) -> str:
    return f"/admin/clinics/clinic/{one.pk}/preview/"


@time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC), tick=False)
def test_an_owner_puts_the_pin_at_the_door(world):
    olga = browser(world, "olga")
    assert pin_url(world.a) in text(olga.get(f"/admin/clinics/clinic/{world.a.pk}/change/"))
    page = text(olga.get(pin_url(world.a)))
    assert 'value="56,1572"' in page and "ikke bekræftet" in page
    answer = olga.post(
        pin_url(world.a), {"latitude": "56,16", "longitude": "10.215", "status": "closed", "clinic": world.b.pk}
    )
    assert answer.status_code == 302
    world.a.refresh_from_db()
    assert (world.a.latitude, world.a.longitude, world.a.status) == (56.16, 10.215, "published")
    assert (world.a.location_source, world.a.location_precision) == ("hand", "address")
    entry = SearchEntry.objects.get(clinic=world.a)
    assert (entry.latitude, entry.longitude) == (56.16, 10.215) and not index.disagreements()
    assert world.a.provenance.get(group="contact").source == "clinic"
    assert ClinicVersion.objects.filter(clinic=world.a, note="Punktet på kortet").exists()
    assert "Punktet er bekræftet" in text(olga.get(pin_url(world.a)))


@pytest.mark.parametrize(
    ("latitude", "longitude", "word"),
    [
        ("56,2", "10,2107", "for langt væk"),  # 4.8 km
        ("10,2107", "56,1572", "ikke i Danmark"),
        ("55,68", "12,585", "for langt væk"),
        ("0", "0", "ikke i Danmark"),
        ("91", "10", "90"),
        ("nan", "10", "tal"),
        ("inf", "10", "tal"),
        ("1e400", "10", "tal"),
        ("", "", "Dette felt"),
        ("<b>", "10", "tal"),
    ],
)
def test_where_an_owner_may_not_put_it(world, latitude, longitude, word):
    before = Clinic.objects.filter(pk=world.a.pk).values().get()
    answer = browser(world, "olga").post(pin_url(world.a), {"latitude": latitude, "longitude": longitude})
    assert answer.status_code == 422 and word in text(answer), text(answer)
    assert Clinic.objects.filter(pk=world.a.pk).values().get() == before


def test_a_pin_does_not_walk_off_in_small_steps(world):
    """Two kilometres from where it is, and again, but not out of the town."""
    latitude, steps = world.a.latitude, 0
    with pytest.raises(ActionError, match="for langt væk"):
        for _ in range(20):
            latitude, steps = latitude - 0.0175, steps + 1  # 1.9 km southwards
            pin.place(clinic=world.a, by=world.people["olga"], point=Point(latitude, 10.2107))
    assert 2 < steps < 9


def test_not_over_the_water(world):
    Postcode.objects.create(code="8305", town="Øen", latitude=56.165, longitude=10.235, land="oeen")
    with pytest.raises(ActionError, match="over vand"):
        pin.place(clinic=world.a, by=world.people["olga"], point=Point(56.164, 10.232))
    pin.place(clinic=world.a, by=world.people["mona"], point=Point(56.164, 10.232))


def test_a_moderator_may_put_it_further_away(world):
    answer = browser(world, "mona").post(pin_url(world.a), {"latitude": "56,2", "longitude": "10,2107"})
    assert answer.status_code == 302
    world.a.refresh_from_db()
    assert world.a.latitude == 56.2
    assert not world.a.provenance.filter(group="contact").exists()


@pytest.mark.parametrize(
    ("who", "statuses"), [("stella", {403}), ("erik", {404}), ("edith", {403, 404}), ("per", {302, 403})]
)
def test_who_may_not_place_it(world, who, statuses):
    client, before = browser(world, who), (world.a.latitude, world.a.longitude)
    for answer in (
        client.get(pin_url(world.a)),
        client.post(pin_url(world.a), {"latitude": "56,16", "longitude": "10,21"}),
    ):
        assert answer.status_code in statuses
    world.a.refresh_from_db()
    assert (world.a.latitude, world.a.longitude) == before
    for by in ("stella", "erik", "edith"):
        with pytest.raises(ActionError):
            pin.place(clinic=world.a, by=world.people[by], point=NEAR)


def test_a_draft_as_patients_will_see_it(world, client):
    Clinic.objects.filter(pk=world.a.pk).update(status="draft", about="Vi glæder os.")
    for who in ("olga", "stella", "mona"):
        answer = browser(world, who).get(preview_url(world.a))
        page = text(answer)
        assert answer.status_code == 200 and "Forhåndsvisning" in page and "Vi glæder os." in page
        assert '<meta name="robots" content="noindex">' in page and answer["X-Robots-Tag"] == "noindex"
        assert "application/ld+json" not in page and "no-store" in answer["Cache-Control"]
    assert preview_url(world.a) in text(browser(world, "olga").get(f"/admin/clinics/clinic/{world.a.pk}/change/"))
    assert client.get(world.a.get_absolute_url()).status_code == 404
    assert client.get(preview_url(world.a)).status_code == 302


def test_a_live_clinic_has_a_page_of_its_own(world):
    answer = browser(world, "olga").get(preview_url(world.a))
    assert (answer.status_code, answer["Location"]) == (302, world.a.get_absolute_url())


@pytest.mark.parametrize("who", ["olga", "stella", "erik", "per", "edith"])
def test_a_draft_is_nobody_elses_to_see(world, who):
    answer = browser(world, who).get(preview_url(world.b))
    assert answer.status_code in (302, 403, 404) and attack.SECRET not in text(answer)
    assert answer.status_code != 302 or "/konto/" in answer["Location"] or "login" in answer["Location"]
