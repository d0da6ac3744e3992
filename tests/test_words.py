"""What the words of a search mean besides what hurts: a place, a part of the body, what can be ticked."""

import re
from html import unescape

import pytest

from clinics.models import BodyRegion, Practitioner, RedFlag

from .people import clinic, condition, place, places, speciality
from .worlds import kept

pytestmark = pytest.mark.django_db

FIND = "/find/fysioterapeut/"


@kept
def directory():
    """Clinics at real places, and what hurts in their patients."""
    places()
    place("Hals", "town", 57.0, 10.3, "jylland")
    place("Balle", "town", 56.2, 9.5, "jylland")
    place("Vejen", "town", 55.5, 9.1, "jylland")
    leg, trunk = (
        BodyRegion.objects.create(slug=slug, name=name) for slug, name in (("ben", "Ben"), ("mave", "Bryst og mave"))
    )
    condition("Ondt i ryggen", {"Ryg": 3}, synonyms=["ondt i ryg", "rygsmerter"])
    condition(
        "Ondt i benene", {"Løb": 3}, body_region=leg, synonyms=["ondt i benet", "ondt i læggen", "ondt i læggene"]
    )
    condition("Skinnebensbetændelse", {"Løb": 3}, body_region=leg, synonyms=["ondt på skinnebenet"])
    condition("Benskørhed", {"Ryg": 2})
    condition("Bækkenløsning", {"Ryg": 2})
    condition("Ondt i ribbenene", {"Ryg": 2}, body_region=trunk)
    condition("Piriformis", {"Ryg": 2}, synonyms=["ondt i balle"])
    RedFlag.objects.create(key="blodprop", group="x", urgency="doctor_now", text="benet er hævet", terms=["hævet læg"])
    clinic("Ebeltoft Fysioterapi", "Ebeltoft")
    made = clinic("Randers Fysioterapi", "Randers")
    clinic("Havtorn Fysioterapi", "Aarhus C")
    Practitioner.objects.create(clinic=made, name="Mette Trygvesen")


def lands(client, text: str, **more: str) -> str:
    """The query of the address that the text leads to, "" when it is answered on the spot."""
    response = client.get(FIND, {"q": text} | more)
    return unescape(response["Location"]).removeprefix(FIND) if response.status_code == 302 else ""


def asked(client, text: str, **more: str) -> str:
    """The text of the page before its list."""
    page = client.get(FIND, {"q": text} | more, follow=True).content.decode()
    before = page.split('id="foer-listen"')[1].split('id="resultater"')[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", before)).split())


BACK = "tilstand=ondt-i-ryggen&"

# What is written in the field for words, with none for a place → where it leads.
PLACES = {
    "Odense C": "?sted=Odense+C&ord_sted=Odense+C",
    "aarhus": "?sted=aarhus&ord_sted=aarhus",
    "8000": "?sted=8000&ord_sted=8000",
    "8000 Aarhus C": "?sted=8000+Aarhus+C&ord_sted=8000+Aarhus+C",
    "fysioterapeut Aarhus": "?sted=Aarhus&ord_sted=Aarhus",
    "Fysioterapeut i hele Aarhus": "?sted=Aarhus&ord_sted=Aarhus",
    "god fysioterapeut nær Århus": "?sted=%C3%85rhus&ord_sted=%C3%85rhus",
    "fysioterapeut i nærheden af 8900": "?sted=8900&ord_sted=8900",
    "fysioterapeut ebeltoft": "?sted=ebeltoft&ord_sted=ebeltoft",
    "ondt i ryggen i Aarhus": f"?{BACK}sted=Aarhus&ord_sted=Aarhus",
    "ondt i ryggen Aarhus": f"?{BACK}sted=Aarhus&ord_sted=Aarhus",
    "fysioterapeut i Aarhus til rygsmerter": f"?{BACK}sted=Aarhus&ord_sted=Aarhus",
    "ondt i ryggen, 8000": f"?{BACK}sted=8000&ord_sted=8000",
    "noget helt andet i Aarhus": "?q=noget+helt+andet&sted=Aarhus&ord_sted=Aarhus",
    "kiropraktor Aarhus": "?q=kiropraktor&sted=Aarhus&ord_sted=Aarhus",
    "hævet læg i Aarhus": "?q=h%C3%A6vet+l%C3%A6g+i+Aarhus&sted=Aarhus&ord_sted=Aarhus",
    "Ebeltoft Fysioterapi": "/klinik/ebeltoft-fysioterapi/",
    "ondt i balle": "?tilstand=piriformis",
    "fysioterapeut Vejen": "?sted=Vejen&ord_sted=Vejen",
    "ondt i ryggen i Vejen": f"?{BACK}sted=Vejen&ord_sted=Vejen",
    # Asked about:
    "Aarhus fysioterapeut": "",
    "ondt i hals": "",
    "hals": "",
    "faldt på vejen i går": "",
    "et stykke vejen": "",
    "smerter i balle": "",
    "ondt et sted i 2000": "",
    "aarhus tak for hjælpen": "",
}  # fmt: skip


def test_a_place_among_the_words_is_the_place(directory, client):
    assert {text: lands(client, text) for text in PLACES} == PLACES


def test_what_became_of_the_place_is_said(directory, client):
    said = asked(client, "ondt i ryggen i Aarhus")
    assert "Vi har læst “Aarhus” som stedet. Søg i hele Danmark" in said
    page = client.get(FIND, {"q": "fysioterapeut Aarhus"}, follow=True).content.decode()
    assert "<h1>Fysioterapeuter i hele Aarhus og omegn</h1>" in page and 'value="Aarhus"' in page
    assert "ord_sted" not in page.split("<main")[1].split("</main>")[0], "it is said once"


def test_the_place_in_the_field_wins(directory, client):
    assert lands(client, "ondt i ryggen i Odense C", sted="8000") == f"?{BACK}sted=8000&ord_sted=Odense+C"
    said = asked(client, "ondt i ryggen i Odense C", sted="8000")
    assert "Du skrev også “Odense C”. Vi søger nær 8000 Aarhus C, som står i feltet. Søg nær Odense C i stedet" in said
    assert lands(client, "ondt i ryggen i Aarhus", sted="Aarhus") == f"?{BACK}sted=Aarhus"


def test_an_uncertain_place_is_asked_about(directory, client):
    page = client.get(FIND, {"q": "aarhus fysioterapeut", "adgang": "elevator"}).content.decode()
    assert f'Mener du stedet <a href="{FIND}?adgang=elevator&amp;sted=Aarhus">Aarhus</a>?' in page
    page = client.get(FIND, {"q": "ondt i hals"}).content.decode()
    assert f'Mener du stedet <a href="{FIND}?q=ondt&amp;sted=Hals">Hals</a>?' in page
    assert "Mener du stedet" not in asked(client, "ondt i hals", sted="8000")


def test_a_text_that_says_nothing_of_ours_is_no_place(directory, client):
    assert "ord_sted" not in client.get(FIND, {"sted": "8000", "ord_sted": "<script>"}).content.decode()
    for text in ("i", "på", "8", "1:1", "\0", "i " * 100, "0000", "９０００", "i aarhus " * 40):
        assert client.get(FIND, {"q": text}).status_code in (200, 302), text


def test_words_of_danger_keep_their_card_beside_a_place(directory, client):
    for text in ("hævet læg i Aarhus", "hævet læg 8000", "aarhus hævet læg", "ondt i ryggen og hævet læg i Aarhus"):
        assert "benet er hævet" in asked(client, text), text
    assert "Prøv med et andet ord" not in asked(client, "hævet læg i Aarhus")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("ben", ["Ondt i benene", "Skinnebensbetændelse"]),
        ("benet", ["Ondt i benene", "Skinnebensbetændelse"]),
        ("læg", ["Ondt i benene"]),
        ("laeg", ["Ondt i benene"]),
        ("øm læg", ["Ondt i benene"]),
        ("bækken", ["Bækkenløsning"]),
        ("mave", ["Ondt i ribbenene"]),
        ("zzz", []),
        ("ondt", []),
    ],
)
def test_a_part_of_the_body_offers_what_can_hurt_there(directory, client, text, offered):
    for more in ({}, {"sted": "8000"}):
        page = client.get(FIND, {"q": text} | more).content.decode()
        links = re.findall(r'<a class="chip" href="[^"]*tilstand=[^"]*">([^<]*)</a>', page)
        assert links[: len(offered)] == offered and bool(links) == bool(offered)
        assert ("den del af kroppen, der gør ondt" in page) is not bool(offered)


TICKS = {
    "vederlagsfri fysioterapi": "?fakta=vederlagsfri",
    "Ydernummer": "?ydernummer=ja",
    "henvisning": "?ydernummer=ja",
    "videokonsultation": "?form=online",
    "hjemmebehandling": "?form=hjemme",
    "akut tid": "?fakta=akut",
    "handicapparkering": "?adgang=parkering",
    "åbent lørdag": "?aaben=loerdag",
    "arabisk": "?sprog=ar",
    "fysioterapeut der taler arabisk": "?sprog=ar",
    "serbisk": "?sprog=bs",
    "tegnsprog": "?sprog=sgn",
    "PFA": "?forsikring=pfa",
    "falck sundhedsforsikring": "?forsikring=falck",
    "kørestol og elevator": "?adgang=niveaufri&adgang=elevator",
    "ydernummer i Aarhus": "?sted=Aarhus&ydernummer=ja&ord_sted=Aarhus",
    "ondt i ryggen ydernummer": f"?{BACK}ydernummer=ja",
    "ondt i ryggen med ydernummer i Aarhus": f"?{BACK}ydernummer=ja&sted=Aarhus&ord_sted=Aarhus",
    "hævet læg hjemmebehandling": "",
    "tryg": "",  # and Mette Trygvesen
    "uden henvisning": "",
    "svensk massage": "",
    "ingen elevator": "",
}


def test_what_can_be_ticked_is_ticked(directory, client):
    got = {text: lands(client, text) for text in TICKS}
    same = {text: sorted(where.strip("?").split("&")) for text, where in got.items()}
    assert same == {text: sorted(where.strip("?").split("&")) for text, where in TICKS.items()}


def test_what_is_asked_for_stays_beside_what_the_words_ask_for(directory, client):
    where = lands(client, "elevator", sted="8000", adgang="parkering")
    assert sorted(where.strip("?").split("&")) == ["adgang=elevator", "adgang=parkering", "sted=8000"]
    assert "Elevator" in asked(client, "tryg ved elevator i noget"), "what is uncertain is offered"


@pytest.mark.parametrize("text", ["vederlagsfri", "ydernummer", "henvisning", "uden henvisning"])
def test_who_asks_about_referrals_is_shown_the_page_about_them(directory, client, text):
    for more in ({}, {"sted": "8000"}):
        assert 'Læs også: <a href="/henvisning/">' in client.get(FIND, {"q": text} | more, follow=True).content.decode()
    assert 'Læs også: <a href="/henvisning/">' not in client.get(FIND, {"q": "elevator"}, follow=True).content.decode()


def test_every_choice_is_understood_by_its_own_words(directory, client):
    from clinics.choices import FILTERS

    for one in FILTERS:
        for choice in one.choices:
            if choice.key != "confirmed":
                assert (
                    lands(client, choice.label.split("/")[0]) == f"?{one.name}={choice.slug}" or choice.slug == "tryg"
                )


def test_one_statement_to_see_where_words_lead(directory, client, django_assert_max_num_queries):
    client.get(FIND, {"q": "noget andet i Aarhus"})
    for text in ("fysioterapeut i Aarhus", "ondt i ryggen i Aarhus", "arabisk", "ydernummer", "ryg"):
        with django_assert_max_num_queries(1):
            assert lands(client, text)
    with django_assert_max_num_queries(2):  # and whether there is an article
        assert lands(client, "rygsmerter")


def test_a_speciality_is_never_a_place(directory, client):
    speciality("Rygtræning")
    place("Ryg", "town", 56.0, 9.0, "jylland")
    assert lands(client, "ondt i ryg") == "?tilstand=ondt-i-ryggen"
    assert lands(client, "ryg") == "?speciale=ryg"


def test_quotation_marks_are_the_same_everywhere(directory, client):
    assert "“zzqqx”" in client.get(FIND, {"sted": "zzqqx"}).content.decode()
