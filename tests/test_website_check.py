"""Which website is looked at when, what is written down of it, and who is told: moderators and the clinic's own people."""

import datetime
import threading
from collections import Counter
from functools import partial

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from clinics import memberships, tasks, website_check
from clinics.admin import queue
from clinics.models import Clinic, RateCount, Role, WebsiteCheck
from clinics.outside import turns
from clinics.ownership import MODERATOR, OWNER
from clinics.website_check import checking
from clinics.website_check.asking import Look
from fysfinder.roles import sync_roles

from .claims import person
from .people import clinic
from .websites import LOOPBACK, open_website

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 3, 11, tzinfo=datetime.UTC)
DAY, WEEK = datetime.timedelta(days=1), datetime.timedelta(days=7)
LIST = "/admin/clinics/websitecheck/"
WELL, GONE = Look(True, answered=True), Look(False, "HTTP 404: siden findes ikke.", answered=True)
SILENT, UNSURE = (
    Look(False, "Navnet findes ikke (DNS)."),
    Look(None, "Siden sender videre mere end 5 gange.", answered=True),
)


@pytest.fixture
def web(settings, monkeypatch):
    """Address → how it looks now (well, where nothing is said); `asked`: what was looked at, in order."""
    settings.WEBSITE_CHECK, settings.WEBSITE_CHECK_PAUSE = True, 0.0

    class Web(dict):
        asked: list[str] = []

    known = Web()
    known.asked = []

    def look(url):
        known.asked.append(url)
        return known.get(url, WELL)

    monkeypatch.setattr(checking, "look", look)
    return known


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def made(number: int = 1, website: str | None = None, **fields) -> Clinic:
    url = f"https://klinik-{number}.example/" if website is None else website
    return clinic(f"Klinik {number}", "Aarhus C", website=url, **fields)


def of(one: Clinic) -> tuple[int, str]:
    row = WebsiteCheck.objects.get(clinic=one)
    return row.failures, row.problem


def failed_three_times(one: Clinic, **fields) -> WebsiteCheck:
    values = {"url": one.website, "failures": 3, "problem": GONE.problem, "checked_at": checking.clock.now()}
    return WebsiteCheck.objects.create(clinic=one, **(values | fields))


# Which, and when


def test_nothing_is_asked_where_nobody_said_so(web, settings):
    settings.WEBSITE_CHECK = False
    one = made()
    assert (tasks.check_websites(), tasks.check_website(one.pk)) == (0, False)
    assert web.asked == []


def test_it_is_off_by_default():
    from django.conf import settings

    assert settings.WEBSITE_CHECK is False


def test_each_once_a_week(web, clock):
    one, _ = made(1), made(2)
    assert tasks.check_websites() == 2 and of(one) == (0, "")
    assert tasks.check_websites() == 0
    clock.move_to(NOON + WEEK - datetime.timedelta(minutes=1))
    assert tasks.check_websites() == 0
    clock.move_to(NOON + WEEK)
    assert tasks.check_websites() == 2
    assert Counter(web.asked) == {f"https://klinik-{number}.example/": 2 for number in (1, 2)}


def test_who_is_not_asked(web):
    made(1, status="draft")
    made(2, status="closed")
    made(3, is_example=True)
    made(4, website="")
    assert tasks.check_websites() == 0 and web.asked == []
    assert not website_check.check(Clinic.objects.get(slug="klinik-3").pk)


def test_of_one_host_one_at_a_time(web):
    for number in range(4):
        made(number, website=f"https://{'www.' * (number % 2)}kaede.example/{number}")
    assert [tasks.check_websites() for _ in range(5)] == [1, 1, 1, 1, 0]


def test_one_website_of_many_clinics_is_asked_for_once(web):
    here = [made(number, website="https://kaede.example/") for number in range(3)]
    web["https://kaede.example/"] = GONE
    assert tasks.check_websites() == 1
    assert [of(one) for one in here] == [(1, GONE.problem)] * 3


def test_a_run_is_not_endless(web, monkeypatch):
    for number in range(5):
        made(number)
    assert checking.check_some(most=2) == 2
    monkeypatch.setattr(checking, "LONGEST", -1)
    assert checking.check_some() == 0


# What is written down


def test_three_failures_in_a_row_on_different_days(web, clock):
    one = made()
    web[one.website] = GONE
    for number in (1, 2, 3):
        assert not website_check.broken_of(one)
        website_check.check(one.pk)
        website_check.check(one.pk)  # a moderator asks on the same day
        assert of(one) == (number, GONE.problem)
        clock.shift(WEEK)
    assert website_check.broken_of(one)
    web[one.website] = UNSURE
    website_check.check(one.pk)
    assert of(one) == (3, UNSURE.problem)
    web[one.website] = WELL
    website_check.check(one.pk)
    assert of(one) == (0, "") and not website_check.broken_of(one)


def test_days_are_danish(web, clock):
    clock.move_to(datetime.datetime(2026, 11, 3, 22, 59, tzinfo=datetime.UTC))
    one = made()
    web[one.website] = GONE
    website_check.check(one.pk)
    clock.shift(datetime.timedelta(minutes=2))
    website_check.check(one.pk)
    assert of(one)[0] == 2


def test_another_website_is_a_new_one(web, clock):
    one = made()
    failed_three_times(one)
    Clinic.objects.update(website="https://ny.example/")
    one.refresh_from_db()
    assert not website_check.broken_of(one)
    web[one.website] = GONE
    assert tasks.check_websites() == 1, "at once, though the old one was looked at today"
    assert of(one) == (1, GONE.problem)


def test_a_website_that_is_changed_while_we_look(web, monkeypatch):
    one = made()

    def look(url):
        Clinic.objects.update(website="https://ny.example/")
        return GONE

    monkeypatch.setattr(checking, "look", look)
    website_check.check(one.pk)
    assert not WebsiteCheck.objects.exists()


def test_a_clinic_that_goes_while_we_look(web, monkeypatch):
    one = made()

    def look(url):
        Clinic.objects.all().delete()
        return GONE

    monkeypatch.setattr(checking, "look", look)
    website_check.check(one.pk)
    assert not WebsiteCheck.objects.exists()


def test_whoever_asks_to_be_left_alone_is(web, clock):
    one = made()
    web[one.website] = Look(True, answered=True, wait=3 * 86400)
    assert website_check.check(one.pk)
    clock.shift(DAY)
    assert not website_check.check(one.pk)
    clock.shift(3 * DAY)
    assert website_check.check(one.pk)
    assert len(web.asked) == 2


# When it is we who are away


def silent(web, *numbers: int) -> list[Clinic]:
    clinics = [made(number) for number in numbers]
    web.update({one.website: SILENT for one in clinics})
    return clinics


def test_a_network_that_is_gone_marks_nobody(web, clock, caplog):
    silent(web, *range(20))
    assert tasks.check_websites() == 0
    assert len(web.asked) == checking.SILENT and not WebsiteCheck.objects.exists()
    assert "is our network there?" in caplog.text
    clock.shift(datetime.timedelta(minutes=10))
    web.clear()
    assert tasks.check_websites() == 20 and WebsiteCheck.objects.filter(failures=0).count() == 20


def test_one_that_answers_shows_that_the_others_do_not(web, clock):
    dead, alive = silent(web, *range(4)), made(9)
    assert tasks.check_websites() == 5
    assert [of(one)[0] for one in [*dead, alive]] == [1, 1, 1, 1, 0]


def test_many_that_are_silent_are_believed_when_one_of_last_time_answers(web, clock):
    made(0)
    tasks.check_websites()
    clock.shift(DAY)
    dead = silent(web, *range(1, 10))
    assert tasks.check_websites() == checking.SILENT, "and the rest the next time"
    assert web.asked.count("https://klinik-0.example/") == 2
    tasks.check_websites()
    assert [of(one)[0] for one in dead] == [1] * 9


def test_one_alone_that_is_silent(web, clock, caplog):
    """Believed when another answers, or where nobody ever did; not when one that did is silent too."""
    (one,) = silent(web, 1)
    assert tasks.check_websites() == 1 and of(one)[0] == 1
    other = made(2)
    tasks.check_websites()
    clock.shift(DAY)
    (late,) = silent(web, 3)
    web[other.website] = SILENT
    assert tasks.check_websites() == 0 and not WebsiteCheck.objects.filter(clinic=late).exists()
    assert of(other) == (0, "") and "Nothing was noted" in caplog.text
    del web[other.website]
    assert tasks.check_websites() == 1 and (of(late)[0], of(other)[0]) == (1, 0)


# At once


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_one_after_the_other_and_each_website_once(settings, monkeypatch):
    settings.WEBSITE_CHECK, settings.WEBSITE_CHECK_PAUSE = True, 0.01
    for number in range(6):
        made(number)
    inside, most, asked = [], [], []

    def look(url):
        inside.append(url)
        most.append(len(inside))
        asked.append(url)
        threading.Event().wait(0.005)
        inside.remove(url)
        return WELL

    monkeypatch.setattr(checking, "look", look)
    wrong: list[BaseException] = []
    barrier, done = threading.Barrier(3), list[int]()

    def work(job) -> None:
        try:
            barrier.wait(30)
            done.append(job())
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    moderator = partial(checking.check, Clinic.objects.get(slug="klinik-0").pk)
    jobs = (checking.check_some, checking.check_some, moderator)
    threads = [threading.Thread(target=work, args=[job]) for job in jobs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert wrong == [] and max(most) == 1
    asked.remove("https://klinik-0.example/")  # for the moderator
    assert set(asked) <= {f"https://klinik-{number}.example/" for number in range(6)} and len(asked) == len(set(asked))
    assert checking.check_some() == 0 and WebsiteCheck.objects.count() == 6, "nothing is left"


def test_a_worker_that_finds_a_queue_leaves_it(web, monkeypatch):
    one = made()

    def turn(*_):
        raise turns.BusyError

    monkeypatch.setattr(checking, "turn", turn)
    assert tasks.check_websites() == 0
    with pytest.raises(TimeoutError):  # tried again: fysfinder/task_rules.py
        tasks.check_website(one.pk)


def test_the_whole_way(settings, monkeypatch):
    """From the task over a real connection to the row."""
    settings.WEBSITE_CHECK, settings.WEBSITE_CHECK_PAUSE = True, 0.0
    with open_website() as website:
        settings.WEBSITE_CHECK_INSIDE = {(LOOPBACK, website.port)}
        one = made(website=website.url(LOOPBACK))
        assert tasks.check_websites() == 1 and of(one) == (0, "")
        website.says(503, Retry_After="3600")
        assert tasks.check_website(one.pk) and of(one) == (1, "HTTP 503: fejl hos hjemmesiden.")
        assert not tasks.check_website(one.pk)
        assert website.methods == ["HEAD", "HEAD"]
    assert RateCount.objects.filter(key=f"website:away:{LOOPBACK}").exists()


# Who is told


@pytest.fixture
def rita(client):
    sync_roles()
    user = User.objects.create_user("rita", "rita@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=MODERATOR))
    client.force_login(user)
    return user


def test_moderators_see_which(client, rita, settings):
    one, other = made(1), made(2)
    failed_three_times(one)
    WebsiteCheck.objects.create(clinic=other, url=other.website)
    page = client.get(LIST, {"svar": "svarer-ikke"}).content.decode()
    assert "Tjek af hjemmesider" in page and one.website in page and GONE.problem in page and other.website not in page
    assert "slået fra" in page
    settings.WEBSITE_CHECK = True
    page = client.get(LIST).content.decode()
    assert other.website in page and "slået fra" not in page
    row = WebsiteCheck.objects.get(clinic=one)
    page = client.get(f"{LIST}{row.pk}/change/").content.decode()
    assert f"/admin/clinics/clinic/{one.pk}/change/" in page and "_save" not in page


@pytest.mark.parametrize("choice", ["svarer", "fejlede", "uvist", "svarer-ikke", "noget-andet"])
def test_filters(client, rita, choice):
    for number, (failures, problem) in enumerate([(0, ""), (1, "x"), (0, "y"), (3, "z")]):
        one = made(number)
        WebsiteCheck.objects.create(clinic=one, url=one.website, failures=failures, problem=problem)
    found = client.get(LIST, {"svar": choice}).context["cl"].queryset.values_list("clinic__name", flat=True)
    expected = {"svarer": "0", "fejlede": "13", "uvist": "2", "svarer-ikke": "3", "noget-andet": "0123"}[choice]
    assert sorted(found) == [f"Klinik {number}" for number in expected]


def test_what_a_moderator_has_to_do_is_counted(rita):
    def line():
        return next(one for one in queue.waiting(rita) if "Hjemmesider" in one.label)

    one, other = made(1), made(2)
    assert line().count == 0
    failed_three_times(one)
    failed_three_times(other, failures=2)
    assert (line().count, line().url) == (1, f"{LIST}?svar=svarer-ikke")
    WebsiteCheck.objects.update(checked_at=checking.clock.now() - checking.BELIEVED)
    assert line().count == 0, "seen long ago, and never since"


def test_look_again(client, rita, web, monkeypatch, django_capture_on_commit_callbacks):
    one, other = made(1), made(2)
    row = failed_three_times(one)
    sent = []
    monkeypatch.setattr(tasks.check_website, "apply_async", lambda args, **_: sent.extend(args))
    data = {"action": "again", "_selected_action": [row.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(LIST, data, follow=True).content.decode()
    assert sent == [one.pk] and "1 hjemmeside bliver set efter" in page
    assert LogEntry.objects.get().user == rita
    assert tasks.check_website(one.pk) and of(one) == (0, "")
    assert web.asked == [one.website], "the other one is not asked for"
    assert not WebsiteCheck.objects.filter(clinic=other).exists()


def test_look_again_where_it_is_off(client, rita, monkeypatch, django_capture_on_commit_callbacks):
    row = failed_three_times(made())
    monkeypatch.setattr(tasks.check_website, "apply_async", lambda *_, **__: pytest.fail("nothing is asked"))
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(LIST, {"action": "again", "_selected_action": [row.pk]}, follow=True).content.decode()
    assert "slået fra" in page and "bliver set efter" not in page


def test_a_website_is_text_in_the_admin(client, rita):
    one = made(website="https://klinik.example/?<script>alert(1)</script>")
    failed_three_times(one)
    page = client.get(LIST).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["olga", "nobody"])
def test_nobody_else_sees_the_list(client, name):
    sync_roles()
    user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
    if name == "olga":
        user.groups.add(Group.objects.get(name=OWNER))
    row = failed_three_times(made())
    client.force_login(user)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{row.pk}/change/").status_code in (302, 403, 404)
    assert client.post(LIST, {"action": "again", "_selected_action": [row.pk]}).status_code == 403


def test_the_clinic_is_told_and_patients_see_the_link(client):
    sync_roles()
    one = made(street="Havnegade 1")
    olga = person("olga")
    memberships.join(clinic=one, user=olga, role=Role.OWNER, by=olga)
    browser = Client()
    browser.force_login(User.objects.get(pk=olga.pk))
    row = failed_three_times(one, failures=2, checked_at=NOON)
    said = "svarede ikke de sidste tre gange"
    with time_machine.travel(NOON + DAY, tick=False):
        assert said not in browser.get("/admin/").content.decode()
        WebsiteCheck.objects.update(failures=3)
        page = browser.get("/admin/").content.decode()
        assert said in page and "senest 3. november 2026" in page and row.url in page
        assert f"/admin/clinics/clinic/{one.pk}/change/?afsnit=contact#contact" in page
        other = made(2)
        memberships.join(clinic=other, user=olga, role=Role.OWNER, by=olga)
        assert browser.get("/admin/").content.decode().count("Hjemmesiden svarede ikke") == 1, "in a list of several"
        shown = client.get(one.get_absolute_url()).content.decode()
        assert one.website in shown and "svarede ikke" not in shown
