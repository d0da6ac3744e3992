"""Geocoders over a real connection: what is asked, and every way in which a server can answer badly."""

import time

import pytest

from clinics.geocoding import geocoders, looking
from clinics.geocoding.asked import Asked
from clinics.geocoding.geocoders import Found, UnansweredError
from clinics.models import GeocodedAddress, RateCount
from fysfinder.checks import check_geocoder

from . import machine
from .geocoder import open_geocoder, place, says
from .people import postcode

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def server(settings):
    with open_geocoder() as server:
        settings.GEOCODER_URL, settings.GEOCODER_PAUSE = server.url, 0.0
        yield server


def havnegade() -> Asked:
    return Asked("Havnegade", "1", postcode("Aarhus C"))


def find() -> list[Found]:
    return geocoders.geocoder().find(havnegade())


@pytest.mark.django_db
def test_what_nominatim_is_asked(server, settings):
    settings.SITE_URL = "https://fysfinder.example"
    settings.GEOCODER_URL = f"{server.url}/nominatim/?email=post@fysfinder.example"
    server.says(place())
    assert find() == [Found(56.16, 10.21, "Havnegade", "1", "8000", "dk")]
    (asked,) = server.asked
    assert asked.path == "/nominatim/search"
    assert asked.agent == "FysFinder/1 (+https://fysfinder.example)"
    wanted = {"q": "Havnegade 1, 8000 Aarhus C, Danmark", "countrycodes": "dk", "addressdetails": "1", "format": "json"}
    assert wanted | {"email": "post@fysfinder.example"} == {
        name: value for name, value in asked.query.items() if name not in ("limit", "accept-language")
    }
    assert "fysfinder.example" not in geocoders.geocoder().name, "no mail address in the cache"


@pytest.mark.django_db
def test_photon(server, settings):
    settings.GEOCODER_URL = server.url.replace("nominatim", "photon")
    told = {"housenumber": "1", "street": "Havnegade", "postcode": "8000", "countrycode": "DK", "type": "house"}
    street = {"name": "Havnegade", "countrycode": "DK", "type": "street"}
    features = [{"geometry": {"coordinates": [10.21, 56.16]}, "properties": one} for one in (told, street)]
    server.answer = lambda handler: says(handler, {"features": features})
    assert find() == [
        Found(56.16, 10.21, "Havnegade", "1", "8000", "dk"),
        Found(56.16, 10.21, "Havnegade", "", "", "dk"),
    ]
    assert server.asked[0].path == "/api" and server.asked[0].query["q"] == "Havnegade 1, 8000 Aarhus C, Danmark"


NONSENSE = {
    "html": lambda server: server.says(b"<html>Log in", kind="text/html"),
    "html that says it is json": lambda server: server.writes(OK + b"\r\n<html>"),
    "not json": lambda server: server.writes(OK + b"\r\n[{"),
    "deep": lambda server: server.writes(OK + b"\r\n" + b"[" * 100_000),
    "a number": lambda server: server.writes(OK + b"\r\n7"),
    "a text": lambda server: server.writes(OK + b'\r\n"hej"'),
    "an object": lambda server: server.writes(OK + b'\r\n{"error": "nej"}'),
    "empty": lambda server: server.writes(OK + b"\r\n"),
    "no bytes at all": lambda server: server.writes(b""),
    "not http": lambda server: server.writes(b"SSH-2.0-OpenSSH\r\n"),
    "half": lambda server: server.writes(OK + b"Content-Length: 500\r\n\r\n[]"),
    "huge": lambda server: server.writes(OK + b"\r\n[" + b" " * 600_000 + b"]"),
    "huge, it says": lambda server: server.writes(OK + b"Content-Length: 99999999999\r\n\r\n[" + b" " * 600_000 + b"]"),
    "no point": lambda server: server.says({"address": {}}),
    "no address": lambda server: server.says({"lat": "56.1", "lon": "10.2"}),
    "words for numbers": lambda server: server.says(place("her", "der")),
    "nan": lambda server: server.says(place("NaN", "NaN")),
    "endless": lambda server: server.says(place("Infinity", "10")),
    "beyond the pole": lambda server: server.says(place("560", "10")),
    "null": lambda server: server.says(None),
    "binary": lambda server: server.writes(OK + b"\r\n\xff\xfe\x00"),
    **{
        f"HTTP {status}": lambda server, status=status: server.says(status=status)
        for status in (204, 400, 401, 403, 404, 429, 500, 502, 503, 504)
    },
    "a redirect": lambda server: server.writes(
        f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{server.port}/andet\r\nContent-Length: 0\r\n\r\n".encode()
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", NONSENSE)
def test_an_answer_that_is_none(server, kind):
    NONSENSE[kind](server)
    with pytest.raises(UnansweredError) as told:
        looking.look_up(havnegade(), geocoders.geocoder())
    assert len(server.asked) == 1, "nobody is followed, and nobody is asked twice"
    row = GeocodedAddress.objects.get()
    assert row.latitude is None and row.problem == f"Intet svar: {told.value}" and len(row.problem) < 200
    assert "<html>" not in row.problem and looking.is_away()


@pytest.mark.django_db
def test_nobody_at_home(settings, server):
    settings.GEOCODER_URL = "nominatim+http://127.0.0.1:1"
    with pytest.raises(UnansweredError, match="GeocoderUnavailable"):
        find()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "begun", [b"", b"HTTP/1.1 200 OK\r\nX: ", OK + b"\r\n[", OK + b"Content-Length: 9999999\r\n\r\n["]
)
def test_a_server_that_drips_is_left_in_time(server, settings, begun):
    """Each byte comes soon enough; all of them together never end."""
    settings.GEOCODER_TIMEOUT = 0.3
    server.drips(begun, b"x")
    slow, began = machine.slowness(), time.monotonic()
    with pytest.raises(UnansweredError):
        find()
    assert time.monotonic() - began < 5 * slow


@pytest.mark.django_db
def test_a_server_that_is_silent_is_left_in_time(server, settings):
    settings.GEOCODER_TIMEOUT = 0.3
    server.answer = lambda handler: handler.rfile.read(1)
    with pytest.raises(UnansweredError, match="TimedOut"):
        find()


@pytest.mark.django_db
def test_a_geocoder_that_asks_us_to_wait(server):
    server.writes(b"HTTP/1.1 429 Too Many\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(UnansweredError) as told:
        looking.look_up(havnegade(), geocoders.geocoder())
    assert told.value.wait == 7200
    away = RateCount.objects.get(key=looking.AWAY)
    assert (away.expires_at - looking.clock.now()).total_seconds() > 7000


# GEOCODER_URL


@pytest.mark.parametrize(
    "url", ["", " ", "nominatim+https://n.example", "photon+https://p.example/x", "file:///tmp/x.csv"]
)
def test_what_the_setting_may_be(settings, url):
    settings.GEOCODER_URL = url
    assert check_geocoder() == []


@pytest.mark.parametrize(
    "url",
    [
        *("https://nominatim.example", "google+https://g.example", "nominatim", "nominatim+ftp://n.example", "ja"),
        *("nominatim+https://", "nominatim+https://me:secret@n.example", "nominatim+https://n.example:99999"),
        *("photon+https://p.example?key=1", "file://addresses.csv", "file:", "nominatim+https://n.example/#x"),
    ],
)
def test_what_it_may_not_be_is_told_at_the_start(settings, url):
    settings.GEOCODER_URL = url
    (error,) = check_geocoder()
    assert error.id == "fysfinder.E004" and "GEOCODER_URL" in error.msg and "secret" not in error.msg
