"""The screens on which moderators decide reports and appeals, and who meets none of it."""

import re

import pytest
from django.contrib.auth.models import User

from clinics.models import Clinic, Report, Review
from clinics.reporting import appeals, file
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, person, ryggen
from .reports import REASON, TEXT, WHY, admin_of, answered, browser, form_of, reported, words
from .reviews import review
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return ryggen()


@kept
def shown(here) -> Review:
    return review(here, 1, text="Mette var uhøflig, og jeg ventede længe på en tid.")


@kept
def rita() -> User:
    sync_roles()
    return moderator()


def test_a_moderator_decides_a_report(here, shown, rita):
    report, client = reported(here, shown, name="Rune Reporter"), browser(rita)
    listed = words(client.get("/admin/clinics/report/"))
    assert report.number in listed
    page = words(client.get(admin_of(report)))
    for one in (TEXT, shown.text, "Rune Reporter", file.READY["nej_mening"], file.GROUNDS["person"]):
        assert one in page, one
    assert "rune@example.org" not in page
    html = client.get(admin_of(report)).content.decode()
    assert re.findall(r'<button class="([^"]+)"[^>]*name="_', html) == ["safety__quiet button"] * 2, "neither is urged"
    none = client.post(admin_of(report), form_of(client, admin_of(report), _approve="", reason=REASON))
    assert none.status_code == 422 and "hvad afgørelsen bygger på" in words(none) and REASON in words(none)
    sent = form_of(client, admin_of(report), _approve="", ready="ja_fjernet", ground="person", reason=REASON)
    assert client.post(admin_of(report), sent).status_code == 302
    report.refresh_from_db(), shown.refresh_from_db()
    assert (report.status, shown.status) == ("approved", "removed")
    assert report.reason == f"{file.READY['ja_fjernet']}\n\n{REASON}\n\n{file.GROUNDS['person']}"
    page = client.get(admin_of(report))
    assert "_approve" not in page.content.decode() and REASON in words(page)


def test_every_ready_made_reason_fits(here):
    longest = [max(map(len, one.values())) for one in (file.READY | file.READY_APPEAL, file.GROUNDS)]
    assert sum(longest) + 4 < 500, "there is room to say which words it is about"
    assert file.composed("no-such", "none", " ") == ""


def test_a_screen_that_was_open_too_long(here, shown, rita):
    report, client = reported(here, shown), browser(rita)
    sent = form_of(client, admin_of(report), _approve="", ground="person", reason=REASON)
    Review.objects.update(text="Noget helt andet end det, der blev læst.")
    assert "er ændret" in words(client.post(admin_of(report), sent))
    assert client.post(admin_of(report), sent | {"seen": ""}).status_code == 422
    assert Review.objects.get().status == "published"


def test_no_answer_is_no_decision(here, rita):
    report, client = reported(here), browser(rita)
    response = client.post(admin_of(report), form_of(client, admin_of(report), reason=REASON))
    assert response.status_code == 422 and Report.objects.get().status == "waiting"


def test_a_moderator_answers_an_appeal(here, shown, rita):
    report = answered(reported(here, shown), rita, False)
    row = appeals.appeal(side="reporter", text=WHY, report=report)
    rasmus = moderator("rasmus")
    assert appeals.SAME_PERSON not in words(browser(rasmus).get(admin_of(row)))
    mine = browser(rita).get(admin_of(row))
    assert appeals.SAME_PERSON in words(mine) and "_approve" not in mine.content.decode()
    assert browser(rita).post(admin_of(row), {"_refuse": "", "reason": "Nej."}).status_code == 422
    client = browser(rasmus)
    page = words(client.get(admin_of(row)))
    for one in (WHY, REASON, TEXT, shown.text):
        assert one in page, one
    assert client.post(admin_of(row), {"_approve": "", "reason": "Det var rigtigt set."}).status_code == 302
    shown.refresh_from_db()
    assert shown.status == "removed" and "Det var rigtigt set." in words(client.get(admin_of(row)))


def test_who_is_a_member_meets_none_of_it(here, shown, rita):
    owner_of(here, rita)
    report, client = reported(here, shown), browser(rita)
    report.status = "refused"
    report.decided_at = report.created_at
    report.save()
    row = appeals.appeal(side="reporter", text=WHY, report=report)
    for one in (report, row):
        assert client.get(admin_of(one)).status_code == 404
        assert client.post(admin_of(one), {"_approve": "", "reason": "Ja."}).status_code == 404
    assert report.number not in words(client.get("/admin/clinics/report/"))


def test_an_owner_meets_none_of_it(here, shown, rita):
    olga = person("olga")
    owner_of(here, olga)
    olga.is_staff = True
    olga.save()
    report, client = reported(here, shown), browser(olga)
    for url in ("/admin/clinics/report/", "/admin/clinics/appeal/", admin_of(report)):
        assert client.get(url).status_code in (302, 403, 404)
    assert client.get(admin_of(report)).status_code != 200


def test_many_from_one_network_are_pointed_out(here, shown, rita):
    reports = [reported(here, shown, source="a" * 64) for _ in range(3)]
    page = words(browser(rita).get(admin_of(reports[0])))
    assert "3 indberetninger kom fra det samme netværk" in page
    assert "netværk" not in words(browser(rita).get(admin_of(reported(here))))
