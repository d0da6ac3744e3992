"""The people of a clinic on its page: who is what, who says so, and what is not known."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clinics.matching import Wanted
from clinics.models import Clinic, Practitioner
from clinics.people import people_part, role

from .people import clinic, condition, speciality
from .test_offers import DOCUMENTED, SUGGESTED, does, filled, official, treats, words
from .worlds import kept

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 3)


@kept
def havtorn():
    return clinic("Havtorn", "Aarhus C")


def person(where, name="Mette Hansen", **fields) -> Practitioner:
    return Practitioner.objects.create(clinic=where, name=name, **fields)


def one_of(where):
    (one,) = people_part(filled(where)).people
    return one


def section(client, where, **query) -> str:
    page = words(client.get(where.get_absolute_url(), query).content.decode())
    return page.split('id="behandlere"')[1].split("</section>")[0]


def test_nobody_is_no_part(havtorn, client):
    assert not people_part(filled(havtorn))
    assert 'id="behandlere"' not in client.get(havtorn.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("profession", "title", "text"),
    [
        ("physiotherapist", "", "Fysioterapeut"),
        ("physiotherapist", "Klinikejer", "Fysioterapeut, klinikejer"),
        ("physiotherapist", "MSc i fysioterapi", "Fysioterapeut, MSc i fysioterapi"),
        ("osteopath", "", "Osteopat"),
        ("osteopath", "Klinikejer", "Osteopat, klinikejer"),
        ("other", "Massør", "Massør (ikke fysioterapeut)"),
        ("other", "", "Anden faggruppe (ikke fysioterapeut)"),
    ],
)
def test_professions_are_kept_apart(profession, title, text):
    assert role(profession, title) == text


def test_titles_stand_apart_from_what_the_clinic_says(havtorn):
    mette = person(havtorn)
    sport, knee = official("Sportsfysioterapi"), speciality("Knæ")
    treats(havtorn, sport, mette, DOCUMENTED, "specialist")
    treats(havtorn, official("Muskuloskeletal fysioterapi"), mette, DOCUMENTED, "certified")
    treats(havtorn, official("Neurologisk fysioterapi"), mette)  # only stated
    treats(havtorn, knee, mette)
    treats(havtorn, speciality("Ryg"), mette, SUGGESTED)
    treats(havtorn, speciality("Skulder"))  # the clinic's, nobody's own
    one = one_of(havtorn)
    assert [skill.text for skill in one.official] == [
        "Specialist i sportsfysioterapi",
        "Certificeret kliniker i muskuloskeletal fysioterapi",
    ]
    assert one.official[0].evidence == "Dansk Selskab for Fysioterapi, 2023"
    assert [skill.text for skill in one.focus] == ["Neurologisk fysioterapi", "Knæ"]


def test_treatments_with_form_topic_and_certificate(havtorn):
    mette = person(havtorn)
    does(havtorn, "Taping", mette)
    does(havtorn, "GLA:D Ryg", mette, "group", basis=DOCUMENTED, grade="certified", evidence="Kursusbevis")
    does(havtorn, "Holdtræning", mette, "group", speciality("Knæ"))
    does(havtorn, "Øvelsesterapi", mette, "online")
    assert [skill.text for skill in one_of(havtorn).treatments] == [
        "Taping",
        "GLA:D Ryg (certificeret, på hold)",
        "Holdtræning: knæ",
        "Øvelsesterapi (online)",
    ]


@pytest.mark.parametrize(
    ("fields", "text", "is_unchecked"),
    [
        ({"authorisation_checked_on": DAY}, "Autorisation kontrolleret 3. november 2026", False),
        ({"authorisation_id": "09YM8"}, "", True),
        ({}, "", True),
        ({"profession": "osteopath"}, "", True),
        ({"is_restricted": True}, "", False),
        ({"profession": "other"}, "", False),
        ({"profession": "other", "authorisation_id": "09YM8"}, "", True),
    ],
)
def test_authorisation(havtorn, fields, text, is_unchecked):
    person(havtorn, **fields)
    one = one_of(havtorn)
    assert (one.authorisation, one.is_unchecked) == (text, is_unchecked)


def test_the_page_says_what_is_known_and_what_is_not(havtorn, client):
    mette = person(
        havtorn, authorisation_id="09YM8", authorisation_checked_on=DAY, gender="woman", languages=["da", "sgn"]
    )
    anders = person(havtorn, "Anders Holm", position=1)
    page = section(client, havtorn)
    assert f'id="behandler-{mette.pk}"' in page and f'id="behandler-{anders.pk}"' in page
    first, second = page.split("Anders Holm")
    assert "Autorisation kontrolleret 3. november 2026" in first and "09YM8" in first
    assert "dansk og dansk tegnsprog" in first and "Kvinde" in first
    assert "Vi har ikke kontrolleret autorisationen for Anders." in second and "Mand" not in second
    assert second.count("Ikke oplyst") == 2  # focus, languages
    assert "Autorisationsregistret hos Styrelsen for Patientsikkerhed" in page


def test_who_speaks_what_is_left_open_only_where_the_clinic_has_not_said(havtorn, client):
    person(havtorn)
    assert "Sprog:" in section(client, havtorn)
    Clinic.objects.update(languages=["da"])
    assert "Sprog:" not in section(client, havtorn)


@pytest.mark.parametrize(
    ("checked", "unchecked", "text"),
    [
        (0, 1, "Vi har ikke kontrolleret autorisationen for A."),
        (1, 3, "Vi har ikke kontrolleret autorisationen for A, B og C."),
        (0, 3, "Vi har ikke kontrolleret autorisationen for nogen af dem."),
        (2, 0, None),
    ],
)
def test_one_line_says_whose_authorisation_nobody_has_looked_up(havtorn, client, checked, unchecked, text):
    for n in range(unchecked):
        person(havtorn, f"{'ABC'[n]} Eksempel", position=n)
    for n in range(checked):
        person(havtorn, f"Kontrolleret{n} Eksempel", authorisation_checked_on=DAY, position=9)
    page = section(client, havtorn)
    assert page.count("ikke kontrolleret") == (text is not None)
    assert text is None or text in page


def test_an_example_does_not_repeat_that_it_is_one(havtorn, client):
    mette = person(havtorn, is_restricted=False)
    treats(havtorn, official("Sportsfysioterapi"), mette, DOCUMENTED, "specialist")
    does(havtorn, "GLA:D Ryg", mette, "group", basis=DOCUMENTED, grade="certified", evidence="Kursusbevis")
    assert section(client, havtorn).lower().count("dokumentation:") == 2
    Clinic.objects.update(is_example=True)
    assert "dokumentation:" not in section(client, havtorn).lower()


@pytest.mark.parametrize("value", [False, None])
def test_unrestricted_or_unknown_says_nothing(havtorn, client, value):
    person(havtorn, is_restricted=value)
    assert "skærpet tilsyn" not in section(client, havtorn)


def test_a_restriction_is_told_before_anybody(havtorn, client):
    person(havtorn, "Anders Holm")
    person(havtorn, "Ida Kjær", is_restricted=True, position=9)
    page = section(client, havtorn)
    notice = page.index("Ida Kjær er under skærpet tilsyn eller har begrænset autorisation.")
    assert notice < page.index("Anders Holm")
    assert page.count("Under skærpet tilsyn eller begrænset autorisation") == 1  # at her own name once more
    assert "Vi har ikke kontrolleret autorisationen for Anders." in page


def test_who_is_under_restriction_is_not_named_as_the_one_who_fits(havtorn, client):
    condition("Iskias", {"Ryg": 3})
    for number, restricted in enumerate((True, None)):
        one = person(havtorn, f"Person{number} Eksempel", is_restricted=restricted, position=number)
        treats(havtorn, speciality("Ryg"), one)
    fits = section(client, havtorn, tilstand="iskias").split("Passer til iskias:")[1].split("</p>")[0]
    assert "Person1" in fits and "Person0" not in fits


def test_who_fits_the_visitors_condition_is_named_first_and_marked(havtorn, client):
    condition("Iskias", {"Ryg": 3})
    ida, mette = person(havtorn, "Ida Kjær"), person(havtorn, "Mette Hansen", position=1)
    treats(havtorn, speciality("Ryg"), mette)
    treats(havtorn, speciality("Skulder"), mette)
    treats(havtorn, speciality("Knæ"), ida)
    page = section(client, havtorn, tilstand="iskias")
    assert f'Passer til iskias: <a href="#behandler-{mette.pk}">Mette Hansen </a>' in page
    assert '<strong class="fits">Ryg <span class="visually-hidden"> (passer til Iskias) </span>' in page
    assert page.count('class="fits"') == 1
    whole = client.get(havtorn.get_absolute_url(), {"tilstand": "iskias"}).content.decode()
    assert "</strong>, Skulder<" in whole
    assert 'class="fits"' not in section(client, havtorn)


def test_no_queries_on_a_filled_clinic(havtorn, django_assert_num_queries):
    for number in range(10):
        one = person(havtorn, f"Mette {number}")
        treats(havtorn, speciality("Ryg"), one)
        does(havtorn, "Taping", one)
    whole = filled(havtorn)
    with django_assert_num_queries(0):
        assert len(people_part(whole, [Wanted(1, "Ryg")]).fitting) == 10


class TestClean:
    @pytest.mark.parametrize("name", ["Mette Hansen", "René Müller-Sørensen", "Åse O'Neill", "Anders B. Holm", "Li"])
    def test_names(self, havtorn, name):
        Practitioner(clinic=havtorn, name=name).full_clean()

    @pytest.mark.parametrize(
        "name",
        ["Mette 86121212", "mette@klinik.dk", "Ring +45 86 12 12 12", "www.klinik.dk", "Se klinik.dk", "https://x", "...",
         "<b>Mette</b>", "٣٣٣"],
    )  # fmt: skip
    def test_what_is_no_name(self, havtorn, name):
        with pytest.raises(ValidationError) as refused:
            Practitioner(clinic=havtorn, name=name).full_clean()
        assert refused.value.message_dict == {
            "name": ["Skriv kun navnet: uden tal, telefonnummer, e-mail og webadresse."]
        }

    @pytest.mark.parametrize("name", ["", "  ", "\u202e"])
    def test_no_name(self, havtorn, name):
        with pytest.raises(ValidationError) as refused:
            Practitioner(clinic=havtorn, name=name).full_clean()
        assert list(refused.value.message_dict) == ["name"]

    def test_a_name_is_plain_and_on_one_line(self, havtorn):
        one = Practitioner(clinic=havtorn, name=" Mette\n\u202e  A\u030ase\u200b ")
        one.full_clean()
        assert one.name == "Mette Åse"

    @pytest.mark.parametrize("written", ["09ym8", " 09 YM8 ", "09YM8"])
    def test_the_id_is_in_capitals(self, havtorn, written):
        one = Practitioner(clinic=havtorn, name="Mette", authorisation_id=written)
        one.full_clean()
        assert one.authorisation_id == "09YM8"

    @pytest.mark.parametrize("written", ["09YM", "09YM89", "09-M8", "ØØØØØ"])
    def test_what_is_no_id(self, havtorn, written):
        with pytest.raises(ValidationError) as refused:
            Practitioner(clinic=havtorn, name="Mette", authorisation_id=written).full_clean()
        assert list(refused.value.message_dict) == ["authorisation_id"]

    @time_machine.travel("2026-11-03 12:00+01:00", tick=False)
    def test_nobody_has_looked_it_up_tomorrow(self, havtorn):
        one = Practitioner(clinic=havtorn, name="Mette", authorisation_checked_on=DAY)
        one.full_clean()
        one.authorisation_checked_on += datetime.timedelta(days=1)
        with pytest.raises(ValidationError) as refused:
            one.full_clean()
        assert list(refused.value.message_dict) == ["authorisation_checked_on"]
