"""Where a text is weaker than a red flag or collides with one: the card above it, and nowhere a word of it without the card."""

import json
import re

import pytest
from django.core.management import call_command

from articles import safety
from articles.actions import save_article
from articles.importer import import_paths
from articles.models import Article

from .article_files import REAL, needs_real_articles
from .cramps import BODY, MASSAGE, article, cramps_condition, red_flags, reload
from .people import condition

pytestmark = pytest.mark.django_db


@pytest.fixture
def flags():
    return red_flags()


@pytest.fixture
def leg(flags):
    return cramps_condition(flags)


@pytest.fixture
def cramps(leg):
    return article(leg)


def page_of(client, one: Article) -> str:
    response = client.get(one.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_the_card_stands_directly_above_each_part(client, cramps):
    page = page_of(client, cramps)
    for anchor, heading in (
        ("undgaa--hvad-hjaelper", 'id="hvad-hjaelper"'),
        ("ring-til-laege--hvornaar-skal-jeg-soege-hjaelp", 'id="hvornaar-skal-jeg-soege-hjaelp"'),
        ("undgaa--hvordan-slipper-jeg-af-med-en-krampe", 'id="hvordan-slipper-jeg-af-med-en-krampe"'),
    ):
        between = page[page.index(f'id="{anchor}"') : page.index(heading)]
        assert not re.search(r"<p>(?!<a href=\"#ring-til-laege\")", between.split("</section>", 1)[1]), anchor
    assert 'id="undgaa--er-kramper-farlige"' not in page
    assert page.index('id="undgaa"') < page.index('id="undgaa--hvad-hjaelper"'), "the cards at the top stay"


def test_ids_are_unique_and_headings_have_the_level_of_their_part(client, cramps):
    page = page_of(client, cramps)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert re.search(r'<h2 class="care-card__title" id="undgaa--hvad-hjaelper-titel">', page)
    assert re.search(r'<h3 class="care-card__title" id="undgaa--hvordan-slipper-jeg-af-med-en-krampe-titel">', page)


def test_a_card_inside_the_page_leads_nowhere_but_112_and_the_numbers(client, flags):
    made = condition("Ben", {})
    made.red_flags.add(flags["dvt"], flags["lungeemboli"])
    one = article(made, "Kort.\n\n## Hvornår?\n\nKontakt en fagperson ved åndenød og et hævet ben.\n")
    page = page_of(client, one)
    assert re.findall(r'care-card--(\w+)" id="[^"]+--hvornaar"', page) == ["112", "doctor_now"]
    for match in re.finditer(r'<section class="care-card care-card--112".*?</section>', page, re.S):
        assert re.findall(r'href="([^"]*)"', match[0]) == ["tel:112"]
    (acute,) = re.findall(
        r'<section class="care-card care-card--doctor_now" id="[^"]+--hvornaar".*?</section>', page, re.S
    )
    assert re.findall(r'href="([^"]*)"', acute) == ["#ring-til-laege"]


def test_lead_and_closing_words_have_their_cards_too(client, leg):
    body = "Massér læggen.\n\n## Hvad?\n\nTekst.\n\n## Ofte stillede spørgsmål om Kramper\n\n### Hvad?\nDet.\n\nMassér benet."
    page = page_of(client, article(leg, body))
    assert page.index('id="undgaa--indledning"') < page.index('class="lead')
    assert page.index('id="undgaa--afslutning"') < page.index("article__outro")


def test_the_passage_is_repeated_nowhere_without_its_card(client, leg):
    one = article(leg, "Massér læggen hver aften. Kramper er almindelige.\n\n" + BODY.split("\n", 2)[2])
    assert "Massér" not in one.description
    assert one.description.startswith("Kramper er almindelige.")
    assert "Massér" not in one.search_text
    assert "Stræk musklen." in one.search_text
    assert "Sjældent." in one.search_text
    page = page_of(client, one)
    data = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)]
    (faq,) = [part for part in data if part["@type"] == "FAQPage"]
    assert [item["name"] for item in faq["mainEntity"]] == ["Er kramper farlige?"]
    assert not any("Massér" in json.dumps(part, ensure_ascii=False) for part in data)
    (meta,) = re.findall(r'<meta name="description" content="([^"]*)"', page)
    assert "Massér" not in meta
    assert "Massér" not in client.get("/feed.xml").content.decode()
    assert "Massér" not in client.get("/ordbog/", {"q": "kramper"}).content.decode()
    hidden = safety.hidden_passages(one)
    assert {"Massér læggen hver aften.", MASSAGE, "hvordan-slipper-jeg-af-med-en-krampe"} <= hidden
    assert "er-kramper-farlige" not in hidden


def test_a_description_that_collides_is_replaced_and_said_to_be(cramps):
    cramps.description = "Massér læggen, så går det over."
    save_article(cramps)
    one = reload(cramps)
    assert one.description == "Om kramper."
    assert "description_forbidden" in {remark["code"] for remark in one.warnings}


def test_a_flag_that_is_gone_leaves_no_empty_card(client, cramps, flags):
    flags["ingen-massage-eller-varme"].delete()
    assert "undgaa--hvad-hjaelper" not in page_of(client, cramps)


@needs_real_articles
def test_the_real_articles_warn_above_their_unsafe_advice(client):
    call_command("load_places", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    import_paths([REAL], publish=True)
    cramps, legs = (page_of(client, Article.objects.get(slug=slug)) for slug in ("kramper-i-benene", "ondt-i-benene"))
    for section in (
        "hvad-kan-jeg-goere-naar-jeg-faar-en-krampe-i-benet",
        "hvilke-oevelser-hjaelper-mod-kramper-i-benene",
    ):
        assert cramps.index(f'id="undgaa--{section}"') < cramps.index(f'id="{section}"')
    assert cramps.index('id="ring-til-laege--hvornaar-skal-jeg-soege-hjaelp-for-kramper-i-benene"')
    assert legs.index('id="undgaa--hvordan-behandler-man-ondt-i-benene-hjemme"')
    assert legs.index('id="ring-112--hvornaar-skal-jeg-kontakte-laege-ved-ondt-i-benene"')
    for page in (cramps, legs):
        for script in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S):
            assert "Massér" not in script and "lægevagten" not in script
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
    assert Article.objects.filter(needs_attention=True).count() == 5
