"""`/sitemap.xml`: what search engines may know, no more, and every address of it answers."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from clinics.models import Clinic, Speciality
from fysfinder import sitemaps

from .people import clinic, places, speciality
from .worlds import kept

pytestmark = pytest.mark.django_db
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200 and response["Content-Type"] == "application/xml"
    return ElementTree.fromstring(response.content)  # noqa: S314  our own


def listed(client) -> dict[str, str]:
    """Every address of every file, without the host, with its lastmod ("" for none)."""
    found: dict[str, str] = {}
    for file in read(client, "/sitemap.xml").iter(f"{NS}loc"):
        for url in read(client, path(file.text)).iter(f"{NS}url"):
            found[path(url.findtext(f"{NS}loc"))] = url.findtext(f"{NS}lastmod") or ""
    return found


def path(address: str | None) -> str:
    assert address and address.startswith(f"{settings.SITE_URL}/")
    return address.removeprefix(settings.SITE_URL)


def article(slug: str, **fields) -> Article:
    return Article.objects.create(slug=slug, title=slug.title(), body="Kort.\n\n## Hvad\n\nSvar.\n", **fields)


@kept(autouse=True)
def denmark():
    places()


@kept
def directory():
    today = datetime.date.today()
    stated = {"has_ydernummer": True, "waiting_days": 3, "waiting_stated_on": today}
    for number, name in enumerate(("Et", "To", "Tre")):
        clinic(name, "Aarhus C", specialities=["Knæ"], price=400 + number, **stated)
    for name in ("Fire", "Fem", "Seks"):
        clinic(name, "Randers", specialities=["Knæ"], is_example=True, price=400, **stated)
    clinic("Kladden", "Aarhus C", status="draft")
    clinic("Den lukkede", "Aarhus C", status="closed")
    clinic("Alene", "Aalborg", specialities=["Ryg"])
    article("iskias", status="published")
    article("kladde", status="draft")


def test_it_lists_what_may_be_indexed_and_nothing_else(client, directory):
    found = listed(client)
    clinics = {address for address in found if address.startswith("/klinik/")}
    assert clinics == {"/klinik/et/", "/klinik/to/", "/klinik/tre/", "/klinik/alene/"}
    assert {address for address in found if address.startswith("/find/")} == {
        f"/find/fysioterapeut/aarhus/{about}" for about in ("", "knae/")
    }, "of places with the very same clinics one alone"
    assert {"/", "/ordbog/", "/ordbog/iskias/", "/specialer/", "/specialer/knae/", "/henvisning/"} <= set(found)
    assert "/ordbog/kladde/" not in found


def test_every_address_answers_and_is_its_own(client, directory):
    for address in listed(client):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 200, address
        assert "noindex" not in page.split("</head>")[0] and "X-Robots-Tag" not in response, address
        canonical = re.search(r'<link rel="canonical" href="([^"]*)">', page)
        assert canonical is None or path(canonical[1]) == address


def test_a_page_that_is_left_out_says_so_itself(client, directory):
    """The rule is written once: what has a landing page and is not listed is noindex."""
    found = listed(client)
    for place in ("aarhus", "aarhus-c", "viby-j", "randers", "aalborg"):
        for about in ("", "knae/", "ryg/"):
            address = f"/find/fysioterapeut/{place}/{about}"
            head = client.get(address).content.decode().split("</head>")[0]
            assert ("noindex" in head) == (address not in found), address


def test_the_day_of_the_last_change(client, directory):
    moment = datetime.datetime(2026, 5, 1, 10, tzinfo=datetime.UTC)
    Clinic.objects.update(updated_at=moment)
    Clinic.objects.filter(slug="to").update(updated_at=moment + datetime.timedelta(days=2))
    Article.objects.filter(slug="iskias").update(published_on="2026-01-02", updated_on="2026-03-04")
    Speciality.objects.filter(slug="knae").update(edited_at=moment)
    found = listed(client)
    assert found["/klinik/et/"] == "2026-05-01T12:00:00+02:00"
    assert found["/find/fysioterapeut/aarhus/knae/"] == found["/klinik/to/"] == "2026-05-03T12:00:00+02:00"
    assert found["/ordbog/iskias/"] == "2026-03-04"
    assert found["/specialer/knae/"] == "2026-05-01T12:00:00+02:00"
    assert found["/"] == found["/specialer/ryg/"] == "", "nobody knows"


def test_it_is_never_stale(client, directory):
    assert "/klinik/et/" in listed(client)
    Clinic.objects.filter(slug="et").update(status="closed")
    Article.objects.update(status="archived")
    found = listed(client)
    assert not {"/klinik/et/", "/ordbog/iskias/", "/find/fysioterapeut/aarhus/"} & set(found)


def test_a_landing_page_leaves_with_its_waiting_times(client, time_machine):
    time_machine.move_to("2026-06-01 12:00 +0200", tick=False)
    for name in ("Et", "To", "Tre"):
        clinic(name, "Aarhus C", price=400, waiting_days=3, waiting_stated_on=datetime.date(2026, 6, 1))
    assert "/find/fysioterapeut/aarhus/" in listed(client)
    time_machine.move_to("2026-08-01 12:00 +0200", tick=False)
    assert "/find/fysioterapeut/aarhus/" not in listed(client)


def test_large_files_are_cut(client, directory, monkeypatch):
    whole = listed(client)
    monkeypatch.setattr(sitemaps, "MOST", 2)
    files = [path(file.text) for file in read(client, "/sitemap.xml").iter(f"{NS}loc")]
    assert "/sitemap-klinikker-2.xml" in files and "/sitemap-klinikker-3.xml" not in files
    assert all(len(list(read(client, file))) <= 2 for file in files)
    assert listed(client) == whole


@pytest.mark.parametrize("file", ["klinikker-0", "klinikker-2", "ukendt-1", "artikler-99999999999999999999"])
def test_a_file_that_is_not_there(client, directory, file):
    assert client.get(f"/sitemap-{file}.xml").status_code == 404


def test_an_empty_directory_lists_its_own_pages_alone(client):
    files = [path(file.text) for file in read(client, "/sitemap.xml").iter(f"{NS}loc")]
    assert files == ["/sitemap-sider-1.xml"]


def test_specialities_do_not_share_a_clinic_twice(client):
    """A clinic with two of the numbers of an official speciality is one clinic of it."""
    official = speciality("Sportsfysioterapi")
    focus = speciality("Sport og løb")
    Speciality.objects.filter(pk=focus.pk).update(parent=official, kind="focus")
    for number in range(2):
        clinic(
            f"Nr {number}",
            "Aarhus C",
            specialities=["Sportsfysioterapi", "Sport og løb"],
            price=400,
            has_ydernummer=True,
        )
    clinic("Nr 3", "Aarhus C", price=400, has_ydernummer=True)
    found = listed(client)
    assert "/find/fysioterapeut/aarhus/" in found and "/find/fysioterapeut/aarhus/sportsfysioterapi/" not in found


def test_each_file_costs_the_same_whatever_it_lists(client, directory):
    client.get("/sitemap.xml")
    for name in ("klinikker", "steder", "artikler", "specialer"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/sitemap-{name}-1.xml")
        assert len(queries) <= 3, name


def test_robots_name_it(client):
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text.splitlines()
    assert "Disallow: /*?" in text.splitlines()
