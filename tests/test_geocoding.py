"""From an address to a point: what is believed, what moves, what never does, and that an address is asked about once."""

import csv
import datetime
import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from clinics import actions, geocoding, index, pin, tasks
from clinics.geo import Point
from clinics.geocoding import looking, placing
from clinics.models import Clinic, GeocodedAddress, Postcode, RateCount, SearchEntry

from .geocoder import AT_POSTCODE, DOOR, LOOKED_UP, now, open_geocoder, place, says, where
from .people import clinic, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with open_geocoder() as server:
        settings.GEOCODER_URL, settings.GEOCODER_PAUSE = server.url, 0.0
        server.says(place())
        places()
        yield server


@pytest.fixture
def here(server) -> Clinic:
    return clinic("Havnens Fysioterapi", "Aarhus C", street="Havnegade 1, 2. tv.")


def test_an_address_is_looked_up_once(here, server):
    before = now(here)
    assert geocoding.place(here.pk) and where(here) == LOOKED_UP
    entry = SearchEntry.objects.get(clinic=here)
    assert (entry.latitude, entry.longitude) == DOOR and not index.disagreements()
    assert now(here).updated_at == before.updated_at, "nobody stated anything"
    assert server.asked[0].query["q"] == "Havnegade 1, 8000 Aarhus C, Danmark"
    row = GeocodedAddress.objects.get()
    assert (row.latitude, row.longitude, row.precision, row.problem) == (*DOOR, "address", "")
    assert not geocoding.place(here.pk) and geocoding.place_missing() == 0
    neighbour = clinic("Naboen", "Aarhus C", street="Havnegade 1, st.")
    assert geocoding.place(neighbour.pk) and where(neighbour) == LOOKED_UP
    assert len(server.asked) == 1, "another floor, another clinic: the same question"


def test_nothing_is_configured(here, server, settings, django_capture_on_commit_callbacks):
    settings.GEOCODER_URL = ""
    with django_capture_on_commit_callbacks() as callbacks:
        actions.clinic_changed(clinic=now(here))
    assert not geocoding.place(here.pk) and geocoding.place_missing() == 0
    assert where(here) == AT_POSTCODE and not server.asked
    assert not [one for one in callbacks if "follow" in one.__qualname__]
    settings.GEOCODER_URL = server.url
    assert geocoding.place_missing() == 1, "it was not forgotten"


@pytest.mark.parametrize(
    ("answer", "precision"),
    [
        (place(), "address"),
        (place(road="Havne Gade"), "address"),
        (place(road="Havnegaden"), "address"),
        (place(house_number="1A"), "street"),
        (place(house_number="11"), "street"),
        (place(house_number=""), "street"),
        (place(road="", square="Havnegade"), "address"),
        (place(postcode=""), "address"),
        (place(country_code=""), "address"),
    ],
)
def test_how_exact_it_is(here, server, answer, precision):
    server.says(answer)
    assert geocoding.place(here.pk) and where(here) == (DOOR, "geocoder", precision)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (None, "kendes ikke"),
        (place(10.21, 56.16), "byttet om"),
        (place(55.605, 13.0038, country_code="se"), "ikke i Danmark"),  # Malmö
        (place(56.05, 12.69, country_code=""), "ikke i Danmark|km fra"),  # Helsingborg
        (place(0, 0), "ikke i Danmark"),
        (place(-90, 180), "ikke i Danmark"),
        (place(55.68, 12.585), "km fra 8000 Aarhus C"),
        (place(56.1944, 10.6821), "km fra 8000 Aarhus C"),
        (place(56.15, 10.30), "i havet"),
        (place(postcode="8200"), "postnummer 8200"),
        (place(road="Vestergade"), "en anden vej: Vestergade"),
        (place(road="", house_number=""), "kun byen"),
        (place(road="<script>" * 50), "en anden vej"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_reason(here, server, answer, problem):
    server.says(*([answer] if answer else []))
    assert not geocoding.place(here.pk)
    assert where(here) == AT_POSTCODE
    row = GeocodedAddress.objects.get()
    assert row.latitude is None and re.search(problem, row.problem) and len(row.problem) <= 200
    assert geocoding.place_missing() == 0 and len(server.asked) == 1, "it is not asked about day and night"


def test_over_water_is_not_next_door(server):
    """Ebeltoft's point in Aarhus's list of answers: near as the crow flies, an hour by road or ferry."""
    Postcode.objects.filter(code="8400").update(land="moensoe", latitude=56.20, longitude=10.40)
    one = clinic("Kysten", "Aarhus C", street="Havnegade 1")
    server.says(place(56.195, 10.39))
    assert not geocoding.place(one.pk)
    assert "over vand" in GeocodedAddress.objects.get().problem


def test_the_first_answer_that_fits_counts(here, server):
    server.says(place(postcode="8200"), place(road="Vestergade"), place(56.1601, 10.2101), place())
    geocoding.place(here.pk)
    assert where(here) == ((56.1601, 10.2101), "geocoder", "address")


# What moves a point, and what does not


def test_a_pin_set_by_hand_is_never_moved(here, server):
    Clinic.objects.update(location_source="hand", location_precision="address", latitude=56.158, longitude=10.212)
    assert not geocoding.place(here.pk) and geocoding.place_missing() == 0
    actions.clinic_changed(clinic=now(here))
    assert where(here) == ((56.158, 10.212), "hand", "address") and not server.asked


def test_a_pin_that_is_set_while_the_geocoder_thinks_stays(here, server):
    superuser = User.objects.create_superuser("sara")

    def slow(asked, service):
        pin.place(clinic=here, by=superuser, point=Point(56.158, 10.212))
        return looking.look_up(asked, service)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placing, "look_up", slow)
        assert not geocoding.place(here.pk)
    assert where(here) == ((56.158, 10.212), "hand", "address")


def test_an_address_that_changes_while_the_geocoder_thinks_is_not_placed_wrongly(here, server):
    def slow(asked, service):
        Clinic.objects.update(street="Bugten 2")
        return looking.look_up(asked, service)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placing, "look_up", slow)
        assert not geocoding.place(here.pk)
    assert where(here) == AT_POSTCODE and list(geocoding.missing()) == [here]


@pytest.mark.parametrize("fields", [{"is_example": True}, {"status": "closed"}, {"street": ""}])
def test_who_is_not_asked_about(here, server, fields):
    Clinic.objects.update(**fields)
    assert not geocoding.place(here.pk) and geocoding.place_missing() == 0 and not server.asked


def test_a_clinic_that_is_gone(server):
    assert tasks.geocode_clinic(4711) is False


def test_a_street_that_is_none_is_asked_about_no_more(here, server):
    Clinic.objects.update(street="2. tv.")
    assert geocoding.place_missing() == 0 and not geocoding.missing().exists() and not server.asked


def test_an_import_that_tells_nobody(here, server):
    """A bulk update of the address: beat finds it, and the old point goes even when the geocoder is away."""
    geocoding.place(here.pk)
    Clinic.objects.update(street="Bugten 2")
    server.says(status=500)
    assert geocoding.place_missing() == 0 and where(here) == AT_POSTCODE


# A geocoder that fails


def test_a_geocoder_that_is_away_is_left_alone_longer_and_longer(here, server):
    server.says(status=500)
    waits = []
    with time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False) as clock:
        for number in range(6):
            Clinic.objects.update(street=f"Havnegade {number + 1}")  # each address has its own patience
            assert tasks.geocode_clinic(here.pk) is False and len(server.asked) == number + 1
            assert tasks.geocode_clinic(here.pk) is False and geocoding.place_missing() == 0
            assert len(server.asked) == number + 1, "not now"
            wait = RateCount.objects.get(key=looking.AWAY).expires_at - timezone.now()
            waits.append(wait.total_seconds() / 60)
            clock.shift(wait)
        assert waits == [1, 5, 30, 120, 360, 360]
        server.says(place(house_number="6"))
        clock.shift(looking.SILENT)
        assert geocoding.place_missing() == 1 and where(here) == LOOKED_UP
        assert not looking.is_away() and not RateCount.objects.filter(key=looking.AWAY).exists()


def test_one_poisoned_address_does_not_keep_the_others_waiting(here, server):
    other = clinic("Den anden", "Aarhus C", street="Havnegade 1")
    Clinic.objects.filter(pk=here.pk).update(street="Giftgade 1")

    def answer(handler):
        says(handler, [place()], 500 if "Giftgade" in handler.path else 200)

    server.answer = answer
    with time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False) as clock:
        assert geocoding.place_missing() == 0
        clock.shift(datetime.timedelta(minutes=1))
        assert geocoding.place_missing() == 1 and where(other) == LOOKED_UP
        assert len(server.asked) == 2 and where(here) == AT_POSTCODE


def test_a_run_of_beat_is_short(server, monkeypatch):
    for number in range(4):
        clinic(f"Klinik {number}", "Aarhus C", street="Havnegade 1")
    assert geocoding.place_missing(most=3) == 3 and geocoding.missing().count() == 1
    monkeypatch.setattr(placing, "LONGEST", -1)
    assert geocoding.place_missing() == 0


def test_not_known_is_asked_again_after_two_months(here, server):
    server.says()
    with time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False) as clock:
        geocoding.place(here.pk)
        server.says(place())
        clock.shift(looking.NOT_KNOWN - datetime.timedelta(minutes=1))
        assert not geocoding.place(here.pk)
        clock.shift(datetime.timedelta(minutes=2))
        assert geocoding.place(here.pk) and len(server.asked) == 2


# A file instead of a server


def test_a_table_for_tests_and_demos(here, settings, tmp_path):
    path = tmp_path / "addresses.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["address", "latitude", "longitude", "precision"])
        table.writerow(["Havnegade 1, 8000 Aarhus C", 56.16, 10.21, "street"])
        table.writerow(["Bugten 2, 8000 Aarhus C", 55.0, 10.21, "address"])
    settings.GEOCODER_URL = f"file://{path}"
    assert geocoding.place(here.pk) and where(here) == (DOOR, "geocoder", "street")
    Clinic.objects.update(street="Bugten 2")
    assert geocoding.place(here.pk) and where(here) == AT_POSTCODE
    path.unlink()
    Clinic.objects.update(street="Bugten 3")
    assert tasks.geocode_clinic(here.pk) is False
    assert "filen kan ikke læses" in GeocodedAddress.objects.get(key__contains="Bugten 3").problem
