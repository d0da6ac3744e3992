"""What a row says that a tick or another row says already: one of them is kept, or one sentence stands at the row."""

import pytest

from clinics import index
from clinics.models import Speciality

from .clinic_form import address_of, faults, form_of, made, row, send, stored
from .people import speciality, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def sara(admin_client):
    return admin_client


@kept
def one():
    return made()


def taping(**fields):
    return {"treatment": treatment("Taping").pk, "format": "individual", "basis": "stated"} | fields


def knee(**fields):
    return {"speciality": speciality("Knæ").pk, "basis": "stated"} | fields


def of(prefix: str, number: int, **fields):
    return {f"{prefix}-{number}-{name}": value for name, value in fields.items()}


def rows(one, prefix: str) -> list:
    term = "treatment" if prefix == "treatments" else "speciality"
    return sorted((str(getattr(r, term)), str(r.practitioner or ""), r.basis) for r in getattr(one, prefix).all())


def ends_well(response, one) -> None:
    assert faults(response) == ""
    assert index.disagreements() == []


BOTH = pytest.mark.parametrize(
    ("prefix", "ticks", "said"),
    [("treatments", "treatment_types", taping), ("specialities", "focus_areas", knee)],
    ids=["treatments", "specialities"],
)
DOCUMENTED = {"basis": "documented", "evidence": "Kursus i 2020"}


def name_of(prefix: str) -> str:
    return "Taping" if prefix == "treatments" else "Knæ"


# A row without a person takes the place of the tick


@BOTH
def test_the_documented_row_takes_the_place_of_the_tick(sara, one, prefix, ticks, said):
    term = next(iter(said().values()))
    getattr(one, prefix).create(**{f"{'treatment' if prefix == 'treatments' else 'speciality'}_id": term})
    ends_well(send(sara, one, **row(prefix, **said(**DOCUMENTED))), one)
    assert rows(one, prefix) == [(name_of(prefix), "", "documented")]


@BOTH
@pytest.mark.parametrize("basis", [DOCUMENTED, {}, {"basis": "suggested"}], ids=["documented", "plain", "suggested"])
def test_ticked_and_added_as_a_row_in_one_save(sara, one, prefix, ticks, said, basis):
    ends_well(send(sara, one, **{ticks: [next(iter(said().values()))]}, **row(prefix, **said(**basis))), one)
    expected = "documented" if basis is DOCUMENTED else "stated"
    assert rows(one, prefix) == [(name_of(prefix), "", expected)]


@BOTH
def test_unticked_and_added_as_a_row_in_one_save(sara, one, prefix, ticks, said):
    send(sara, one, **{ticks: [next(iter(said().values()))]})
    ends_well(send(sara, one, **{ticks: []}, **row(prefix, **said())), one)
    assert rows(one, prefix) == [(name_of(prefix), "", "stated")]


@BOTH
def test_a_row_that_loses_its_person_takes_the_place_of_the_tick(sara, one, prefix, ticks, said):
    mette = one.practitioners.create(name="Mette")
    send(sara, one, **{ticks: [next(iter(said().values()))]})
    send(sara, one, **row(prefix, **said(practitioner=mette.pk)))
    assert len(rows(one, prefix)) == 2
    ends_well(send(sara, one, **{f"{prefix}-0-practitioner": ""}), one)
    assert rows(one, prefix) == [(name_of(prefix), "", "stated")]


# Two rows that say the same


@BOTH
def test_what_a_person_has_already_is_said_at_the_row(sara, one, prefix, ticks, said):
    mette = one.practitioners.create(name="Mette")
    send(sara, one, **row(prefix, **said(practitioner=mette.pk)))
    before = stored(one)
    response = send(sara, one, **row(prefix, 1, initial=1, **said(practitioner=mette.pk)), name="Et nyt navn")
    assert f"{name_of(prefix)} (Mette) står her to gange. Slet den ene linje." in faults(response)
    assert " og practitioner" not in response.content.decode() and stored(one) == before
    assert "to gange" in str(response.context["inline_admin_formsets"][prefix == "treatments"].formset.errors[1])


@BOTH
@pytest.mark.parametrize("basis", [{}, DOCUMENTED], ids=["plain", "documented"])
def test_two_new_rows_that_are_the_same(sara, one, prefix, ticks, said, basis):
    fields = row(prefix, **said(**basis)) | row(prefix, 1, **said(**basis))
    assert f"{name_of(prefix)} står her to gange. Slet den ene linje." in faults(send(sara, one, **fields))
    assert rows(one, prefix) == []


def test_a_team_twice_and_two_teams_with_topics(sara, one):
    team = {"treatment": treatment("Holdtræning").pk, "format": "group", "basis": "stated"}
    twice = row("treatments", **team) | row("treatments", 1, **team)
    assert "Holdtræning på hold står her to gange" in faults(send(sara, one, **twice))
    topics = row("treatments", **team, group_topic=speciality("Knæ").pk)
    ends_well(
        send(sara, one, **(topics | row("treatments", 1, **team, group_topic=speciality("Ryg").pk))),
        one,
    )
    assert one.treatments.count() == 2


def test_a_source_twice_in_danish(sara, one):
    prices = {"group": "prices", "source": "register"}
    response = send(sara, one, **(row("provenance", **prices) | row("provenance", 1, **prices)))
    assert "Priser står her to gange. Slet den ene linje." in faults(response)
    assert not one.provenance.exists()


def test_a_row_that_the_form_does_not_send_is_still_there(sara, one):
    mette = one.practitioners.create(name="Mette")
    one.treatments.create(treatment=treatment("Taping"), practitioner=mette)
    response = send(sara, one, **row("treatments", **taping(practitioner=mette.pk)))
    assert "Taping (Mette) står her to gange" in faults(response)


def test_a_row_may_take_the_place_of_one_that_goes(sara, one):
    """The change comes before the deletion in the form; two may also swap."""
    mette, ole = one.practitioners.create(name="Mette"), one.practitioners.create(name="Ole")
    first = one.treatments.create(treatment=treatment("Taping"), practitioner=mette)
    second = one.treatments.create(treatment=treatment("Taping"), practitioner=ole)
    swapped = {"treatments-0-practitioner": ole.pk, "treatments-1-practitioner": mette.pk}
    ends_well(send(sara, one, **swapped), one)
    assert {r.pk: r.practitioner for r in one.treatments.all()} == {first.pk: ole, second.pk: mette}
    ends_well(send(sara, one, **{"treatments-0-practitioner": mette.pk, "treatments-1-DELETE": "on"}), one)
    assert {r.pk: r.practitioner for r in one.treatments.all()} == {first.pk: mette}


# Only what was unticked goes


def test_a_tick_and_a_row_without_a_person_in_one_save(sara, one):
    """The row becomes a tick of its own, and was never unticked."""
    fields = row("specialities", **knee()) | row("treatments", **taping())
    ticks = {"focus_areas": [speciality("Skulder").pk], "treatment_types": [treatment("Akupunktur").pk]}
    ends_well(send(sara, one, **ticks, **fields), one)
    assert [name for name, *_ in rows(one, "specialities")] == ["Knæ", "Skulder"]
    assert [name for name, *_ in rows(one, "treatments")] == ["Akupunktur", "Taping"]


@BOTH
def test_a_row_loses_its_person_while_something_else_is_ticked(sara, one, prefix, ticks, said):
    mette = one.practitioners.create(name="Mette")
    send(sara, one, **row(prefix, **said(practitioner=mette.pk)))
    other = speciality("Skulder") if prefix == "specialities" else treatment("Akupunktur")
    ends_well(send(sara, one, **{f"{prefix}-0-practitioner": "", ticks: [other.pk]}), one)
    assert {(name, person) for name, person, _ in rows(one, prefix)} == {(name_of(prefix), ""), (other.name, "")}


def test_an_official_speciality_is_a_row_and_never_a_tick(sara, one):
    official = Speciality.objects.create(name="Sportsfysioterapi", slug="sport", kind="official")
    ends_well(send(sara, one, **row("specialities", speciality=official.pk, basis="stated")), one)
    again = row("specialities", 1, initial=1, speciality=official.pk, basis="stated")
    assert "Sportsfysioterapi står her to gange" in faults(send(sara, one, **again))
    assert "specialities-0-id" in form_of(sara, address_of(one))
