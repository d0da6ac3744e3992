"""`/api/v1/conditions/`: the shape that others rely on, the red flags of the cards, problems instead of pages of errors."""

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from articles.models import Article
from clinics.care import care_cards
from clinics.models import BodyRegion, Condition, ConditionMatch, RedFlag

from .api import as_promised, refused
from .people import condition, speciality, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/api/v1/conditions/"
SHAPE = {
    "slug": str,
    "name": str,
    "synonyms": list,
    "body_region": str,
    "care_gate": (str, type(None)),
    "specialities": list,
    "treatments": list,
    "red_flags": list,
    "article": (str, type(None)),
}


def flag(key: str, urgency: str, **fields) -> RedFlag:
    return RedFlag.objects.create(key=key, urgency=urgency, text=f"{key} …", group="x", **fields)


@kept
def back() -> Condition:
    """A condition with flags of its own and of its region, matches of both kinds, and an article."""
    region = BodyRegion.objects.create(slug="ryg-og-nakke", name="Ryg og nakke")
    general = BodyRegion.objects.create(slug="hele-kroppen", name="Hele kroppen")
    general.red_flags.add(flag("livsfare", "112"))
    region.red_flags.add(flag("akut-ryg", "doctor_now"), flag("mild-ryg", "own_doctor"))
    made = condition("Ondt i ryggen", {"Ryg": 3, "Muskel": 2}, synonyms=["rygsmerter"], body_region=region)
    ConditionMatch.objects.create(condition=made, treatment=treatment("Massage"), weight=1)
    made.red_flags.add(flag("snart", "doctor_soon"), flag("lad-vaere", "doctor_now", kind="avoid"))
    article("ondt-i-ryggen", made)
    return made


def article(slug: str, about: Condition, status: str = Article.Status.PUBLISHED) -> Article:
    return Article.objects.create(slug=slug, title=slug, body="Tekst.", condition=about, status=status)


def test_a_condition_has_the_promised_shape(client, back):
    response = client.get(f"{URL}ondt-i-ryggen/")

    assert response.status_code == 200 and response["Content-Type"] == "application/json"
    body = response.json()
    assert set(body) >= set(SHAPE)
    assert all(isinstance(body[name], kind) for name, kind in SHAPE.items())
    assert [(s["slug"], s["weight"], s["origin"]) for s in body["specialities"]] == [
        ("ryg", 3, "editor"),
        ("muskel", 2, "editor"),
    ]
    assert body["treatments"] == [{"slug": "massage", "name": "Massage", "weight": 1, "origin": "editor"}]
    assert body["article"] == "http://testserver/ordbog/ondt-i-ryggen/"
    assert client.get(body["article"]).status_code == 200
    assert body["body_region"] == "ryg-og-nakke"
    assert body["care_gate"] is None


def test_its_red_flags_are_those_of_its_care_cards_the_most_urgent_first(client, back):
    flags = client.get(f"{URL}ondt-i-ryggen/").json()["red_flags"]

    assert [(one["key"], one["urgency"], one["kind"]) for one in flags] == [
        ("livsfare", "112", "seek"),
        ("akut-ryg", "doctor_now", "seek"),
        ("lad-vaere", "doctor_now", "avoid"),
        ("snart", "doctor_soon", "seek"),
    ]
    shown = {one.key for card in care_cards(condition=back) for one in card.flags}
    assert {one["key"] for one in flags} == shown
    assert client.get(URL).json()["results"][0]["red_flags"] == flags


def test_suggestions_count_until_an_editor_has_matched(client, back):
    back.matches.update(origin="suggested")
    assert {s["origin"] for s in client.get(f"{URL}ondt-i-ryggen/").json()["specialities"]} == {"suggested"}

    ConditionMatch.objects.create(condition=back, speciality=speciality("Hofte"), weight=1)

    for body in (client.get(f"{URL}ondt-i-ryggen/").json(), client.get(URL).json()["results"][0]):
        assert [(s["slug"], s["origin"]) for s in body["specialities"]] == [("hofte", "editor")]
        assert body["treatments"] == []


@pytest.mark.parametrize("mark", ["is_generic", "awaits_acceptance"])
def test_what_leads_to_no_clinics_says_so_and_still_warns(client, back, mark):
    Condition.objects.update(**{mark: True})

    body = client.get(f"{URL}ondt-i-ryggen/").json()

    assert (body["specialities"], body["treatments"], body[mark]) == ([], [], True)
    assert body["red_flags"]


def test_a_gate_comes_along(client, back):
    Condition.objects.update(care_gate="Spørg lægen.")
    back.matches.get(weight=2).speciality.__class__.objects.filter(slug="muskel").update(care_gate="Vent.")

    body = client.get(f"{URL}ondt-i-ryggen/").json()

    assert body["care_gate"] == "Spørg lægen."
    assert [s["care_gate"] for s in body["specialities"]] == [None, "Vent."]


def test_only_a_published_article_is_named_and_its_own_before_others(client, back):
    Article.objects.update(status=Article.Status.DRAFT)
    assert client.get(f"{URL}ondt-i-ryggen/").json()["article"] is None

    article("aaa", back)
    assert client.get(f"{URL}ondt-i-ryggen/").json()["article"].endswith("/ordbog/aaa/")

    Article.objects.update(status=Article.Status.PUBLISHED)
    assert client.get(f"{URL}ondt-i-ryggen/").json()["article"].endswith("/ordbog/ondt-i-ryggen/")


def test_the_address_of_a_merged_condition_leads_on(client, back):
    Condition.objects.create(slug="rygpine", name="Rygpine", merged_into=back)

    response = client.get(f"{URL}rygpine/")

    assert response.status_code == 301 and response["Location"] == f"{URL}ondt-i-ryggen/"
    assert "max-age=300" in response["Cache-Control"]  # a browser keeps a 301 for ever otherwise
    assert [one["slug"] for one in client.get(URL).json()["results"]] == ["ondt-i-ryggen"]


def test_the_list_is_paged_in_danish_order(client):
    for name in ("Åreknuder", "Ømhed", "Ankel", *(f"B{n:02}" for n in range(20))):
        condition(name, {})

    first = client.get(URL).json()
    second = client.get(first["next"]).json()

    assert (first["count"], len(first["results"]), first["previous"]) == (23, 20, None)
    assert [one["name"] for one in first["results"][:2] + second["results"][-2:]] == [
        "Ankel",
        "B00",
        "Ømhed",
        "Åreknuder",
    ]
    assert second["next"] is None and client.get(second["previous"]).json() == first


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ryg", ["ondt-i-ryggen"]),
        ("RYGSMERTER", ["ondt-i-ryggen"]),
        ("ømme lægge", ["laegsmerter"]),
        ("oemme laegge", ["laegsmerter"]),
        ("LAEGS", ["laegsmerter"]),
        ("jeg har rygsmerter igen", ["ondt-i-ryggen"]),
        ("!!!", []),
        ("%", []),
        ("_", []),
        ("{", []),
        ("knæ", []),
        ("", ["laegsmerter", "ondt-i-ryggen"]),
    ],
)
def test_words_of_name_or_synonyms_find(client, back, q, found):
    condition("Lægsmerter", {"Ben": 3}, synonyms=["ømme lægge"])

    assert [one["slug"] for one in client.get(URL, {"q": q}).json()["results"]] == found


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=to", "page=1.5", "page=9999999999999999999999", "page=last", "q=%00", f"q={'a' * 201}"],
)
def test_an_invalid_parameter_is_named(client, query):
    body = refused(client, f"{URL}?{query}", 400)

    assert list(body["errors"]) == [query.split("=")[0]]
    assert body["instance"] == URL  # never the query: it says what hurts


def test_too_many_parameters_are_no_crash(client):
    refused(client, f"{URL}?{'&'.join(f'x{n}=1' for n in range(1001))}", 400)


@pytest.mark.parametrize(
    "path", ["conditions/findes-ikke/", "conditions/%00/", "conditions/æ/", "conditions/a/b/", "x/", "conditions/%FF/"]
)
def test_what_is_not_there_is_a_problem(client, path):
    body = refused(client, f"/api/v1/{path}", 404)

    assert body["title"] == "Findes ikke" and body["instance"].startswith("/api/v1/")


def test_a_page_that_the_list_does_not_have(client, back):
    refused(client, f"{URL}?page=2", 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["", "ondt-i-ryggen/"])
def test_nothing_can_be_written(back, method, path):
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{URL}{path}", {"name": "x"})

    assert response.status_code == 405 and response["Content-Type"] == "application/problem+json"
    assert "POST" not in response["Allow"]


def test_head_and_options_answer(client, back):
    assert client.head(URL).status_code == 200 and client.head(URL).content == b""
    assert client.options(URL).status_code == 200


def test_whatever_is_accepted_json_is_what_comes(client, back):
    for accept in ("text/html", "application/xml", "nonsens", "*/*"):
        assert client.get(URL, headers={"accept": accept})["Content-Type"] == "application/json"
    assert client.get(f"{URL}?format=xml").status_code == 200


def test_nobody_is_known_and_an_answer_may_be_kept(admin_client, back):
    for url in (URL, f"{URL}ondt-i-ryggen/"):
        response = admin_client.get(url)
        assert not response.cookies and "Cookie" not in response.get("Vary", "")
        assert response["Cache-Control"] == "public, max-age=300"
        assert "Access-Control-Allow-Origin" not in response
        again = admin_client.get(url, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304 and not again.content


@pytest.mark.parametrize("number", [1, 10])
def test_queries_do_not_grow(client, django_assert_max_num_queries, number):
    region = BodyRegion.objects.create(slug="ben", name="Ben")
    for n in range(number):
        made = condition(f"Ben {n}", {"Ben": 3, f"Fod {n}": 2}, body_region=region)
        article(made.slug, made)
    with django_assert_max_num_queries(6):
        assert len(client.get(f"{URL}?q=ben").json()["results"]) == number
    with django_assert_max_num_queries(4):
        client.get(f"{URL}ben-0/")


def test_the_schema_is_valid_and_true(client, back):
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200 and response["Content-Type"] == "application/json"
    schema = response.json()
    validate_schema(schema)
    assert schema["openapi"].startswith("3.")
    assert set(schema["paths"]) >= {URL, f"{URL}{{slug}}/"}
    components = schema["components"]["schemas"]
    assert set(SHAPE) <= set(components["Condition"]["required"])
    as_promised(client, "Condition", client.get(f"{URL}ondt-i-ryggen/").json())
    as_promised(client, "ConditionPage", client.get(URL).json())
