"""`/api/v1/places/`: four outcomes, always 200, always the same shape."""

import json

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.api import throttle

from .api import as_promised
from .people import places

URL = "/api/v1/places/"
PLACE = {"slug", "name", "kind", "postcodes", "latitude", "longitude", "region", "land"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def somewhere():
    places()


def asked(client: Client, **query) -> dict:
    response = client.get(URL, query)
    assert response.status_code == 200
    body = response.json()
    as_promised(client, "PlaceAnswer", body)
    assert set(body) >= {"outcome", "place", "choices", "suggestion"}
    return body


def test_a_place_that_is_found(client):
    body = asked(client, q="Århus")

    assert body["outcome"] == "found" and body["message"] is None and body["choices"] == []
    assert set(body["place"]) >= PLACE
    assert (body["place"]["slug"], body["place"]["kind"], body["place"]["land"]) == ("aarhus", "city", "jylland")
    assert body["place"]["postcodes"] == ["8000", "8200", "8260"]
    assert body["place"]["region"] == "midtjylland"


@pytest.mark.parametrize("q", ["8000", "DK-8000 Aarhus C", "Nørregade 12, 8000 Aarhus C"])
def test_a_postcode_is_a_place_of_its_own_kind(client, q):
    place = asked(client, q=q)["place"]

    assert (place["kind"], place["label"], place["postcodes"]) == ("postcode", "8000 Aarhus C", ["8000"])
    assert asked(client, q=place["query"])["place"] == place


def test_several_places_are_all_told(client):
    body = asked(client, q="8000, 8200")

    assert (body["outcome"], body["place"]) == ("ambiguous", None)
    assert [choice["postcodes"] for choice in body["choices"]] == [["8000"], ["8200"]]
    assert "Hvilket" in body["message"]


def test_a_typo_is_asked_about_and_never_used(client):
    body = asked(client, q="aahrus")

    assert (body["outcome"], body["place"], body["suggestion"]["slug"]) == ("unknown", None, "aarhus")


@pytest.mark.parametrize("q", ["8888", "Andeby"])
def test_what_we_do_not_know_is_our_fault(client, q):
    body = asked(client, q=q)

    assert (body["outcome"], body["place"], body["suggestion"]) == ("unknown", None, None)
    assert "Vi kender ikke" in body["message"]


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": " "}, {"q": "!?"}, {"q": "12"}, {"q": "a" * 201}, {"q": "\0"}])
def test_what_cannot_be_a_place(client, query):
    body = asked(client, **query)

    assert (body["outcome"], body["place"], body["choices"]) == ("invalid", None, [])
    assert body["message"]


@pytest.mark.parametrize("query", ["q=%FF%FE", "q=8000%00", "q=a&q=8000", "q=%25&x=1", "q[]=8000", "q=%F0%9F%92%A9"])
def test_odd_bytes_are_answered(client, query):
    assert client.get(f"{URL}?{query}").status_code == 200


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=250), st.from_regex(r"[0-9 ,.-]{1,40}")))
def test_any_text_has_an_answer(client, q):
    body = json.loads(client.get(URL, {"q": q.encode("utf-8", "replace")}).content)

    assert (body["outcome"] == "found") == (body["place"] is not None)
    assert (body["outcome"] == "ambiguous") == bool(body["choices"])
    assert body["outcome"] == "unknown" or body["suggestion"] is None


def test_an_answer_may_be_kept_and_nobody_is_known(client):
    response = client.get(URL, {"q": "8000"})

    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies and "Access-Control-Allow-Origin" not in response
    assert client.get(URL, {"q": "8000"}, headers={"if-none-match": response["ETag"]}).status_code == 304


def test_nothing_can_be_written(client):
    assert client.post(URL, {"q": "8000"}).status_code == 405
    assert client.head(URL, {"q": "8000"}).content == b"" and client.options(URL).status_code == 200


def test_few_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        asked_for = client.get(URL, {"q": "aahrus"})
    assert asked_for.status_code == 200


def test_who_asks_too_much_waits(client, monkeypatch):
    monkeypatch.setattr(throttle, "A_MINUTE", 2)
    answers = [client.get(URL, {"q": "8000"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = json.loads(answers[-1].content)
    assert answers[-1]["Content-Type"] == "application/problem+json" and answers[-1]["Retry-After"] == "60"
    assert (refused["status"], refused["title"]) == (429, "For mange forespørgsler")
    assert client.get(URL, {"q": "8000"}, REMOTE_ADDR="192.0.2.7").status_code == 200  # somebody else
