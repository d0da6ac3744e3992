"""The search in the articles: names and synonyms, Danish forms, typos, danger, and whatever else people put in a field."""

import re
from html import unescape
from random import Random

import pytest
from django.db import connection

from articles.excerpts import Excerpt
from articles.finding import MOST_CHARACTERS, PAGE_SIZE, find_articles
from articles.models import Article
from clinics.models import BodyRegion, Condition, RedFlag

from .people import condition
from .worlds import kept

pytestmark = pytest.mark.django_db

# (slug, name, synonyms of its condition, text)
ARTICLES = [
    ("iskias", "Iskias", ["ischias", "isjas"], "Nerven er trykket. Iskias gør ondt ned i benet."),
    (
        "blodprop-i-benet",
        "Blodprop i benet",
        ["blodprop", "DVT", "dyb venetrombose"],
        "En dyb venetrombose sidder i en vene.",
    ),
    ("ondt-i-knaeet", "Ondt i knæet", ["knæsmerter"], "Knæet gør ondt på trapper. Nogle har også iskias."),
    ("haelspore", "Hælspore", ["plantar fasciitis"], "Hælen er øm. Øvelser hjælper. En blodprop er noget andet."),
    ("soevn", "Søvn og smerter", [], "Sov godt. Smerter i knæet kan vække dig."),
]


@kept
def written():
    leg = BodyRegion.objects.create(slug="ben", name="Ben", order=2)
    for slug, name, synonyms, text in ARTICLES:
        written_article(slug, name, text, condition=condition(name, {}, body_region=leg, synonyms=synonyms))


def written_article(slug: str, title: str, text: str, **fields) -> None:
    """A published article of which only what a search reads is there: no page is made."""
    fields = {"name": title, "description": text, "search_text": text, "status": "published"} | fields
    Article.objects.bulk_create([Article(slug=slug, title=title, **fields)])


def found(text: str, **options) -> list[str]:
    return [hit.slug for hit in find_articles(text, **options).hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("iskias", "iskias"),
        ("ischias", "iskias"),
        ("ISCHIAS!", "iskias"),
        ("dvt", "blodprop-i-benet"),
        ("blodprop", "blodprop-i-benet"),
        ("knæsmerter", "ondt-i-knaeet"),
        ("ondt i knaeet", "ondt-i-knaeet"),
        ("haelspore", "haelspore"),
        ("hæl spore", "haelspore"),
        ("hvorfor har jeg ondt i knæet om natten?", "ondt-i-knaeet"),
    ],
)
def test_names_and_synonyms_come_first(written, text, first):
    assert found(text)[0] == first


def test_a_synonym_finds_what_is_written_in_other_words(written):
    assert set(found("dvt")) == set(found("blodprop")) == {"blodprop-i-benet", "haelspore"}
    assert set(found("ischias")) == {"iskias", "ondt-i-knaeet"}


def test_the_name_before_the_title_before_the_text(written):
    written_article("loeberknae", "Løberknæ", "Ydersiden.", condition=condition("Løberknæ", {}, synonyms=["knæ"]))
    assert found("knæ") == ["loeberknae", "ondt-i-knaeet", "soevn"]
    written_article("a", "Anatomi", "Smerter, smerter og flere smerter. " * 50, description="Om smerter.")
    assert found("smerter") == ["soevn", "a"]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("trappe", ["ondt-i-knaeet"]),  # another form of the word
        ("knæ", ["ondt-i-knaeet", "soevn"]),  # "knæet" is no form of it to PostgreSQL
        ("oevelse", ["haelspore"]),  # typed without ø
        ("smerter vække", ["soevn"]),
    ],
)
def test_danish_forms_and_spellings(written, text, slugs):
    assert found(text) == slugs


def test_words_that_stand_together_before_those_that_are_scattered_and_after_the_title(written):
    written_article("spredt", "Fuglen", "Læg mærke til hævet tå. " * 9 + "Hævet ankel, læg og tå. " * 9, description="")
    written_article("samlet", "Vaden", "En hævet læg skal undersøges. " + "Andre ord her. " * 50, description="")
    written_article("titlen", "Læg og hævet tå", "Andre ord.")
    assert found("hævet læg") == ["titlen", "samlet", "spredt"]


def test_short_words_are_no_beginnings(written):
    written_article("laege", "Lægehuset", "Ring til lægehuset.")
    assert "laege" not in found("læg")


@pytest.mark.parametrize(
    ("text", "word", "others"),
    [
        ("lænen", "lænen", "Det varer længe. Længere tid. Ondt i lænden."),
        ("benet", "benene", "Benyt en stok. Benzin."),
        ("armen", "arme", "Armod. Armbåndet strammer."),
        ("nakken", "nakkesmerter", "Det naive barn. Naturen."),
    ],
)
def test_the_short_stem_of_a_word_is_no_beginning_of_others(written, text, word, others):
    """To PostgreSQL "lænen" is a form of "læn", with which "længe" begins."""
    written_article("mentions", "Det ene", f"Her står {word} i teksten.")
    written_article("others", "Det andet", others)
    hits = {hit.slug: hit.excerpt for hit in find_articles(text).hits}
    assert "others" not in hits
    assert f"<mark>{word}</mark>" in hits["mentions"]


def test_a_slip_of_a_word_is_not_found_in_another_word_of_its_stem(written):
    condition("Ondt i lænden", {})
    written_article("vaeg", "Fuglen", "Læn dig mod væggen, hvis det gør ondt.")
    answer = find_articles("ondt i lænen")
    assert answer.suggestion == "Ondt i lænden"
    assert answer.some_words and not any("<mark>Læn</mark>" in hit.excerpt for hit in answer.hits)


def test_a_form_of_a_known_word_is_no_slip(written):
    condition("Ondt når du løber", {})
    written_article("tur", "Fuglen", "Et langt løb i skoven.")
    assert found("løbet") == ["tur"]


def test_some_of_the_words_when_no_article_has_them_all(written):
    answer = find_articles("trapper venetrombose")
    assert answer.some_words and {hit.slug for hit in answer.hits} == {"blodprop-i-benet", "ondt-i-knaeet"}
    assert not find_articles("smerter vække").some_words


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ischas", "Iskias"),
        ("isjias", "Iskias"),
        ("hæl spoore", "Hælspore"),
        ("blodprob", "Blodprop i benet"),
        ("dyb vene trombosse", "Blodprop i benet"),
        ("knæsmertr om natten", "knæsmerter om natten"),
    ],
)
def test_a_typo_is_asked_about_and_never_put_right_silently(client, written, text, meant):
    answer = find_articles(text)
    assert answer.suggestion == meant
    page = body(client, text)
    assert f">{meant}</a>?" in page and "Mente du" in page
    assert f'value="{text}"' in page


@pytest.mark.parametrize("text", ["ischiass", "isskias", "iskiast"])
def test_a_typo_is_asked_about_also_when_some_text_has_a_word_that_begins_so(client, written, text):
    written_article("ballen", "Smerter i ballen", f"Nogle kalder det {text}smerter.")
    answer = find_articles(text)
    assert [hit.slug for hit in answer.hits] == ["ballen"] and answer.suggestion == "Iskias"
    assert ">Iskias</a>?" in body(client, text)


@pytest.mark.parametrize("text", ["spore", "spores", "sporen"])
def test_no_guess_for_a_word_of_a_title_that_is_near_another_name(written, text):
    written_article("spore", "Spore i hælen", f"Om {text}.")
    written_article("spare", "Spare", "Noget andet.")
    assert (bool(found(text)), find_articles(text).suggestion) == (True, "")


@pytest.mark.parametrize("text", ["iskias", "ischias", "trappe", "xyz", "qwertyuiop", "abc"])
def test_no_guess_where_none_is_needed_or_none_is_near(written, text):
    assert find_articles(text).suggestion == ""


def body(client, text: str, **data) -> str:
    response = client.get("/ordbog/", {"q": text, **data})
    assert response.status_code == 200
    return unescape(response.content.decode().split("<main")[1].split("</main>")[0])


# Excerpts


def test_the_excerpt_marks_the_words_and_their_synonyms(written):
    excerpt = {hit.slug: hit.excerpt for hit in find_articles("ischias").hits}
    assert "<mark>iskias</mark>" in excerpt["ondt-i-knaeet"]
    assert str(excerpt["iskias"]).startswith("Nerven er trykket. <mark>Iskias</mark>")


def test_the_calf_of_the_leg_is_no_doctor(written):
    Article.objects.filter(slug="soevn").update(search_text="Ring til lægen. " * 200 + "Læggen er øm, sagde lægerne.")
    (hit,) = (hit for hit in find_articles("øm læg").hits if hit.slug == "soevn")
    assert re.findall("<mark>(.*?)</mark>", hit.excerpt) == ["Læggen", "øm"]


def test_the_description_stands_where_the_words_are_not_in_the_text(written):
    Article.objects.filter(slug="iskias").update(description="Om en nerve.", search_text="Noget andet.")
    assert find_articles("ischias").hits[0].excerpt == "Om en nerve."


def test_the_excerpt_of_a_long_question_is_by_its_telling_words(written):
    text = (
        "Man ved det, når den er der. " + "Her står andre ting. " * 60 + "Krampen sidder dybt, og noget hjælper godt."
    )
    Article.objects.filter(slug="soevn").update(search_text=text)
    asked = "ved man det når den krampe sidder dybt og noget hjælper godt"
    (hit,) = (hit for hit in find_articles(asked).hits if hit.slug == "soevn")
    assert "<mark>Krampen</mark> <mark>sidder</mark>" in hit.excerpt


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg/onload=alert(1)>',
        "</mark><script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<mark>falsk</mark>",
        "\u2028<b>alert</b>",
    ],
)
def test_nothing_in_an_article_or_a_question_becomes_html(client, written, evil):
    text = f"Et ord om tryllestøv og {evil} og mere tryllestøv."
    Article.objects.filter(slug="soevn").update(search_text=text, title=f"T {evil}", description=evil)
    for asked in ("tryllestøv", f"tryllestøv {evil}", evil):
        page = client.get("/ordbog/", {"q": asked}).content.decode().split("<main")[1]
        tags = re.findall(r"<([a-zA-Z]+)((?:[^<>\"]|\"[^\"]*\")*)>", page)
        assert not {name for name, _ in tags} & {"script", "img", "b"}, asked
        assert not any(re.search(r"\son\w+=", re.sub(r'"[^"]*"', '""', rest)) for _, rest in tags), asked
        assert all(re.fullmatch(r"[\wæøå]+", mark) for mark in re.findall("<mark>(.*?)</mark>", page)), asked


def test_the_marks_cannot_be_forged():
    """Whatever an article says, only our own delimiters become tags, and they are new for each search."""
    excerpt = Excerpt(["b"], start="11", stop="22")
    assert excerpt.html("aa <b> bb", "<i>") == "&lt;i&gt;"
    assert excerpt.html("En 11<b>22 & 22 11", "") == "En <mark>&lt;b&gt;</mark> &amp; 22 11 …"
    assert len({excerpt.start, excerpt.stop, Excerpt([]).start, Excerpt([]).stop}) == 4


# Danger


@kept
def flags(written):
    clot = {"group": "Blodprop i benet", "sources": []}
    swollen = RedFlag.objects.create(
        key="dvt", urgency="doctor_now", text="benet er hævet", terms=["hævet læg"], **clot
    )
    massage = RedFlag.objects.create(key="ingen", urgency="doctor_now", kind="avoid", text="at massere", **clot)
    life = RedFlag.objects.create(key="luft", group="Lunger", urgency="112", text="ikke får luft", sources=[])
    for flag in (swollen, massage, life):
        Condition.objects.get(slug="blodprop-i-benet").red_flags.add(flag)
    Condition.objects.get(slug="ondt-i-knaeet").red_flags.add(swollen, life)
    written_article("haevet", "Hævet læg efter løb", "Læggen er hævet.")


def test_words_of_danger_show_their_card_first_and_lead_to_what_is_about_it(client, flags):
    page = body(client, "hævet læg")
    assert page.index("Ring til læge med det samme") < page.index("/ordbog/blodprop-i-benet/")
    assert page.index("/ordbog/blodprop-i-benet/") < page.index("/ordbog/haevet/")
    assert "tel:112" in page
    assert "Passer det på dig, så ring først" in page


def test_no_card_without_words_of_danger(client, flags):
    assert "tel:112" not in body(client, "trapper")


def test_danger_is_heard_in_a_text_that_is_too_long(client, flags):
    page = body(client, "hævet læg " + "og så videre " * 300)
    assert "Ring til læge med det samme" in page and "Teksten er for lang" in page


# The clinic search, when the words name nothing that clinics treat


def clinics_page(client, text: str) -> str:
    response = client.get("/find/fysioterapeut/", {"q": text})
    assert response.status_code == 200
    return unescape(response.content.decode().split("<main")[1].split("</main>")[0])


def test_the_clinic_search_shows_the_same_articles_with_excerpts(client, written):
    page = clinics_page(client, "vække smerter")
    assert "Artikler, der nævner det" in page and "<mark>Smerter</mark> i knæet kan <mark>vække</mark>" in page
    assert [hit.url for hit in find_articles("vække smerter").hits] == re.findall(r'<h4><a href="([^"]+)"', page)


def test_the_clinic_search_asks_about_a_typo_and_keeps_the_place(client, written):
    page = unescape(client.get("/find/fysioterapeut/", {"q": "ischas", "sted": "8888"}).content.decode())
    assert 'Mente du <a href="/find/fysioterapeut/?q=Iskias&sted=8888">Iskias</a>?' in page


def test_the_clinic_search_leads_to_what_is_about_the_danger(client, flags):
    page = clinics_page(client, "hævet læg")
    assert page.index("Ring til læge med det samme") < page.index("/ordbog/blodprop-i-benet/")
    assert page.index("/ordbog/blodprop-i-benet/") < page.index("/ordbog/haevet/")


def test_more_articles_than_fit_are_one_press_away(client, many):
    assert 'href="/ordbog/?q=badning">Se alle 25 artikler' in clinics_page(client, "badning")


# What else people write


@pytest.mark.parametrize("text", ["!!!", "&|():*", "'", "\\", "%_", "…"])
def test_a_text_without_words_gets_a_kind_sentence(client, written, text):
    page = body(client, text)
    assert "Skriv, hvad der gør ondt" in page and 'href="/ordbog/"' in page


@pytest.mark.parametrize(
    "text",
    [
        *("\0", "a\0b", "og i", "x" * 10_000, "ord " * 5_000, "a" * MOST_CHARACTERS),
        *("𝔘𝔫𝔦", "½ ²", "🦵", "٣", "ﬁbula", "\u202eskrivtab", "e\u0301", "İ", "ß", "\u00ad", "kn\u00ad\u00e6"),
        *("a:*", "a & b", "!a", "<->", "a <-> b", "'a'", "a\\", "\\'", "{}", "$1", "%s", "%(x)s"),
    ],
)
def test_nothing_crashes_the_search(client, written, text):
    assert client.get("/ordbog/", {"q": text}).status_code == 200
    assert client.get("/find/fysioterapeut/", {"q": text}).status_code in (200, 302)


def test_an_empty_question_is_the_index(client, written):
    for text in ("", "  "):
        assert "Alle artikler fra A til Å" in body(client, text)


def test_nothing_found_is_no_dead_end(client, written):
    page = body(client, "kvantemekanik")
    assert "Vi fandt ingen artikler" in page
    assert 'href="/ordbog/kropsdele/#ben"' in page
    assert 'href="/find/fysioterapeut/?q=kvantemekanik"' in page
    assert "/ordbog/soevn/" in body(client, "søvnens gåde")  # a little alike


def test_a_condition_without_an_article_leads_to_its_clinics(client, written):
    condition("Tennisalbue", {"Albue": 3})
    assert 'href="/find/fysioterapeut/?tilstand=tennisalbue"' in body(client, "tennisalbue")


def test_search_pages_are_not_for_search_engines(client, written):
    head = client.get("/ordbog/?q=iskias").content.decode().split("</head>")[0]
    assert '<meta name="robots" content="noindex">' in head
    assert re.search(r'<link rel="canonical" href="[^"?]*/ordbog/">', head)
    assert "noindex" not in client.get("/ordbog/").content.decode()


@pytest.mark.parametrize("status", ["draft", "review", "ready", "archived"])
def test_only_what_is_published_is_found(written, status):
    Article.objects.update(status=status)
    for text in ("iskias", "trappe", "ischas", "søvnens"):
        answer = find_articles(text)
        assert not answer.hits and not answer.alike


# Pages of it


@kept
def many(written):
    Article.objects.bulk_create(
        Article(slug=f"a-{n}", title=f"Artikel {n}", name=f"Artikel {n}", search_text="Om badning.", status="published")
        for n in range(25)
    )


def test_ten_on_a_page(client, many):
    assert len(found("badning")) == PAGE_SIZE
    pages = [found("badning", page=page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, 5] and len({slug for page in pages for slug in page}) == 25
    page = body(client, "badning", side=2)
    assert "25 artikler" in page and "q=badning&side=3" in page and "Side 2 af 3" in page


@pytest.mark.parametrize(
    ("side", "shown"), [("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("9" * 50, 3), ("²", 1)]
)
def test_a_page_that_does_not_exist_is_the_nearest_that_does(client, many, side, shown):
    assert f"Side {shown} af 3" in body(client, "badning", side=side)


def test_the_number_of_queries_does_not_grow(many, django_assert_max_num_queries):
    """One for words of danger, one for articles, and another when no article has all the words."""
    find_articles("badning")  # names and titles are remembered from here on
    asked = {"badning": 2, "badning om badning og badning efter badning om": 2, "badning xyzw": 3, "xyzw qqrr": 3}
    for text, most in asked.items():
        with django_assert_max_num_queries(most):
            answer = find_articles(text)
        assert (answer.total, answer.some_words) == (0 if "qq" in text else 25, text == "badning xyzw"), text


# What the database does


@kept
def hundreds():
    """As many and as long as the real ones: 900 words, some 290 of them different."""
    random = Random(1)
    words = ["".join(random.choices("abdefgiklmnoprstuvy", k=8)) for _ in range(290)]
    Article.objects.bulk_create(
        Article(
            slug=f"a-{number}",
            title=f"Artikel {number}",
            name=f"Artikel {number}",
            search_text=f"Fælles for alle: {' '.join(random.choices(words, k=900))} særligt{number} tema{number % 7}.",
            status="published",
        )
        for number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('article_search')")  # what autovacuum does
        cursor.execute("ANALYZE articles_article")


def plan_of(text: str, **options) -> dict:
    """What the database did for the search, as it tells itself."""
    sent = []

    def listen(execute, sql, params, many, context):
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert find_articles(text, **options).total
    (statement,) = ((sql, params) for sql, params in sent if "ts_rank" in sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement[0]}", statement[1])
        return cursor.fetchone()[0][0]["Plan"]


def test_words_that_few_articles_have_are_found_by_the_index(hundreds):
    assert found("særligt77") == ["a-77"]
    assert "'Index Name': 'article_search'" in str(plan_of("særligt77"))


@pytest.mark.parametrize("page", [1, 50])
@pytest.mark.parametrize("text", ["fælles", "fælles for alle", "tema3 fælles", "alle tema1"])
def test_the_texts_are_read_of_one_page_only_however_much_is_found(hundreds, text, page):
    """A text, or words that do not fit in their row, take five blocks or more each time that they are looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('articles_article') / 8192")
        (rows,) = cursor.fetchone()
    plan = plan_of(text, page=page if text.startswith("fælles") else 1)
    excerpts = PAGE_SIZE * 30
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < rows + excerpts
