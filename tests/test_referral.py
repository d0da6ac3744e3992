"""`/henvisning/`: a plain answer by place, ydernummer and kind of treatment; honest and useful where nothing is known."""

import datetime

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils.html import escape

from clinics import tariffs
from clinics.loading.money import load_money
from clinics.models import Clinic, Postcode, ReferralRule, Region
from clinics.municipalities import municipality_named
from clinics.referral import Area, answer, answers, areas_of, referral_part

from .money import rule, tariff
from .people import clinic, places
from .test_prices import filled
from .worlds import kept

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 21)
BEFORE, AFTER = datetime.date(2026, 12, 31), datetime.date(2027, 1, 1)
TRIAL = "prøver en ordning af"
WITH, WITHOUT = "Hvis klinikken har ydernummer", "Hvis klinikken ikke har ydernummer"


@kept
def denmark():
    """The rules as they are committed, over a few towns and the regions as they end and begin."""
    places()
    new = Region.objects.create(slug="oestdanmark", name="Region Østdanmark", valid_from=AFTER)
    for slug, name in (("hovedstaden", "Region Hovedstaden"), ("sjaelland", "Region Sjælland")):
        Region.objects.filter(slug=slug).update(name=name, valid_to=BEFORE, successor=new)
    for code, name in (("4400", "Guldborgsund"), ("8000", "Aarhus"), ("3700", "Bornholm")):
        Postcode.objects.filter(code=code).update(municipality=name)
    load_money()
    tariffs.forget()


def ask(client, **query) -> str:
    response = client.get("/henvisning/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def freeze(day: datetime.date) -> time_machine.travel:
    return time_machine.travel(datetime.datetime(day.year, day.month, day.day, 11, tzinfo=datetime.UTC), tick=False)


# --- the page over the committed rules


@freeze(DAY)
def test_the_page_answers_before_anything_is_asked(client, denmark):
    page = ask(client)
    assert "Du kan altid gå til en fysioterapeut uden henvisning og betale selv" in page
    assert "Ja, hvis du vil have tilskud fra det offentlige." in page
    assert "Region Sjælland sin egen regel" in page
    assert page.index('href="#ring-112"') < page.index("<form") < page.index('id="ring-112"')


@freeze(DAY)
@pytest.mark.parametrize(
    ("query", "says", "not_says"),
    [
        ({"sted": "8000", "ydernummer": "ja"}, ["Svar for 8000 Aarhus C", "Ja, hvis du vil have tilskud"], [TRIAL]),
        (
            {"sted": "4400", "ydernummer": "ja"},
            ["Nej. Du kan få tilskud uden en henvisning", TRIAL],
            ["Ring til din egen"],
        ),
        ({"sted": "Guldborgsund", "ydernummer": "ja"}, ["Svar for Guldborgsund Kommune", TRIAL], []),
        ({"sted": "Kalundborg Kommune", "ydernummer": "ja"}, [TRIAL], []),
        ({"sted": "4400", "ydernummer": "nej"}, ["betaler du det hele selv", "sikringsgruppe 2"], [TRIAL]),
        ({"sted": "4400", "slags": "hjemme", "ydernummer": "ja"}, ["skal du stadig have en henvisning"], []),
        (
            {"sted": "4400", "slags": "vederlagsfri", "ydernummer": "ja"},
            ["Opfylder du kravene, betaler du ikke noget", "skal lægen stadig henvise dig"],
            [],
        ),
        (
            {"sted": "8000", "slags": "vederlagsfri", "ydernummer": "ja"},
            ["Opfylder du kravene, betaler du ikke noget"],
            ["Region Sjælland"],
        ),
        (
            {"sted": "8000", "slags": "ridning", "ydernummer": "ja"},
            ["ridefysioterapi", "afhænger af, hvorfor du skal ride"],
            [],
        ),
        ({"sted": "8000", "slags": "hold", "ydernummer": "ja"}, ["Holdtræning hos en fysioterapeut"], []),
        ({"sted": "8000"}, [WITH, WITHOUT], []),
        ({"sted": "8000", "ydernummer": "ved-ikke"}, [WITH, WITHOUT], []),
        ({"ydernummer": "ja"}, ["Svar for hele landet", "Region Sjælland sin egen regel"], []),
    ],
)
def test_the_answer_follows_place_ydernummer_and_kind(client, denmark, query, says, not_says):
    page = ask(client, **query)
    for words in says:
        assert words in page
    for words in not_says:
        assert words not in page


@pytest.mark.parametrize(("day", "trial"), [(BEFORE, True), (AFTER, False), (datetime.date(2025, 3, 30), False)])
def test_the_trial_ends_with_its_region_and_that_is_said(client, denmark, day, trial):
    with freeze(day):
        page = ask(client, sted="4400", ydernummer="ja")
    assert (TRIAL in page) == trial
    assert ("Ja, hvis du vil have tilskud" in page) != trial
    assert ("Til og med 31. december 2026 havde Region Sjælland sin egen regel" in page) == (day == AFTER)


def test_after_the_merger_nobody_else_in_the_new_region_is_told_of_the_old_rule(client, denmark):
    with freeze(AFTER):
        assert "sin egen regel" not in ask(client, sted="1050", ydernummer="ja")


@freeze(DAY)
def test_a_postcode_in_two_regions_shows_both_answers(client, denmark):
    code = Postcode.objects.get(code="4400")
    code.regions.add(Region.objects.get(slug="hovedstaden"))
    tariffs.forget()
    page = ask(client, sted="4400", ydernummer="ja")
    assert "du bor i Region Sjælland" in page and "du bor i Region Hovedstaden" in page
    assert "Nej. Du kan få tilskud uden en henvisning" in page and "Ja, hvis du vil have tilskud" in page


@freeze(DAY)
def test_a_rule_that_waits_for_a_person_only_makes_us_doubt(client, denmark):
    page = ask(client, sted="4400", slags="hold", ydernummer="ja")
    assert "Der kan gælde noget andet, hvor du bor" in page
    assert "om det også gælder holdet" not in page
    ReferralRule.objects.filter(service="group").update(verified_at=DAY)
    tariffs.forget()
    page = ask(client, sted="4400", slags="hold", ydernummer="ja")
    assert "Der kan gælde noget andet" not in page and "om det også gælder holdet" in page


@freeze(DAY)
def test_no_amount_is_shown_that_does_not_hold(client, denmark):
    page = ask(client, sted="8000", ydernummer="ja")
    for amount in ("293,98", "294 kr.", "299 kr.", "190 kr."):
        assert amount not in page
    assert "Det ved vi ikke" in page and "Klinikken kan sige, hvad det koster i dag" in page


@freeze(DAY)
def test_the_own_share_is_an_estimate_with_source_and_days(client, denmark):
    tariff("first", "312.40", "2026-10-01", "2027-03-31")
    tariff("normal", "198.60", "2026-10-01", "2027-03-31")
    page = ask(client, sted="8000", ydernummer="ja")
    assert "Du skal selv betale ca. 312 kr. første gang, ca. 199 kr. derefter." in page
    assert "Gælder fra 1. oktober 2026 til og med 31. marts 2027." in page
    assert 'href="https://fysio.dk/takster"' in page
    assert "Dertil kan komme et tillæg for afstanden" in ask(client, sted="8000", slags="hjemme", ydernummer="ja")
    assert "ca. 312 kr." not in ask(client, sted="8000", slags="vederlagsfri", ydernummer="ja")
    assert "ca. 312 kr." not in ask(client, sted="8000", ydernummer="nej")


@freeze(DAY)
def test_invented_amounts_are_for_invented_clinics(client, denmark):
    for service in ("first", "normal"):
        tariff(service, "111", "2026-10-01", "2027-03-31", is_example=True, verified_at=None)
    assert "111 kr." not in ask(client, sted="8000", ydernummer="ja")


@freeze(DAY)
@pytest.mark.parametrize(
    ("query", "link"),
    [
        ({"sted": "8000", "ydernummer": "ja"}, "/find/fysioterapeut/?sted=8000&ydernummer=ja"),
        ({"sted": "8000"}, "/find/fysioterapeut/?sted=8000&ydernummer=ja"),
        ({"sted": "8000", "ydernummer": "nej"}, "/find/fysioterapeut/?sted=8000"),
        ({"ydernummer": "ja"}, "/find/fysioterapeut/?ydernummer=ja"),
        (
            {"sted": "8000", "slags": "vederlagsfri", "ydernummer": "ja"},
            "/find/fysioterapeut/?sted=8000&ydernummer=ja&fakta=vederlagsfri",
        ),
    ],
)
def test_the_way_on_leads_to_the_clinics(client, denmark, query, link):
    assert f'href="{escape(link)}"' in ask(client, **query)
    assert client.get(link).status_code == 200


# --- what visitors type


@freeze(DAY)
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"sted": "9999"}, "Vi kender ikke postnummer 9999"),
        ({"sted": "Aahrus"}, "Mente du"),
        ({"sted": "8000, 9000"}, "Hvilket vil du søge fra?"),
        ({"sted": "12"}, "Et postnummer har fire cifre"),
        ({"sted": "x" * 500}, "Teksten er for lang"),
        ({"sted": "\0"}, "Teksten indeholder tegn"),
        ({"slags": "zoneterapi"}, "Valget findes ikke"),
        ({"ydernummer": "måske"}, "Valget findes ikke"),
    ],
)
def test_what_is_not_understood_is_named_and_the_country_is_answered(client, denmark, query, says):
    page = ask(client, **query)
    assert says in page
    assert "Svar for hele landet" in page and "Ja, hvis du vil have tilskud" in page


@freeze(DAY)
def test_the_choices_keep_the_rest_of_what_was_asked(client, denmark):
    page = ask(client, sted="8000, 9000", slags="hold", ydernummer="ja")
    assert "slags=hold&amp;ydernummer=ja#svar" in page


@freeze(DAY)
@pytest.mark.parametrize("name", ["sted", "slags", "ydernummer", "side"])
def test_hostile_values_are_only_text(client, denmark, name):
    page = ask(client, **{name: '"><script>alert(1)</script>'})
    assert "<script>alert" not in page


@freeze(DAY)
def test_as_many_queries_wherever_one_lives(client, denmark, django_assert_max_num_queries):
    ask(client, sted="8000")
    for place in ("8000", "Kalundborg", "guldborgsund", "9999", ""):
        with django_assert_max_num_queries(9):
            ask(client, sted=place, ydernummer="ved-ikke")


def test_it_is_read_only(client):
    assert client.post("/henvisning/").status_code == 405


# --- where nothing is known


def test_an_empty_database_is_no_dead_end(client):
    page = ask(client, sted="8000", ydernummer="ja")
    assert "Det har vi ikke et sikkert svar på." in page
    for way_on in ('href="tel:112"', "egen læge", "sundhed.dk", "kommune", "/find/fysioterapeut/", "betale selv"):
        assert way_on in page


@freeze(DAY)
def test_every_fact_about_insurance_has_its_source_and_no_amount(client, denmark):
    page = ask(client)
    help_text = page[page.index('id="danmark"') : page.index('id="spoerg"')]
    assert " kr." not in help_text and help_text.count("Kilde:") == 3
    assert "kræver ikke en henvisning" in help_text and "før du bestiller tid" in help_text


# --- the rule itself


@kept
def regions():
    places()
    ostdanmark = Region.objects.create(slug="oestdanmark", name="Region Østdanmark", valid_from=AFTER)
    Region.objects.filter(slug__in=["hovedstaden", "sjaelland"]).update(valid_to=BEFORE, successor=ostdanmark)
    rule("ordinary", "share", needs_referral=True)


def told(area: Area, day=DAY, service="ordinary", has=True):
    found = answer(service, has, area, day).rule
    return found.text if found else None


NATIONAL = "Regel om ordinary ."


@pytest.mark.parametrize(
    ("day", "area", "text"),
    [
        (DAY, Area(), NATIONAL),
        (DAY, Area("syddanmark", "syddanmark"), "Regel om ordinary syddanmark."),
        (DAY, Area("midtjylland", "midtjylland"), NATIONAL),
        (DAY, Area("syddanmark", "syddanmark", frozenset({"Odense"})), "Kun i Odense."),
        (DAY, Area("syddanmark", "syddanmark", frozenset({"Vejle"})), "Regel om ordinary syddanmark."),
        (BEFORE, Area("sjaelland", "sjaelland"), "Regel om ordinary sjaelland."),
        (AFTER, Area("oestdanmark", "sjaelland"), NATIONAL),
        (datetime.date(2023, 12, 31), Area(), None),
    ],
)
def test_the_most_local_rule_wins_and_ends_with_its_region(regions, day, area, text):
    rule("ordinary", "share", needs_referral=False, region="syddanmark")
    rule("ordinary", "share", needs_referral=False, region="syddanmark", municipality="Odense", text="Kun i Odense.")
    rule("ordinary", "share", needs_referral=False, region="sjaelland")  # without a last day of its own
    assert told(area, day) == text


def test_of_two_that_hold_the_later_one_is_told(regions):
    rule("ordinary", "share", needs_referral=False, valid_from=datetime.date(2026, 10, 1), text="Ny regel.")
    assert told(Area()) == "Ny regel."
    assert told(Area(), datetime.date(2026, 9, 30)) == NATIONAL


def test_an_unverified_rule_of_the_country_is_not_told_and_leaves_a_doubt(regions):
    rule("ordinary", "nothing", needs_referral=False, to_be_verified=True, valid_from=datetime.date(2026, 10, 1))
    found = answer("ordinary", True, Area(), DAY)
    assert found.text == NATIONAL and found.doubts


def test_an_invented_rule_is_never_told(regions):
    rule("ordinary", "nothing", needs_referral=False, is_example=True, valid_from=datetime.date(2026, 10, 1))
    assert told(Area()) == NATIONAL


def test_areas_with_the_same_answer_are_one(regions):
    rule("ordinary", "share", needs_referral=False, region="sjaelland")
    two = areas_of(["hovedstaden", "sjaelland", "syddanmark"], (), DAY)
    assert [one.region_name for one in answers("ordinary", True, two, DAY)] == [
        "Region Hovedstaden",
        "Region Sjaelland",
    ]
    assert len(answers("ordinary", True, [], DAY)) == 1


def test_municipalities_by_name(denmark):
    found = municipality_named(" guldborgsund kommune")
    assert found and found.name == "Guldborgsund" and found.base_regions == ("sjaelland",)
    assert municipality_named("århus") and municipality_named("i Bornholm")
    assert municipality_named("kommune") is None and municipality_named("") is None
    assert municipality_named("Narnia") is None


# --- the profile


def part(made: Clinic, day: datetime.date = DAY) -> str:
    one = filled(made)
    html = render_to_string("clinics/_profile_referral.html", {"clinic": one, "referral": referral_part(one, day)})
    return " ".join(html.split())


@pytest.mark.parametrize(
    ("day", "town", "trial"), [(BEFORE, "Kalundborg", True), (AFTER, "Kalundborg", False), (BEFORE, "Aarhus C", False)]
)
def test_the_profile_tells_of_a_local_rule_where_the_clinic_lies(denmark, day, town, trial):
    made = clinic("Viben", town, has_ydernummer=True)
    assert (TRIAL in part(made, day)) == trial
    Clinic.objects.update(has_ydernummer=None)
    assert TRIAL not in part(made, day)


def test_the_profile_says_what_is_not_stated(regions):
    shown = part(clinic("Viben", "Aarhus C"))
    assert shown.count("Ikke oplyst") == 4
    shown = part(clinic("Solsort", "Aarhus C", has_ydernummer=False, insurers=[], danmark_insurance=True))
    assert shown.count("Ikke oplyst") == 1 and "<dd>Ingen</dd>" in shown


def test_the_profile_shows_the_shares_of_the_day_with_their_source(regions):
    tariff("first", "299.29", "2026-10-01", "2027-03-31")
    tariff("group", "99", "2026-10-01", "2027-03-31", verified_at=None)
    shown = part(clinic("Viben", "Aarhus C", has_ydernummer=True))
    assert "299,29 kr." in shown and "99 kr." not in shown.replace("299,29 kr.", "")
    assert "Kontrolleret 1. januar 2026." in shown and 'href="https://fysio.dk/takster"' in shown


def test_the_profile_asks_nothing(regions, django_assert_num_queries):
    one = filled(clinic("Viben", "Aarhus C", has_ydernummer=True))
    referral_part(one, DAY)
    with django_assert_num_queries(0):
        referral_part(one, DAY)


@freeze(DAY)
@pytest.mark.parametrize("kind", ["vederlagsfri", "ridning"])
def test_free_treatment_is_promised_to_nobody_whom_we_do_not_know(client, denmark, kind):
    page = ask(client, slags=kind, ydernummer="ja")
    assert "lægen skal henvise dig" in page
    assert "Så betaler du ikke noget." not in page


@freeze(DAY)
def test_the_first_day_of_a_row_is_no_fact_about_the_country(client, denmark):
    """Our row begins some day; how long the rule has held nobody wrote down, and nobody has verified it."""
    page = ask(client, slags="almindelig", ydernummer="ja")
    assert "Gælder fra 1. januar 2024" not in page
    assert "Vi har ikke selv kontrolleret det endnu." in page
