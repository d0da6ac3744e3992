"""Search by the name of a clinic or a practitioner: one table of what people write, and what they get."""

import pytest
from django.db import connection

from clinics.geo import Point
from clinics.loading.safety import load_safety
from clinics.models import BodyRegion, Clinic, Practitioner, RedFlag
from clinics.models.name_key import LETTERS, PLAIN, SIGNS, NameKey, NameWords, name_key
from clinics.names import MOST_WORDS, SHOWN, Named, NameSearch, _Asked, find_named, nearly_named
from clinics.together import read_together

from .people import clinic, condition, places, speciality
from .worlds import kept

pytestmark = pytest.mark.django_db

FIND = "/find/fysioterapeut/"


@kept
def directory():
    """Seven public clinics, a draft, a closed one, and the people there."""
    places()
    havtorn = clinic("Havtorn Fysioterapi", "Aarhus C")
    clinic("Klinik Havtorn Vest", "Silkeborg")
    oe = clinic("Østerbro Fys & Træning", "København K")
    clinic("Ålborg Bevægelse", "Aalborg")
    clinic("Klinik v/Søren Kjær", "Odense C")
    clinic("Fysioterapien", "Randers")
    clinic("Ebeltoft Fysioterapi", "Ebeltoft")
    draft, closed = (
        clinic("Solsort Fysioterapi", "Aarhus C", status="draft"),
        clinic("Viben Fysioterapi", "Aarhus C", status="closed"),
    )
    for where, name in (
        (havtorn, "Mette Hansen"),
        (havtorn, "Anders Bo Lykkegård"),
        (oe, "Mette Østergaard"),
        (oe, "René Müller-Sørensen"),
        (oe, "Ben Holm"),
        (oe, "Bente Åkjær"),
        (draft, "Kladde Person"),
        (closed, "Lukket Person"),
    ):
        Practitioner.objects.create(clinic=where, name=name)


def called(text: str) -> Named:
    """Without a guess at a typo."""
    search = NameSearch(text)
    return search.named(read_together(*search.queries))


def names(text: str) -> list[str]:
    named = called(text)
    return sorted(hit.name for hit in (*named.clinics, *named.people))


METTE, ANDERS, MØLLER = "Mette Hansen", "Anders Bo Lykkegård", "René Müller-Sørensen"
HAVTORN, VEST, ØSTERBRO = "Havtorn Fysioterapi", "Klinik Havtorn Vest", "Østerbro Fys & Træning"

# What is written → the one that is certainly meant ("" for a list or nothing), and all that are found.
TABLE = [
    ("Havtorn Fysioterapi", HAVTORN, [HAVTORN, VEST]),
    ("havtorn fysioterapi", HAVTORN, [HAVTORN, VEST]),
    ("HAVTORN  FYSIOTERAPI ", HAVTORN, [HAVTORN, VEST]),
    ("fysioterapi havtorn", "", [HAVTORN, VEST]),
    ("havtorn", "", [HAVTORN, VEST]),
    ("havt", "", [HAVTORN, VEST]),
    ("klinik havtorn", "", [HAVTORN, VEST]),
    ("klinik havtorn vest", VEST, [VEST]),
    ("havtorn vest", VEST, [VEST]),
    ("havtorn v", "", [HAVTORN, VEST]),
    ("Østerbro Fys & Træning", ØSTERBRO, [ØSTERBRO]),
    ("østerbro fys og træning", ØSTERBRO, [ØSTERBRO]),
    ("oesterbro fys traening", ØSTERBRO, [ØSTERBRO]),
    ("osterbro fys", ØSTERBRO, [ØSTERBRO]),
    ("Ålborg Bevægelse", "Ålborg Bevægelse", ["Ålborg Bevægelse"]),
    ("aalborg bevaegelse", "Ålborg Bevægelse", ["Ålborg Bevægelse"]),
    ("alborg bevægelse", "Ålborg Bevægelse", ["Ålborg Bevægelse"]),
    ("søren kjær", "Klinik v/Søren Kjær", ["Klinik v/Søren Kjær"]),
    ("soeren kjaer", "Klinik v/Søren Kjær", ["Klinik v/Søren Kjær"]),
    ("soren kjaer klinik", "Klinik v/Søren Kjær", ["Klinik v/Søren Kjær"]),
    ("fysioterapien", "Fysioterapien", ["Fysioterapien"]),
    ("fysioterapi", "", []),
    ("klinik for fysioterapi", "", []),
    ("fysioterapeut ebeltoft", "", ["Ebeltoft Fysioterapi"]),
    ("ebeltoft", "", ["Ebeltoft Fysioterapi"]),
    ("Ebeltoft Fysioterapi", "Ebeltoft Fysioterapi", ["Ebeltoft Fysioterapi"]),
    ("mette hansen", METTE, [METTE]),
    ("Mette Hansen", METTE, [METTE]),
    ("hansen mette", METTE, [METTE]),
    ("hansen, mette", METTE, [METTE]),
    ("mette han", "", [METTE]),
    ("mette", "", [METTE, "Mette Østergaard"]),
    ("fysioterapeut mette hansen", METTE, [METTE]),
    ("mette ostergaard", "Mette Østergaard", ["Mette Østergaard"]),
    ("mette oestergård", "Mette Østergaard", ["Mette Østergaard"]),
    ("anders lykkegaard", ANDERS, [ANDERS]),
    ("anders bo lykkegard", ANDERS, [ANDERS]),
    ("lykkegård", "", [ANDERS]),
    ("rene müller", MØLLER, [MØLLER]),
    ("rené sørensen", MØLLER, [MØLLER]),
    ("RENÉ MÜLLER SØRENSEN", MØLLER, [MØLLER]),
    ("ben", "", ["Ben Holm"]),
    ("ben holm", "Ben Holm", ["Ben Holm"]),
    ("bente åkjær", "Bente Åkjær", ["Bente Åkjær"]),
    ("mette solsort", "", []),
    ("Solsort Fysioterapi", "", []),
    ("viben fysioterapi", "", []),
    ("kladde person", "", []),
    ("lukket person", "", []),
    ("jeg har ondt i ryggen når jeg løfter", "", []),
    ("", "", []),
    ("  ", "", []),
    ("&/()", "", []),
    ("m", "", []),
]


def test_what_is_found(directory):
    got = {}
    for text, *_ in TABLE:
        only = called(text).only
        got[text] = only.name if only else "", names(text)
    assert got == {text: (only, sorted(found)) for text, only, found in TABLE}


HOSTILE = [
    "%", "_", "%%%%", "havtorn%", "%' OR 1=1 --", "mette' | 'hansen", "mette & hansen | !ben", "(((", ":*", "a:*b", "\\",
    "mette\\", "mette\0hansen", "\u202emette\u202c", "mette <-> hansen", "ord " * 800,
    "x" * 5000, "\ud800", "١٢٣", "𝔪𝔢𝔱𝔱𝔢", "’’’", "🙂 🙂",
]  # fmt: skip


def test_nothing_that_is_written_can_harm(directory):
    for text in HOSTILE:
        named = find_named(text)
        assert len(named.clinics) <= SHOWN
        assert not {"Kladde Person", "Solsort Fysioterapi"} & set(names(text)), text


def test_a_sign_stands_for_nothing_but_itself(directory):
    assert names("m%e hansen") == names("h_vtorn") == []
    assert names("\u202emette\u202c hansen") == ["Mette Hansen"]


NEAR = {
    "havtron fysioterapi": HAVTORN,
    "hvatorn": HAVTORN,
    "hatvorn": HAVTORN,
    "havtorn vesst": VEST,
    "mete hansen": METTE,
    "mette hanssen": METTE,
    "mete hanson": METTE,
    "anders lykegård": ANDERS,
    "sørne kjær": "Klinik v/Søren Kjær",
    "ostebro": ØSTERBRO,
    "fysoterapi": "",  # every second clinic
    "mete": "",  # a first name is everybody's
    "solsrot fysioterapi": "",  # a draft
    "mette petersen": "",
    "zzzzzz": "",
    "ondt i knæet": "",
}


def test_a_near_spelling_is_asked_about(directory):
    assert {text: nearly_named(text) for text in NEAR} == NEAR
    assert {text: find_named(text).suggestion for text in NEAR} == NEAR
    assert not any(find_named(text) for text in NEAR)


def test_of_a_chain_the_nearest_comes_first(directory, client):
    for town in ("Aarhus C", "Odense C", "Rønne"):
        Clinic.objects.filter(pk=clinic(f"Kæden {town}", town).pk).update(name="Fysiokæden")
    page = main(client.get(FIND, {"q": "fysiokæden", "sted": "3700"}))
    page = page.split("Klinikker og behandlere med navnet")[1]
    assert page.index("3700 Rønne") < page.index("5000 Odense C") < page.index("8000 Aarhus C")


def test_the_nearest_of_equal_fit_is_always_among_the_ten(directory):
    """However long the rest of its name is, and however many there are of it farther away."""
    for number in range(SHOWN + 2):
        clinic(f"Lærke Fys {number}", "Rønne")
    clinic("Fysioterapihuset for Bevægelse Lærke", "Randers")
    clinic("Lærkefryd", "Aarhus C")
    near = find_named("lærke", near=Point(56.1572, 10.2107))

    assert near.clinics[0].name == "Fysioterapihuset for Bevægelse Lærke" and near.more
    assert "Lærkefryd" not in [hit.name for hit in near.clinics], "what only begins so fits less"
    assert find_named("lærke").clinics[0].name == "Lærkefryd", "without a place the shortest name"


def test_a_whole_name_far_away_comes_before_a_longer_one_nearby(directory):
    for number in range(SHOWN):
        clinic(f"Solsikke Klinik {number}", "Aarhus C")
    clinic("Klinik – Solsikke", "Rønne")
    named = find_named("klinik solsikke", near=Point(56.1572, 10.2107))
    assert named.clinics[0].name == "Klinik – Solsikke" == named.only.name


def test_one_statement_however_many_there_are(directory, django_assert_num_queries):
    for number in range(30):
        Practitioner.objects.create(clinic=Clinic.objects.published()[0], name=f"Mette {chr(97 + number % 25)}holm")
    with django_assert_num_queries(1):
        named = called("mette")
    assert len(named.people) == SHOWN and named.more
    with django_assert_num_queries(0):
        find_named(" ".join(["mette"] * (MOST_WORDS + 1)))


def test_a_guess_takes_one_statement_more(directory, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert find_named("mete hanssen").suggestion == METTE


@pytest.mark.parametrize("model", [Clinic, Practitioner])
def test_the_indexes_are_asked(model):
    """What PostgreSQL compares is the very expression that the index is made of."""
    name = model._meta.model_name
    words = model.objects.annotate(words=NameWords("name")).filter(words=_Asked("mette h").query(["mette", "h"]))
    alike = model.objects.annotate(key=NameKey("name")).filter(key__trigram_word_similar="mette")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert f"{name}_name_words" in words.order_by().explain()
    assert f"{name}_name_alike" in alike.order_by().explain()


NAMES = [
    "Klinik v/Søren Aagård",
    "Müller & Ørsted A/S",
    "Łukasz Đorđević",
    "Æblehaven",
    "Zoë Ängström",
    "fys.dk",
    "RÉNÉ Çelik-Öz",
    LETTERS,
]


def test_database_and_python_spell_alike():
    made = clinic("x", "Odense C")
    for name in NAMES:
        Clinic.objects.filter(pk=made.pk).update(name=name)
        key = Clinic.objects.annotate(key=NameKey("name")).get(pk=made.pk).key
        assert key.split() == name_key(name).split(), name


def test_every_letter_has_its_plain_one():
    assert len(LETTERS) == len(PLAIN)
    assert not set(LETTERS) & set(SIGNS)


class TestOnThePage:
    """`?q=` of the results page."""

    def test_one_clinic_leads_to_it_with_the_place(self, directory, client):
        response = client.get(FIND, {"q": "havtorn fysioterapi", "sted": "8000"})
        assert (response.status_code, response["Location"]) == (302, "/klinik/havtorn-fysioterapi/?sted=8000")

    def test_one_person_leads_to_where_they_stand(self, directory, client):
        mette = Practitioner.objects.get(name=METTE)
        response = client.get(FIND, {"q": "mette hansen"})
        address, anchor = response["Location"].split("#")
        assert (response.status_code, anchor) == (302, f"behandler-{mette.pk}")
        page = client.get(address)
        assert f'id="{anchor}"' in page.content.decode()

    def test_several_stand_first_on_the_page(self, directory, client):
        page = main(client.get(FIND, {"q": "havtorn", "sted": "8000"}))
        first = page.index("Klinikker og behandlere med navnet")
        for slug in ("havtorn-fysioterapi", "klinik-havtorn-vest"):
            assert first < page.index(f'href="/klinik/{slug}/?sted=8000"')
        assert "<h1>Søgning efter “havtorn” nær 8000 Aarhus C</h1>" in page
        assert "Vi fandt intet" not in page

    def test_the_place_is_named_and_not_asked_for_again(self, directory, client):
        for number in range(SHOWN):
            clinic(f"Havtorn {number}", "Rønne")
        page = client.get(FIND, {"q": "havtorn", "sted": "8000"}).content.decode()
        assert "<h1>Søgning efter “havtorn” nær 8000 Aarhus C</h1>" in page
        assert "<title>Søgning efter “havtorn” nær 8000 Aarhus C" in page
        assert "Der er flere med det navn" in page and "Skriv også en by" not in page
        assert main(client.get(FIND, {"q": "havtorn"})).count("Skriv også en by") == 1

    def test_a_name_alone_brings_no_list_of_everybody(self, directory, client):
        clinic("Anemone", "Aarhus C")
        page = main(client.get(FIND, {"q": "havtorn"}))
        assert "Anemone" not in page and "Artikler, der nævner det" not in page
        assert "se alle klinikker</a>" in page
        assert "Anemone" in main(client.get(FIND, {"q": "havtron"})), "nothing was found: the list still helps"

    def test_words_of_danger_keep_their_card_beside_a_name(self, directory, client):
        RedFlag.objects.create(
            key="blodprop", group="x", urgency="doctor_now", text="benet er hævet", terms=["hævet læg"]
        )
        clinic("Hævet Læg Klinik", "Aarhus C")
        page = main(client.get(FIND, {"q": "hævet læg"}))
        assert page.index("benet er hævet") < page.index("Hævet Læg Klinik")

    def test_people_are_told_apart(self, directory, client):
        page = main(client.get(FIND, {"q": "mette"}))
        assert "Fysioterapeut hos Havtorn Fysioterapi" in page and "8000 Aarhus C" in page

    def test_a_typo_is_asked_about(self, directory, client):
        page = main(client.get(FIND, {"q": "havtron"}))
        assert 'Mente du <a href="/find/fysioterapeut/?q=Havtorn+Fysioterapi">Havtorn Fysioterapi</a>?' in page

    def test_a_condition_beats_a_name(self, directory, client):
        clinic("Iskias", "Odense C")
        condition("Iskias", {"Ryg": 3})
        speciality("Knæ")
        assert client.get(FIND, {"q": "iskias", "sted": "8000"})["Location"] == f"{FIND}?tilstand=iskias&sted=8000"
        clinic("Knæ", "Odense C")
        assert client.get(FIND, {"q": "Knæ"})["Location"] == f"{FIND}?speciale=knae"

    def test_a_whole_name_with_a_condition_in_it_is_a_clinic(self, directory, client):
        condition("Iskias", {"Ryg": 3})
        clinic("Iskias Huset", "Odense C")
        assert client.get(FIND, {"q": "iskias huset"})["Location"] == "/klinik/iskias-huset/"
        assert "Klinikker og behandlere med navnet" not in main(client.get(FIND, {"q": "iskias hus"}))

    def test_words_of_danger_come_before_any_name(self, directory, client):
        BodyRegion.objects.create(slug="ben", name="Ben")
        load_safety()
        clinic("Hævet Læg", "Odense C")
        response = client.get(FIND, {"q": "hævet læg"})
        page = main(response)
        assert response.status_code == 200
        assert page.index("Ring til læge med det samme") < page.index("/klinik/haevet-laeg/")

    def test_markup_in_a_name_is_shown_as_it_is(self, directory, client):
        clinic("<b>Fed</b> Klinik", "Odense C")
        page = main(client.get(FIND, {"q": "fed"}))
        assert "<b>Fed" not in page and "&lt;b&gt;Fed" in page


def main(response) -> str:
    return response.content.decode().split("<main")[1].split("</main>")[0]
