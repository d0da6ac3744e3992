"""What search engines are told: only what is true and visible, in a form that no text can break out of."""

import datetime
import json
from types import SimpleNamespace

import pytest

from articles import structured_data
from articles.models import Article
from clinics.json_ld import as_script_text
from clinics.models import BodyRegion, Condition
from tests.article_files import FOOT


@pytest.fixture
def article(settings, db) -> Article:
    """The example article, as it stands after an import; never stored."""
    settings.SITE_URL = "https://fysfinder.example"
    made = Article(
        slug="ondt-i-foden",
        title="Ondt i foden – årsager og gode råd",
        body=FOOT.split("---\n", 2)[2],
        published_on=datetime.date(2025, 10, 2),
        updated_on=datetime.date(2025, 11, 4),
        condition=Condition(slug="ondt-i-foden", name="Ondt i foden", synonyms=["fodsmerter"]),
    )
    made.render()
    return made


def test_the_page_and_its_condition(article):
    page = structured_data.medical_web_page(article)
    assert page["@type"] == "MedicalWebPage"
    assert page["url"] == "https://fysfinder.example/ordbog/ondt-i-foden/"
    assert page["about"] == {"@type": "MedicalCondition", "name": "Ondt i foden", "alternateName": ["fodsmerter"]}
    assert (page["datePublished"], page["dateModified"], page["inLanguage"]) == ("2025-10-02", "2025-11-04", "da")
    assert page["audience"]["audienceType"] == "Patient"
    assert page["description"].startswith("Foden bærer dig")


@pytest.mark.parametrize(
    ("reviewer", "reviewed_at", "told"),
    [
        ("", None, False),
        ("Rita", None, False),
        ("", datetime.date(2025, 11, 5), False),
        ("Rita", datetime.date(2025, 11, 5), True),
    ],
)
def test_a_review_is_told_only_when_it_took_place(article, reviewer, reviewed_at, told):
    article.reviewer, article.reviewed_at = reviewer, reviewed_at
    article.reviewed_fingerprint = article.text_fingerprint()
    page = structured_data.medical_web_page(article)
    assert ("reviewedBy" in page, "lastReviewed" in page) == (told, told)


def test_a_review_of_another_text_is_not_told(article):
    article.reviewer, article.reviewed_at = "Rita", datetime.date(2025, 11, 5)
    article.reviewed_fingerprint = article.text_fingerprint()
    article.body += "\n\nEn ny sætning."
    assert "reviewedBy" not in structured_data.medical_web_page(article)


def test_a_generic_article_is_about_no_condition(article):
    article.condition.is_generic = True
    assert "about" not in structured_data.medical_web_page(article)


def test_dates_that_are_not_known_are_left_out(article):
    article.published_on = article.updated_on = None
    page = structured_data.medical_web_page(article)
    assert "datePublished" not in page and "dateModified" not in page


def test_the_questions_with_their_answers_and_without_the_closing_words(article):
    page = structured_data.faq_page(article)
    assert [question["name"] for question in page["mainEntity"]] == [
        "Er det farligt?",
        "Hvornår bliver det bedre?",
        "Må jeg løbe?",
    ]
    answers = [question["acceptedAnswer"]["text"] for question in page["mainEntity"]]
    assert answers[-1] == "Ja, når det ikke gør ondt bagefter."
    assert "eller bleg" in answers[0]
    assert "Giv det tid" not in json.dumps(page, ensure_ascii=False)


def test_an_article_without_questions_has_no_faq(article):
    article.body = "Kun en indledning."
    article.render()
    assert structured_data.faq_page(article) is None
    assert len(structured_data.json_ld(article)) == 2


def test_the_way_to_the_page(article):
    steps = structured_data.breadcrumb_list(article)["itemListElement"]
    assert [(step["position"], step["name"]) for step in steps] == [
        (1, "Forside"),
        (2, "Symptomer og sygdomme"),
        (3, "Ondt i foden"),
    ]
    assert steps[1]["item"] == "https://fysfinder.example/ordbog/"
    article.condition.body_region = BodyRegion(slug="fod-og-ankel", name="Fod og ankel")
    above = structured_data.breadcrumb_list(article)["itemListElement"][1]
    assert (above["name"], above["item"]) == (
        "Fod og ankel",
        "https://fysfinder.example/ordbog/kropsdele/#fod-og-ankel",
    )


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--", "]]>", "&lt;", "\u2028\u2029", 'a"b\\c', "æøå"]
)
def test_no_text_can_leave_its_block(text):
    printed = as_script_text({"name": text})
    assert not set("<>&\u2028\u2029") & set(printed)
    assert json.loads(printed) == {"name": text}
    assert SimpleNamespace(html=printed.__html__()).html == printed  # the template prints it as it is
