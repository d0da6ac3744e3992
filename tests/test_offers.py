"""What a clinic offers on its page: documented apart from stated, each term once, nothing that is only suggested."""

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from clinics.answers import answers_part
from clinics.matching import Wanted
from clinics.models import Clinic, ClinicSpeciality, ClinicTreatment, Practitioner, Price, Speciality
from clinics.offers import Offer, offers_part, training_part
from clinics.whole import fill

from .people import clinic, speciality, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db

STATED, DOCUMENTED, SUGGESTED = "stated", "documented", "suggested"
KNEE = [Wanted(1, "Knæ")]


@kept
def havtorn():
    return clinic("Havtorn", "Aarhus C")


@kept
def mette(havtorn):
    return Practitioner.objects.create(clinic=havtorn, name="Mette Hansen")


@kept
def anders(havtorn):
    return Practitioner.objects.create(clinic=havtorn, name="Anders Holm", position=1)


def official(name: str) -> Speciality:
    made = speciality(name)
    made.kind = Speciality.Kind.OFFICIAL
    made.save()
    return made


def treats(where, term, person=None, basis=STATED, grade=""):
    evidence = "Dansk Selskab for Fysioterapi, 2023" if basis == DOCUMENTED else ""
    ClinicSpeciality.objects.create(
        clinic=where, speciality=term, practitioner=person, basis=basis, grade=grade, evidence=evidence
    )


def does(where, name, person=None, form="individual", topic=None, **fields):
    ClinicTreatment.objects.create(
        clinic=where, treatment=treatment(name), practitioner=person, format=form, group_topic=topic, **fields
    )


def filled(one):
    one = Clinic.objects.select_related("postcode").get(pk=one.pk)
    fill([one])
    return one


def words(html: str) -> str:
    return " ".join(html.replace("<", " <").split())


class TestSpecialities:
    def test_clinic_and_people_stand_once_at_the_clinic(self, havtorn, mette, anders):
        for person in (None, mette, anders):
            treats(havtorn, speciality("Knæ"), person)
        assert offers_part(filled(havtorn)).focus == (Offer("Knæ", people=("Mette", "Anders")),)

    def test_two_of_one_first_name_have_their_whole_names(self, havtorn, mette):
        other = Practitioner.objects.create(clinic=havtorn, name="Mette Kjær")
        treats(havtorn, speciality("Knæ"), mette)
        treats(havtorn, speciality("Knæ"), other)
        assert offers_part(filled(havtorn)).focus[0].people == ("Mette Hansen", "Mette Kjær")

    def test_documented_official_specialities_stand_apart_with_the_titles(self, havtorn, mette, anders):
        sport = official("Sportsfysioterapi")
        treats(havtorn, speciality("Knæ"))
        treats(havtorn, sport, mette, DOCUMENTED, "certified")
        treats(havtorn, sport, anders, DOCUMENTED, "specialist")
        part = offers_part(filled(havtorn))
        assert part.official == (Offer("Sportsfysioterapi", people=("Anders: specialist", "Mette: certificeret")),)
        assert [offer.name for offer in part.focus] == ["Knæ"]

    def test_an_official_speciality_that_is_only_stated_is_the_clinics_own_word(self, havtorn, mette, anders):
        sport = official("Sportsfysioterapi")
        treats(havtorn, sport, mette)
        assert not offers_part(filled(havtorn)).official
        treats(havtorn, sport, anders, DOCUMENTED, "specialist")
        part = offers_part(filled(havtorn))
        assert part.official[0].people == ("Anders: specialist", "Mette: oplyst af klinikken")
        assert not part.focus

    def test_a_documented_focus_area_is_no_official_speciality(self, havtorn):
        treats(havtorn, speciality("Knæ"), basis=DOCUMENTED)
        part = offers_part(filled(havtorn))
        assert (len(part.official), len(part.focus)) == (0, 1)

    def test_suggestions_are_nobodys_word(self, havtorn, mette):
        treats(havtorn, speciality("Knæ"), mette, SUGGESTED)
        does(havtorn, "Taping", basis=SUGGESTED)
        does(havtorn, "Holdtræning", form="group", basis=SUGGESTED)
        one = filled(havtorn)
        assert not offers_part(one) and not training_part(one)

    def test_what_the_visitor_looks_for_is_marked(self, havtorn):
        treats(havtorn, speciality("Knæ"))
        treats(havtorn, speciality("Ryg"))
        part = offers_part(filled(havtorn), KNEE)
        assert [(offer.name, offer.fits) for offer in part.focus] == [("Knæ", True), ("Ryg", False)]
        assert part.any_fits and not offers_part(filled(havtorn)).any_fits


class TestTreatments:
    def test_by_form_and_groups_apart(self, havtorn, mette):
        does(havtorn, "Taping", mette)
        does(havtorn, "Øvelsesterapi", form="online")
        does(havtorn, "Øvelsesterapi", form="home")
        does(havtorn, "GLA:D", form="group")
        does(havtorn, "Holdtræning")
        one = filled(havtorn)
        assert [(form.form, [offer.name for offer in form.offers]) for form in offers_part(one).treatments] == [
            ("Individuel behandling", ["Taping"]),
            ("Behandling hjemme hos dig", ["Øvelsesterapi"]),
            ("Behandling online", ["Øvelsesterapi"]),
        ]
        assert [offer.name for offer in training_part(one).offers] == ["GLA:D", "Holdtræning"]

    def test_a_heading_is_not_its_own_entry(self, havtorn, mette):
        does(havtorn, "Individuel behandling", mette)
        assert self.individual(havtorn) == []
        does(havtorn, "Taping")
        assert self.individual(havtorn) == ["Taping"]

    def test_it_stays_where_the_visitor_looks_for_it(self, havtorn):
        does(havtorn, "Individuel behandling")
        assert self.individual(havtorn, [Wanted(1, "Individuel behandling")]) == ["Individuel behandling"]

    def test_the_heading_alone_is_a_yes(self, havtorn, client):
        does(havtorn, "Individuel behandling")
        assert "Individuel behandling</dt><dd>Ja</dd>" in client.get(havtorn.get_absolute_url()).content.decode()

    @staticmethod
    def individual(where, wanted=()) -> list[str]:
        (form,) = offers_part(filled(where), wanted).treatments
        assert form.form == "Individuel behandling"
        return [offer.name for offer in form.offers]

    def test_a_group_has_its_topic_and_people(self, havtorn, mette, anders):
        does(havtorn, "Holdtræning", mette, "group", speciality("Knæ"))
        does(havtorn, "Holdtræning", anders, "group", speciality("Knæ"))
        does(havtorn, "Holdtræning", None, "group", speciality("Ryg og nakke"))
        does(havtorn, "Holdtræning", None, "group")
        assert training_part(filled(havtorn), KNEE).offers == (
            Offer("Holdtræning", True, ("Mette", "Anders"), "knæ"),
            Offer("Holdtræning", topic="ryg og nakke"),
            Offer("Holdtræning"),
        )


class TestAnswers:
    def test_nothing_is_no_part(self, havtorn):
        assert not answers_part(filled(havtorn))

    @pytest.mark.parametrize(("value", "text"), [(True, "Ja"), (False, "Nej"), (None, "")])
    def test_three_states(self, havtorn, value, text):
        havtorn.assessment_plan = havtorn.acute_appointments = value
        part = answers_part(havtorn)
        assert [fact.text for fact in part.facts] == [text]
        assert bool(part) is (value is not None)

    def test_one_answer_and_the_rest_is_not_stated(self, havtorn):
        havtorn.approach_manual = " Sjældent.\n\n<script>alert(1)</script> "
        page = words(render_to_string("clinics/_profile_answers.html", {"answers": answers_part(havtorn)}))
        assert page.count("Ikke oplyst") == 3
        assert "&lt;script&gt;" in page and "<script>" not in page


class TestOnThePage:
    def test_what_is_known_and_what_is_not(self, havtorn, mette, client):
        treats(havtorn, speciality("Knæ"), mette)
        page = words(client.get(havtorn.get_absolute_url()).content.decode())
        offers = page.split('id="behandler"')[1].split("</section>")[0]
        assert 'Fokusområder <span class="basis">Oplyst af klinikken' in offers
        assert 'Knæ <span class="soft">(Mette)' in offers
        assert "Officielle specialer" not in offers  # a badge that nobody has is no gap
        assert offers.count("Ikke oplyst") == 1  # treatments

    def test_what_one_of_us_looked_up_is_not_called_the_clinics_own_word(self, havtorn, client):
        treats(havtorn, speciality("Knæ"))
        havtorn.specialities.update(source="hand")
        page = words(client.get(havtorn.get_absolute_url()).content.decode())
        offers = page.split('id="behandler"')[1].split("</section>")[0]
        assert "Fokusområder" in offers and "Knæ" in offers and "Oplyst af klinikken" not in offers

    def test_marked_in_words_too(self, havtorn, client):
        treats(havtorn, speciality("Knæ"))
        page = client.get(havtorn.get_absolute_url(), {"speciale": "knae"}).content.decode()
        assert 'Knæ<span class="visually-hidden"> (passer til din søgning)</span></strong>' in page

    def test_a_group_is_not_given_hours_that_nobody_has_stated(self, havtorn, client):
        does(havtorn, "Holdtræning", None, "group", speciality("Knæ"))
        page = words(client.get(havtorn.get_absolute_url()).content.decode())
        groups = page.split('id="holdtraening"')[1].split("</section>")[0]
        assert "Holdtræning: knæ" in groups
        assert "Dag, tid og niveau" in groups and groups.count("Ikke oplyst") == 2

    def test_a_group_price_says_that_there_are_groups(self, havtorn, client):
        page = client.get(havtorn.get_absolute_url()).content.decode()
        assert 'id="holdtraening"' not in page
        Price.objects.create(clinic=havtorn, kind="group", amount=100, confirmed_at="2026-11-03")
        page = words(client.get(havtorn.get_absolute_url()).content.decode())
        groups = page.split('<h2 id="holdtraening">')[1].split('class="profile__group"')[0]
        assert "Har hold. Hvilke og hvornår: ikke oplyst" in groups
        assert "Kilde: klinikken, oplyst 3. november 2026." in groups, "the price is who says so"
        does(havtorn, "GLA:D", form="group")
        assert "Har hold." not in client.get(havtorn.get_absolute_url()).content.decode()


def problems(row) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    return refused.value.message_dict


class TestClean:
    """What is refused, with one sentence at the field."""

    def test_a_right_row_is_taken(self, havtorn, mette):
        ClinicSpeciality(
            clinic=havtorn, speciality=official("Sportsfysioterapi"), practitioner=mette, grade="specialist",
            basis=DOCUMENTED, evidence="DSF 2023",
        ).full_clean()  # fmt: skip
        ClinicTreatment(
            clinic=havtorn, treatment=treatment("GLA:D"), practitioner=mette, grade="certified", basis=DOCUMENTED,
            evidence="Kursusbevis 2022", format="group", group_topic=speciality("Knæ"),
        ).full_clean()  # fmt: skip
        ClinicSpeciality(clinic=havtorn, speciality=speciality("Knæ")).full_clean()

    @pytest.mark.parametrize("evidence", ["", "   "])
    def test_documented_without_documentation(self, havtorn, evidence):
        row = ClinicSpeciality(clinic=havtorn, speciality=speciality("Knæ"), basis=DOCUMENTED, evidence=evidence)
        assert problems(row) == {
            "evidence": ["Skriv dokumentationen: hvem der har givet titlen eller beviset, og hvornår."]
        }

    def test_somebody_from_another_clinic(self, havtorn):
        stranger = Practitioner.objects.create(clinic=clinic("Viben", "Odense C"), name="Ida")
        for row in (
            ClinicSpeciality(clinic=havtorn, speciality=speciality("Knæ"), practitioner=stranger),
            ClinicTreatment(clinic=havtorn, treatment=treatment("Taping"), practitioner=stranger),
        ):
            assert problems(row) == {
                "practitioner": ["Behandleren hører til en anden klinik. Vælg en af klinikkens egne."]
            }

    def test_a_title_in_a_focus_area(self, havtorn, mette):
        row = ClinicSpeciality(
            clinic=havtorn, speciality=speciality("Knæ"), practitioner=mette, grade="specialist",
            basis=DOCUMENTED, evidence="x",
        )  # fmt: skip
        assert list(problems(row)) == ["grade"]

    def test_a_specialist_in_a_treatment(self, havtorn, mette):
        row = ClinicTreatment(
            clinic=havtorn, treatment=treatment("Taping"), practitioner=mette, grade="specialist",
            basis=DOCUMENTED, evidence="x",
        )  # fmt: skip
        assert list(problems(row)) == ["grade"]

    def test_a_title_of_nobody_undocumented(self, havtorn):
        row = ClinicSpeciality(clinic=havtorn, speciality=official("Sportsfysioterapi"), grade="certified")
        assert set(problems(row)) == {"practitioner", "basis", "evidence"}

    def test_a_topic_without_a_group(self, havtorn):
        row = ClinicTreatment(clinic=havtorn, treatment=treatment("Taping"), group_topic=speciality("Knæ"))
        assert list(problems(row)) == ["group_topic"]

    def test_what_does_not_exist_is_no_crash(self, havtorn):
        assert "practitioner" in problems(ClinicSpeciality(clinic=havtorn, speciality_id=0, practitioner_id=0))
        assert "clinic" in problems(ClinicTreatment(treatment=treatment("Taping")))
