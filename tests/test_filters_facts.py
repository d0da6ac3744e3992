"""Filters by a clinic's facts: who has it is found; who has not, and who has not said, is not."""

import datetime
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.management import CommandError, call_command

from clinics import index
from clinics.choices import CHOICES, FILTERS
from clinics.facets import FACETS
from clinics.filters import SearchForm
from clinics.models import Clinic, ClinicTreatment, OpeningHours, Practitioner, SearchEntry
from clinics.tasks import check_search_index, lapse

from .people import clinic, condition, places, speciality, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"
NOW = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


@kept(autouse=True)
def denmark():
    places()


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def make(name: str, **said) -> Clinic:
    """A clinic that has said so: its own fields, and `hours`, `forms`, `speaks` as rows."""
    hours, forms, speaks = said.pop("hours", ()), said.pop("forms", ()), said.pop("speaks", None)
    one = clinic(name, "Aarhus C", **said)
    for row in hours:
        kind = row[3] if len(row) > 3 else "treatment"
        OpeningHours.objects.create(clinic=one, weekday=row[0], opens=row[1], closes=row[2], kind=kind)
    for form in forms:
        ClinicTreatment.objects.create(clinic=one, treatment=treatment("Taping"), format=form)
    if speaks is not None:
        Practitioner.objects.create(clinic=one, name="Mette", languages=speaks)
    index.rebuild([one.pk])
    return one


def found(client, query: dict) -> list[str]:
    """Who meets every filter; what happens when nobody does is in test_relaxing."""
    page = client.get(URL, {"sted": "8000", "kun_filtre": "ja"} | query).content.decode()
    return list(dict.fromkeys(re.findall(r'href="/klinik/([a-z0-9-]+)/', page)))


def fact(field: str) -> tuple[dict, dict]:
    return {field: True}, {field: False}


# Parameter, value, what a clinic that has it says, what one that has it not says.
TABLE = [
    ("ydernummer", "ja", *fact("has_ydernummer")),
    ("adgang", "niveaufri", *fact("step_free")),
    ("adgang", "elevator", *fact("lift")),
    ("adgang", "handicaptoilet", *fact("accessible_toilet")),
    ("adgang", "parkering", *fact("parking")),
    ("adgang", "teleslynge", *fact("hearing_loop")),
    ("fakta", "vederlagsfri", *fact("free_physiotherapy")),
    ("fakta", "akut", *fact("acute_appointments")),
    ("fakta", "undersoegelse", *fact("assessment_plan")),
    ("fakta", "danmark", *fact("danmark_insurance")),
    ("form", "hjemme", *fact("home_visits")),
    ("form", "hjemme", {"forms": ["home"]}, {"forms": ["individual"]}),
    ("form", "online", *fact("online")),
    ("form", "online", {"forms": ["online"]}, {"forms": ["individual"]}),
    ("form", "hold", {"forms": ["group"]}, {"forms": ["individual"]}),
    ("form", "hold", {"treatments": ["Holdtræning"]}, {"treatments": ["Massage"]}),  # a group by its name
    ("form", "individuel", {"forms": ["individual"]}, {"forms": ["group"]}),
    ("sprog", "ar", {"languages": ["da", "ar"]}, {"languages": ["da"]}),
    ("sprog", "ar", {"speaks": ["ar"]}, {"speaks": ["da"]}),  # one who treats there is enough
    ("sprog", "en", {"languages": ["en"], "speaks": []}, {"languages": []}),
    ("forsikring", "tryg", {"insurers": ["pfa", "tryg"]}, {"insurers": ["pfa"]}),
    ("forsikring", "tryg", {"insurers": ["tryg"]}, {"insurers": []}),
    ("aaben", "nu", {"hours": [(SATURDAY, "09:00", "14:00")]}, {"hours": [(SATURDAY, "09:00", "13:00")]}),  # 13.00 now
    ("aaben", "aften", {"hours": [(MONDAY, "12:00", "18:00")]}, {"hours": [(MONDAY, "08:00", "17:30")]}),
    ("aaben", "aften", {"hours": [(FRIDAY, "18:00", "00:00")]}, {"hours": [(SATURDAY, "09:00", "20:00")]}),
    ("aaben", "aften", {"hours": [(FRIDAY, "20:00", "02:00")]}, {"hours": [(MONDAY, "06:00", "23:00", "training")]}),
    ("aaben", "aften", {"hours": [(MONDAY, "00:00", "00:00")]}, {"hours": [(SUNDAY, "20:00", "02:00")]}),
    ("aaben", "loerdag", {"hours": [(SATURDAY, "09:00", "13:00")]}, {"hours": [(MONDAY, "09:00", "13:00")]}),
    ("aaben", "loerdag", {"hours": [(SATURDAY, "09:00", "13:00")]}, {"hours": [(SATURDAY, "09:00", "10:00", "phone")]}),
    ("aaben", "loerdag", {"hours": [(SATURDAY, "09:00", "13:00")]}, {"hours": [(FRIDAY, "20:00", "02:00")]}),
    ("bekraeftet", "ja", {"confirmed_at": "2025-11-21"}, {"confirmed_at": "2025-11-20"}),
    (
        "ventetid_max",
        "7",
        {"waiting_days": 7, "waiting_stated_on": "2026-11-01"},
        {"waiting_days": 8, "waiting_stated_on": "2026-11-01"},
    ),
    (
        "ventetid_max",
        "0",
        {"waiting_days": 0, "waiting_stated_on": "2026-09-22"},
        {"waiting_days": 0, "waiting_stated_on": "2026-09-21"},  # 61 days old
    ),
    ("ventetid_max", "7", {"waiting_days": 1, "waiting_stated_on": "2026-11-20"}, {"waiting_days": 1}),
    ("pris_max", "500", {"price": 500}, {"price": 501}),
]


@pytest.mark.parametrize(("name", "value", "has", "has_not"), TABLE)
def test_who_has_it_is_found_and_nobody_else(client, name, value, has, has_not):
    make("Har", **has)
    make("Har ikke", **has_not)
    make("Har ikke sagt det")
    assert found(client, {name: value}) == ["har"]


def test_every_choice_stands_in_the_table_or_in_a_list():
    tested = {(name, value) for name, value, *_ in TABLE}
    lists = {"sprog", "forsikring"}  # made from one line each
    assert {(f.name, c.slug) for f in FILTERS for c in f.choices if f.name not in lists} <= tested


def test_every_yes_or_no_fact_can_be_searched_by():
    assert set(FACETS) <= set(CHOICES)
    assert sum(len(one.choices) for one in FILTERS) == len(CHOICES) + 1, "“Åben nu” is no fact of the index"
    for one in FILTERS:
        assert len(one.by_slug) == len(one.choices)


def test_a_suggested_treatment_says_nothing_about_its_form(client):
    one = make("Foreslået", forms=["online"])
    one.treatments.update(basis="suggested")
    index.rebuild([one.pk])
    assert found(client, {"form": "online"}) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"adgang": ["niveaufri", "handicaptoilet"]}, ["begge"]),
        ({"adgang": "niveaufri"}, ["begge", "kun-niveaufri"]),
        ({"sprog": ["ar", "en"]}, ["begge", "kun-niveaufri"]),
        ({"sprog": ["ar", "en"], "adgang": ["niveaufri", "handicaptoilet"]}, ["begge"]),
        ({"sprog": "en", "adgang": "handicaptoilet"}, []),
        ({"fakta": ["akut", "danmark"]}, []),
        ({"fakta": ["akut"], "form": ["hjemme", "online"]}, ["begge"]),
        ({"forsikring": ["tryg", "pfa"], "aaben": ["aften", "loerdag"]}, ["kun-niveaufri"]),
    ],
)
def test_a_door_needs_all_and_a_language_one(client, query, expected):
    make(
        "Begge",
        step_free=True,
        accessible_toilet=True,
        languages=["ar"],
        acute_appointments=True,
        home_visits=True,
        insurers=["if"],
    )
    make(
        "Kun niveaufri",
        step_free=True,
        accessible_toilet=False,
        languages=["en"],
        danmark_insurance=True,
        insurers=["pfa"],
        hours=[(SATURDAY, "09:00", "13:00")],
    )
    make("Tavs")
    assert sorted(found(client, query)) == expected


def test_facts_condition_and_distance_hold_together(client):
    make("Ryg med lift", lift=True, specialities=["Ryg og nakke"])
    make("Ryg uden lift", lift=False, specialities=["Ryg og nakke"])
    make("Navnløs med lift", lift=True)
    make("Knæ med lift", lift=True, specialities=["Knæ"])
    assert found(client, {"speciale": "ryg-og-nakke", "adgang": "elevator"}) == ["ryg-med-lift", "navnloes-med-lift"]


# What stands in the address


def test_everything_stays_in_the_address_and_each_chip_takes_one_away(client):
    speciality("Ryg og nakke")
    make("Alt", step_free=True, lift=True, languages=["ar", "en"], specialities=["Ryg og nakke"], price=400)
    query = {
        "sted": "8000",
        "speciale": ["ryg-og-nakke"],
        "adgang": ["niveaufri", "elevator"],
        "sprog": ["ar", "en"],
        "pris_max": "500",
    }
    page = client.get(URL, query).content.decode()
    chips = re.search(r'class="results__chips".*?</ul>', page, re.S).group(0)
    removed = {}
    for url, label in re.findall(r'href="([^"]+)">.*?Fjern </span>(.*?)</span>', chips, re.S):
        kept = parse_qs(urlsplit(unescape(url)).query)
        lost = {(k, v) for k, vs in query.items() for v in ([vs] if isinstance(vs, str) else vs)} - {
            (k, v) for k, vs in kept.items() for v in vs
        }
        removed[label] = lost
    assert removed == {
        "Ryg og nakke": {("speciale", "ryg-og-nakke")},
        "Adgang uden trin": {("adgang", "niveaufri")},
        "Elevator": {("adgang", "elevator")},
        "Sprog: arabisk": {("sprog", "ar")},
        "Sprog: engelsk": {("sprog", "en")},
        "Højst 500 kr.": {("pris_max", "500")},
    }
    clear = unescape(re.search(r'href="([^"]+)">Ryd alle', chips).group(1))
    assert parse_qs(urlsplit(clear).query) == {"sted": ["8000"]}


def test_paging_keeps_every_filter_and_a_changed_filter_drops_the_page(client):
    for number in range(21):
        make(f"K{number}", lift=True, waiting_days=0, waiting_stated_on="2026-11-20")
    query = {"sted": "8000", "adgang": "elevator", "ventetid_max": "0"}
    first = client.get(URL, query).content.decode()
    following = unescape(re.search(r'href="([^"]*side=2[^"]*)"', first).group(1))
    assert parse_qs(urlsplit(following).query) == {k: [v] for k, v in (query | {"side": "2"}).items()}
    second = client.get(following).content.decode()
    assert "side=" not in re.search(r'class="results__chips".*?</ul>', second, re.S).group(0)


def test_a_new_search_in_the_field_keeps_the_facts_and_drops_the_subject(client):
    speciality("Ryg og nakke")
    make("En", lift=True)
    page = client.get(URL, {"sted": "8000", "adgang": "elevator", "pris_max": "900", "speciale": "ryg-og-nakke"})
    form = re.search(r'<form class="search-form".*?</form>', page.content.decode(), re.S).group(0)
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form) == [
        ("adgang", "elevator"),
        ("pris_max", "900"),
    ]


def test_words_that_lead_to_another_address_take_the_facts_along(client):
    condition("Ondt i lænden", {"Ryg og nakke": 3})
    make("Lift", lift=True, specialities=["Ryg og nakke"])
    query = {"q": "ondt i lænden", "sted": "8000", "adgang": ["elevator", "niveaufri"], "pris_max": "500"}
    target = client.get(URL, query)["Location"]
    assert parse_qs(urlsplit(target).query) == {
        "tilstand": ["ondt-i-laenden"], "sted": ["8000"], "adgang": ["elevator", "niveaufri"], "pris_max": ["500"]
    }  # fmt: skip
    assert client.get(URL, {"q": "Lift", "sted": "8000", "adgang": "elevator"})["Location"] == "/klinik/lift/?sted=8000"
    assert "adgang=elevator" in client.get(URL, {"q": "ondt i lænden", "adgang": "elevator"})["Location"]


def test_the_profile_is_not_asked_to_know_the_filters(client):
    make("En", lift=True)
    page = client.get(URL, {"sted": "8000", "adgang": "elevator"}).content.decode()
    assert 'href="/klinik/en/?sted=8000"' in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"adgang": ["niveaufri", "rulletrappe"]}, "Adgang: Valget findes ikke: “rulletrappe”."),
        ({"sprog": "xx"}, "Sprog: Valget findes ikke: “xx”."),
        ({"form": "<script>alert(1)</script>"}, "Valget findes ikke: “<script>alert(1)</script>”."),
        ({"fakta": "\0"}, "Klinikken tilbyder: Valget findes ikke"),
        ({"forsikring": "x" * 5000}, f"Valget findes ikke: “{'x' * 60}”."),
        ({"bekraeftet": "nej"}, "Valget findes ikke: “nej”."),
        ({"aaben": ["snart"] * 500}, "Åbningstider: Valget findes ikke: “snart”."),
        ({"ventetid_max": "snart"}, "Længste ventetid i dage: Vi forstod ikke tallet."),
        ({"pris_max": "billig"}, "Højeste pris uden henvisning: Vi forstod ikke tallet."),
        ({"ventetid_max": "-1"}, "Tallet er for lille."),
        ({"ventetid_max": "99999999999999999999"}, "Tallet er for stort."),
    ],
)
def test_a_value_that_does_not_exist_is_named_and_takes_nothing_else_along(client, query, sentence):
    make("Niveaufri", step_free=True)
    response = client.get(URL, {"sted": "8000"} | query)
    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
    assert "<script>alert" not in page
    assert "/klinik/niveaufri/" in page


def test_what_is_good_beside_something_bad_still_counts(client):
    make("Niveaufri", step_free=True)
    make("Trappe", step_free=False)
    query = {"adgang": ["niveaufri", "rulletrappe"]}
    assert found(client, query) == ["niveaufri"]
    assert 'value="niveaufri" checked' in client.get(URL, query).content.decode()


def test_an_empty_or_repeated_value_is_none_and_once(client):
    make("Uden alt")
    assert found(client, {"adgang": "", "sprog": ["", ""], "ventetid_max": "", "ydernummer": ""}) == ["uden-alt"]
    form = SearchForm({"adgang": ["elevator", "elevator"]})
    assert form.is_valid() and [choice.slug for choice in form.cleaned_data["adgang"]] == ["elevator"]


def test_a_choice_that_the_index_has_not_met_finds_nobody(client):
    """Not everybody: the filter must not fall away unseen."""
    from clinics import tags
    from clinics.models import Tag

    make("En", lift=True)
    Tag.objects.filter(key="lift").delete()
    tags.forget()
    assert found(client, {"adgang": "elevator"}) == []


# The index


def test_an_index_that_is_older_than_a_choice_is_completed_by_check_and_rebuild():
    from clinics import tags
    from clinics.models import Tag

    one = make("En", lift=True, languages=["ar"])
    before = dict(Tag.objects.values_list("key", "number"))
    gone = ["language_ar", "open_evening"]
    Tag.objects.filter(key__in=gone).delete()
    SearchEntry.objects.filter(clinic=one).update(tags=[n for k, n in before.items() if k == "lift"])
    tags.forget()
    assert index.disagreements() == [one.pk]
    assert index.rebuild() == 1 and index.disagreements() == []
    after = dict(Tag.objects.values_list("key", "number"))
    assert {k: n for k, n in after.items() if k not in gone} == {k: n for k, n in before.items() if k not in gone}
    assert all(after[key] > max(n for k, n in before.items() if k not in gone) for key in gone)


def test_what_is_filtered_most_has_the_first_numbers():
    from clinics.models import Tag

    make("En", specialities=["Ryg og nakke"], treatments=["Taping"])
    numbers = {tag.key: tag.number for tag in Tag.objects.all()}
    often = [numbers[c.key] for f in FILTERS if not f.seldom for c in f.choices if c.holds]
    seldom = [numbers[c.key] for f in FILTERS if f.seldom for c in f.choices]
    assert max(often) < numbers["ryg-og-nakke"] < numbers["taping"] < min(seldom)


def test_what_passes_its_limit_leaves_the_index_after_midnight(client):
    make("Venter", waiting_days=3, waiting_stated_on="2026-11-21")
    make("Bekræftet", confirmed_at="2026-01-31")
    make("Begge", waiting_days=3, waiting_stated_on="2026-11-22", confirmed_at="2026-02-01")
    waits, confirmed = {"ventetid_max": "7"}, {"bekraeftet": "ja"}
    # Danish midnight: 23:00 the day before in UTC.
    with time_machine.travel("2027-01-20T22:59:00Z", tick=False):
        index.rebuild()
        assert lapse() == 0 and index.disagreements() == []
        assert found(client, waits) == ["venter", "begge"]
    with time_machine.travel("2027-01-20T23:01:00Z", tick=False):
        assert len(index.disagreements()) == 1
        with pytest.raises(CommandError):
            call_command("rebuild_search_index", check=True)
        assert lapse() == 3 and lapse() == 0, "every row learns another day's hours"
        assert found(client, waits) == ["begge"]
        call_command("rebuild_search_index", check=True)
    with time_machine.travel("2027-01-31T23:01:00Z", tick=False):  # 1 February: a year and a day after 31 January
        assert lapse() == 3
        assert found(client, waits) == [] and found(client, confirmed) == ["begge"]
        assert index.disagreements() == []


def test_the_nightly_check_also_mends_what_no_worker_took_away(client):
    make("Venter", waiting_days=3, waiting_stated_on="2026-11-21")
    with time_machine.travel("2027-02-01T12:00:00Z", tick=False):
        assert check_search_index() == 1
        assert found(client, {"ventetid_max": "7"}) == []


def test_the_definition_changes_with_what_the_index_holds(monkeypatch):
    make("En")
    before = index.definition()
    assert index.definition() == before
    with time_machine.travel("2027-02-01T12:00:00Z", tick=False):
        assert index.definition() == before  # a day is no upgrade
    monkeypatch.setattr(index, "FACTS", index.FACTS.replace("18:00", "19:00"))
    assert index.definition() != before


# The panel


def test_the_panel_shows_what_is_chosen_and_folds_the_rest(client):
    make("En", lift=True)
    page = client.get(URL, {"sted": "8000", "adgang": "elevator", "ventetid_max": "10"}).content.decode()
    assert re.search(r'<details class="filters__group" open>\s*<summary>Adgang \(1 valgt\)', page)
    assert re.search(r'<details class="filters__group">\s*<summary>Sprog</summary>', page)
    assert '<option value="10" selected>Højst 10 dage (0)</option>' in page
    assert page.index("Kun klinikker med ydernummer") < page.index("<summary>Adgang")


def test_every_tick_has_a_label_of_its_own_in_its_group():
    for one in FILTERS:
        labels = [choice.label for choice in one.choices]
        assert len(set(labels)) == len(labels) and all(labels), one.name
        for choice in one.choices:
            assert choice.chip_label[0].isupper() or choice.chip_label[0] in "“", choice


@pytest.mark.parametrize(
    ("typed", "fits", "too_much"),
    [("506,72", 506, 507), ("1.250", 1250, 1251), ("1.250,50 kr.", 1250, 1251), ("600 kr.", 600, 601)],
)
def test_a_price_is_read_as_danes_write_it(client, typed, fits, too_much):
    clinic("Klinik Passer", "Aarhus C", price=fits)
    clinic("Klinik Dyr", "Aarhus C", price=too_much)
    page = client.get(URL, {"sted": "8000", "pris_max": typed}).content.decode()
    assert "Klinik Passer" in page and "Klinik Dyr" not in page
    assert "Vi forstod ikke" not in page
