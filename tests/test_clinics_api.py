"""`/api/v1/clinics/`: the page's list as JSON, errors as problems, and one clinic with all it states."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.api.parameters import PAGE_ONLY, PARAMETERS
from clinics.clock import today
from clinics.filters import SearchForm, forget
from clinics.models import Clinic, ClinicSpeciality, Condition, OpeningException, SlugHistory

from .api import as_promised, refused
from .full_clinic import a_full_clinic
from .people import clinic, condition, indexed_together, places, speciality, treatment
from .test_profile_queries import make
from .worlds import kept

URL = "/api/v1/clinics/"
HIT = {
    *("slug", "name", "url", "address", "postcode", "town", "latitude", "longitude", "location_precision"),
    *("distance_km", "over_water", "group", "matches", "specialities", "treatments", "phone", "price_first"),
    *("price_follow_up", "rating", "review_count", "is_example", "confirmed_at"),
}

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str = "") -> dict:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.content
    body = response.json()
    as_promised(client, "ClinicPage", body)
    return body


def slugs(body: dict) -> list[str]:
    return [one["slug"] for one in body["results"]]


@kept
def directory() -> None:
    """Clinics here and across the water, with and without everything that can be asked for."""
    places()
    back = condition("Ondt i ryggen", {"Ryg": 3, "Muskel": 2})
    Condition.objects.create(slug="rygpine", name="Rygpine", merged_into=back)
    condition("Knæskade", {"Knæ": 3}, care_gate="Spørg lægen først.")
    condition("Ukendt", {})
    treatment("Massage")
    towns = (
        "Aarhus C",
        "Aarhus N",
        "Randers",
        "Silkeborg",
        "Ebeltoft",
        "Aalborg",
        "Odense C",
        "Kalundborg",
        "Rønne",
    )
    with indexed_together():
        for number, town in enumerate(towns * 3):
            clinic(
                f"Klinik {number:02}",
                town,
                specialities=[["Ryg"], ["Muskel", "Knæ"], [], ["Ryg", "Knæ"]][number % 4],
                treatments=["Massage"] if number % 2 else [],
                price=None if number % 4 == 3 else 400 + 10 * number,
                has_ydernummer=[True, False, None][number % 3],
                step_free=number % 2 == 0,
                lift=number % 5 == 0,
                languages=["da", "en"] if number % 3 == 0 else None,
                insurers=["tryg"] if number % 4 == 0 else None,
                waiting_days=number,
                waiting_stated_on=today(),
                confirmed_at=today() if number % 2 else None,
            )
    forget()


# English query → the page's own.
SAME = {
    "": "",
    "place=8000": "sted=8000",
    "place=Aarhus": "sted=Aarhus",
    "place=aarhus+n": "sted=aarhus+n",
    "place=4400": "sted=4400",
    "place=3700": "sted=3700",
    "page=2": "side=2",
    "has_ydernummer=false&page=2": "side=2",
    "condition=ondt-i-ryggen": "tilstand=ondt-i-ryggen",
    "condition=ondt-i-ryggen&place=8000": "tilstand=ondt-i-ryggen&sted=8000",
    "condition=knaeskade&place=8000": "tilstand=knaeskade&sted=8000",
    "condition=ukendt&place=8000": "tilstand=ukendt&sted=8000",
    "speciality=ryg": "speciale=ryg",
    "speciality=ryg&speciality=knae": "speciale=ryg&speciale=knae",
    "speciality=muskel&place=5000": "speciale=muskel&sted=5000",
    "treatment=massage&place=8000": "behandling=massage&sted=8000",
    "speciality=ryg&treatment=massage&place=8900": "speciale=ryg&behandling=massage&sted=8900",
    "place=8000&radius_km=2": "sted=8000&radius=2",
    "place=8000&radius_km=25": "sted=8000&radius=25",
    "place=8000&radius_km=50": "sted=8000&radius=50",
    "place=8000&radius_km=10&radius_only=true": "sted=8000&radius=10&kun_radius=ja",
    "place=3700&radius_km=5&radius_only=true": "sted=3700&radius=5&kun_radius=ja",
    "place=3700&radius_km=5&radius_only=false": "sted=3700&radius=5",
    "place=8000&max_price=450": "sted=8000&pris_max=450",
    "max_price=1": "pris_max=1",
    "max_waiting_days=5": "ventetid_max=5",
    "place=8000&max_waiting_days=0": "sted=8000&ventetid_max=0",
    "has_ydernummer=true": "ydernummer=ja",
    "has_ydernummer=false": "",
    "place=8000&has_ydernummer=true&condition=ondt-i-ryggen": "sted=8000&ydernummer=ja&tilstand=ondt-i-ryggen",
    "access=niveaufri": "adgang=niveaufri",
    "access=niveaufri&access=elevator": "adgang=niveaufri&adgang=elevator",
    "language=en": "sprog=en",
    "language=en&language=ar&place=8000": "sprog=en&sprog=ar&sted=8000",
    "insurer=tryg": "forsikring=tryg",
    "insurer=tryg&place=9000": "forsikring=tryg&sted=9000",
    "confirmed=true": "bekraeftet=ja",
    "confirmed=true&place=8400": "bekraeftet=ja&sted=8400",
    "open=aften": "aaben=aften",
    "format=hold&place=8000": "form=hold&sted=8000",
    "fact=akut": "fakta=akut",
    "place=8000&sort=distance": "sted=8000",
    "place=8000&sort=price": "sted=8000&sorter=pris",
    "condition=ondt-i-ryggen&place=8000&sort=match": "tilstand=ondt-i-ryggen&sted=8000&sorter=match",
    "sort=waiting_time&radius_km=50&place=8900": "sorter=ventetid&radius=50&sted=8900",
    "place=3700&access=elevator&format=online&filters_only=true": "sted=3700&adgang=elevator&form=online&kun_filtre=ja",
    "place=8000&unheard=of": "sted=8000",
}


def test_page_and_api_give_the_same_clinics_in_the_same_order(client, directory):
    assert len(SAME) >= 40
    found = 0
    for english, danish in SAME.items():
        page = client.get(f"/find/fysioterapeut/?{danish}").content.decode()
        shown = list(dict.fromkeys(re.findall(r'href="/klinik/([a-z0-9-]+)/', page)))
        assert slugs(listed(client, english)) == shown, english
        found += len(shown)
    assert found > 200


def test_every_field_of_the_form_has_an_english_name():
    named = {parameter.name for parameter in PARAMETERS.values()}
    assert set(SearchForm().fields) - PAGE_ONLY <= named


def test_a_clinic_of_the_list_has_the_promised_shape(client, directory):
    body = listed(client, "condition=ondt-i-ryggen&place=8000")

    assert set(body) >= {"count", "next", "previous", "place", "condition", "widened", "relaxed", "results"}
    first = body["results"][0]
    assert set(first) >= HIT
    assert (first["slug"], first["url"]) == ("klinik-00", "http://testserver/klinik/klinik-00/")
    assert (first["matches"], first["group"], first["over_water"]) == (["Ryg"], "matching", False)
    assert (first["price_first"], first["rating"], first["review_count"]) == (400, None, 0)
    assert first["specialities"] == [{"slug": "ryg", "name": "Ryg"}] and first["treatments"] == []
    assert first["distance_km"] == 0
    assert body["place"]["label"] == "8000 Aarhus C"
    assert body["condition"]["slug"] == "ondt-i-ryggen"
    assert client.get(body["condition"]["url"]).json()["slug"] == "ondt-i-ryggen"


def test_who_has_stated_nothing_stands_in_a_group_of_its_own(client, directory):
    body = listed(client, "speciality=ryg&place=8000")

    groups = [one["group"] for one in body["results"]]
    assert set(groups) == {"matching", "specialities_not_stated"} and groups == sorted(groups)
    assert all(not one["specialities"] for one in body["results"] if one["group"] != "matching")


def test_what_is_not_stated_is_null(client):
    clinic("Bar", "Aarhus C", phone="")

    (one,) = listed(client)["results"]

    unknown = ("address", "phone", "price_first", "price_follow_up", "has_ydernummer", "waiting_days", "confirmed_at")
    assert [one[name] for name in (*unknown, "distance_km")] == [None] * 8


def test_a_search_that_had_to_look_further_says_so(client, directory):
    assert listed(client, "place=8000&radius_km=25")["widened"] is None
    assert listed(client, "place=3700&radius_km=5&speciality=ryg")["widened"] == {"from": 5, "to": "country"}
    assert listed(client, "place=8400&speciality=ryg")["widened"]["from"] == 10


def test_a_gate_comes_along(client, directory):
    assert listed(client, "condition=knaeskade")["gates"] == ["Spørg lægen først."]
    assert listed(client)["gates"] == []


def test_a_merged_condition_is_the_one_it_became(client, directory):
    assert listed(client, "condition=rygpine")["condition"]["slug"] == "ondt-i-ryggen"


def test_pages_are_linked_and_keep_the_search(client, directory):
    first = listed(client, "sort=distance&has_ydernummer=false")
    second = client.get(first["next"]).json()

    assert (first["count"], len(first["results"]), first["previous"]) == (27, 20, None)
    assert "sort=distance" in first["next"] and "page=2" in first["next"]
    assert second["next"] is None and len(second["results"]) == 7
    assert not set(slugs(first)) & set(slugs(second))
    again = client.get(second["previous"]).json()
    assert slugs(again) == slugs(first)
    refused(client, f"{URL}?page=3", 404)


def test_nobody_has_a_rating_without_reviews(client, directory):
    body = listed(client, "min_rating=4&place=8000&filters_only=true")

    assert (body["count"], body["results"], body["next"]) == (0, [], None)
    assert body["place"]["label"] == "8000 Aarhus C"
    assert listed(client, "min_rating=4&place=8000")["relaxed"] == "min_rating"


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("condition=findes-ikke", "condition", "unknown"),
        ("condition=%00", "condition", "null_characters_not_allowed"),
        ("speciality=findes-ikke", "speciality", "invalid_choice"),
        ("speciality=ryg&speciality=findes-ikke", "speciality", "invalid_choice"),
        ("treatment=%27", "treatment", "invalid_choice"),
        ("place=8888", "place", "unknown"),
        ("place=!", "place", "invalid"),
        ("place=8000,8200", "place", "ambiguous"),
        (f"place={'a' * 121}", "place", "max_length"),
        ("radius_km=7", "radius_km", "invalid_choice"),
        ("radius_km=-5", "radius_km", "invalid_choice"),
        ("radius_km=NaN", "radius_km", "invalid_choice"),
        ("radius_only=maybe", "radius_only", "invalid_choice"),
        ("max_price=NaN", "max_price", "invalid"),
        ("max_price=-1", "max_price", "min_value"),
        ("max_price=1e9", "max_price", "max_value"),
        ("max_price=dyrt", "max_price", "invalid"),
        ("max_waiting_days=1.5", "max_waiting_days", "invalid"),
        ("min_rating=6", "min_rating", "max_value"),
        ("min_rating=NaN", "min_rating", "invalid"),
        ("has_ydernummer=1", "has_ydernummer", "invalid_choice"),
        ("access=rutsjebane", "access", "invalid_choice"),
        ("language=xx", "language", "invalid_choice"),
        ("sort=magic", "sort", "invalid_choice"),
        ("sort=pris", "sort", "invalid_choice"),
        ("page=0", "page", "min_value"),
        ("page=to", "page", "invalid"),
        ("page=99999999999999999999", "page", "max_value"),
    ],
)
def test_an_invalid_value_is_named_in_words_and_for_machines(client, directory, query, name, code):
    body = refused(client, f"{URL}?{query}", 400)

    assert list(body["errors"]) == [name] and all(body["errors"][name])
    assert code in body["codes"][name]
    assert body["detail"] and body["instance"] == URL  # never the query: it says what hurts


def test_every_wrong_parameter_is_named_at_once(client, directory):
    body = refused(client, f"{URL}?page=0&place=8888&sort=x", 400)

    assert set(body["errors"]) == {"page", "place", "sort"}


@settings(max_examples=80)
@given(
    st.dictionaries(
        st.sampled_from([*PARAMETERS, "q"]),
        st.lists(
            st.one_of(
                st.text(max_size=30),
                st.integers().map(str),
                st.floats().map(str),
                st.sampled_from(["8000", "ryg", "true", "%", "_", "' OR 1=1 --", "a" * 500, "distance", "\0"]),
            ),
            max_size=3,
        ),
        max_size=4,
    )
)
def test_any_query_is_answered(client, query):
    encoded = {name: [value.encode("utf-8", "replace") for value in values] for name, values in query.items()}
    response = client.get(URL, encoded)
    assert response.status_code in (200, 400, 404)
    assert "results" in json.loads(response.content) or json.loads(response.content)["detail"]


def test_odd_addresses_are_no_crash(client, directory):
    refused(client, f"{URL}?{'&'.join(f'x{n}=1' for n in range(1001))}", 400)
    refused(client, f"{URL}?{'&'.join('speciality=a' for _ in range(800))}", 400)
    assert client.get(f"{URL}?place=%FF%FE").status_code == 400


@pytest.mark.parametrize("path", ["findes-ikke/", "%00/", "æ/", "a/b/", "kladde/"])
def test_what_is_not_there(client, path):
    clinic("Kladde", "Aarhus C", status="draft")
    refused(client, f"{URL}{path}", 404)


def test_hidden_clinics_are_in_no_list(client):
    for status in Clinic.Status.values:
        clinic(status.capitalize(), "Aarhus C", status=status)
    assert slugs(listed(client)) == ["published"]


def test_a_closed_clinic_is_gone_and_a_renamed_one_leads_on(client):
    clinic("Lukket", "Aarhus C", status="closed")
    made = clinic("Ny", "Aarhus C")
    SlugHistory.objects.create(kind=SlugHistory.Kind.CLINIC, slug="gammel", object_id=made.pk)

    assert refused(client, f"{URL}lukket/", 410)["title"] == "Findes ikke længere"
    response = client.get(f"{URL}gammel/")
    assert (response.status_code, response["Location"]) == (301, f"{URL}ny/")


def test_one_clinic_tells_all_it_states(client):
    made = a_full_clinic()
    ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Fod"), basis="suggested")
    OpeningException.objects.create(clinic=made, first_day=today(), last_day=today(), note="Kursus")
    old = today() - datetime.timedelta(days=9)
    OpeningException.objects.create(clinic=made, first_day=old, last_day=old)

    response = client.get(f"{URL}ryggen/")
    body = response.json()

    as_promised(client, "Clinic", body)
    assert (body["address"], body["address_extra"], body["postcode"]) == ("Eksempelvej 12B", "2. tv.", "8000")
    assert body["access"] == {
        "step_free": True,
        "lift": False,
        "accessible_toilet": None,
        "parking": True,
        "hearing_loop": None,
        "note": "Indgang fra gården. Bus 1A standser ved døren.",
    }
    assert body["languages"] == [{"code": "da", "name": "dansk"}, {"code": "en", "name": "engelsk"}]
    assert body["insurers"] is None and body["acute_appointments"] is None and body["online"] is False
    assert [(price["kind"], price["amount"]) for price in body["prices"]] == [
        ("first", 550),
        ("follow_up", 420),
        ("package", 3800),
    ]
    assert [one["slug"] for one in body["specialities"]] == [
        "ryg",
        "knae",
        "ryg",
    ]  # what is only suggested is nobody's word
    assert [one["person"] for one in body["specialities"]] == [None, None, "Mette Eksempel"]
    assert [hours["weekday"] for hours in body["opening_hours"]] == [1, 2, 3, 4, 5]
    assert [one["note"] for one in body["opening_exceptions"]] == ["Kursus"]
    assert body["sources"]["prices"]["stated_on"] == "2026-11-03"
    (mette,) = body["people"]
    assert mette["name"] == "Mette Eksempel" and not {"gender", "authorisation_id"} & set(mette)
    assert "09YM8" not in response.content.decode()
    assert client.get(body["url"]).status_code == 200


def test_a_bare_clinic_states_nothing_and_says_so(client):
    clinic("Bar", "Aarhus C", phone="")

    body = client.get(f"{URL}bar/").json()

    as_promised(client, "Clinic", body)
    assert all(body[name] is None for name in ("phone", "languages", "insurers", "waiting", "has_ydernummer", "about"))
    assert (body["prices"], body["people"], body["open_state"]["kind"]) == ([], [], "unknown")


def test_what_says_whether_it_is_open_is_not_kept_by_others(client, directory):
    for url in (URL, f"{URL}klinik-00/"):
        response = client.get(url)
        assert response["Cache-Control"] == "private, max-age=60"
        assert not response.cookies and "Access-Control-Allow-Origin" not in response
        assert client.get(url, headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(directory, method):
    for url in (URL, f"{URL}klinik-00/"):
        response = getattr(Client(enforce_csrf_checks=True), method)(url, {"name": "x"})
        assert response.status_code == 405 and "POST" not in response["Allow"]


@pytest.mark.parametrize("number", [1, 100])
def test_queries_do_not_grow(client, number):
    places()
    make(number)
    for clinic_number in range(number if number > 1 else 0):
        clinic(f"Flere {clinic_number}", "Aarhus C")
    # As many as the page, and one that counts how often somebody asks; a filter that is relaxed costs two more.
    near = f"{URL}?place=8000&condition=tilstand-0"
    urls = {near: 6, f"{near}&treatment=behandling-0&access=elevator": 7, f"{URL}ryggen/": 8}
    for url, most in urls.items():
        client.get(url)  # what a process remembers
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) <= most, [one["sql"][:90] for one in asked]
