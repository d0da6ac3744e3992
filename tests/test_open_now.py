"""“Åben nu”: who is found is who the cards call open, at any moment and without asking more of the database."""

import datetime
import re
from dataclasses import replace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.http import QueryDict

from clinics import actions, counting, index, open_times, relaxing, tasks
from clinics.card_facts import facts_of
from clinics.clock import today
from clinics.inquiry import Inquiry
from clinics.models import Clinic, OpeningException, OpeningHours, SearchEntry
from clinics.search import Search

from .opening import at, change, week
from .people import clinic, places

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"
THURSDAY = "2026-11-19 10.00"


@pytest.fixture(autouse=True)
def denmark():
    places()


def make(name: str, *lines: str, changes=(), **fields) -> Clinic:
    one = clinic(name, "Aarhus C", **fields)
    OpeningHours.objects.bulk_create(
        OpeningHours(clinic=one, kind=row.kind, weekday=row.weekday, opens=row.opens, closes=row.closes)
        for row in week(*lines)
    )
    OpeningException.objects.bulk_create(
        OpeningException(clinic=one, first_day=c.first_day, last_day=c.last_day, opens=c.opens, closes=c.closes)
        for c in changes
    )
    return one


def moment(text: str, fold: int = 0):
    counting.forget()
    return time_machine.travel(at(text, fold), tick=False)


def names(**asked) -> list[str]:
    return [hit.name for hit in found(**asked).hits]


def found(**asked):
    query = QueryDict(mutable=True)
    for name, value in ({"sted": "8000", "kun_filtre": "ja", "aaben": "nu"} | asked).items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return Inquiry.read(query).found(facets=True)


# Every moment is asked in one database, whose index was made at the beginning of that day or up to three days before.
HARD_DAYS = [
    "2026-03-29",  # the clock is put forward
    "2026-10-25",  # and back
    "2026-12-24",
    "2026-12-25",
    "2026-12-31",
    "2027-01-01",
    "2026-06-05",
    "2026-04-02",  # skærtorsdag
    "2026-11-19",
    "2026-11-21",
]


@pytest.mark.parametrize("day", HARD_DAYS)
def test_it_agrees_with_the_open_state_that_the_cards_show(day):
    before = str(datetime.date.fromisoformat(day) - datetime.timedelta(days=1))
    after = str(datetime.date.fromisoformat(day) + datetime.timedelta(days=1))
    make("Kontor", "ma-fr 8.00-16.00")
    make("Delt", "ma-sø 1.30-2.30 2.45-3.15 9.00-12.00 13.00-16.00")
    make("Nat", "ma-sø 22.00-3.00")
    make("Altid", "ma-sø 0.00-0.00")
    make("Lukket på helligdage", "ma-sø 8.00-23.00", closed_on_holidays=True)
    make("Åben på helligdage", "ma-sø 8.00-23.00", closed_on_holidays=False)
    make("Ferie", "ma-sø 0.00-0.00", changes=[change(before, after)])
    make("Lukket i dag", "ma-sø 22.00-3.00", changes=[change(day)])
    make("Kun i dag", changes=[change(day, times="2.00-10.00")])
    make("Sent i dag", "ma-fr 8.00-16.00", changes=[change(day, times="18.00-2.30"), change(day, times="0.30-1.00")])
    make("Aftenen før", changes=[change(before, times="20.00-2.45")])
    make("Tavs")
    ever = set()
    for days_before in (0, 3):
        first = str(datetime.date.fromisoformat(day) - datetime.timedelta(days=days_before))
        with moment(f"{first} 0.00"):
            index.rebuild()
            assert index.disagreements() == []
            asked = Inquiry.read(QueryDict("sted=8000&aaben=nu")).asked()
            everybody = Search(replace(asked, open_now=False)).found().hits
            rows = {hit.clinic_id: hit.card_rows for hit in everybody}
            closed = {hit.clinic_id: hit.closed_on_holidays for hit in everybody}
        hours = range(24) if days_before == 0 else (0, 9)
        clocks = [(f"{hour}.{minute:02}", 0) for hour in hours for minute in ((0, 29, 30, 59) if hour < 4 else (0,))]
        for clock, fold in [*clocks, ("2.00", 1), ("2.30", 1), ("2.59.59", 1)]:
            with moment(f"{day} {clock}", fold):
                states = {key: facts.open_state for key, facts in facts_of(rows, closed, []).items()}
                shown = {hit.name for hit in everybody if states[hit.clinic_id].is_open}
                answer = Search(asked).found(facets=True)
                assert {hit.name for hit in answer.hits} == shown, (day, clock, fold)
                assert answer.facets.open_now("aaben") == answer.total == len(shown)
                ever |= shown
    assert {"Kun i dag", "Sent i dag", "Aftenen før"} <= ever and not {"Ferie", "Tavs"} & ever


def test_it_goes_with_the_evening_and_not_instead_of_it(client):
    with moment(THURSDAY):
        make("Nu og aften", "ma-fr 8.00-18.00")
        make("Kun nu", "ma-fr 8.00-16.00")
        make("Kun aften", "ma-fr 16.00-20.00")
        make("Nu og lørdag", "ma-fr 8.00-16.00", "lø 9.00-12.00")
        index.rebuild()
        assert set(names()) == {"Nu og aften", "Kun nu", "Nu og lørdag"}
        assert names(aaben=["nu", "aften"]) == ["Nu og aften"]
        assert set(names(aaben=["nu", "aften", "loerdag"])) == {"Nu og aften", "Nu og lørdag"}
        assert set(names(aaben=["aften", "loerdag"])) == {"Nu og aften", "Kun aften", "Nu og lørdag"}


def test_its_number_and_its_chip(client):
    with moment(THURSDAY):
        make("Åben", "ma-fr 8.00-16.00", lift=True)
        make("Åben uden elevator", "ma-fr 8.00-16.00")
        make("Lukket", "ma-fr 12.00-16.00", lift=True)
        index.rebuild()
        page = client.get(URL, {"sted": "8000", "adgang": "elevator"}).content.decode()
        assert re.search(r'value="nu"[^>]*><span>Åben nu <[^>]*>\(1\)', page) or "Åben nu (1)" in page
        chosen = client.get(URL, {"sted": "8000", "aaben": "nu"})
        assert 'class="chip"' in chosen.content.decode() and "Fjern </span>Åben nu" in chosen.content.decode()
        assert set(chosen["Cache-Control"].split(", ")) == {"max-age=60", "private"}
    with moment("2026-11-19 20.00"):
        page = client.get(URL, {"sted": "8000"}).content.decode()
        assert re.search(r'value="nu"[^>]*disabled', page), "nobody is open, and it is there all the same"


def test_when_nobody_is_open_it_is_set_aside_with_a_sentence(client):
    make("Kontor", "ma-fr 8.00-16.00")
    index.rebuild()
    with moment("2026-11-19 20.00"):
        index.rebuild()
        page = client.get(URL, {"sted": "8000", "aaben": ["nu", "aften"]}).content.decode()
    assert "Ingen klinikker med “Åben nu” og “Åbent om aftenen” passer til resten af din søgning." in page
    assert "/klinik/kontor/" in page and "Lukket til i morgen kl. 8.00" in page


def test_it_is_not_asked_of_those_one_meets_on_a_screen():
    with moment("2026-11-19 20.00"):
        make("Skærm", "ma-fr 8.00-16.00", online=True)
        index.rebuild()
        inquiry = Inquiry.read(QueryDict("sted=8000&aaben=nu"))
        assert [hit.name for hit in relaxing.online(inquiry, inquiry.asked())] == ["Skærm"]


def test_a_change_is_known_at_once():
    with moment(THURSDAY):
        one = make("En", "ma-fr 8.00-16.00")
        actions.clinic_changed(clinic=one)
        assert names() == ["En"]
        OpeningException.objects.create(clinic=one, first_day=today(), last_day=today())
        actions.clinic_changed(clinic=one)
        assert names() == []


def test_the_check_notices_hours_that_nobody_told_the_index():
    with moment(THURSDAY):
        one, other = make("En", "ma-fr 8.00-16.00"), make("Anden", "ma-fr 8.00-16.00")
        index.rebuild()
        call_command("rebuild_search_index", check=True)
        OpeningException.objects.create(clinic=one, first_day=today(), last_day=today())
        assert index.disagreements() == [one.pk]
        SearchEntry.objects.filter(clinic=other).update(open_until=None)
        assert index.disagreements() == [one.pk, other.pk]
        assert tasks.check_search_index() == 2 and index.disagreements() == []


def test_every_night_the_index_learns_another_day():
    with moment(THURSDAY):
        make("En", "ma-fr 8.00-16.00")
        make("Anden", "lø 9.00-12.00")
        index.rebuild()
        assert tasks.lapse() == 0, "made today"
    with moment("2026-11-20 0.01"):
        assert tasks.lapse() == 2 and tasks.lapse() == 0
        call_command("rebuild_search_index", check=True)
    with moment("2026-11-23 23.59"):
        call_command("rebuild_search_index", check=True)
    with moment("2026-11-24 0.00"):
        with pytest.raises(CommandError):
            call_command("rebuild_search_index", check=True)
        call_command("rebuild_search_index")
        call_command("rebuild_search_index", check=True)


def test_more_clinics_than_a_batch(monkeypatch):
    monkeypatch.setattr(index, "BATCH", 2)
    with moment(THURSDAY):
        for number in range(5):
            make(f"K{number}", "ma-fr 8.00-16.00")
        assert index.rebuild() == 5 and index.rebuild() == 0
        assert len(names()) == 5
    with moment("2026-11-20 9.00"):
        assert tasks.lapse() == 5 and index.disagreements() == []


def test_where_the_index_knows_nothing_of_today_nobody_is_hidden_and_the_page_says_so(client):
    """The worker was down for a week: who is open is not known, which is not the same as closed."""
    sentence = "Lige nu kan vi ikke sige for alle, om de har åbent."
    with moment(THURSDAY):
        make("Åben", "ma-fr 8.00-16.00")
        make("Lukket", "ma-fr 12.00-16.00")
        index.rebuild()
        assert sentence not in client.get(URL, {"sted": "8000", "aaben": "nu"}).content.decode()
    with moment("2026-11-26 10.00"):
        page = client.get(URL, {"sted": "8000", "aaben": "nu"}).content.decode()
        assert sentence in page and "Fjern “Åben nu”" in page
        assert "/klinik/aaben/" in page and "/klinik/lukket/" in page
        assert "Åbent til kl. 16.00" in page and "Lukket til kl. 12.00" in page, "the cards know"
        assert tasks.lapse() == 2
        assert names() == ["Åben"]


def test_the_api_asks_the_same(client):
    with moment(THURSDAY):
        make("Åben", "ma-fr 8.00-16.00")
        make("Lukket", "ma-fr 12.00-16.00")
        index.rebuild()
        answer = client.get("/api/v1/clinics/", {"place": "8000", "open": "nu"}).json()
        assert [one["name"] for one in answer["results"]] == ["Åben"]


def test_it_costs_no_statement(django_assert_num_queries):
    with moment(THURSDAY):
        make("Åben", "ma-fr 8.00-16.00")
        index.rebuild()
        found()
        with django_assert_num_queries(2):
            assert found().total == 1


def test_the_hours_of_a_clinic_are_one_statement(django_assert_num_queries):
    with moment(THURSDAY):
        made = [make(f"K{number}", "ma-fr 8.00-16.00").pk for number in range(3)]
        with django_assert_num_queries(1):
            assert set(open_times.open_times(made).by_clinic) == set(made)
