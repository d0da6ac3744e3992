"""Clinics side by side: the same facts for each, in the order of the address, and nothing made up where one has said nothing."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics import addresses, filters, tags, tariffs
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    OpeningHours,
    Practitioner,
    Price,
    Region,
)

from .html_reader import Page
from .money import tariff
from .people import clinic, condition, places, speciality, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/sammenlign/"
NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)  # a Monday, 11 o'clock in Denmark
DAY = datetime.date(2026, 11, 3)
MOST_QUERIES = 8


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@kept(at=NOW)
def havn() -> Clinic:
    """One of which much is known."""
    made = clinic(
        "Havn", "Aarhus C", specialities=["Ryg", "Knæ"], treatments=["Taping"], street="Eksempelvej 1",
        has_ydernummer=True, step_free=True, lift=False, languages=["da"], waiting_days=3,
        waiting_stated_on=DAY, confirmed_at=DAY, insurers=[], home_visits=False, is_example=True,
    )  # fmt: skip
    mette = Practitioner.objects.create(clinic=made, name="Mette Eksempel", languages=["en"])
    ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Ryg"), practitioner=mette)
    ClinicTreatment.objects.create(
        clinic=made, treatment=treatment("Holdtræning"), format="group", group_topic=speciality("Knæ")
    )
    Price.objects.create(clinic=made, kind="first", amount=550, minutes=45, confirmed_at=DAY)
    Price.objects.create(clinic=made, kind="follow_up", amount=420, minutes=30, confirmed_at=DAY)
    Price.objects.create(clinic=made, kind="package", amount=3800, sessions=10, valid_months=12, refundable=True)
    for day, closes in ((0, 20), (1, 16), (2, 20), (5, 13)):
        OpeningHours.objects.create(clinic=made, weekday=day, opens=datetime.time(8), closes=datetime.time(closes))
    OpeningHours.objects.create(clinic=made, kind="phone", weekday=0, opens=datetime.time(8), closes=datetime.time(10))
    return made


@kept(at=NOW)
def tom() -> Clinic:
    """One of which nothing is known but where it is."""
    return clinic("Tom", "Viby J", phone="")


def show(client, *slugs: str, **query) -> str:
    page = client.get(URL, {"klinik": slugs, **query})
    assert page.status_code == 200
    return page.content.decode().replace("\u00ad", "")  # where a long word may be broken: tests/test_danish.py


def rows(html: str) -> dict[str, list[str]]:
    """The label of each row, with its words of definition, → the words of its cells."""
    found = {}
    for row in re.findall(r"<tr\b.*?</tr>", html, re.DOTALL):
        head, *cells = re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        if cells:
            found[words(head)] = [words(one) for one in cells]
    return found


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# --- what stands in it


def test_every_row_has_a_cell_for_each_clinic_in_the_order_of_the_address(client, havn, tom):
    places()
    condition("Iskias", {"Ryg": 3})
    html = show(client, "tom", "havn", tilstand="iskias", sted="8000", gange="6")
    table = rows(html)
    assert {label: cells[1] for label, cells in table.items()} == {
        "Kontakt": "Ring 00 00 12 34 til Havn Besøgsark til Havn Fjern Havn fra sammenligningen",
        "Oplysning": "Havn Eksempel – opdigtet klinik",
    } | {
        "Afstand i luftlinje": "under 100 m",
        "Adresse": "Eksempelvej 1, 8000\u00a0Aarhus\u00a0C".replace("\u00a0", " "),
        "Åbent nu": "Åbent til kl. 20.00",
        "Fokusområder oplyst, ikke dokumenteret": "Passer til iskias: ryg Knæ",
        "Behandlere": "Mette: arbejder med ryg",
        "Behandlingstyper": "Taping",
        "Hold": "Holdtræning: knæ",
        "Undersøgelse og plan for træning": "Ikke oplyst",
        "Behandling hjemme hos dig": "Nej",
        "Behandling online": "Ikke oplyst",
        "Første gang uden henvisning": "550 kr. (45 min.) bekræftet 3. november 2026",
        "Derefter pr. gang uden henvisning": "420 kr. (30 min.) bekræftet 3. november 2026",
        "Pakke pr. gang": (
            "380 kr. pr. gang Pakke, 10 gange: 3.800 kr. Kan bruges i: 12 måneder."
            " Pengene tilbage for ubrugte gange: ja ikke bekræftet af klinikken"
        ),
        "Med henvisning din andel": "Fast andel. Vi har ikke et bekræftet beløb: spørg klinikken.",
        "Forløb: 1 + 6 gange uden henvisning": "3.070 kr. 1 × 550 kr. + 6 × 420 kr. = 3.070 kr.",
        "Forløb: 1 + 6 gange med henvisning": "Ikke oplyst",
        "Vederlagsfri fysioterapi": "Ikke oplyst",
        "Tilskud fra “danmark”": "Ikke oplyst",
        "Sundhedsforsikringer": "Ingen aftaler",
        "Ventetid": "3 dage oplyst 3. november 2026",
        "Akutte tider": "Ikke oplyst",
        "Aften og weekend": "Mandag og onsdag til kl. 20.00 Lørdag 8.00–13.00",
        "Telefontid": "Mandag 8.00–10.00",
        "Adgang uden trin": "Ja",
        "Elevator": "Nej",
        "Handicaptoilet": "Ikke oplyst",
        "Parkering ved døren": "Ikke oplyst",
        "Teleslynge": "Ikke oplyst",
        "Sprog": "Dansk og engelsk",
        "Bedømmelse": "Ingen bekræftede besøg endnu",
        "Bekræftet": "Bekræftet af klinikken 3. november 2026",
    }
    unknown = {label for label, cells in table.items() if cells[0] == "Ikke oplyst"}
    assert unknown == table.keys() - {
        "Oplysning",
        "Kontakt",
        "Afstand i luftlinje",
        "Adresse",
        "Bedømmelse",
        "Bekræftet",
    }
    assert table["Kontakt"][0].startswith("Telefon ikke oplyst")
    assert table["Bekræftet"][0] == "Ikke bekræftet af klinikken"
    assert table["Oplysning"] == ["Tom", "Havn Eksempel – opdigtet klinik"]


@pytest.mark.parametrize(
    ("covered", "share", "course"),
    [
        (True, "Første gang 300 kr., derefter 190 kr. fast pris", "1.250 kr. 1 × 300 kr. + 5 × 190 kr. = 1.250 kr."),
        (False, "Har ikke ydernummer: du betaler det hele selv", "Har ikke ydernummer"),
        (None, "Ikke oplyst", "Ikke oplyst"),
    ],
)
def test_an_amount_with_referral_only_where_a_ydernummer_is_stated(client, tom, covered, share, course):
    tariff("first", "300", "2026-10-01")
    tariff("normal", "190", "2026-10-01")
    clinic("Yder", "Aarhus C", has_ydernummer=covered)
    table = rows(show(client, "tom", "yder"))
    assert table["Med henvisning din andel"] == ["Ikke oplyst", share]
    assert table["Forløb: 1 + 5 gange med henvisning"] == ["Ikke oplyst", course]


def test_half_a_sum_is_no_sum(client, tom):
    clinic("Halv", "Aarhus C", price=600)
    cells = rows(show(client, "tom", "halv"))["Forløb: 1 + 5 gange uden henvisning"]
    assert cells == [
        "Ikke oplyst",
        "Ikke oplyst 1 × 600 kr. + 5 × ikke oplyst Klinikken har ikke oplyst prisen for de næste gange.",
    ]


def test_a_title_needs_a_document_and_a_suggestion_is_nobodys_word(client, tom):
    made = clinic("Titel", "Aarhus C")
    ole = Practitioner.objects.create(clinic=made, name="Ole Eksempel")
    sport = speciality("Sportsfysioterapi")
    sport.kind = "official"
    sport.save()
    ClinicSpeciality.objects.create(
        clinic=made, speciality=sport, practitioner=ole, grade="specialist", basis="documented", evidence="Bevis 2024"
    )
    ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Hofte"), basis="suggested")
    html = show(client, "titel", "tom", speciale="sportsfysioterapi")
    table = rows(html)
    assert table["Officielle specialer dokumenteret"] == ["Passer til din søgning: sportsfysioterapi", "Ikke oplyst"]
    assert table["Behandlere"][0] == "Ole: specialist i sportsfysioterapi"
    assert "ofte" not in table["Fokusområder oplyst, ikke dokumenteret"][0]


def test_a_price_for_a_group_says_that_there_is_one(client, tom):
    made = clinic("Hold", "Aarhus C")
    Price.objects.create(clinic=made, kind="group", amount=80)
    table = rows(show(client, "hold", "tom"))
    assert table["Hold"] == ["Har hold. Hvilke og hvornår: ikke oplyst", "Ikke oplyst"]
    assert table["Hold pr. gang uden henvisning"][0].startswith("80 kr.")


def test_hours_by_day_only_are_not_times_that_vary(client, havn, tom):
    OpeningHours.objects.exclude(weekday=1).delete()
    cells = rows(show(client, "havn", "tom"))["Aften og weekend"]
    assert cells == ["Ikke åbent om aftenen eller i weekenden", "Ikke oplyst"]


def test_languages_stand_in_the_order_of_the_profile_with_those_of_its_people(client, havn, tom):
    Clinic.objects.filter(slug="havn").update(languages=["de", "da"])
    assert rows(show(client, "havn", "tom"))["Sprog"][0] == "Dansk, engelsk og tysk"
    Practitioner.objects.update(languages=["da"])
    assert rows(show(client, "havn", "tom"))["Sprog"][0] == "Dansk og tysk"
    assert "Dansk og tysk" in words(client.get("/klinik/havn/").content.decode())
    Clinic.objects.filter(slug="havn").update(languages=[])
    Practitioner.objects.update(languages=[])
    assert rows(show(client, "havn", "tom"))["Sprog"][0] == "Ingen oplyst ud over dansk"


def test_how_many_visits_is_asked_among_the_prices(client, havn, tom):
    html = show(client, "havn", "tom")
    assert html.count('name="gange"') == 1
    assert html.index(">Pris<") < html.index('name="gange"') < html.index(">Første gang") < html.index("</table>")


def test_how_many_visits_is_asked_also_where_no_price_differs(client, tom):
    clinic("Tom igen", "Viby J", phone="")
    html = show(client, "tom", "tom-igen", kun_forskelle="ja", gange="fem")
    assert ">Pris<" not in html and html.count('name="gange"') == 1 and "Skriv et helt tal fra 1 til 20." in html


@pytest.mark.parametrize(
    ("number", "query", "layouts"),
    [
        (2, {}, {"phone": "screen and (max-width: 47.99rem)"}),
        (3, {}, {"one": "screen and (max-width: 29.99rem)",
                 "phone": "screen and (min-width: 29.99rem) and (max-width: 47.99rem)"}),
        (3, {"enkeltvis": "nej"}, {"phone": "screen and (max-width: 47.99rem)"}),
        (2, {"enkeltvis": "ja"}, {"one": "screen and (max-width: 47.99rem)"}),
        (2, {"enkeltvis": "måske"}, {"phone": "screen and (max-width: 47.99rem)"}),
    ],
)  # fmt: skip
def test_a_small_screen_shows_one_at_a_time_of_three_or_when_asked(client, havn, tom, number, query, layouts):
    clinic("Tre", "Randers")
    html = show(client, *("havn", "tom", "tre")[:number], **query)
    assert dict(re.findall(r'comparison-(one|phone)[^"]*" media="([^"]*)"', html)) == layouts
    assert html.count('name="vis"') == number


def test_paper_says_whom_to_ring_in_danger(client, havn, tom):
    assert "Er du i livsfare? Ring 112." in words(show(client, "havn", "tom").partition("print-only")[2])


def test_who_is_restricted_is_told_and_recommends_nobody(client, havn, tom):
    condition("Iskias", {"Ryg": 3})
    Practitioner.objects.update(is_restricted=True)
    cell = rows(show(client, "havn", "tom", tilstand="iskias"))["Behandlere"][0]
    assert cell == "Mette Eksempel er under skærpet tilsyn eller har begrænset autorisation."


def test_old_facts_say_that_they_are_old(client, havn, tom):
    old = datetime.date(2025, 5, 1)
    Clinic.objects.filter(slug="havn").update(confirmed_at=old, waiting_stated_on=old)
    table = rows(show(client, "havn", "tom"))
    assert table["Ventetid"][0] == "3 dage kan være ændret siden oplyst 1. maj 2025"
    assert table["Bekræftet"][0] == "Oplysningerne er over et år gamle: bekræftet af klinikken 1. maj 2025"


def test_over_water_is_said(client, havn):
    places()
    clinic("Sjælland", "Kalundborg")
    assert rows(show(client, "havn", "sjaelland", sted="8000"))["Afstand i luftlinje"][1].endswith("km over vand")


def test_no_winner_and_no_word_that_the_law_forbids(client, havn, tom):
    text = words(show(client, "havn", "tom")).lower()
    assert not re.search(r"\b(bedst|billigst|vinder|spar|rabat|anbefal\w*)\b", text)


# --- only what differs


def test_only_the_differences(client, havn):
    twin = clinic("Tvilling", "Viby J", step_free=True, lift=True)
    Price.objects.create(clinic=twin, kind="first", amount=550, minutes=45, confirmed_at=DAY + datetime.timedelta(3))
    html = show(client, "havn", "tvilling", kun_forskelle="ja")
    table = rows(html)
    assert "Elevator" in table and "Sprog" in table
    assert "Adgang uden trin" not in table, "both have said yes"
    assert "Første gang uden henvisning" not in table, "the same price, confirmed on two days"
    assert "Teleslynge" not in table, "nobody has said"
    left_out = words(html.partition("comparison__left-out")[2].partition("</div>")[0])
    same, _, unknown = left_out.partition("Ikke oplyst af nogen:")
    assert "adgang uden trin" in same and "første gang (uden henvisning)" in same and "teleslynge" not in same
    assert "teleslynge" in unknown and "adgang uden trin" not in unknown
    assert "kun_forskelle" not in re.search(r'href="([^"]*)">Vis alle oplysninger', html)[1]


def test_unknown_beside_a_no_is_a_difference(client, tom):
    clinic("Nej", "Aarhus C", lift=False)
    assert rows(show(client, "tom", "nej", kun_forskelle="ja"))["Elevator"] == ["Ikke oplyst", "Nej"]


# --- ways on


def test_place_condition_and_choices_go_along_on_every_link(client, havn, tom):
    places()
    condition("Iskias", {"Ryg": 3})
    clinic("Tre", "Randers")
    html = show(client, "havn", "tom", "tre", tilstand="iskias", sted="8000", gange="7", kun_forskelle="ja")
    links = [unescape(address) for tag, address in Page(html).addresses if tag == "a"]
    assert "/klinik/havn/?tilstand=iskias&sted=8000" in links
    assert "/klinik/havn/besoegsark/?tilstand=iskias&sted=8000&klinik=tom&klinik=tre" in links
    assert "/sammenlign/?tilstand=iskias&sted=8000&gange=7&klinik=havn&klinik=tre&kun_forskelle=ja" in links
    assert "/find/fysioterapeut/?tilstand=iskias&sted=8000&klinik=havn&klinik=tom&klinik=tre" in links
    assert "tel:+4500001234" in links
    for address in links:
        if address.startswith(("/klinik/", "/sammenlign/")):
            assert client.get(address).status_code == 200, address
    kept = [(e["name"], e["value"]) for tag, e in Page(html).elements if tag == "input" and e["type"] == "hidden"]
    assert kept == [
        ("tilstand", "iskias"), ("sted", "8000"), ("klinik", "havn"), ("klinik", "tom"), ("klinik", "tre"),
        ("kun_forskelle", "ja"),
    ]  # fmt: skip


def test_filters_of_a_search_are_still_there_on_the_way_back(client, havn, tom):
    html = show(client, "havn", "tom", adgang="elevator", pris_max="600")
    assert 'href="/find/fysioterapeut/?adgang=elevator&amp;pris_max=600&amp;klinik=havn&amp;klinik=tom"' in html


def test_a_gate_and_its_cards_stand_above_every_clinic(client, havn, tom):
    condition("Blodprop", {"Ryg": 3}, care_gate="Ring først til din læge.")
    html = show(client, "havn", "tom", tilstand="blodprop")
    main = html.partition("<main")[2]
    assert main.index("Ring først til din læge.") < main.index("tel:112") < main.index("/klinik/havn/")
    assert 'class="site-nav__find"' not in html, "no shortcut past the gate"


def test_a_gate_of_what_a_clinic_treats_is_there_when_the_condition_leads_to_it(client, havn, tom):
    ryg = speciality("Ryg")
    ryg.care_gate = "Først når din læge har set på det."
    ryg.save()
    condition("Iskias", {"Ryg": 3})
    assert "Ryg: Først når din læge har set på det." in show(client, "havn", "tom", tilstand="iskias")
    assert "Først når din læge" not in show(client, "havn", "tom")


def test_it_is_not_for_search_engines_and_not_for_caches(client, havn, tom):
    page = client.get(URL, {"klinik": ["havn", "tom"]})
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert "private" in page["Cache-Control"] and "max-age=60" in page["Cache-Control"]
    assert not page.cookies


# --- which clinics


def test_two_of_one_name_can_be_told_apart(client, tom):
    for number, (town, street) in enumerate([("Aarhus C", "Gade 1"), ("Aarhus C", "Gade 2"), ("Randers", "")]):
        made = clinic(f"Anemone {number}", town, street=street)
        Clinic.objects.filter(pk=made.pk).update(name="Anemone")
    html = show(client, "anemone-0", "tom", "anemone-1", "anemone-2")
    assert rows(html)["Oplysning"] == [
        "Anemone, Gade 1, 8000 Aarhus C", "Tom", "Anemone, Gade 2, 8000 Aarhus C", "Anemone, Randers",
    ]  # fmt: skip
    assert 'data-clinic="Anemone, Randers"' in html


@pytest.mark.parametrize("slugs", [[], ["havn"], ["havn", "havn"], ["havn", "kladde"], ["\0"], ["", " "]])
def test_too_few_are_asked_kindly_for_more(client, havn, slugs):
    places()
    clinic("Kladde", "Randers", status="draft")
    html = show(client, *slugs, sted="8000", adgang="elevator")
    assert "Vælg mindst to klinikker" in html and "<table" not in html
    chosen = "&amp;klinik=havn" if "havn" in slugs else ""
    back = f"/find/fysioterapeut/?sted=8000&amp;adgang=elevator{chosen}"
    assert f'<p class="no-print"><a class="button" href="{back}">' in html
    assert client.get(unescape(back)).status_code == 200
    assert ("Du har valgt" in html) == ("havn" in slugs) == ("/klinik/havn/?sted=8000" in html)
    assert 'content="noindex"' in html


def test_five_are_four_and_a_sentence(client):
    for number in range(5):
        clinic(f"Klinik {number}", "Aarhus C")
    html = show(client, *(f"klinik-{number}" for number in (4, 2, 0, 3, 1)))
    assert rows(html)["Oplysning"] == ["Klinik 4", "Klinik 2", "Klinik 0", "Klinik 3"]
    assert "Der er plads til 4 klinikker ad gangen." in html


def test_what_is_left_out_is_named(client, havn, tom):
    clinic("Lukket nu", "Randers", status="closed")
    clinic("Kladde", "Randers", status="draft")
    html = show(client, "lukket-nu", "havn", "kladde", "findes-ikke", "<b>x", "tom")
    assert rows(html)["Oplysning"][1] == "Tom"
    text = words(html)
    assert "Lukket nu er lukket og er derfor ikke med." in text
    assert "Vi kender ikke “kladde” og “findes-ikke”, så de er ikke med." in text
    assert "Vi kender ikke “kladde”, så den er ikke med." in words(show(client, "havn", "tom", "kladde"))
    assert "<b>x" not in html and "&lt;b&gt;x" not in html


def test_a_renamed_clinic_is_found_by_its_old_address_once(client, havn, tom):
    addresses.move(kind=addresses.CLINIC, object_id=havn.pk, old="gammel", new="havn")
    assert rows(show(client, "gammel", "tom", "havn"))["Oplysning"] == ["Havn Eksempel – opdigtet klinik", "Tom"]


# --- bad input, and how much is asked


@pytest.mark.parametrize(
    ("gange", "visits", "said"),
    [
        ("1", 1, False), ("20", 20, False), ("", 5, False), ("0", 5, True), ("21", 5, True), ("9" * 5000, 5, True),
        ("-3", 5, True), ("fem", 5, True), ("\0", 5, True), ("<script>", 5, True),
    ],
)  # fmt: skip
def test_how_many_visits(client, havn, tom, gange, visits, said):
    html = show(client, "havn", "tom", gange=gange)
    assert f"Forløb: 1 + {visits} gange uden henvisning" in rows(html)
    assert ("Skriv et helt tal fra 1 til 20." in html) == said
    assert ("<title>Fejl:" in html) == said
    assert "<script>" not in html


@pytest.mark.parametrize(
    "query",
    [
        {"klinik": [f"k{n}" for n in range(800)]},
        {"klinik": ["havn", "tom", *("æ" * n for n in range(700))]},
        {"klinik": ["havn", "tom"], "kun_forskelle": "\0", "enkeltvis": ["ja", "nej"], "sted": "\0", "tilstand": "\0"},
        {"klinik": ["havn", "tom"], "sted": "9" * 9000, "speciale": [f"s{n}" for n in range(700)], "side": "x"},
        {"klinik": ["havn", "tom"], "sted": "hele danmark"},
        {"klinik": ["../admin", "havn'--", "%00", "tom"]},
    ],
)
def test_nonsense_is_a_page(client, havn, tom, query):
    places()
    assert client.get(URL, query).status_code == 200


def test_a_place_that_we_do_not_know_is_said(client, havn, tom):
    places()
    html = show(client, "havn", "tom", sted="8888")
    assert "Vi kender ikke postnummer 8888" in words(html) and "Afstand i luftlinje" not in rows(html)
    assert "8888" in words(show(client, "havn", sted="8888"))


def test_only_get(client):
    assert client.post(URL).status_code == 405


def new_process() -> None:
    for module in (filters, tags, tariffs):
        module.forget()


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("tilstand", ["iskias", "blodprop"])
def test_eight_queries_at_most_for_two_or_four(client, havn, number, tilstand):
    places()
    condition("Iskias", {"Ryg": 3, "Knæ": 2})
    condition("Blodprop", {"Ryg": 3}, care_gate="Ring først til din læge.")
    Region.objects.get(slug="midtjylland")
    for n in range(3):
        made = clinic(f"Klinik {n}", "Randers", specialities=["Ryg"], treatments=["Taping"], price=500 + n)
        for m in range(5 * n):
            person = Practitioner.objects.create(clinic=made, name=f"Person {m}")
            ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Knæ"), practitioner=person)
            Price.objects.create(clinic=made, kind="package", amount=900 + m, sessions=2 + m)
    slugs = ["havn", "klinik-0", "klinik-1", "klinik-2"][:number]
    query = {"klinik": slugs, "tilstand": tilstand, "sted": "8000", "kun_forskelle": "ja"}
    for before in (new_process, lambda: client.get(URL, query)):
        before()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(URL, query).status_code == 200
        assert 3 <= len(asked) <= MOST_QUERIES, [one["sql"][:90] for one in asked]


def test_the_ticks_of_a_results_page_lead_here(client, havn, tom):
    places()
    html = client.get("/find/fysioterapeut/", {"sted": "8000"}).content.decode()
    forms = [e for tag, e in Page(html).elements if tag == "form" and e.get("id") == "sammenlign"]
    assert [one["action"] for one in forms] == [URL]
    ticks = [e["value"] for tag, e in Page(html).elements if tag == "input" and e.get("form") == "sammenlign"]
    assert "Oplysning" in rows(show(client, *ticks, sted="8000")) and set(ticks) == {"havn", "tom"}
