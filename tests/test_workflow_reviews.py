"""Medical reviews: of which text they are claimed, who may record one, and which cannot be true."""

import datetime

import pytest

from articles import actions, workflow
from articles.models import Article, Image
from articles.workflow import WorkflowError, move, record_review
from clinics import clock

from .people import condition
from .workflow_people import DAY, article, reviewed, staff
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def people():
    return staff()


def test_a_review_is_claimed_of_the_text_that_was_reviewed(people):
    one = reviewed(article(), people["frida"])
    assert one.is_reviewed and Article.objects.get().is_reviewed
    assert one.history.first().history_change_reason == "Fagligt gennemgået af Frida Berg, fysioterapeut"
    one.body += "\nEt råd mere."
    one.save()
    assert not Article.objects.get().is_reviewed


def test_publishing_claims_no_review_and_takes_none_away(people):
    one = article()
    move(one, to="published", by=people["edith"])
    assert not one.is_reviewed and not one.reviewer
    Article.objects.all().delete()
    one = reviewed(article(), people["frida"])
    move(one, to="published", by=people["edith"])
    assert one.published_on == clock.today(), "the date is new"
    assert one.is_reviewed, "and no part of what was reviewed"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": " "}, "navnet"),
        ({"name": "x" * 151}, "for langt"),
        ({"on": datetime.date(2100, 1, 1)}, "fremtiden"),
        ({"on": datetime.date(2020, 1, 1), "next_due": datetime.date(2021, 1, 1)}, "efter i dag"),
        ({"next_due": datetime.date(2100, 1, 1)}, "højst ligge 3 år"),
    ],
)
def test_a_review_that_cannot_be_true(people, fields, why):
    with pytest.raises(WorkflowError, match=why):
        reviewed(article(), people["frida"], **fields)
    assert not Article.objects.get().reviewer


@pytest.mark.parametrize(("name", "may"), [("edith", False), ("frida", True), ("adam", True), ("sam", False)])
def test_who_may_say_that_a_text_was_reviewed(people, name, may):
    one = article()
    assert workflow.review_fields(people[name]) == (workflow.REVIEW_FIELDS if may else ())
    days = {"on": clock.today(), "next_due": clock.today() + DAY}
    if may:
        assert record_review(one, by=people[name], name="Frida", **days).is_reviewed
    else:
        with pytest.raises(WorkflowError, match="Kun en fagperson"):
            record_review(one, by=people[name], name="Frida", **days)
        with pytest.raises(WorkflowError, match="Kun en fagperson"):
            workflow.withdraw_review(one, by=people[name], reason="Fejl.")


def test_a_review_by_mistake_is_taken_back(people):
    one = reviewed(article(), people["frida"])
    with pytest.raises(WorkflowError, match="hvorfor"):
        workflow.withdraw_review(one, by=people["frida"], reason="")
    workflow.withdraw_review(one, by=people["frida"], reason="Det var en anden artikel.")
    assert (one.reviewer, one.reviewed_at, one.next_review_due, one.reviewed_fingerprint) == ("", None, None, "")


def test_a_review_of_a_text_that_changed_meanwhile(people):
    seen = article()
    Article.objects.update(body="Noget andet.")
    with pytest.raises(WorkflowError, match="ændret, siden du åbnede den"):
        reviewed(seen, people["frida"])


@pytest.mark.parametrize(
    "fields",
    [
        {"sources": [{"title": "Mirakelkur", "url": "https://example.org/"}]},
        {"condition": "another"},
        {"body": "Noget andet."},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_review_is_not_claimed_of_other_sources_or_another_condition(people, fields):
    one = reviewed(article(sources=[{"title": "Bog", "url": ""}]), people["frida"])
    seen = workflow.version_of(one)
    for name, value in fields.items():
        setattr(one, name, condition("Andet", {}) if name == "condition" else value)
    one.save()
    one = Article.objects.get()
    assert not one.is_reviewed and workflow.version_of(one) != seen


def test_a_review_is_not_claimed_of_other_pictures(people):
    one = article(body="Ind.\n\n![Et knæ](knae.jpg)\n")
    picture = Image.objects.create(article=one, name="knae.jpg", digest="a" * 64, width=10, height=10)
    Image.objects.create(article=one, name="paa-ingen-side.jpg", digest="c" * 64, width=10, height=10)
    actions.render_articles([one])
    one.refresh_from_db()
    for field, value in (("digest", "b" * 64), ("alt", "Et helt andet knæ")):
        assert reviewed(one, people["frida"]).is_reviewed
        setattr(picture, field, value)
        picture.save()
        actions.render_articles([one])
        one.refresh_from_db()
        assert not one.is_reviewed, field
    reviewed(one, people["frida"])
    one.images.get(name="paa-ingen-side.jpg").delete()
    actions.render_articles([one])
    one.refresh_from_db()
    assert one.is_reviewed, "no picture of the page"
