"""What a cell says, and what is said of a cell that cannot be used."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics import claims
from clinics.intake.reading import template
from clinics.intake.reading.columns import FACTS
from clinics.intake.reading.files import rows_of
from clinics.intake.reading.parsing import parsed
from clinics.intake.reading.raw import Raw
from clinics.loading.places import load_places
from clinics.models import Clinic

from .intake_rows import HERE, row, said
from .memory import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        load_places()
        yield


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        ("phone", "33 23 25 65", "+4533232565"),
        ("phone", "tlf. 33232565", "+4533232565"),
        ("phone", "+45 33 23 25 65", "+4533232565"),
        ("phone", "33232565.0", "+4533232565"),
        ("phone", '="33232565"', "+4533232565"),
        ("phone", "'33232565", "+4533232565"),
        ("phone", "33\xa023\xa025\xa065", "+4533232565"),
        ("email", "mailto:info@klinik.dk", "info@klinik.dk"),
        ("website", "www.klinik.dk/priser?a=1&amp;b=2", "https://www.klinik.dk/priser?a=1&b=2"),
        ("website", "klinik.dk;", "https://klinik.dk"),
        ("has_ydernummer", "Ja", True),
        ("has_ydernummer", "012345", True),
        ("has_ydernummer", "Nej", False),
        ("lift", "x", True),
        ("lift", " NEJ. ", False),
        ("step_free", "yes", True),
        ("step_free", "no", False),
        ("languages", "Dansk, engelsk og Farsi/arabisk", ["da", "en", "ar", "fa"]),
        ("languages", "da;en", ["da", "en"]),
        ("waiting_days", "0", 0),
        ("waiting_days", "1-2 uger", 14),
        ("waiting_days", "5 dage", 5),
        ("waiting_days", "ca. 1 måned", 30),
        ("cvr", "DK 12 34 56 78", "12345678"),
        ("cvr", '="01234567"', "01234567"),
        ("cvr", "12345678.0", "12345678"),
        ("p_number", "1012345678", "1012345678"),
        ("sor_id", '="0012000016001"', "0012000016001"),
        ("osm_id", "https://www.openstreetmap.org/node/4711", "node/4711"),
        ("practitioners", "Mette Hansen, Jens Sø;\nMette  Hansen og Åse Ø", ["Mette Hansen", "Jens Sø", "Åse Ø"]),
        ("text", "<p>Vi  hjælper&nbsp;med <b>knæ</b></p><script>alert(1)</script>", "Vi hjælper med knæ"),
        ("text", "- knæ\n- skulder", "- knæ\n- skulder"),
        ("name", "Fysio \u200b& \x00Træning\r\n v/ Mette", "Fysio & Træning v/ Mette"),
        ("name", "Fysio &amp; Træning", "Fysio & Træning"),
        ("name", "Cafe\u0301 Fysio", "Café Fysio"),
    ],
)
def test_one_cell(fact, cell, value):
    one = row(**{fact: cell})
    assert one.facts[fact] == value and not one.problems
    assert fact != "name" or one.name == value


@pytest.mark.parametrize(
    ("cell", "amount", "terms"),
    [
        ("506,72", "506.72", ""),
        ("506.72", "506.72", ""),
        ("1.234,50", "1234.50", ""),
        ("1,234.50", "1234.50", ""),
        ("1.234", "1234.00", ""),
        ("1 234,5", "1234.50", ""),
        ("450", "450.00", ""),
        ("kr. 450,-", "450.00", ""),
        ("450 kr.", "450.00", ""),
        ("DKK 450", "450.00", ""),
        ("450,00 kr", "450.00", ""),
        ("800-1350", "1350.00", "Listen siger 800–1.350 kr. Prisen her er den højeste."),
        ("kr. 800,- til kr. 1.350,-", "1350.00", "Listen siger 800–1.350 kr. Prisen her er den højeste."),
        ("1350/800", "1350.00", "Listen siger 800–1.350 kr. Prisen her er den højeste."),
        ("450-450", "450.00", ""),
        ("op til 650 kr.", "650.00", "Listen siger op til 650 kr."),
    ],
)
def test_prices(cell, amount, terms):
    one = row(price_first=cell, price_follow_up="367,50")
    assert one.facts["prices"] == {
        "first": {"amount": amount, "terms": terms},
        "follow_up": {"amount": "367.50", "terms": ""},
    }
    assert not claims.problems(terms) and not one.problems


@pytest.mark.parametrize(
    ("fact", "cell", "word"),
    [
        ("phone", "33 23 25", "“33 23 25”"),
        ("phone", "ring til os", "tal"),
        ("phone", "+4500123456", "kender ikke"),
        ("email", "info(a)klinik.dk", "ikke en e-mail"),
        ("website", "javascript:alert(1)", "webadresse"),
        ("website", "http://localhost/", "webadresse"),
        ("booking_url", "data:text/html,x", "webadresse"),
        ("price_first", "fra 450 kr.", "højst betaler"),
        ("price_first", "ca. 450", "højst betaler"),
        ("price_first", "0", "mindst 1 kr."),
        ("price_first", "-450", "ikke et beløb"),
        ("price_first", "1,234", "ikke et beløb"),
        ("price_first", "99999", "højst 50.000"),
        ("price_first", "9" * 900, "ikke et beløb"),
        ("price_first", "gratis", "ikke et beløb"),
        ("price_first", "450 kr. / 45 min.", "ikke et beløb"),
        ("lift", "måske", "hverken ja eller nej"),
        ("step_free", "limited", "delvis adgang"),
        ("step_free", "Delvis", "delvis adgang"),
        ("waiting_days", "900", "ventetid"),
        ("waiting_days", "snart", "ventetid"),
        ("cvr", "1234567", "8 cifre"),
        ("cvr", "00000000", "8 cifre"),
        ("p_number", "1,01E+09", "afrundet"),
        ("sor_id", "3.3E+14", "afrundet"),
        ("osm_id", "4711", "node/4711"),
        ("languages", "klingonsk", "klingonsk"),
        ("practitioners", "www.klinik.dk", "ligner ikke navne"),
        ("text", "Patienten 010190-1234 blev rask", "CPR"),
        ("phone", "=cmd|' /C calc'!A0", "formel"),
        ("website", '=HYPERLINK("https://x.dk")', "formel"),
        ("email", "@SUM(1+1)*cmd", "formel"),
        ("lift", "+ja", "formel"),
        ("phone", "+45;cmd()", "formel"),
        ("price_first", "-1+cmd()", "formel"),
        ("text", "=1+1", "formel"),
        ("text", "Kn\ufffd", "tegn, der ikke kan læses"),
        ("cvr", "&lt;&lt;b>", "8 cifre"),
        ("phone", "33232565 " * 200, "plads til 1000"),
    ],
)
def test_a_cell_that_cannot_be_used_is_left_out_and_said(fact, cell, word):
    one = row(**{fact: cell})
    field = "prices" if fact.startswith("price") else fact
    assert field not in one.facts and word in said(one, field)
    assert not any(problem["fatal"] for problem in one.problems)
    assert one.facts["postcode_id"] == "8000"  # the row goes on


@pytest.mark.parametrize(
    "cell", ["-", "–", "?", "ukendt", "Ved ikke", "ikke oplyst", "#N/A", "nan", " \xa0 ", '=""', "<br>"]
)
@pytest.mark.parametrize("fact", ["phone", "lift", "price_first", "monday", "languages", "town", "address", "latitude"])
def test_what_says_nothing_states_nothing(fact, cell):
    one = row(**{fact: cell})
    assert one.facts == row().facts and not [problem for problem in one.problems if "HTML" not in problem["text"]]


def test_two_numbers_in_one_cell():
    one = row(phone="33 23 25 65 / 33 23 25 66", email="a@klinik.dk; b@klinik.dk", website="klinik.dk; ryg.dk")
    assert (one.facts["phone"], one.facts["email"]) == ("+4533232565", "a@klinik.dk")
    assert one.facts["website"] == "https://klinik.dk"
    assert (
        "33 23 25 66" in said(one, "phone") and "b@klinik.dk" in said(one, "email") and "ryg.dk" in said(one, "website")
    )


def test_known_languages_and_names_are_kept_beside_strange_ones():
    one = row(languages="dansk, elvisk", practitioners="Mette Hansen, 33232565")
    assert one.facts["languages"] == ["da"] and "elvisk" in said(one, "languages")
    assert one.facts["practitioners"] == ["Mette Hansen"] and said(one, "practitioners")


def test_markup_in_a_name_is_taken_away_and_said():
    one = row(name="<b>Ryg</b> <script>alert(1)</script>Klinik")
    assert one.name == "Ryg Klinik" and "HTML" in said(one, "name")
    one = row(name="&lt;img src=x onerror=alert(1)&gt;Ryg")
    assert one.name == "Ryg"


def test_a_long_text_is_cut():
    one = row(text="knæ " * 2000)
    assert len(one.facts["text"]) <= 5000 and "5000 tegn" in said(one, "text")


# -- rows


@pytest.mark.parametrize(
    ("cells", "fatal"),
    [
        ({}, True),
        ({"name": "Ryg"}, True),
        ({"name": "Ryg", "address": "Nørregade 5"}, True),
        ({"name": "Ryg", "town": "Nirgendwo"}, False),
        ({"name": "Ryg", "postcode_id": "8000"}, False),
        ({"postcode_id": "8000", "phone": "33232565"}, True),
        ({"name": "=cmd()", "postcode_id": "8000"}, True),
        ({"name": "N" * 161, "postcode_id": "8000"}, True),
        ({"name": "12345", "postcode_id": "8000"}, True),
        ({"p_number": "1012345678", "phone": "33232565"}, False),
        ({"osm_id": "node/4711"}, False),
    ],
)
def test_which_rows_are_of_no_use(cells, fatal):
    one = parsed(Raw(2, cells=cells))
    assert any(problem["fatal"] for problem in one.problems) is fatal
    assert all(problem["text"] for problem in one.problems)


def test_a_row_that_could_not_be_read_says_only_that():
    one = parsed(Raw(7, problem="Filen slutter her.", fatal=True))
    assert (one.row, one.facts) == (7, {})
    assert one.problems == [{"field": "", "text": "Filen slutter her.", "fatal": True}]


@pytest.mark.parametrize(
    ("told", "kept"),
    [("4711", "4711"), ('="0047"', "0047"), ("=cmd()", ""), ("-", ""), ("x" * 81, ""), ("a\x00b\n c", "ab c")],
)
def test_the_id_of_a_row(told, kept):
    assert parsed(Raw(2, told, dict(HERE))).external_id == kept


def test_the_templates_own_row_is_understood_and_becomes_no_clinic():
    (raw,) = rows_of(io.BytesIO(template.template()), format="csv", columns={})
    one = parsed(raw)
    assert [problem["fatal"] for problem in one.problems] == [True] and "eksempel" in said(one)
    assert set(one.facts) >= {
        "street",
        "address_extra",
        "postcode_id",
        "latitude",
        "phone",
        "prices",
        "opening_hours",
        "languages",
    }
    assert len(one.facts["opening_hours"]) == 6


CELLS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet='="+-@<>&;0123456789,.ja kr:/\n', max_size=20),
    st.sampled_from(["8000", "56.1", "10.2", "8-16", "Ja", "450", "=cmd()", "<b>", "33232565", "1e999", "９９９９"]),
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(sorted(set(FACTS) - {"external_id"})), CELLS), st.text(max_size=90))
def test_no_cell_crashes_it_and_what_is_kept_can_be_stored(cells, external_id):
    one = parsed(Raw(2, external_id, cells))
    again = repr((one.external_id, one.facts, one.problems))
    assert "\\x00" not in again and "\\ud8" not in again
    for name, value in one.facts.items():
        if name not in ("town", "opening_hours", "prices", "practitioners", "text") and isinstance(value, str):
            assert len(value) <= (Clinic._meta.get_field(name).max_length or 4)  # type: ignore[union-attr]
    assert repr(parsed(Raw(2, external_id, cells))) == repr(one)  # the same row, the same answer
