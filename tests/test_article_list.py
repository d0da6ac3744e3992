"""The editors' list of articles: what needs somebody first, what is due, and publishing many at once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, FlagSuggestion, SignOff
from clinics import clock
from clinics.models import RedFlag
from fysfinder.roles import ADMINISTRATOR

from .editors import CHANGELIST, article, edith, messages_of, staff, unsafe
from .people import condition

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [row.title for row in response.context["cl"].result_list]


def days(number: int) -> datetime.datetime:
    return clock.now() + datetime.timedelta(days=number)


def test_what_may_harm_stands_first_then_what_waits_for_an_answer():
    article(slug="aa", title="Aa", name="Ankel")
    waiting = article(slug="b", title="Venter", name="Zink")
    worst = unsafe(name="Øre")
    FlagSuggestion.objects.create(article=waiting, flag=RedFlag.objects.get(), sentence="Hævet ben.")
    signed = article(slug="signed", title="Begrundet", name="Mave")
    Article.objects.filter(pk=signed.pk).update(safety=worst.safety * 2)
    browser = edith()
    assert titles(browser.get(CHANGELIST)) == ["Begrundet", "Farlig", "Venter", "Aa"]
    SignOff.objects.create(article=signed, fingerprint=worst.safety[0]["fingerprint"], reason="Kortet står der.")
    page = browser.get(CHANGELIST)
    assert titles(page) == ["Farlig", "Venter", "Aa", "Begrundet"]
    said = page.content.decode()
    assert said.count("1 sted strider mod rødt flag") == 1 and said.count("1 forslag venter") == 1
    assert "Efter opgaver" in said and "Efter eksempeldata" in said


def test_the_list_says_status_review_and_findings_in_words():
    article(slug="a", status="ready", publish_at=datetime.datetime(2099, 12, 3, 8, tzinfo=clock.COPENHAGEN))
    late = article(slug="b", next_review_due=clock.today() - datetime.timedelta(days=1))
    Article.objects.filter(pk=late.pk).update(warnings=[{"line": 1, "code": "x", "text": "y"}] * 2)
    page = edith().get(CHANGELIST).content.decode()
    assert "planlagt til 3. december 2099 kl. 08.00" in page
    assert "forfalden" in page and "2 bemærkninger" in page


@pytest.mark.parametrize(
    ("chosen", "found"), [("opmaerksomhed", "Farlig"), ("forfalden", "Forfalden"), ("planlagt", "Planlagt")]
)
def test_the_filters_of_the_morning(chosen, found):
    Article.objects.filter(pk=article(slug="a", title="Farlig").pk).update(needs_attention=True)
    article(slug="b", title="Forfalden", next_review_due=clock.today() - datetime.timedelta(days=1))
    article(slug="c", title="Planlagt", status="ready", publish_at=days(1))
    article(slug="d", title="Arkiveret", status="archived", next_review_due=datetime.date(2020, 1, 1))
    article(slug="e", title="Ude", status="ready", publish_at=days(-1))
    assert titles(edith().get(CHANGELIST, {"arbejde": chosen})) == [found]


def test_search_finds_words_of_the_text():
    article(slug="a", title="Første", body="Noget om kirsebærtræer.")
    article(slug="b", title="Anden")
    assert titles(edith().get(CHANGELIST, {"q": "kirsebær"})) == ["Første"]


def test_the_list_asks_as_much_for_twelve_as_for_one_and_reads_no_long_text():
    browser = edith()

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(CHANGELIST).status_code == 200
        return [one["sql"] for one in asked]

    article(slug="en", condition=condition("Knæ", {}))
    queries()
    few = queries()
    for number in range(11):
        article(slug=f"nr-{number}", condition=condition(f"Tilstand {number}", {}))
    many = queries()
    assert len(many) == len(few)
    assert not any('"articles_article"."document"' in sql or '"articles_article"."body"' in sql for sql in many)


def test_publishing_many_asks_the_workflow_for_each():
    good, bad = article(slug="a", title="God"), unsafe()
    chosen = {"action": "publish", "_selected_action": [good.pk, bad.pk]}
    response = staff("adam", ADMINISTRATOR).post(CHANGELIST, chosen, follow=True)
    assert {a.title: a.status for a in Article.objects.all()} == {"God": "published", "Farlig": "draft"}
    refused, done = messages_of(response)
    assert "Farlig" in refused and "begrundelse" in refused
    assert done == "1 artikel udgivet. Ingen af dem er dermed fagligt gennemgået."
