"""How often a clinic was seen: counted without a statement, without anybody's name, and shown so that nobody shows."""

import datetime
import importlib
import multiprocessing
import runpy
import threading
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, connections
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from clinics import statistics, tasks
from clinics.models import Clinic, DailyStatistic, RateCount
from clinics.statistics import collecting, keeping, visitors
from clinics.statistics.chart import chart
from clinics.statistics.figures import EVENTS, STEP, shown

from . import attack
from .people import clinic, condition, places
from .worlds import kept

pytestmark = pytest.mark.django_db

Event = DailyStatistic.Event
COUNTED = importlib.import_module("clinics.views.counted")  # its name in the package is the view's
PHONE_BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"
)
PERSON = {"HTTP_USER_AGENT": PHONE_BROWSER, "HTTP_ACCEPT_LANGUAGE": "da-DK,da;q=0.9"}
NOON = datetime.datetime(2026, 11, 20, 11, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 20)
TAPPED = "/klinik/ryggen/talt/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@kept(at=NOON)
def ryggen() -> Clinic:
    return clinic("Ryggen", "Aarhus C", website="https://ryggen.example/")


@pytest.fixture
def person() -> Client:
    return Client(**PERSON)


def written() -> dict[tuple[str, str], int]:
    """(slug, event) → what the rows say, after this process has written what it knows."""
    statistics.flush()
    rows = DailyStatistic.objects.values_list("clinic__slug", "event", "count")
    return {(slug, event): count for slug, event, count in rows}


def tap(browser, event="phone", address=TAPPED, **headers):
    headers = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"} | headers
    return browser.post(address, event, content_type="text/plain;charset=UTF-8", **headers)


def rows(one: Clinic, **counts: int) -> None:
    """`rows(one, **{"2026-10-03": 7})`: profile views by day."""
    for day, count in counts.items():
        DailyStatistic.objects.create(clinic=one, day=day, event=Event.VIEW, count=count)


class TestSeen:
    def test_a_profile_and_a_list_are_counted(self, person, ryggen):
        places()
        clinic("Knæet", "Aarhus N")
        person.get("/klinik/ryggen/")
        person.get("/find/fysioterapeut/?sted=8000")
        person.get("/find/fysioterapeut/aarhus/")
        assert written() == {("ryggen", "view"): 1, ("ryggen", "appearance"): 2, ("knaeet", "appearance"): 2}
        assert set(DailyStatistic.objects.values_list("day", flat=True)) == {TODAY}

    def test_it_costs_no_statement(self, ryggen):
        condition("Iskias", {"Ryg": 2})
        for address in ("/klinik/ryggen/", "/find/fysioterapeut/"):
            Client().get(address)  # what a process remembers
            with CaptureQueriesContext(connection) as nobody:
                Client().get(address)
            with CaptureQueriesContext(connection) as counted:
                Client(**PERSON).get(address)
            assert len(counted) == len(nobody)
        assert written() == {("ryggen", "view"): 1, ("ryggen", "appearance"): 1}

    def test_no_cookie_is_set(self, person, ryggen):
        for address in ("/klinik/ryggen/", "/find/fysioterapeut/"):
            assert not person.get(address).cookies
        assert not tap(person).cookies

    @pytest.mark.parametrize("status", ["draft", "closed"])
    def test_only_what_patients_see_is_counted(self, person, ryggen, status):
        Clinic.objects.filter(pk=ryggen.pk).update(status=status)
        person.get("/klinik/ryggen/")
        tap(person)
        person.get("/klinik/findes-ikke/")
        assert written() == {}

    def test_the_day_is_the_danish_one(self, person, ryggen):
        for utc in ("2026-11-20T22:59:59Z", "2026-11-20T23:00:01Z"):
            with time_machine.travel(utc, tick=False):
                person.get("/klinik/ryggen/")
        statistics.flush()
        assert list(DailyStatistic.objects.order_by("day").values_list("day", "count")) == [
            (TODAY, 1),
            (datetime.date(2026, 11, 21), 1),
        ]

    def test_who_works_here_is_not_counted(self, ryggen):
        for name, is_staff in (("olga", True), ("patient", False)):
            browser = Client(**PERSON)
            browser.force_login(User.objects.create_user(name, is_staff=is_staff))
            browser.get("/klinik/ryggen/")
            browser.get("/find/fysioterapeut/")
            tap(browser)
        assert written() == {("ryggen", "view"): 1, ("ryggen", "appearance"): 1, ("ryggen", "phone"): 1}

    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_USER_AGENT": ""},
            {"HTTP_USER_AGENT": "x" * 5_000},
            {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
            {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; bingbot/2.0)"},
            {"HTTP_USER_AGENT": "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (Applebot/0.1)"},
            {"HTTP_USER_AGENT": "GPTBot/1.2"},
            {"HTTP_USER_AGENT": "facebookexternalhit/1.1"},
            {"HTTP_USER_AGENT": "WhatsApp/2.24"},
            {"HTTP_USER_AGENT": "Mozilla/5.0 HeadlessChrome/131.0"},
            {"HTTP_USER_AGENT": "python-requests/2.32"},
            {"HTTP_USER_AGENT": "curl/8.5"},
            {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Baiduspider/2.0)"},
            {"HTTP_USER_AGENT": "UptimeRobot/2.0; http://www.uptimerobot.com/"},
            {"HTTP_ACCEPT_LANGUAGE": ""},
            {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
            {"HTTP_PURPOSE": "prefetch"},
            {"HTTP_X_PURPOSE": "preview"},
            {"HTTP_X_MOZ": "prefetch"},
        ],
    )
    def test_robots_and_what_is_fetched_ahead_are_not(self, ryggen, headers):
        browser = Client(**PERSON | headers)
        browser.get("/klinik/ryggen/")
        browser.get("/find/fysioterapeut/")
        tap(browser)
        assert written() == {}

    def test_head_is_not(self, person, ryggen):
        person.head("/klinik/ryggen/")
        person.head("/find/fysioterapeut/")
        assert written() == {}

    @pytest.mark.parametrize(
        "name",
        [
            "Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0",
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/490.0]",
            "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S911B) AppleWebKit/537.36 SamsungBrowser/27.0",
        ],
    )
    def test_browsers_of_people_are_people(self, name):
        request = RequestFactory().get("/", HTTP_USER_AGENT=name, HTTP_ACCEPT_LANGUAGE="da")
        assert visitors.counts(request)


class TestTaps:
    @pytest.mark.parametrize("event", ["phone", "website", "booking", "directions"])
    def test_a_tap_is_counted(self, person, ryggen, event):
        assert tap(person, event).status_code == 204
        assert written() == {("ryggen", event): 1}

    @pytest.mark.parametrize(
        "event",
        ["view", "appearance", "", "x", "PHONE", "phone ", "phone\0", "phone&website", "tel" * 5_000, "æ", "%70hone"],
    )
    def test_nothing_else_is(self, person, ryggen, event):
        response = tap(person, event)
        assert (response.status_code, response.content) == (204, b"")
        assert written() == {}

    @pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
    def test_another_method_is_answered_alike(self, person, ryggen, method):
        assert getattr(person, method)(TAPPED).status_code == 204
        assert written() == {}

    @pytest.mark.parametrize("slug", ["findes-ikke", "x" * 500, "0", "-"])
    def test_an_unknown_clinic_is_answered_alike(self, person, ryggen, slug):
        response = tap(person, address=f"/klinik/{slug}/talt/")
        assert (response.status_code, response.content) == (204, b"")
        assert written() == {}

    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_SEC_FETCH_SITE": "cross-site"},
            {"HTTP_SEC_FETCH_SITE": "same-site"},
            {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "https://evil.example"},
            {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "null"},
        ],
    )
    def test_another_site_votes_for_nobody(self, person, ryggen, headers):
        assert tap(person, **headers).status_code == 204
        assert written() == {}

    def test_no_csrf_token_is_asked_for(self, ryggen):
        assert tap(Client(enforce_csrf_checks=True, **PERSON)).status_code == 204
        assert written() == {("ryggen", "phone"): 1}

    def test_one_source_counts_twenty_times_an_hour(self, person, ryggen):
        clinic("Knæet", "Aarhus N")
        for _ in range(25):
            tap(person)
        tap(person, address="/klinik/knaeet/talt/")
        tap(person, REMOTE_ADDR="192.0.2.7")
        with time_machine.travel(NOON + datetime.timedelta(minutes=61), tick=False):
            tap(person)
        assert written() == {("ryggen", "phone"): 22, ("knaeet", "phone"): 1}

    def test_one_source_does_not_vote_for_everybody(self, person, monkeypatch):
        monkeypatch.setattr(COUNTED, "MOST_IN_ALL", 3)
        for number in range(5):
            tap(person, address=f"/klinik/{clinic(f'Klinik {number}', 'Aarhus C').slug}/talt/")
        assert sum(written().values()) == 3

    def test_nothing_about_the_visitor_is_kept(self, person, ryggen):
        tap(person, REMOTE_ADDR="192.0.2.7")
        statistics.flush()
        names = [field.attname for field in DailyStatistic._meta.get_fields()]
        assert sorted(names) == ["clinic_id", "count", "day", "event", "id"]
        assert not any("192.0" in key for key in RateCount.objects.values_list("key", flat=True))

    @pytest.mark.parametrize(
        ("fields", "is_shown"),
        [
            ({"location_precision": "address"}, True),
            ({"location_precision": "street"}, True),
            ({"location_precision": "postcode"}, False),  # nobody's door
            ({"location_precision": "address", "is_example": True}, False),
        ],
    )
    def test_the_way_is_shown_to_a_door_that_is_known(self, client, ryggen, fields, is_shown):
        Clinic.objects.filter(pk=ryggen.pk).update(**fields)
        page = client.get("/klinik/ryggen/").content.decode()
        assert ('data-tap="directions"' in page) is is_shown
        assert 'data-counted="ryggen"' in page and "js/counted" in page

    def test_a_database_that_is_away_is_no_fault_of_the_visitor(self, person, ryggen, monkeypatch):
        def away(*_):
            raise DatabaseError("away")

        monkeypatch.setattr(COUNTED, "allow", away)
        assert tap(person).status_code == 204


class TestWriting:
    def test_many_are_one_statement(self, ryggen, django_assert_num_queries):
        others = [clinic(f"Klinik {number}", "Aarhus C").pk for number in range(30)]
        for _ in range(5):
            statistics.seen(Event.APPEARANCE, [ryggen.pk, *others])
        statistics.seen(Event.VIEW, [ryggen.pk])
        with CaptureQueriesContext(connection) as asked:
            assert statistics.flush() == 32
        assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) == 1
        with django_assert_num_queries(0):
            assert statistics.flush() == 0
        assert written()["ryggen", "appearance"] == 5

    def test_what_could_not_be_written_is_kept(self, ryggen, monkeypatch, caplog):
        statistics.seen(Event.VIEW, [ryggen.pk])

        def away(counts):
            raise DatabaseError("away")

        with monkeypatch.context() as broken:
            broken.setattr(collecting, "add", away)
            assert statistics.flush() == 0
        assert "kept for the next time" in caplog.text
        statistics.seen(Event.VIEW, [ryggen.pk])
        assert written() == {("ryggen", "view"): 2}

    def test_while_the_database_is_away_memory_does_not_grow_for_ever(self, ryggen, monkeypatch):
        monkeypatch.setattr(collecting, "MOST", 2)
        statistics.seen(Event.VIEW, [ryggen.pk])
        for number in range(10):
            statistics.seen(Event.APPEARANCE, [ryggen.pk, 10_000 + number])
        assert len(collecting._collected.counts) == 2
        assert written() == {("ryggen", "view"): 1, ("ryggen", "appearance"): 10}

    def test_a_clinic_that_was_deleted_meanwhile_loses_nobody_else(self, ryggen):
        other = clinic("Knæet", "Aarhus N")
        statistics.seen(Event.VIEW, [ryggen.pk, other.pk, 999_999_999])
        other.delete()
        assert written() == {("ryggen", "view"): 1}

    def test_a_number_too_large_stands_still(self, ryggen):
        DailyStatistic.objects.create(clinic=ryggen, day=TODAY, event="view", count=keeping.HIGHEST - 1)
        keeping.add({(ryggen.pk, TODAY, "view"): 2**40})
        assert DailyStatistic.objects.get().count == keeping.HIGHEST

    def test_an_unknown_event_is_a_fault_of_ours(self, ryggen):
        with pytest.raises(ValueError, match="likes"):
            statistics.seen("likes", [ryggen.pk])

    def test_a_server_writes_by_itself_and_before_it_ends(self, ryggen, monkeypatch):
        statistics.seen(Event.VIEW, [ryggen.pk])
        hooks = runpy.run_path(str(Path(__file__).parents[1] / "gunicorn.conf.py"))
        hooks["worker_exit"](None, None)
        assert DailyStatistic.objects.get().count == 1

    def test_days_are_kept_for_25_months(self, ryggen, settings):
        rows(ryggen, **{"2024-10-31": 9, "2024-11-01": 9, "2026-11-20": 9})
        assert tasks.purge_figures() == 1
        assert DailyStatistic.objects.count() == 2
        assert "clinics.tasks.purge_figures" in {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_flood_in_threads_is_counted_exactly(self):
        """Visitors, and writers who write at any moment."""
        keys = [clinic(f"Klinik {number}", "Aarhus C").pk for number in range(10)]

        def visit() -> None:
            for _ in range(50):
                statistics.seen(Event.APPEARANCE, keys)

        def write() -> None:
            try:
                for _ in range(10):
                    statistics.flush()
            finally:
                connections.close_all()

        run_all([visit] * 8 + [write] * 3)
        statistics.flush()
        assert set(DailyStatistic.objects.values_list("count", flat=True)) == {8 * 50}

    def test_processes_that_write_the_same_rows_do_not_stop_each_other(self):
        keys = [clinic(f"Klinik {number}", "Aarhus C").pk for number in range(10)]
        faults = []

        def write(order: int) -> None:
            try:
                for _ in range(10):
                    keeping.add({(pk, TODAY, "view"): 1 for pk in keys[::order]})
            except DatabaseError as error:
                faults.append(error)
            finally:
                connections.close_all()

        run_all([lambda order=order: write(order) for order in (1, -1, 1, -1)])
        assert faults == []
        assert set(DailyStatistic.objects.values_list("count", flat=True)) == {40}

    def test_forged_taps_in_threads_stop_at_the_limit(self):
        clinic("Ryggen", "Aarhus C")
        answers = []

        def forge() -> None:
            browser = Client(**PERSON)
            try:
                answers.extend(tap(browser).status_code for _ in range(10))
            finally:
                connections.close_all()

        run_all([forge] * 6)
        assert answers == [204] * 60
        assert written() == {("ryggen", "phone"): 20}

    def test_the_thread_of_a_server_writes(self, monkeypatch):
        one = clinic("Ryggen", "Aarhus C")
        monkeypatch.setattr(collecting, "_is_kept", True)
        monkeypatch.setattr(collecting, "MANY", 1)  # at once, so that nobody waits
        done = threading.Event()
        real = collecting.add

        def add(counts) -> None:
            real(counts)
            done.set()

        monkeypatch.setattr(collecting, "add", add)
        statistics.seen(Event.VIEW, [one.pk])
        assert done.wait(60)
        thread = collecting._collected.thread
        collecting._begin_anew()  # the thread sees that it is no longer asked for
        thread.join(60)
        assert DailyStatistic.objects.get().count == 1


def run_all(jobs) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_forked_process_begins_with_nothing():
    """What the parent has seen is the parent's to write."""
    statistics.seen(Event.VIEW, [1])
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()
    child = context.Process(target=lambda: theirs.send(len(collecting._collected.counts)))
    child.start()
    assert mine.poll(60) and mine.recv() == 0
    child.join()
    assert len(collecting._collected.counts) == 1


class TestShown:
    def test_every_number_and_every_difference_stands_for_several(self):
        """What somebody can work out: the true numbers that are shown alike, and the differences that are."""
        true = range(200)
        alike = {}
        for number in true:
            alike.setdefault(shown(number).text, []).append(number)
        assert all(len(numbers) == STEP for numbers in alike.values())
        for one in alike.values():
            for other in alike.values():
                apart = {a - b for a in one for b in other}
                assert len(apart) == 2 * STEP - 1  # never one alone: zero and some are always both possible

    @pytest.mark.parametrize(
        ("count", "text"), [(0, "under 5"), (4, "under 5"), (5, "5"), (9, "5"), (127, "125"), (12_345, "12.345")]
    )
    def test_in_words(self, count, text):
        assert shown(count).text == text

    def test_months_without_a_gap_and_today_tomorrow(self, ryggen, django_assert_num_queries):
        rows(ryggen, **{"2026-08-03": 20, "2026-10-01": 60, "2026-10-31": 61, "2026-11-19": 7, "2026-11-20": 500})
        with django_assert_num_queries(1):
            figures = statistics.months(ryggen)
        said = [(month.name, month.counts[Event.VIEW].text) for month in figures.months]
        assert said == [
            ("november 2026", "5"),
            ("oktober 2026", "120"),
            ("september 2026", "under 5"),
            ("august 2026", "20"),
        ]
        assert figures.running.until == datetime.date(2026, 11, 19)
        assert all(month.counts[Event.PHONE].text == "under 5" for month in figures.months)

    def test_nobody_can_watch_a_visit_come_in(self, ryggen):
        rows(ryggen, **{"2026-11-19": 7})
        before = statistics.months(ryggen)
        statistics.seen(Event.VIEW, [ryggen.pk] * 100)
        statistics.flush()
        assert statistics.months(ryggen) == before

    def test_on_the_first_of_a_month_nothing_runs_yet(self, ryggen):
        rows(ryggen, **{"2026-11-19": 7})
        with time_machine.travel("2026-12-01T11:00:00Z", tick=False):
            figures = statistics.months(ryggen)
        assert figures.running is None
        assert [month.name for month in figures.whole] == ["november 2026"]

    @pytest.mark.parametrize(
        ("september", "october", "words"),
        [
            (100, 120, "I oktober blev profilen åbnet 120 gange, omkring 20 flere end i september."),
            (120, 100, "I oktober blev profilen åbnet 100 gange, omkring 20 færre end i september."),
            (100, 104, "I oktober blev profilen åbnet 100 gange, omtrent som i september."),
            (1, 4, "I oktober blev profilen åbnet under 5 gange, omtrent som i september."),
        ],
    )
    def test_the_month_before_in_words(self, ryggen, september, october, words):
        rows(ryggen, **{"2026-09-03": september, "2026-10-03": october})
        assert statistics.months(ryggen).in_words() == words

    def test_nothing_counted_is_nothing_said(self, ryggen):
        figures = statistics.months(ryggen)
        assert not figures and figures.in_words() == "" and chart(figures) is None

    def test_the_chart_says_its_numbers(self, ryggen):
        rows(ryggen, **{"2026-09-03": 50, "2026-10-03": 100, "2026-11-01": 3})
        drawn = chart(statistics.months(ryggen))
        assert [column.text for column in drawn.columns] == ["50", "100", "<5"]
        assert drawn.columns[1].height == 2 * drawn.columns[0].height
        assert [column.is_running for column in drawn.columns] == [False, False, True]
        assert "september 2026 50, oktober 2026 100, november 2026 under 5" in drawn.text
        assert all(column.x >= 0 and column.x + column.width <= drawn.width for column in drawn.columns)


class TestScreen:
    @pytest.fixture
    def world(self):
        made = attack.build()
        for one in (made.a, made.b):
            rows(one, **{"2026-09-03": 1234, "2026-10-03": 2001, "2026-11-02": 3})
        return made

    def see(self, world, who: str, one: Clinic):
        browser = Client()
        browser.force_login(world.people[who])
        return browser.get(f"/admin/clinics/clinic/{one.pk}/tal/")

    @pytest.mark.parametrize("who", ["olga", "stella", "mona"])
    def test_members_and_moderators_see_it(self, world, who):
        page = self.see(world, who, world.a).content.decode()
        for words in ("Oktober 2026", "2.000", "under 5", "<svg", "omkring 770 flere end i september", "rundet ned"):
            assert words in page, words
        assert "2001" not in page and "2.001" not in page and "style=" not in page

    def test_it_says_what_each_number_means(self, world):
        page = self.see(world, "olga", world.a).content.decode()
        assert all(Event(one).label.capitalize() in page for one in EVENTS)

    @pytest.mark.parametrize("who", ["olga", "stella", "erik", "per"])
    def test_nobody_else_does(self, world, who):
        response = self.see(world, who, world.b)
        assert response.status_code in (403, 404)
        assert "2.000" not in response.content.decode()

    def test_raw_days_are_shown_nowhere(self, world):
        """A list of days would tell what the months keep back."""
        browser = Client()
        browser.force_login(world.people["olga"])
        assert browser.get("/admin/clinics/dailystatistic/").status_code == 404
