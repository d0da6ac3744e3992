"""The editors' list of articles: what needs somebody first, what is due, and publishing many at once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from clinics import clock
from fysfinder.roles import ADMINISTRATOR

from .editors import CHANGELIST, article, edith, messages_of, staff, unsafe
from .people import condition

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [row.title for row in response.context["cl"].result_list]


def days(number: int) -> datetime.datetime:
    return clock.now() + datetime.timedelta(days=number)


def test_what_needs_attention_stands_first():
    article(slug="aa", title="Aa", name="Ankel")
    Article.objects.filter(pk=article(slug="z", title="Z", name="Zoster").pk).update(needs_attention=True)
    page = edith().get(CHANGELIST)
    assert titles(page) == ["Z", "Aa"]
    assert "kræver opmærksomhed" in page.content.decode()


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
