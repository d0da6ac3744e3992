"""Every parameter of every address that searches, with whatever may stand in it: answered, never 500, nothing hidden shown.

A page says what it did not understand and keeps what was typed; the API names each wrong parameter in problem+json.
"""

import json
from html import unescape
from urllib.parse import quote_from_bytes

import pytest
from django.core.handlers.base import BaseHandler
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.api import throttle
from clinics.api.parameters import PARAMETERS
from clinics.choices import FILTERS
from clinics.filters import SearchForm
from clinics.inquiry import Inquiry
from clinics.models import Place
from tests.fuzz.conftest import EXAMPLES
from tests.memory import shared_rows
from tests.people import clinic, condition, places

pytestmark = pytest.mark.django_db

SECRET = "Hemmelig intern note"
VISIBLE = {"Ryggen", "Sporten", "Navnløs", "Over vandet"}
HIDDEN = ("Kladden", "Nedlagt")
MOST_PARAMETERS = 1000


def some(share: int) -> settings:
    """One in so many of the examples: to draw a page takes longer than to search, and which of them it draws matters less."""
    return settings(max_examples=max(EXAMPLES // share, 1))


# Everything that answers a request, without what the test client keeps of each template: that takes longer than the page.
FACTORY = RequestFactory()
HANDLER = BaseHandler()
HANDLER.load_middleware()


@pytest.fixture(scope="module", autouse=True)
def directory(django_db_setup, django_db_blocker):
    """Four clinics to find, of different kinds, and two that nobody may find."""
    with shared_rows(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(throttle, "A_MINUTE", 10**9)
        places()
        condition("Ondt i ryggen", {"Ryg": 3, "Sport": 2})
        condition("Efter blodprop", {"Sport": 3}, care_gate="Spørg lægen først.")
        clinic("Ryggen", "Aarhus C", specialities=["Ryg"], price=500, lift=True, languages=["da"], waiting_days=3)
        clinic("Sporten", "Aarhus N", specialities=["Sport"], treatments=["Taping"], price=400, has_ydernummer=True)
        clinic("Navnløs", "Randers", home_visits=True)
        clinic("Over vandet", "Kalundborg", specialities=["Ryg"], online=True, insurers=["tryg"])
        for name, status in zip(HIDDEN, ("draft", "closed"), strict=True):
            clinic(name, "Aarhus C", specialities=["Ryg"], status=status, about=SECRET, price=1)
        yield


# --- what stands in an address

REAL = [
    "8000",
    "9000",
    "Aarhus",
    "Danmark",
    "8000, 8200",
    "8888",
    "aahrus",
    "ryg",
    "sport",
    "taping",
    "ja",
    "nej",
    "true",
    "da",
]
REAL += [
    "ondt-i-ryggen",
    "efter-blodprop",
    "findes-ikke",
    "hævet læg",
    "2",
    "5",
    "50",
    "1",
    "500",
    "3",
    "pris",
    "match",
]
REAL += [
    "ventetid",
    "afstand",
    "elevator",
    "hjemme",
    "online",
    "akut",
    "tryg",
    "aften",
    "10,56,11,57",
    "price",
    "distance",
]
REAL += ["ryggen", "sporten", "kladden", "nedlagt", "Kladden"]
ODD = [
    "",
    " ",
    "0",
    "-1",
    "-0",
    "1e9",
    "1e400",
    "NaN",
    "inf",
    "-Infinity",
    "9" * 30,
    "9" * 400,
    "1.5",
    "0x10",
    "١٢",
    "½",
    "²",
]
ODD += [
    "%",
    "_",
    "%%%",
    "\\",
    "' OR 1=1 --",
    "'; DROP TABLE clinics_clinic; --",
    '"',
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
]
ODD += [
    "\0",
    "8000\0",
    "\u202e8000",
    "\ud800",
    "a" * 250,
    "ø" * 3000,
    "null",
    "[]",
    "{}",
    "../../etc/passwd",
    "\r\nX: y",
    "🦵",
]
ODD += [
    "10,56,11",
    "11,57,10,56",
    "nan,nan,nan,nan",
    "-180,-90,180,90",
    "1e308,1,2,3",
    ",,,",
    "5000%00",
    "tilstand=x&sted=y",
]
NOT_UTF8 = [b"\xff\xfe", b"8000\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x28\x8c\x28", "ålborg".encode("latin-1")]

values = st.one_of(
    st.sampled_from(REAL),
    st.sampled_from(REAL),
    st.sampled_from(ODD),
    st.sampled_from(NOT_UTF8),
    st.text(max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.binary(max_size=12),
)
ALSO = [
    "bedoemmelse_min",
    "gange",
    "klinik",
    "kun_forskelle",
    "enkeltvis",
    "klinik[]",
    "",
    "csrfmiddlewaretoken",
    "Sted",
    "sted ",
]


def query_of(pairs: list[tuple[str, str | bytes]]) -> str:
    encoded = [value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass") for _, value in pairs]
    names = [name.encode("utf-8", "surrogatepass") for name, _ in pairs]
    return "&".join(f"{quote_from_bytes(n)}={quote_from_bytes(v)}" for n, v in zip(names, encoded, strict=True))


def queries(names: list[str]) -> st.SearchStrategy[str]:
    """Some of the parameters, one of them twice now and then."""
    pair = st.tuples(st.one_of(st.sampled_from(names), st.sampled_from(names), st.text(max_size=6)), values)
    return st.lists(pair, max_size=7).map(query_of)


PAGE_NAMES = [*SearchForm.base_fields, *(one.name for one in FILTERS)]


def asked(address: str, query: str):
    """The answer to an address, with nothing in it that is not public. An exception in the view is raised here."""
    response = HANDLER.get_response(FACTORY.get(address, QUERY_STRING=query))
    body = response.content.decode()
    assert response.status_code in (200, 301, 302, 400, 404, 410), (response.status_code, body[:300])
    assert SECRET not in body and not any(f"/klinik/{name.lower()}/" in body for name in HIDDEN)
    assert "<script>alert" not in body or response["Content-Type"].endswith("json")
    assert "\n" not in response.get("Location", "")
    return response, body


# --- the search itself, which page, map and API share


@given(queries(PAGE_NAMES + ALSO))
def test_any_search_has_an_answer_and_an_address(query):
    """Nobody finds what is hidden, and the address of what was understood is understood again as the same."""
    inquiry = Inquiry.read(QueryDict(query))
    found = inquiry.found(facets=True)
    assert {hit.name for hit in found.hits} <= VISIBLE and found.total <= len(VISIBLE)
    again = Inquiry.read(QueryDict(inquiry.url(side=inquiry.cleaned.get("side")).partition("?")[2]))
    assert not again.form.errors
    assert [hit.slug for hit in again.found().hits] == [hit.slug for hit in found.hits]


# --- pages


@some(4)
@given(queries(PAGE_NAMES + ALSO))
def test_results(query):
    response, page = asked("/find/fysioterapeut/", query)
    if response.status_code != 200:
        assert response.status_code in (301, 302), query  # at most a thousand parameters: never refused
        return
    data, main = QueryDict(query), unescape(page.split("<main")[1].split("</main>")[0])
    form = SearchForm(data)
    form.is_valid()
    assert [text for texts in form.errors.values() for text in texts if str(text) not in main] == [], (
        "a bad field is named"
    )
    if where := data.get("sted", "")[:120]:
        assert f'value="{where}"' in main, "what was typed stays"
    if (what := data.get("q", "")[:200]) and not form.cleaned_data.get("tilstand"):
        assert f'value="{what}"' in main


@some(8)
@given(
    st.one_of(
        st.sampled_from(["aarhus", "8000", "aarhus-c", "nykoebing", "findes-ikke", "%00", "%FF", "a%2Fb"]),
        st.text(max_size=9),
    ),
    st.one_of(st.sampled_from(["", "ryg/", "sport/", "findes-ikke/", "%00/", "%C3/"]), st.text(max_size=9)),
    queries(PAGE_NAMES + ALSO),
)
def test_landing_pages(place, speciality, query):
    def part(text: str) -> str:
        return text if "%" in text else quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="/")

    asked(f"/find/fysioterapeut/{part(place)}/{part(speciality)}", query)


@some(8)
@given(
    st.lists(st.one_of(st.sampled_from(["ryggen", "sporten", "navnloes", "kladden", "nedlagt"]), values), max_size=6),
    queries(PAGE_NAMES + ALSO),
)
def test_comparison(clinics, query):
    _, page = asked("/sammenlign/", "&".join(filter(None, [query_of([("klinik", one) for one in clinics]), query])))
    assert "<h1" in page


@some(4)
@given(values, queries(["q", "sted"]))
def test_suggestions(text, more):
    response, page = asked("/find/forslag/", "&".join(filter(None, [query_of([("q", text)]), more])))
    assert response.status_code == 200 and "data-count" in page


# --- the API


def answered(address: str, query: str) -> None:
    response, body = asked(address, query)
    assert response.status_code in (200, 400, 404), (query, body)
    answer = json.loads(body)
    if response.status_code != 200:
        assert response["Content-Type"] == "application/problem+json"
        assert answer["status"] == response.status_code and answer["detail"]
        asked_for = QueryDict(query)
        assert all(name in asked_for or texts for name, texts in answer.get("errors", {}).items())


API = {
    "clinics/": [*PARAMETERS, "q"],
    "clinics.geojson": [*PARAMETERS, "bbox", "zoom"],
    "places/": ["q", "page"],
    "conditions/": ["q", "page", "page_size", "body_region"],
    "openapi.json": ["format", "lang", "version"],
}


@pytest.mark.parametrize("name", API)
@some(8)
@given(data=st.data())
def test_the_api(name, data):
    answered(f"/api/v1/{name}", data.draw(queries(API[name])))


@some(16)
@given(
    st.sampled_from(["clinics", "conditions"]),
    st.one_of(st.text(max_size=12), st.sampled_from(["kladden", "nedlagt", "%00"])),
)
def test_one_of_the_api(name, slug):
    path = slug if "%" in slug else quote_from_bytes(slug.encode("utf-8", "surrogatepass"))
    asked(f"/api/v1/{name}/{path}/", "")


# --- what need not be made up


@pytest.mark.parametrize("name", ["speciale", "adgang", "klinik"])
@pytest.mark.parametrize(
    "address", ["/find/fysioterapeut/", "/find/fysioterapeut/aarhus/", "/sammenlign/", "/find/forslag/"]
)
def test_eight_hundred_values_are_answered_and_over_a_thousand_refused_in_danish(address, name):
    response, page = asked(address, "&".join(f"{name}=a{n}" for n in range(800)))
    assert response.status_code == 200 and "<h1" in page + "<h1" * (address == "/find/forslag/")
    response, page = asked(address, "&".join(f"{name}=a{n}" for n in range(MOST_PARAMETERS + 1)))
    assert response.status_code == 400 and 'lang="da"' in page and "<h1" in page


@pytest.mark.parametrize("text", ["%", "_", "%%", "_______", "r%", "' OR '1'='1", "\\", "%' --"])
def test_a_wildcard_is_only_a_letter(text):
    """It names no clinic, and no place."""
    response, page = asked("/find/fysioterapeut/", query_of([("q", text)]))
    assert response.status_code == 200 and 'class="named' not in page
    answer = json.loads(asked("/api/v1/places/", query_of([("q", text)]))[1])
    assert answer["outcome"] in ("unknown", "invalid") and answer["place"] is None and Place.objects.exists()
