"""/for-klinikker/anmeldelser/: what members see of their reviews, and what they can do with one."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinics.models import Clinic, Contest, ReviewReply
from clinics.reviews import aggregate, contests, members, replies
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, person, ryggen
from .html_reader import Page
from .people import clinic
from .reviews import many
from .reviews import review as made
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/for-klinikker/anmeldelser/ryggen/"
SHOWN = datetime.datetime(2026, 11, 3, 9, 0, tzinfo=datetime.UTC)
NOW = SHOWN + datetime.timedelta(hours=5)
TEXT = "Tak, fordi du skrev. Vi vil gerne lære af det."
WHY = "Anmeldelsen nævner en ansat ved navn i anden linje."


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@kept(at=NOW)
def here() -> Clinic:
    return ryggen()


@kept(at=NOW)
def olga(here) -> User:
    sync_roles()
    olga = person("olga")
    owner_of(here, olga)
    return olga


def as_(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def words(response) -> str:
    return re.sub(r"\s+", " ", Page(response.content.decode()).words)


def of(review) -> str:
    return f"{URL}{review.key}/"


def test_it_is_theirs(here, olga):
    one = made(here, published_at=SHOWN)
    for url in (URL, of(one)):
        assert Client().get(url).status_code == 302 and "konto" in Client().get(url)["Location"]
        for stranger in (person(f"sten{len(url)}"), moderator(f"rita{len(url)}")):
            assert as_(stranger).get(url).status_code == 404
        answer = as_(olga).get(url)
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
        assert "noindex" in answer.content.decode()
    for step in ("svar/", "svar/fjern/", "indsigelse/"):
        assert as_(olga).get(f"{of(one)}{step}").status_code == 405
        assert Client().post(f"{of(one)}{step}", {"svar": TEXT}).status_code == 302
        assert as_(person(f"x{len(step)}{step[0]}")).post(f"{of(one)}{step}", {"svar": TEXT}).status_code == 404
    assert not ReviewReply.objects.exists()


def test_an_old_address_leads_on(here, olga):
    from clinics.models import SlugHistory

    SlugHistory.objects.create(kind="clinic", slug="rygraden", object_id=here.pk)
    assert as_(olga).get("/for-klinikker/anmeldelser/rygraden/")["Location"] == URL


def test_without_reviews_there_is_a_next_step(here, olga):
    page = as_(olga).get(URL)
    assert "ingen anmeldelser endnu" in words(page) and "/for-klinikker/besoegskoder/ryggen/" in page.content.decode()


def test_the_decisions_are_one_press_away(here, olga):
    assert 'href="/for-klinikker/afgoerelser/ryggen/"' in as_(olga).get(URL).content.decode()


def test_the_list_is_as_the_public_sees_it(here, olga):
    old = made(here, 5, nickname="Gammel Gran", published_at=SHOWN - datetime.timedelta(days=40))
    new = made(here, 1, nickname="Ny Nellike", published_at=SHOWN, confirmation="email")
    made(clinic("Foden", "Aarhus N"), nickname="Fremmed Fyr", published_at=SHOWN)
    answer = as_(olga).get(URL)
    page = words(answer)
    assert page.index("Ny Nellike") < page.index("Gammel Gran") and "Fremmed" not in page
    assert "Besøg i oktober 2026 · Bekræftet besøg" in page and "besøg ikke kontrolleret" in page
    assert "Meget dårligt (1 af 5)" in page and page.count("Uden svar") == 3  # the choice above, and each of the two
    assert [of(one) in answer.content.decode() for one in (old, new)] == [True, True]


def test_only_those_without_a_reply(here, olga):
    answered, refused, open_one = (made(here, nickname=name) for name in ("Besvaret Bi", "Afvist And", "Åben Ål"))
    ReviewReply.objects.create(review=answered, clinic=here, text=TEXT, status="pending")
    ReviewReply.objects.create(review=refused, clinic=here, text=TEXT, status="rejected")
    page = words(as_(olga).get(f"{URL}?vis=ubesvarede"))
    assert "Besvaret" not in page and "Afvist And" in page and "Åben Ål" in page and open_one.pk
    assert members.news_of([here])[here.pk] == members.News(new=3, unanswered=2, shown=3)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "1e9", "%00", "²"])
def test_odd_pages(here, olga, page):
    made(here)
    assert as_(olga).get(f"{URL}?side={page}&vis={page}").status_code == 200


def test_as_many_statements_for_many_reviews_as_for_three(here, olga):
    foden = clinic("Foden", "Aarhus N")
    owner_of(foden, olga)
    many(here, 3)
    many(foden, 60)
    me = as_(olga)
    counts = {}
    for slug in ("ryggen", "foden"):
        with CaptureQueriesContext(connection) as queries:
            assert me.get(f"/for-klinikker/anmeldelser/{slug}/").status_code == 200
        counts[slug] = len(queries)
    assert counts["foden"] == counts["ryggen"] <= 8, counts


def test_replying(here, olga):
    one, me = made(here, published_at=SHOWN), as_(olga)
    page = me.get(of(one))
    assert "tavshedspligt" in words(page) and "Begynd med et forslag" in words(page)
    assert "Tak, fordi du tog dig tid" in me.get(f"{of(one)}?forslag=tak").content.decode()
    assert me.get(f"{of(one)}?forslag=x").status_code == 200
    assert me.post(f"{of(one)}svar/", {"svar": TEXT})["Location"] == of(one)
    page = words(me.get(of(one)))
    assert "Svaret er sendt" in page and "venter på en moderator" in page and TEXT in page
    answer = ReviewReply.objects.get()
    replies.approve(reply=answer, by=moderator())
    page = me.get(of(one))
    assert "Jeres svar" in words(page) and 'name="svar"' not in page.content.decode()
    assert me.post(f"{of(one)}svar/", {"svar": TEXT}).status_code == 422
    assert me.post(f"{of(one)}svar/fjern/").status_code == 302 and not ReviewReply.objects.exists()
    assert me.post(f"{of(one)}svar/fjern/").status_code == 422


def test_a_refused_reply_comes_back_with_its_reason(here, olga):
    one, me = made(here, published_at=SHOWN), as_(olga)
    me.post(f"{of(one)}svar/", {"svar": TEXT})
    replies.reject(reply=ReviewReply.objects.get(), by=moderator(), reason="Svaret er groft.")
    page = words(me.get(of(one)))
    assert "Svaret er groft." in page and TEXT in page and "Send det rettede svar" in page
    assert "Jeres svar blev afvist" in words(me.get(URL))


def test_what_is_questioned_stands_at_the_field_and_stays_typed(here, olga):
    one, me = made(here, published_at=SHOWN), as_(olga)
    text = "Vi er kede af, at din behandling gjorde <b>ondt</b>."
    answer = me.post(f"{of(one)}svar/", {"svar": text})
    html = answer.content.decode()
    assert answer.status_code == 422 and "<title>Fejl: " in html and text in unescape(html) and "<b>ondt" not in html
    assert "din behandling" in words(answer) and 'name="alligevel"' in html and not ReviewReply.objects.exists()
    assert me.post(f"{of(one)}svar/", {"svar": text, "alligevel": "ja"}).status_code == 302
    answer = me.post(f"{of(one)}svar/", {"svar": "Ring på 86 12 12 12 for en snak.", "alligevel": "ja"})
    assert answer.status_code == 422 and 'name="alligevel"' not in answer.content.decode()
    assert ReviewReply.objects.get().text == text


def test_contesting(here, olga):
    one, me = made(here, published_at=SHOWN), as_(olga)
    assert "indtil fredag 6. november kl. 10.00" in words(me.get(of(one)))
    assert me.post(f"{of(one)}indsigelse/", {"indsigelse": "Nej"}).status_code == 422
    assert me.post(f"{of(one)}indsigelse/", {"indsigelse": WHY}).status_code == 302
    page = words(me.get(of(one)))
    assert "I gjorde indsigelse 3. november 2026 kl. 15.00" in page and WHY in page
    assert "indsigelsen venter på en moderator" in words(me.get(URL))
    contests.decide(contest=Contest.objects.get(), by=moderator(), uphold=False, reason="Den bryder ingen regel.")
    page = words(me.get(of(one)))
    assert "lader anmeldelsen stå" in page and "Den bryder ingen regel." in page
    assert "/for-klinikker/afgoerelser/ryggen/" in me.get(of(one)).content.decode()


def test_after_seventy_two_hours_the_way_on_is_told(here, olga):
    one, me = made(here, published_at=SHOWN), as_(olga)
    with time_machine.travel(SHOWN + datetime.timedelta(hours=72), tick=False):
        answer = as_(olga).get(of(one))
        assert "I kunne gøre indsigelse indtil 6. november 2026 kl. 10.00" in words(answer)
        assert f'href="/klinik/ryggen/indberet/?anmeldelse={one.key}"' in answer.content.decode()
        late = as_(olga).post(f"{of(one)}indsigelse/", {"indsigelse": WHY})
        assert late.status_code == 422 and "72 timer" in words(late)
    assert me.get(of(one)).status_code == 200 and not Contest.objects.exists()


def test_a_review_that_goes_while_one_writes(here, olga):
    one, me = made(here, published_at=SHOWN), as_(olga)
    aggregate.take_away(one)
    type(one).objects.filter(pk=one.pk).update(status="pending")
    for step in ("", "svar/", "svar/fjern/", "indsigelse/"):
        sent = me.post(f"{of(one)}{step}", {"svar": TEXT, "indsigelse": WHY}) if step else me.get(of(one))
        assert sent.status_code == 404
    assert not ReviewReply.objects.exists() and not Contest.objects.exists()


def test_what_a_stranger_wrote_is_only_text(here, olga):
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'&"
    one, me = made(here, published_at=SHOWN, text=nasty, nickname="<b>x</b>"), as_(olga)
    for url in (URL, of(one)):
        page = Page(me.get(url).content.decode())
        assert "alert(1)" in page.words and not any("alert" in text for text in page.scripts)
        assert not any(name.startswith("on") or name == "style" for _, found in page.elements for name in found)
    me.post(f"{of(one)}svar/", {"svar": f"Tak {nasty}", "alligevel": "ja"})
    assert not any("alert" in text for text in Page(me.get(of(one)).content.decode()).scripts)


@pytest.mark.parametrize(
    ("news", "said"),
    [
        (members.News(), ""),
        (members.News(2, 1, 30), "2 nye anmeldelser · 1 uden svar"),
        (members.News(1, 0, 1), "1 ny anmeldelse"),
        (members.News(0, 0, 1), "1 anmeldelse"),
        (members.News(0, 1998, 2000), "2.000 anmeldelser · 1.998 uden svar"),
    ],
)
def test_the_line_of_the_start_page(news, said):
    assert news.text == said


def test_the_start_page_tells_of_reviews(here, olga):
    page = words(as_(olga).get("/admin/"))
    assert "Ingen endnu." in page
    made(here, published_at=SHOWN)
    made(here, published_at=SHOWN - datetime.timedelta(days=15))
    answer = as_(olga).get("/admin/")
    assert "1 ny anmeldelse · 2 uden svar" in words(answer) and f'href="{URL}"' in answer.content.decode()
    owner_of(clinic("Foden", "Aarhus N"), olga)
    assert "1 ny anmeldelse · 2 uden svar" in words(as_(olga).get("/admin/"))
