"""Words of danger on the committed registry: their card stands first on results, article search and suggestions alike.

Which words say what is in test_danger_words.py; here they travel through the pages of a directory with clinics in it.
"""

import re
from html import unescape

import pytest

from articles.models import Article
from clinics.care import danger_flags
from clinics.loading.safety import load_red_flags
from clinics.loading.vocabulary import load_vocabulary
from clinics.models import RedFlag
from clinics.text import slugify_da

from .memory import shared_rows
from .people import clinic, places
from .test_danger_words import DANGER, HARMLESS

pytestmark = pytest.mark.django_db

RESULTS, ARTICLES, SUGGESTIONS = "/find/fysioterapeut/", "/ordbog/", "/find/forslag/"


@pytest.fixture(scope="module", autouse=True)
def directory(django_db_setup, django_db_blocker):
    """The whole vocabulary, a clinic for everybody, and articles; loaded once and rolled back."""
    with shared_rows(django_db_blocker):
        places()
        load_vocabulary()
        load_red_flags()
        clinic("Ryggen", "Aarhus C")
        for title in ("Hævet læg", "Ondt i ryggen", "Kan ikke tisse", "Brystsmerter"):
            Article.objects.create(slug=slugify_da(title), title=title, body="Om det.", status="published")
        yield


def main_of(client, address: str, text: str) -> str:
    page = client.get(address, {"q": text}, follow=True).content.decode()
    return unescape(page.split("<main", 1)[-1].split("</main>")[0])


# A page takes a while, so some of the words go to each; that all of them are heard needs no page.
BY_FLAG = {key: text for text, key in reversed(DANGER)}
ON_PAGES = ["hævet læg", "KAN IKK TISE", "trykken for bryset", "pludselig lam i benet", "aandenoed", "selmord"]
ON_PAGES += [BY_FLAG[key] for key in ("akut-iskaemi", "hoftebrud", "varmt-led", "vaegttab", "laast-knae")]


@pytest.mark.parametrize("address", [RESULTS, ARTICLES, SUGGESTIONS])
def test_the_card_stands_before_everything(client, address):
    late = {}
    for text in BY_FLAG.values() if address == SUGGESTIONS else ON_PAGES:
        flag = danger_flags(text)[0]
        main = main_of(client, address, text)
        first = re.search(r'href="/(klinik|ordbog)/[a-z]|role="option"', main)
        if not 0 <= main.find(flag.text) < (first.start() if first else len(main)):
            late[text] = flag.key
    assert late == {}


def test_everything_that_is_said_has_a_card():
    assert [text for text, key in DANGER if key not in {flag.key for flag in danger_flags(text)}] == []


@pytest.mark.parametrize("address", [RESULTS, ARTICLES, SUGGESTIONS])
def test_everyday_words_get_no_card(client, address):
    """What a condition warns of by itself is another matter: it stands where that condition is asked for."""
    texts = set(RedFlag.objects.values_list("text", flat=True))
    innocent = ["kolde fødder", "tryk i hovedet", "8000 Aarhus C", "Lammefjorden", "lægen siger, at knæet er hævet"]
    alarmed = {}
    for text in HARMLESS if address == SUGGESTIONS else innocent:
        main = main_of(client, address, text)
        if found := [one for one in texts if one in main]:
            alarmed[text] = found
    assert alarmed == {}


BODY_PARTS = {
    "ryg": "cauda-equina",
    "nakke": "halspulsaare",
    "hovedpine": "meningitis",
    "hofte": "hoftebrud",
    "fod": "smaeld-i-akillessenen",
    "hånd": "muskellogesyndrom",
    "knæ": "laast-knae",
    "skulder": "hjerte",
    "gravid": "svangerskabsforgiftning",
    "barn": "sepsis",
    "gigt": "varmt-led",  # of no single part of the body: what holds everywhere
}


def before_the_first_clinic(page: str) -> str:
    main = unescape(page.split("<main", 1)[-1].split("</main>")[0])
    return main.split('href="/klinik/')[0]


@pytest.mark.parametrize(("word", "key"), BODY_PARTS.items())
def test_a_bare_part_of_the_body_warns_like_what_hurts_in_it(client, word, key):
    """ "Ryg" leads to a speciality and "ondt i ryggen" to a condition, but both are written by somebody whose back hurts."""
    said = before_the_first_clinic(client.get(RESULTS, {"q": word, "sted": "8000"}, follow=True).content.decode())
    assert RedFlag.objects.get(key=key).text in said
    assert 'href="tel:112"' in said and 'id="ring-til-laege"' in said


def test_a_speciality_that_is_ticked_warns_as_the_word_does(client):
    ticked = client.get(RESULTS, {"speciale": "ryg-og-nakke", "sted": "8000"}).content.decode()
    assert RedFlag.objects.get(key="cauda-equina").text in before_the_first_clinic(ticked)
    everybody = client.get(RESULTS, {"sted": "8000"}).content.decode()
    assert "ring-112" not in everybody, "a list of all clinics is about nobody's pain"


def test_the_condition_decides_where_both_are_chosen(client):
    asked = {"tilstand": "ondt-i-knaeet", "speciale": "ryg-og-nakke", "sted": "8000"}
    said = before_the_first_clinic(client.get(RESULTS, asked).content.decode())
    assert RedFlag.objects.get(key="blodprop-i-benet").text in said
    assert RedFlag.objects.get(key="cauda-equina").text not in said
