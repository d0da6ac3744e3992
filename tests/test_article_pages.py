"""The article pages: what must be read first stands first, on every article there is, our own and the real ones."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article
from clinics.models import Condition, RedFlag

from .people import clinic, condition, places

pytestmark = pytest.mark.django_db

REAL = Path(__file__).parents[1].parent / "shared" / "articles"


def body_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return unescape(response.content.decode().split("<main")[1].split("</main>")[0])


def test_the_order_on_all_articles(client):
    """112, then the acute card, then self-help and the first clinic; a gate before any call to action."""
    call_command("load_places", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    call_command("seed_demo", clinics=150, verbosity=0)
    if REAL.is_dir():
        call_command("import_articles", str(REAL), publish=True, verbosity=0)
    articles = list(Article.objects.published().select_related("condition"))
    assert len(articles) >= 13 + (5 if REAL.is_dir() else 0)
    for article in articles:
        page = body_of(client, f"{article.get_absolute_url()}?sted=8000")
        emergency, acute = page.index("tel:112"), page.index("Ring til læge med det samme")
        first_section = page.index(f'id="{article.contents[0]["id"]}"')
        assert emergency < acute < first_section, article.slug
        urgent = page[emergency:first_section]
        assert "Kontakt" not in urgent, article.slug
        if article.condition and article.condition.matches.exists():
            first_clinic = page.index('href="/klinik/')
            assert acute < first_clinic, article.slug
            if article.condition.care_gate:
                gate = page.index(article.condition.care_gate)
                calls = [m.start() for m in re.finditer(r'href="/(?:find|klinik)/|<form', page)]
                assert min(calls) > gate, article.slug
        else:
            assert 'href="/klinik/' not in page, article.slug


def test_the_dvt_articles_box_is_called_rehabilitation(client):
    places()
    condition(
        "Kramper i benene ved blodprop",
        {"Venøse lidelser": 3},
        care_gate="Først når lægen siger ja.",
        box_title="Genoptræning efter blodprop",
    )
    clinic("Venen", "Aarhus C", specialities=["Venøse lidelser"])
    article("kramper-i-benene-ved-blodprop")
    page = body_of(client, "/ordbog/kramper-i-benene-ved-blodprop/?sted=8000")
    assert page.index("Først når lægen siger ja.") < page.index("/klinik/venen/")
    assert "Genoptræning efter blodprop" in page


def article(slug: str, **fields) -> Article:
    fields = {
        "title": slug.capitalize(),
        "body": "Indledning.\n\n## Et spørgsmål\n\nEt svar.\n",
        "status": "published",
    } | fields
    return Article.objects.create(slug=slug, condition=Condition.objects.filter(slug=slug).first(), **fields)


@pytest.fixture
def knee(db):
    places()
    condition("Ondt i knæet", {"Knæ": 3})
    return article("ondt-i-knaeet")


def test_without_a_place_the_box_links_to_towns_to_denmark_and_to_the_specialities(client, knee):
    from clinics.models import Place

    Place.objects.filter(slug__in=["aarhus", "odense-c"]).update(population=100_000)
    page = body_of(client, "/ordbog/ondt-i-knaeet/")
    assert 'href="/find/fysioterapeut/?tilstand=ondt-i-knaeet&sted=Aarhus"' in page
    assert 'href="/find/fysioterapeut/?tilstand=ondt-i-knaeet"' in page
    assert 'href="/find/fysioterapeut/?speciale=knae"' in page


def test_the_three_nearest_stand_in_the_page(client, knee):
    for number in range(5):
        clinic(f"Klinik {number}", "Aarhus C" if number < 2 else "Randers", specialities=["Knæ"])
    page = body_of(client, "/ordbog/ondt-i-knaeet/?sted=8000")
    assert len(set(re.findall(r'href="/klinik/([a-z0-9-]+)/', page))) == 3
    assert "Se alle 5 klinikker" in page


@pytest.mark.parametrize("text", ["8888", "Andeby", "<script>alert(1)</script>", "\0", "x" * 10_000])
def test_a_place_that_is_not_understood_keeps_the_article(client, knee, text):
    response = client.get("/ordbog/ondt-i-knaeet/", {"sted": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert "Et svar." in response.content.decode()


@pytest.mark.parametrize("status", ["draft", "review", "ready", "archived"])
def test_only_published_articles_are_there(client, knee, status):
    Article.objects.update(status=status)
    assert client.get("/ordbog/ondt-i-knaeet/").status_code == 404
    assert "Ondt-i-knaeet" not in client.get("/ordbog/").content.decode()


def test_the_list_is_in_danish_order(client):
    for name in ("Åreknuder", "Zebra", "Øm hæl", "Ærgrelse", "Albue"):
        article(name.lower().replace(" ", "-").translate(str.maketrans("åøæ", "aoe")), title=name)
    page = body_of(client, "/ordbog/")
    assert [page.index(name) for name in ("Albue", "Zebra", "Ærgrelse", "Øm hæl", "Åreknuder")] == sorted(
        page.index(name) for name in ("Albue", "Zebra", "Ærgrelse", "Øm hæl", "Åreknuder")
    )


@pytest.mark.parametrize("number", [1, 100])
def test_an_article_page_asks_the_database_eight_times_at_most(client, knee, number, django_assert_max_num_queries):
    for i in range(number):
        clinic(f"Klinik {i}", "Aarhus C", specialities=["Knæ"], price=500)
    client.get("/ordbog/ondt-i-knaeet/?sted=8000")  # what a process reads once
    with django_assert_max_num_queries(8):
        client.get("/ordbog/ondt-i-knaeet/?sted=8000")


def test_what_can_wait_stands_after_the_text_and_before_the_questions(client, knee):
    RedFlag.objects.create(key="mild", group="x", urgency="physio", text="det bliver ved", sources=[]).conditions.add(
        knee.condition
    )
    knee.body += "\n## Ofte stillede spørgsmål om Ondt i knæet\n\n### Går det over?\nJa.\n"
    knee.save()
    page = body_of(client, "/ordbog/ondt-i-knaeet/")
    assert page.index("tel:112") < page.index("Et svar.") < page.index("det bliver ved") < page.index("Går det over?")


def test_the_ways_on_from_a_gated_box_keep_the_gate(client):
    places()
    condition("Efter blodprop", {"Lymfødem": 3}, care_gate="Først når lægen siger ja.")
    article("efter-blodprop")
    page = body_of(client, "/ordbog/efter-blodprop/")
    assert 'href="/find/fysioterapeut/?tilstand=efter-blodprop&speciale=lymfoedem"' in page
