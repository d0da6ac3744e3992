"""The feed: what is public, with the right dates, and nothing that a reader of feeds would choke on."""

import datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from articles.models import Article

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def article(slug: str, **fields) -> Article:
    fields = {"title": slug.capitalize(), "name": slug, "status": "published"} | fields
    return Article.objects.bulk_create([Article(slug=slug, **fields)])[0]


def entries(client) -> list[dict[str, str]]:
    response = client.get("/feed.xml")
    assert response.status_code == 200
    found = ElementTree.fromstring(response.content).findall("a:entry", ATOM)  # noqa: S314  # our own
    return [
        {
            "title": entry.findtext("a:title", namespaces=ATOM),
            "link": entry.find("a:link", ATOM).get("href"),
            "summary": entry.findtext("a:summary", namespaces=ATOM),
            "published": entry.findtext("a:published", namespaces=ATOM),
            "updated": entry.findtext("a:updated", namespaces=ATOM),
        }
        for entry in found
    ]


def test_an_entry_says_what_when_and_where(client, settings):
    settings.SITE_URL = "https://fysfinder.example"
    article(
        "iskias",
        title="Iskias & <b>ischias</b>",
        description="Gør ondt < & >.",
        published_on=datetime.date(2026, 1, 2),
        updated_on=datetime.date(2026, 7, 3),
    )
    (entry,) = entries(client)
    assert entry == {
        "title": "Iskias & <b>ischias</b>",
        "link": "https://fysfinder.example/ordbog/iskias/",
        "summary": "Gør ondt &lt; &amp; &gt;.",
        "published": "2026-01-02T00:00:00+01:00",
        "updated": "2026-07-03T00:00:00+02:00",
    }


def test_the_latest_first_and_fifty_at_most(client):
    for number in range(60):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=number)
        article(f"a-{number:02}", published_on=datetime.date(2025, 1, 1), updated_on=day)
    article("uden-dato")
    found = [entry["title"] for entry in entries(client)]
    assert found == [f"A-{number:02}" for number in range(59, 9, -1)]


@pytest.mark.parametrize("status", ["draft", "review", "ready", "archived"])
def test_only_what_is_published(client, status):
    article("en")
    article("anden", status=status)
    assert [entry["title"] for entry in entries(client)] == ["En"]


def test_a_scheduled_article_is_there_when_its_time_has_come_and_is_new_then(client):
    due = datetime.datetime(2026, 11, 3, 9, tzinfo=datetime.UTC)
    article("gammel", published_on=datetime.date(2026, 11, 1))
    article("planlagt", status="ready", publish_at=due, published_on=datetime.date(2026, 1, 1))
    with time_machine.travel(due - datetime.timedelta(minutes=1), tick=False):
        assert [entry["title"] for entry in entries(client)] == ["Gammel"]
    with time_machine.travel(due, tick=False):
        assert [entry["title"] for entry in entries(client)] == ["Planlagt", "Gammel"]


def test_what_it_is_and_when_it_changed(client):
    article("en", updated_on=datetime.date(2026, 7, 3))
    response = client.get("/feed.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Last-Modified"] == "Thu, 02 Jul 2026 22:00:00 GMT"  # midnight in Denmark
    again = client.get("/feed.xml", headers={"If-Modified-Since": response["Last-Modified"]})
    assert again.status_code == 304
    assert client.head("/feed.xml").status_code == 200 and client.post("/feed.xml").status_code == 405


def test_an_empty_feed_is_a_feed(client):
    assert entries(client) == []


def test_what_xml_cannot_hold_is_left_out(client):
    article("en", title="A\x0bB\x1f", description="C\x08\tD\ud7ff", imported_at=timezone.now())
    (entry,) = entries(client)
    assert (entry["title"], entry["summary"].replace("\t", " ")) == ("AB", "C D\ud7ff")


def test_one_query(client, django_assert_num_queries):
    for number in range(20):
        article(f"a-{number}")
    with django_assert_num_queries(1):
        client.get("/feed.xml")


@pytest.mark.parametrize("address", ["/ordbog/", "/ordbog/en/"])
def test_pages_say_where_the_feed_is(client, address):
    Article.objects.create(slug="en", title="En", body="Tekst.", status="published")
    head = client.get(address).content.decode().split("</head>")[0]
    assert '<link rel="alternate" type="application/atom+xml"' in head and 'href="/feed.xml"' in head


def test_a_date_in_year_one_is_no_date(client):
    """Such dates came in with old files; neither file nor form takes one now."""
    article("en", published_on=datetime.date(1, 1, 1))
    assert [(entry["title"], entry["updated"]) for entry in entries(client)] == [("En", None)]
