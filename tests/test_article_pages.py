"""The article pages: what must be read first stands first, on every article there is, our own and the real ones."""

import datetime
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.core import signing
from django.core.management import call_command
from django.utils import timezone
from django.utils.safestring import SafeString

from articles import dosage
from articles.models import Article
from articles.preview import preview_url
from clinics import clock
from clinics.matching import matches_of
from clinics.models import BodyRegion, Condition, ConditionMatch, RedFlag, SlugHistory
from clinics.text import slugify_da

from .people import clinic, condition, places, speciality, treatment
from .worlds import kept

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
    fields.setdefault("condition", Condition.objects.filter(slug=slug).first())
    return Article.objects.create(slug=slug, **fields)


@kept
def knee():
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
    assert client.get("/ordbog/ondt-i-knaeet/").status_code == (410 if status == "archived" else 404)
    for page in ("/ordbog/", "/ordbog/kropsdele/"):
        assert "Ondt-i-knaeet" not in client.get(page).content.decode()


# How often the database is asked


PLACES = ["", "8000", "Aarhus", "8000 Århus C", "8888", "Andeby", "Aahrus", "Region Midtjylland", "8000, 8200", "!"]


@pytest.mark.parametrize(("number", "sted"), [*((1, sted) for sted in PLACES), (100, ""), (100, "8000")])
def test_an_article_page_asks_the_database_six_times_at_most(client, knee, number, sted, django_assert_max_num_queries):
    """In a process that remembers nothing yet, with whatever place, however many clinics and articles there are."""
    for i in range(number):
        clinic(f"Klinik {i}", "Aarhus C", specialities=["Knæ"], price=500)
    Article.objects.bulk_create(
        Article(slug=f"a-{i}", title=f"A {i}", name=f"A {i}", status="published", condition=knee.condition)
        for i in range(number)
    )
    Article.objects.filter(pk=knee.pk).update(related_slugs=[f"a-{i}" for i in range(min(number, 5))], author="Edith")
    with django_assert_max_num_queries(6):
        assert client.get("/ordbog/ondt-i-knaeet/", {"sted": sted} if sted else {}).status_code == 200


def test_once_a_process_knows_its_way_five_are_enough(client, knee, django_assert_max_num_queries):
    clinic("Klinik", "Aarhus C", specialities=["Knæ"])
    for address, most in (("/ordbog/ondt-i-knaeet/?sted=8000", 5), ("/ordbog/ondt-i-knaeet/", 3)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


@pytest.mark.parametrize("address", ["/ordbog/", "/ordbog/kropsdele/"])
@pytest.mark.parametrize("number", [1, 100])
def test_an_index_is_one_query(client, knee, address, number, django_assert_max_num_queries):
    Article.objects.bulk_create(
        Article(slug=f"a-{i}", title=f"A {i}", name=f"A {i}", status="published", condition=knee.condition)
        for i in range(number)
    )
    with django_assert_max_num_queries(1):
        client.get(address)


# What stands on the page


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


def ld(client, url: str, kind: str) -> dict:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(url).content.decode())
    return next(block for block in map(json.loads, blocks) if block["@type"] == kind)


@pytest.mark.parametrize(
    ("region", "above"),
    [("Knæ", ("Knæ", "/ordbog/kropsdele/#knae")), ("", ("Symptomer og sygdomme", "/ordbog/"))],
)
def test_the_breadcrumb_leads_to_the_part_of_the_body_and_search_engines_are_told_the_same(client, knee, region, above):
    if region:
        Condition.objects.update(body_region=BodyRegion.objects.create(slug="knae", name=region))
    html = unescape(client.get("/ordbog/ondt-i-knaeet/").content.decode())
    crumbs = html.split('aria-label="Brødkrumme"')[1].split("</nav>")[0]
    steps = [(name, address) for address, name in re.findall(r'href="([^"]+)">([^<]+)<', crumbs)]
    assert steps == [("Forside", "/"), above]
    told = ld(client, "/ordbog/ondt-i-knaeet/", "BreadcrumbList")["itemListElement"]
    assert [(step["name"], step["item"].removeprefix("http://127.0.0.1:8000")) for step in told] == [
        *steps,
        ("Ondt-i-knaeet", "/ordbog/ondt-i-knaeet/"),
    ]
    if region:
        assert 'id="knae"' in client.get("/ordbog/kropsdele/").content.decode()


def test_a_review_an_author_and_the_next_review_are_shown_only_when_they_are_true(client, knee):
    def page() -> str:
        return body_of(client, "/ordbog/ondt-i-knaeet/")

    tomorrow = clock.today() + datetime.timedelta(days=1)
    knee.reviewer, knee.reviewed_at, knee.next_review_due = "Rita", datetime.date(2026, 1, 2), tomorrow
    knee.save()
    assert "Rita" not in page() and "gennemgås igen" not in page() and "Skrevet af" not in page()
    knee.reviewed_fingerprint, knee.author = knee.text_fingerprint(), "Edith"
    knee.save()
    assert "Fagligt gennemgået af Rita" in page() and "Skrevet af Edith" in page() and "gennemgås igen senest" in page()
    knee.next_review_due = tomorrow - datetime.timedelta(days=2)
    knee.save()
    assert "Fagligt gennemgået af Rita" in page() and "gennemgås igen" not in page()
    knee.body += "\nEn ny sætning."
    knee.save()
    assert "Rita" not in page()


def test_each_question_has_an_address_of_its_own(client, knee):
    knee.body += (
        "\n\n## Ofte stillede spørgsmål om Ondt i knæet\n\n### Går det <b>over</b>?\nJa.\n\n### Hvornår?\nSnart.\n"
    )
    knee.save()
    page = body_of(client, "/ordbog/ondt-i-knaeet/")
    for item in knee.faq["items"]:
        assert f'<h3 id="{item["id"]}">' in page and f'href="#{item["id"]}"' in page
        assert f"Link til spørgsmålet: {item['question']}" in page
    assert "Snart." in page and "<details" not in page.split("Ofte stillede")[-1]


def test_an_exercise_is_a_card_with_how_much_and_when_to_stop(client, knee):
    knee.body += "\n\n## Hvilke øvelser hjælper?\n\n### Lægstræk\nHold i 20–30 sekunder, 3 gange om dagen.\n"
    knee.save()
    card = body_of(client, "/ordbog/ondt-i-knaeet/").split('class="exercise"')[1].split("</li>")[0]
    assert "Lægstræk" in card and "Stop" in card
    assert re.findall('<strong class="amount">(.*?)</strong>', card) == ["20–30 sekunder", "3 gange om dagen"]


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("Hold i 5 sek. og gentag 8-12 gange", ["5 sek.", "8-12 gange"]),
        ("to til tre gange dagligt, ti vejrtrækninger", ["to til tre gange dagligt", "ti vejrtrækninger"]),
        ("2 × 10 gentagelser med hvert ben", ["2 × 10 gentagelser med hvert ben"]),
        ("efter 20 kilometer i 2026; 12 klinikker; flere gange; 3gange", []),
        ('<img alt="a > 3 gange onerror=alert(1) b"> <a href="/x/?3 gange">nej</a>', []),
    ],
)
def test_amounts_are_marked_where_they_stand_and_never_inside_a_tag(html, marked):
    result = dosage.marked(SafeString(html))
    assert re.findall('<strong class="amount">(.*?)</strong>', result) == marked
    assert re.sub('<strong class="amount">|</strong>', "", result) == html


def test_sources_are_one_press_away(client, knee):
    assert "Kilder" not in body_of(client, "/ordbog/ondt-i-knaeet/")
    knee.sources = [{"title": "En bog", "url": ""}, {"title": "", "url": "https://example.org/"}]
    knee.save()
    page = body_of(client, "/ordbog/ondt-i-knaeet/")
    assert 'href="#kilder"' in page and 'id="kilder"' in page and ">https://example.org/</a>" in page


def test_a_printed_page_says_when_and_where_and_that_it_is_no_doctor(client, knee):
    with time_machine.travel("2026-11-03 12:00+01:00", tick=False):
        html = unescape(client.get("/ordbog/ondt-i-knaeet/").content.decode())
    assert "Udskrevet 3. november 2026 fra testserver/ordbog/ondt-i-knaeet/" in html
    assert "erstatter ikke en undersøgelse" in html


def test_a_page_of_1200_words_with_three_clinics_weighs_less_than_50_kb(client, knee):
    for number in range(3):
        clinic(f"Klinik {number}", "Aarhus C", specialities=["Knæ"], price=500)
    knee.body = "\n\n".join(f"## Spørgsmål {n}?\n\n{'Et ord mere. ' * 40}" for n in range(10))
    knee.save()
    assert len(client.get("/ordbog/ondt-i-knaeet/?sted=8000").content) < 50_000


# What else to read


def also(client, slug: str) -> list[str]:
    page = body_of(client, f"/ordbog/{slug}/")
    return re.findall(r'href="/ordbog/([^/"]+)/"', page.split('id="laes-ogsaa"')[1].split("</section>")[0])


def test_what_an_editor_chose_comes_first_then_what_is_about_the_same_five_at_most(client, knee):
    for number in range(6):
        article(f"k-{number}", condition=knee.condition)
    for slug in ("valgt", "ogsaa-valgt", "omdoebt"):
        article(slug)
    article("kladde", status="draft")
    moved = Article.objects.get(slug="omdoebt")
    SlugHistory.objects.create(kind="article", slug="gammelt-navn", object_id=moved.pk)
    Article.objects.filter(pk=knee.pk).update(
        related_slugs=["ogsaa-valgt", "kladde", "gammelt-navn", "findes-ikke", "valgt", "ondt-i-knaeet", "k-5"]
    )
    assert also(client, "ondt-i-knaeet") == ["ogsaa-valgt", "omdoebt", "valgt", "k-5", "k-0"]


def test_links_and_rare_words_of_the_names_come_before_what_many_treat_and_the_part_of_the_body(client):
    leg = BodyRegion.objects.create(slug="ben", name="Ben", order=1)
    sport = {"Sport": 3}
    for number in range(12):
        condition(f"Sportsskade {number}", sport)
    for title, specialities in {
        "Ondt i benene": {},
        "Hælspore": {},
        "Lægskade": sport,
        "Kramper i benene ved blodprop": {},
        "Restless legs": {},
    }.items():
        article(slugify_da(title), title=title, condition=condition(title, specialities, body_region=leg))
    article("soevn", title="Søvn", body="Et råd.")
    body = "Sov godt, se [søvn](/ordbog/soevn/)."
    subject = condition("Kramper i benene", sport, body_region=leg)
    article("kramper-i-benene", title="Kramper i benene", body=body, condition=subject)
    assert also(client, "kramper-i-benene") == [
        "kramper-i-benene-ved-blodprop",
        "soevn",
        "laegskade",
        "haelspore",
        "ondt-i-benene",
    ]
    # In the same part of the body there is always something.
    assert also(client, "restless-legs") == [
        "haelspore",
        "kramper-i-benene",
        "kramper-i-benene-ved-blodprop",
        "laegskade",
        "ondt-i-benene",
    ]


def test_a_speciality_that_few_conditions_have_says_more_than_one_that_many_have(client):
    for number in range(6):
        condition(f"Sportsskade {number}", {"Sport": 3})
    for title, specialities in {"A": {"Sport": 3, "Kæbe": 3}, "B": {"Sport": 3}, "C": {"Kæbe": 3}}.items():
        article(title.lower(), title=title, condition=condition(title, specialities))
    assert also(client, "a") == ["c", "b"]


@pytest.mark.parametrize("title", ["(a|b)* [", "5 %", "Ondt", "\\m", "'", "Og i"])
def test_a_name_of_any_letters_finds_what_else_to_read(client, knee, title):
    article("en-anden", title=title, condition=knee.condition)
    assert also(client, "en-anden") == ["ondt-i-knaeet"]


# The index


def test_the_index_is_in_danish_order_under_danish_letters(client):
    names = ("Albue", "Émile", "Zebra", "Ærgrelse", "Øm hæl", "Åreknuder", "Aabent sår")
    for number, name in enumerate((*names, "5 øvelser")):
        article(f"a-{number}", title=name)
    page = body_of(client, "/ordbog/")
    parts = dict(re.findall(r'<h3 id="([^"]+)">[^<]+</h3>\s*<ul role="list">(.*?)</ul>', page, re.DOTALL))
    found = {anchor: re.findall(r">([^<]+)</a>", part) for anchor, part in parts.items()}
    assert list(found) == [f"bogstav-{letter}" for letter in ("tal", "A", "E", "Z", "Æ", "Ø", "Å")]
    assert found["bogstav-Å"] == ["Aabent sår", "Åreknuder"] and found["bogstav-E"] == ["Émile"]
    assert re.findall(r'href="#(bogstav-[^"]+)"', page) == list(found)


def test_the_parts_of_the_body_stand_in_their_order_and_what_has_none_at_the_end(client):
    for order, name in ((2, "Ben"), (1, "Ryg"), (3, "Tom")):
        BodyRegion.objects.create(slug=name.lower(), name=name, order=order)
    for name, region in (("Ondt i benet", "ben"), ("Hold", "ryg"), ("Iskias", "ryg"), ("Kost", "")):
        condition(name, {}, body_region=BodyRegion.objects.filter(slug=region).first())
        article(slugify_da(name), title=name)
    page = body_of(client, "/ordbog/kropsdele/")
    order = ["ryg", "Hold", "Iskias", "ben", "Ondt i benet", "andre-emner", "Kost"]
    places = [page.index(f'id="{word}"' if word.islower() else f">{word}</a></li>") for word in order]
    assert places == sorted(places) and "Tom" not in page
    assert re.findall(r'href="#([^"]+)"', page) == ["ryg", "ben", "andre-emner"]
    links = re.findall(r'href="/ordbog/kropsdele/#([^"]+)"', body_of(client, "/ordbog/"))
    assert links == ["ryg", "ben", "andre-emner"]


@pytest.mark.parametrize("address", ["/ordbog/", "/ordbog/kropsdele/"])
def test_five_hundred_articles_weigh_less_than_60_kb(client, address):
    Article.objects.bulk_create(
        Article(slug=f"ondt-i-kroppen-nummer-{i}", title="x", name=f"Ondt i kroppen nummer {i}", status="published")
        for i in range(500)
    )
    assert len(client.get(address).content) < 60_000


def test_an_empty_index_leads_on(client):
    for address in ("/ordbog/", "/ordbog/kropsdele/"):
        assert "finde en fysioterapeut" in body_of(client, address)


# Addresses that were, and previews


def moved(article_id: int, slug: str) -> None:
    SlugHistory.objects.create(kind="article", slug=slug, object_id=article_id)


def test_an_old_address_leads_to_the_new_one_with_what_was_asked(client, knee):
    moved(knee.pk, "knaesmerter")
    response = client.get("/ordbog/knaesmerter/?sted=8000&x=%C3%A6")
    assert (response.status_code, response["Location"]) == (301, "/ordbog/ondt-i-knaeet/?sted=8000&x=%C3%A6")
    assert client.get("/ordbog/knaesmerter/")["Location"] == "/ordbog/ondt-i-knaeet/"
    article("knaesmerter")  # whoever has the address now comes first
    assert client.get("/ordbog/knaesmerter/").status_code == 200


def test_an_old_address_of_what_is_not_public_tells_nothing(client, knee):
    moved(knee.pk, "knaesmerter")
    Article.objects.update(status="draft")
    assert client.get("/ordbog/knaesmerter/").status_code == 404
    Article.objects.all().delete()
    assert client.get("/ordbog/knaesmerter/").status_code == 404


def test_an_article_that_was_taken_down_says_so_and_leads_on(client, knee):
    article("andet", condition=condition("Andet", {"Knæ": 3}))
    Article.objects.filter(pk=knee.pk).update(status="archived", related_slugs=["andet"])
    moved(knee.pk, "knaesmerter")
    for address in ("/ordbog/ondt-i-knaeet/", "/ordbog/knaesmerter/"):
        response = client.get(address)
        page = unescape(response.content.decode())
        assert response.status_code == 410 and "Artiklen er taget ned" in page and "noindex" in page
        assert 'href="/ordbog/andet/"' in page and 'action="/ordbog/"' in page
        assert "Et svar." not in page


def test_an_article_taken_down_after_a_merge_leads_to_the_one_that_is_left(client, knee):
    kept = condition("Knæsmerter", {"Knæ": 3})
    article("knaesmerter")
    Condition.objects.filter(pk=knee.condition_id).update(merged_into=kept)
    Article.objects.filter(pk=knee.pk).update(status="archived")
    response = client.get("/ordbog/ondt-i-knaeet/?sted=8000")
    assert (response.status_code, response["Location"]) == (301, "/ordbog/knaesmerter/?sted=8000")


@pytest.mark.parametrize("slug", ["findes-ikke", "x" * 500, "kladde", "%00", "..%2F", "a%0Ab"])
def test_an_address_that_never_was_is_not_found(client, knee, slug):
    assert client.get(f"/ordbog/{slug}/").status_code == 404


def test_a_preview_shows_the_page_and_that_it_is_a_draft(client, knee):
    clinic("Klinik", "Aarhus C", specialities=["Knæ"])
    public = body_of(client, "/ordbog/ondt-i-knaeet/?sted=8000")
    Article.objects.update(status="draft")
    knee.refresh_from_db()
    address = preview_url(knee)
    response = client.get(f"{address}?sted=8000")
    page = unescape(response.content.decode())
    assert "Kladde – ikke udgivet" in page
    assert page.split("<main")[1].split("</main>")[0] == public.replace("/ordbog/ondt-i-knaeet/", address)
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    assert "canonical" not in page and "ld+json" not in page
    assert client.get("/ordbog/ondt-i-knaeet/").status_code == 404


def test_a_preview_of_what_is_public_by_now_says_so(client, knee):
    page = unescape(client.get(preview_url(knee)).content.decode())
    assert "Artiklen er udgivet" in page and "ikke udgivet" not in page


def test_a_preview_ends_when_the_article_is_taken_down(client, knee):
    address = preview_url(knee)
    assert client.get(address).status_code == 200
    Article.objects.update(status="archived")
    assert client.get(address).status_code == 404


def test_a_preview_ends_after_seven_days(client, knee):
    address = preview_url(knee)
    for days, status in ((6.9, 200), (7.1, 404)):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
            response = client.get(address)
            assert response.status_code == status
    assert "Linket virker ikke længere" in unescape(response.content.decode())
    assert "no-store" in response["Cache-Control"]


def test_a_preview_cannot_be_forged_and_never_shows_another_article(client, knee):
    token = preview_url(knee).split("/")[-2]
    other = article("anden", status="draft")
    assert "Anden" not in client.get(preview_url(knee)).content.decode()
    bad = [
        *(
            str(knee.pk),
            f"{other.pk}:{token.split(':', 1)[1]}",
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            "x",
            ":",
            "::",
        ),
        signing.TimestampSigner().sign(str(knee.pk)),
        signing.TimestampSigner(salt="articles.preview").sign("999999"),
        "x" * 5_000,
    ]
    for forged in bad:
        assert client.get(f"/ordbog/kladde/{quote(forged)}/").status_code == 404, forged


def test_the_matches_that_come_along_are_those_that_would_be_asked_for(knee, django_assert_num_queries):
    def told(matches) -> list:
        return [(m.pk, m.weight, m.origin, m.condition, m.speciality, m.treatment) for m in matches]

    ConditionMatch.objects.create(condition=knee.condition, treatment=treatment("Holdtræning"), weight=2)
    ConditionMatch.objects.create(
        condition=knee.condition, speciality=speciality("Hofte"), weight=3, origin="suggested"
    )
    subject = Article.objects.for_page().get(pk=knee.pk).subject
    with django_assert_num_queries(0):
        along = told(matches_of(subject))
    assert along == told(matches_of(Condition.objects.get(pk=subject.pk))) and len(along) == 2
