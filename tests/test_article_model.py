"""Articles: who sees them when, their order, their page in step with their text, and the verbs that change them."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.actions import archive_article, publish_article, save_article
from articles.derived import LONGEST_DESCRIPTION, description, short_name
from articles.index import letter_of
from articles.models import Article
from clinics import clock
from clinics.models import BodyRegion
from tests.people import condition

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=clock.COPENHAGEN)


def article(title: str, **fields) -> Article:
    fields = {"status": Article.Status.PUBLISHED, "body": "Indledningen."} | fields
    return Article.objects.create(slug=fields.pop("slug", title.lower().replace(" ", "-")), title=title, **fields)


@pytest.fixture
def noon(monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


# Who sees it


@pytest.mark.parametrize(
    ("status", "hours", "seen"),
    [
        ("draft", None, False),
        ("draft", -1, False),
        ("review", -1, False),
        ("ready", None, False),
        ("ready", 1, False),
        ("ready", -1, True),
        ("published", None, True),
        ("published", -1, True),
        ("published", 1, False),
        ("archived", None, False),
    ],
)
def test_who_is_published(noon, status, hours, seen):
    article("A", status=status, publish_at=hours and NOON + datetime.timedelta(hours=hours))
    assert Article.objects.published().exists() is seen


def test_danish_order_and_letters():
    for title in ("Østers", "Aarhus", "Zoner", "Ærter", "Albue", "Åben", "iskias"):
        article(title)
    ordered = Article.objects.in_danish_order()
    assert [(a.title, letter_of(a)) for a in ordered] == [
        ("Albue", "A"),
        ("iskias", "I"),
        ("Zoner", "Z"),
        ("Ærter", "Æ"),
        ("Østers", "Ø"),
        ("Åben", "Å"),
        ("Aarhus", "Å"),
    ]


def test_related_articles_share_a_speciality_or_a_part_of_the_body():
    leg = BodyRegion.objects.create(slug="ben", name="Ben")
    one = article("Ondt i benet", condition=condition("Ondt i benet", {"Sport": 3, "Ryg": 2}, body_region=leg))
    article("Iskias", condition=condition("Iskias", {"Ryg": 3}))
    article("Springerknæ", condition=condition("Springerknæ", {"Sport": 3, "Ryg": 1}))
    article("Fodsvamp", condition=condition("Fodsvamp", {}, body_region=leg))
    article("Hovedpine", condition=condition("Hovedpine", {"Hoved": 3}))
    article("Kladden", condition=condition("Kladden", {"Ryg": 3}), status="draft")
    assert [other.title for other in one.related()] == ["Springerknæ", "Iskias", "Fodsvamp"]
    assert article("Søvn").related() == []


# The page follows the text


def test_the_page_is_made_when_the_text_is_saved():
    made = article("A", body="Først.\n\n## Hvad?\nDet.")
    made.refresh_from_db()
    assert made.lead_html == "<p>Først.</p>\n"
    assert made.sections[0]["html"] == "<p>Det.</p>\n"
    assert made.contents == [{"id": "hvad", "heading": "Hvad?"}]
    made.body = "Så."
    made.save(update_fields=["body"])
    made.refresh_from_db()
    assert made.lead_html == "<p>Så.</p>\n"


def test_a_save_that_does_not_touch_the_text_makes_no_page(monkeypatch):
    made = article("A")
    monkeypatch.setattr(Article, "render", lambda self: pytest.fail("rendered again"))
    made.author = "Edith"
    made.save()


def test_html_is_trusted_only_where_the_renderer_wrote_it():
    made = article("A", body="## A & B\n### C < D\nTekst.\n\n## Ofte stillede spørgsmål om A\n### E > F?\nJa.")
    assert hasattr(made.sections[0]["html"], "__html__")
    assert not hasattr(made.sections[0]["heading"], "__html__")
    assert hasattr(made.faq["items"][0]["html"], "__html__")
    assert not hasattr(made.faq["items"][0]["question"], "__html__")


def test_name_and_description_follow_the_text_until_somebody_writes_others():
    made = article("Ondt i hånden – råd", body="En kort indledning.")
    assert (made.name, made.description) == ("Ondt i hånden", "En kort indledning.")
    made.title, made.body = "Ondt i armen – råd", "En anden indledning."
    made.save()
    assert (made.name, made.description) == ("Ondt i armen", "En anden indledning.")
    made.description = "Skrevet af Edith."
    made.body = "En tredje indledning."
    made.save()
    assert made.description == "Skrevet af Edith."


def test_history_keeps_the_text_of_each_version():
    made = article("A", body="Først.")
    made.body = "Så."
    made.save()
    assert [version.body for version in made.history.all()] == ["Så.", "Først."]


# Verbs


def test_an_editors_change_is_dated(noon):
    made = article("A")
    save_article(made)
    assert made.edited_at == NOON


def test_publishing_an_article_written_here_dates_it(noon):
    made = article("A", status="draft", publish_at=NOON + datetime.timedelta(days=1))
    publish_article(made)
    assert Article.objects.published().get().published_on == NOON.date()


def test_publishing_an_imported_article_invents_no_date():
    made = article("A", status="draft", source_name="a.md")
    publish_article(made)
    assert made.published_on is None


def test_an_archived_article_is_gone_for_readers():
    made = article("A")
    archive_article(made)
    assert not Article.objects.published().exists()


def test_render_articles_makes_pages_anew_without_a_new_version():
    made = article("A", slug="a", body="Tekst.")
    article("B", slug="b")
    Article.objects.update(document={"lead_html": "gammelt"})
    out = StringIO()
    call_command("render_articles", "a", stdout=out)
    assert "1 articles rendered" in out.getvalue()
    made.refresh_from_db()
    assert made.lead_html == "<p>Tekst.</p>\n"
    assert Article.objects.get(slug="b").lead_html == "gammelt"
    assert made.history.count() == 1
    call_command("render_articles", stdout=out)
    assert Article.objects.get(slug="b").lead_html == "<p>Indledningen.</p>\n"


def test_render_articles_names_a_slug_it_does_not_know():
    with pytest.raises(CommandError, match="findes-ikke"):
        call_command("render_articles", "findes-ikke")


# What is derived


@pytest.mark.parametrize(
    ("title", "subject", "name"),
    [
        ("Ondt i foden – årsager", "", "Ondt i foden"),
        ("Ondt i foden — årsager", "", "Ondt i foden"),
        ("Ondt i foden – årsager", "Fodsmerter", "Fodsmerter"),
        ("SI-led og GLA:D", "", "SI-led og GLA:D"),
    ],
)
def test_the_short_name(title, subject, name):
    assert short_name(title, subject) == name


@pytest.mark.parametrize(
    ("lead", "text"),
    [
        ("", ""),
        ("Kun en sætning uden punktum", "Kun en sætning uden punktum"),
        ("Den første. Den anden! Den tredje.", "Den første. Den anden!"),
        ("Hvil fx. Foden og bl.a. Knæet i 2 uger. Ro på. Tredje.", "Hvil fx. Foden og bl.a. Knæet i 2 uger. Ro på."),
        ("Kort? " + "ord " * 60, "Kort? " + ("ord " * 36).strip() + " …"),
        (
            "Hel sætning med mange ord, " + "ord " * 25 + "slut. " + "Mere " * 40,
            "Hel sætning med mange ord, " + "ord " * 25 + "slut.",
        ),
        ("a" * 400, "a" * 153 + " …"),
    ],
)
def test_the_description_is_the_first_sentences(lead, text):
    assert description(lead) == text
    assert len(description(lead)) <= LONGEST_DESCRIPTION
