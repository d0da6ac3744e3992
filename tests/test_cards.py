"""The card of a clinic in a list: open state, waiting time, people, age, and the tick for comparing."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.template.loader import render_to_string

from articles.models import Article
from clinics import index
from clinics.models import ClinicSpeciality, ClinicTreatment, OpeningException, OpeningHours, Practitioner

from .people import clinic, condition, places, speciality, treatment

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"
# A Monday at noon in Denmark.
NOON = datetime.datetime(2026, 11, 23, 11, tzinfo=datetime.UTC)
MONDAY, TUESDAY = 0, 1


@pytest.fixture(autouse=True)
def denmark():
    places()
    with time_machine.travel(NOON, tick=False):
        yield


def hours(one, *rows) -> None:
    for weekday, opens, closes, *kind in rows:
        OpeningHours.objects.create(
            clinic=one, weekday=weekday, opens=opens, closes=closes, kind=kind[0] if kind else "treatment"
        )


def person(one, name: str, **fields) -> Practitioner:
    return Practitioner.objects.create(clinic=one, name=name, **fields)


def does(one, who, name: str, grade: str = "", model=ClinicSpeciality, **fields) -> None:
    fields |= {"basis": "documented", "evidence": "Bevis"} if grade else {}
    term = {"speciality": speciality(name)} if model is ClinicSpeciality else {"treatment": treatment(name)}
    model.objects.create(clinic=one, practitioner=who, grade=grade, **term, **fields)


def cards(client, **query) -> dict[str, str]:
    """Name → the words of its card, after what the test has stated reached the index."""
    index.rebuild()
    page = client.get(URL, {"sted": "8000"} | query).content.decode()
    made = {}
    for html in re.findall(r'<article class="clinic-card">.*?</article>', page, re.S):
        text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))).strip()
        made[re.search(r"/klinik/([a-z0-9-]+)/", html).group(1)] = text
    return made


def test_the_open_state_is_that_of_the_moment(client):
    one = clinic("Klinikken", "Aarhus C")
    hours(one, (MONDAY, "08:00", "18:00"), (TUESDAY, "09:00", "12:00"), (MONDAY, "06:00", "23:00", "training"))
    assert "Åbent til kl. 18.00" in cards(client)["klinikken"]
    with time_machine.travel(NOON + datetime.timedelta(hours=6), tick=False):  # 18.00: just closed
        assert "Lukket til i morgen kl. 9.00" in cards(client)["klinikken"]
    with time_machine.travel(NOON + datetime.timedelta(hours=5, minutes=45), tick=False):
        assert "lukker om 15 min." in cards(client)["klinikken"]


def test_an_exception_counts_and_one_that_is_over_does_not(client):
    one = clinic("Ferie", "Aarhus C")
    hours(one, (MONDAY, "08:00", "18:00"), (TUESDAY, "09:00", "12:00"))
    over = OpeningException.objects.create(clinic=one, first_day="2026-11-16", last_day="2026-11-20")
    assert "Åbent til kl. 18.00" in cards(client)["ferie"]
    OpeningException.objects.filter(pk=over.pk).update(last_day="2026-11-23")
    assert "Åbent" not in cards(client)["ferie"] and "Lukket" in cards(client)["ferie"]


def test_last_nights_exception_still_holds_after_midnight(client):
    one = clinic("Nat", "Aarhus C")
    hours(one, (TUESDAY, "08:00", "16:00"))
    OpeningException.objects.create(
        clinic=one, first_day="2026-11-23", last_day="2026-11-23", opens="20:00", closes="02:00"
    )
    with time_machine.travel("2026-11-24T00:00:00Z", tick=False):  # 1.00 on Tuesday
        assert "Åbent til kl. 2.00" in cards(client)["nat"]


def test_two_clinics_do_not_share_their_hours(client):
    hours(clinic("Åben", "Aarhus C"), (MONDAY, "08:00", "18:00"))
    clinic("Tavs", "Aarhus N")
    made = cards(client)
    assert "Åbent til kl. 18.00" in made["aaben"]
    assert "Ring for åbningstider" in made["tavs"] and "Åbent" not in made["tavs"]


@pytest.mark.parametrize(
    ("days", "stated_on", "text"),
    [
        (3, "2026-11-14", "Ventetid 3 dage (oplyst 14. november)"),
        (0, "2026-11-14", "Ingen ventetid (oplyst 14. november)"),
        (3, "2026-03-14", "Ventetid 3 dage (oplyst 14. marts, kan være ændret)"),
        (None, None, "Ventetid ikke oplyst"),
    ],
)
def test_the_waiting_time_with_its_day(client, days, stated_on, text):
    clinic("Klinikken", "Aarhus C", waiting_days=days, waiting_stated_on=stated_on)
    assert text in cards(client)["klinikken"]


def test_age_is_said_and_does_not_change_the_order(client):
    clinic("Gammel", "Aarhus C", confirmed_at="2025-11-22")
    clinic("Et aar", "Aarhus N", confirmed_at="2025-11-23")
    clinic("Aldrig", "Viby J")
    clinic("Ny", "Randers", confirmed_at="2026-11-01")
    made = cards(client, radius="50")
    assert list(made) == ["gammel", "et-aar", "aldrig", "ny"]
    assert "Oplysningerne er over et år gamle" in made["gammel"]
    assert "Ikke bekræftet af klinikken" in made["aldrig"]
    assert not any("år gamle" in made[name] or "Ikke bekræftet" in made[name] for name in ("et-aar", "ny"))
    page = client.get(URL, {"sted": "8000"}).content.decode()
    assert "Hvor gamle de er, ændrer ikke rækkefølgen." in page
    assert "flytter aldrig en klinik op eller ned" in client.get("/saadan-sorterer-vi/").content.decode()


# People


def test_who_does_what_was_searched_for_is_named(client):
    condition("Ondt i knæet", {"Knæ": 3})
    one = clinic("Klinikken", "Aarhus C", specialities=["Knæ"])
    mette, anders = person(one, "Mette Hansen"), person(one, "Anders Berg")
    does(one, mette, "Knæ", grade="certified")
    does(one, anders, "Skulder", grade="specialist")
    made = cards(client, tilstand="ondt-i-knaeet")["klinikken"]
    assert "Mette: certificeret i knæ" in made
    assert "Anders" not in made and "Hansen" not in made
    assert "Mette" not in cards(client)["klinikken"]  # nothing was searched for


def test_two_of_one_first_name_are_told_apart(client):
    one = clinic("Klinikken", "Aarhus C", specialities=["Knæ"])
    for name in ("Mette Hansen", "Mette Berg"):
        does(one, person(one, name), "Knæ", grade="certified")
    made = cards(client, speciale="knae")["klinikken"]
    assert "Mette Hansen: certificeret i knæ" in made and "Mette Berg: certificeret i knæ" in made


def test_a_treatment_names_its_people_too(client):
    one = clinic("Klinikken", "Aarhus C", treatments=["Taping"])
    does(one, person(one, "Ida Eks"), "Taping", grade="certified", model=ClinicTreatment)
    assert "Ida: certificeret i taping" in cards(client, behandling="taping")["klinikken"]


@pytest.mark.parametrize("harm", ["suggested", "restricted"])
def test_a_suggestion_and_somebody_under_restriction_recommend_nobody(client, harm):
    one = clinic("Klinikken", "Aarhus C", specialities=["Knæ"])
    who = person(one, "Mette Hansen", is_restricted=harm == "restricted" or None)
    does(one, who, "Knæ", basis="suggested" if harm == "suggested" else "stated")
    assert "Mette" not in cards(client, speciale="knae")["klinikken"]


def test_names_are_escaped(client):
    one = clinic("Klinikken", "Aarhus C", specialities=["Knæ"])
    does(one, person(one, "<script>alert(1)</script> X"), "Knæ")
    index.rebuild()
    page = client.get(URL, {"sted": "8000", "speciale": "knae"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


# Comparing


def ticks(page: str) -> list[str]:
    return re.findall(r'<input type="checkbox" name="klinik" value="([a-z0-9-]+)" form="sammenlign">', page)


def test_ticks_belong_to_a_form_that_carries_the_whole_search(client):
    condition("Ondt i knæet", {"Knæ": 3})
    clinic("Et", "Aarhus C", specialities=["Knæ"], lift=True)
    clinic("To", "Aarhus N", lift=True)
    query = {"tilstand": "ondt-i-knaeet", "sted": "8000", "adgang": "elevator"}
    page = client.get(URL, query).content.decode()
    assert ticks(page) == ["et", "to"]
    form = re.search(r'<form class="compare-bar" id="sammenlign" action="(.*?)" method="get".*?</form>', page, re.S)
    assert form.group(1) == "/sammenlign/"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.group(0)))
    assert hidden == query
    assert 'Sammenlign<span class="visually-hidden"> Et</span>' in page


def test_what_is_ticked_in_the_address_is_ticked_on_the_page_and_follows_to_the_next(client):
    clinic("Et", "Aarhus C")
    clinic("To", "Aarhus N")
    for number in range(20):
        clinic(f"Langt {number}", "Randers")
    page = client.get(URL, {"sted": "8000", "radius": "50", "klinik": ["to", "langt-19", "æ", "to"]}).content.decode()
    assert ticked(page) == ["to"]
    bar = page.split('id="sammenlign"')[1].split("</form>")[0]
    assert re.findall(r'name="klinik" value="(.*?)"', bar) == ["langt-19"]
    assert "Du har også valgt 1, som ikke står på denne side" in bar
    assert "klinik=to&amp;klinik=langt-19&amp;side=2" in page.split('class="pages"')[1], "so does the next page"
    assert page.split('aria-label="Filtre"')[1].split("</form>")[0].count('name="klinik"') == 2, "and another filter"
    first = re.search(r"<article.*?</article>", page, re.S).group(0)
    assert "klinik=" not in first, "a clinic's page is not about others"
    assert 'href="/find/fysioterapeut/?sted=8000&amp;radius=50&amp;klinik=to" data-untick' in bar
    second = client.get(
        URL, {"sted": "8000", "radius": "50", "side": "2", "klinik": ["to", "langt-19"]}
    ).content.decode()
    assert len(ticks(second) + ticked(second)) == 2 and 'value="to"' in second.split('id="sammenlign"')[1]


def ticked(page: str) -> list[str]:
    return re.findall(r'<input type="checkbox" name="klinik" value="([a-z0-9-]+)" form="sammenlign" checked>', page)


def test_a_gate_travels_to_the_comparison(client):
    one = speciality("Knæ")
    type(one).objects.filter(pk=one.pk).update(care_gate="Spørg lægen først.")
    clinic("Et", "Aarhus C", specialities=["Knæ"])
    page = client.get(URL, {"speciale": "knae", "sted": "8000"}).content.decode()
    assert '<input type="hidden" name="speciale" value="knae">' in page.split('id="sammenlign"')[1].split("</form>")[0]


def test_ticks_stand_on_results_and_landing_and_nowhere_else(client):
    knee = condition("Ondt i knæet", {"Knæ": 3})
    clinic("Et", "Aarhus C", specialities=["Knæ"])
    clinic("Lukket", "Aarhus C", status="closed")
    Article.objects.create(
        slug="ondt-i-knaeet",
        title="Ondt i knæet",
        body="Kort.\n\n## Hvad\n\nSvar.\n",
        status="published",
        condition=knee,
    )
    assert ticks(client.get("/find/fysioterapeut/aarhus/").content.decode()) == ["et"]
    article = client.get("/ordbog/ondt-i-knaeet/", {"sted": "8000"}).content.decode()
    assert "/klinik/et/" in article and not ticks(article) and 'id="sammenlign"' not in article
    assert not ticks(client.get("/klinik/lukket/").content.decode())


def test_nothing_to_compare_shows_no_bar(client):
    assert 'id="sammenlign"' not in client.get(URL, {"sted": "8000"}).content.decode()


# Kept by nobody


@pytest.mark.parametrize("address", [URL, f"{URL}?sted=8000", f"{URL}aarhus/", "/ordbog/ondt-i-knaeet/?sted=8000"])
def test_a_page_with_an_open_state_is_private_and_a_minute_old_at_most(client, address):
    knee = condition("Ondt i knæet", {"Knæ": 3})
    clinic("Et", "Aarhus C", specialities=["Knæ"])
    Article.objects.create(
        slug="ondt-i-knaeet",
        title="Ondt i knæet",
        body="Kort.\n\n## Hvad\n\nSvar.\n",
        status="published",
        condition=knee,
    )
    response = client.get(address)
    assert b"clinic-card__open" in response.content
    said = {part.strip() for part in response["Cache-Control"].split(",")}
    assert "private" in said and not said & {"public", "s-maxage", "immutable"}
    ages = [int(part.split("=")[1]) for part in said if part.startswith("max-age=")]
    assert "no-store" in said or (ages and max(ages) <= 60)


# What it costs


@pytest.mark.parametrize("number", [1, 40])
def test_hours_exceptions_and_people_cost_no_query(client, number, django_assert_num_queries):
    """Four for the page, whatever the cards show: they come along with the clinics."""
    condition("Ondt i knæet", {"Knæ": 3})
    for i in range(number):
        one = clinic(f"Klinik {i}", "Aarhus C", specialities=["Knæ"])
        hours(one, *((day, "08:00", "16:00") for day in range(5)))
        OpeningException.objects.create(clinic=one, first_day="2026-12-24", last_day="2026-12-31")
        does(one, person(one, f"Mette {i}"), "Knæ", grade="certified")
    index.rebuild()
    query = {"tilstand": "ondt-i-knaeet", "sted": "8000"}
    client.get(URL, query)
    with django_assert_num_queries(4):
        page = client.get(URL, query).content.decode()
    assert page.count("Åbent til kl. 16.00") == page.count("certificeret i knæ") == min(number, 20)


def test_the_card_draws_what_a_list_without_extras_has():
    """A page that builds the card of a clinic that has said next to nothing must not fail."""
    index.rebuild()
    one = clinic("Tavs", "Aarhus C", phone="")
    from clinics.asked import Asked
    from clinics.cards import cards as made
    from clinics.search import Search

    card = made(Search(Asked()).found().hits)[0]
    html = render_to_string("components/clinic_card.html", {"card": card})
    assert one.name in html and "Telefon ikke oplyst" in html and "Ventetid ikke oplyst" in html
