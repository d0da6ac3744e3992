"""Two who change one clinic at once: an old page takes nothing back unseen, and nothing that was typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from . import clinic_form
from .clinic_form import address_of, bare, faults, form_of, made, row, stored
from .people import speciality, treatment
from .pictures import photo
from .worlds import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def adam(client):
    return clinic_form.adam(client)


@kept
def one():
    return made()


def save(client, one, page: dict, **changed):
    return client.post(address_of(one), page | changed)


def accepted(response) -> str:
    """What the tick in the conflict sends."""
    return response.context["conflict"].seen


def test_an_old_page_does_not_take_back_what_another_saved(adam, one):
    old = form_of(adam, address_of(one))
    monday = {"hours_treatment_0": "8-16", "focus_areas": [str(speciality("Knæ").pk)], "lift": "yes"}
    assert faults(save(adam, one, old, phone="87654321", **monday)) == ""
    before = stored(one)
    response = save(adam, one, old, name="Et nyt navn")
    assert "har gemt imens" in faults(response) and stored(one) == before
    shown = {one.label: (one.stored, one.typed) for one in response.context["conflict"].differences}
    assert shown == {
        "Telefon": ("87 65 43 21", "86 12 12 12"),
        "Behandling": ("Mandag 08.00–16.00", "Ikke oplyst"),
        "Det hjælper vi især med": ("Knæ", "Ikke oplyst"),
        "Elevator": ("Ja", "Ikke oplyst"),
    }
    page = response.content.decode()
    assert 'value="Et nyt navn"' in page and "87 65 43 21" in page and 'class="conflict"' in page


def test_with_a_yes_the_typed_values_count(adam, one):
    old = form_of(adam, address_of(one))
    save(adam, one, old, phone="87654321")
    refused = save(adam, one, old, name="Et nyt navn")
    assert faults(save(adam, one, old, name="Et nyt navn", accepted_version=accepted(refused))) == ""
    one.refresh_from_db()
    assert (one.name, one.phone) == ("Et nyt navn", "+4586121212")


def test_a_yes_holds_for_what_was_seen_and_no_more(adam, one):
    old = form_of(adam, address_of(one))
    save(adam, one, old, phone="87654321")
    refused = save(adam, one, old, name="Et nyt navn")
    save(adam, one, form_of(adam, address_of(one)), email="ny@example.org")
    again = save(adam, one, old, name="Et nyt navn", accepted_version=accepted(refused))
    assert [one.label for one in again.context["conflict"].differences] == ["E-mail"]


def test_whoever_types_the_stored_value_needs_no_yes(adam, one):
    old = form_of(adam, address_of(one))
    save(adam, one, old, phone="87654321")
    assert faults(save(adam, one, old, phone="87 65 43 21", name="Et nyt navn")) == ""


def test_other_fields_bother_nobody(adam, one):
    """Saved unchanged, or by two who wrote the same."""
    old = form_of(adam, address_of(one))
    assert faults(save(adam, one, old)) == ""
    assert faults(save(adam, one, old, name="Et nyt navn")) == ""
    assert faults(save(adam, one, old, name="Et nyt navn")) == ""


def test_a_row_that_another_changed(adam, one):
    old = form_of(adam, address_of(one))
    save(adam, one, old, **{"prices-0-amount": "600"})
    response = save(adam, one, old, **{"prices-0-amount": "550", "prices-0-minutes": "45"})
    assert "har gemt imens" in faults(response)
    [found] = response.context["conflict"].differences
    assert "600" in found.stored and "550" in found.typed
    assert one.prices.get().amount == 600
    yes = accepted(response)
    again = form_again(response) | {"prices-0-amount": "550"}
    assert faults(save(adam, one, again, accepted_version=yes)) == ""
    assert one.prices.get().amount == 550


def test_a_row_that_another_deleted(adam, one):
    """It stays deleted, what was typed into it is shown once, and the page can be saved."""
    second = one.prices.create(kind="follow_up", amount=400)
    old = form_of(adam, address_of(one))
    one.prices.get(kind="first").delete()
    response = save(adam, one, old, **{"prices-0-amount": "555", "prices-1-amount": "450"})
    assert "har gemt imens" in faults(response)
    [found] = response.context["conflict"].differences
    assert found.stored == "Slettet" and "555" in found.typed
    again = form_again(response)
    assert (again["prices-TOTAL_FORMS"], again["prices-0-id"]) == ("1", str(second.pk))
    assert faults(save(adam, one, again)) == ""
    assert [(price.kind, price.amount) for price in one.prices.all()] == [("follow_up", 450)]


def test_a_new_picture_after_one_that_another_deleted(adam, one, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one.photos.create(digest="a" * 64, width=600, height=400, alt="Døren")
    old = form_of(adam, address_of(one))
    one.photos.all().delete()
    picture = SimpleUploadedFile("indgang.jpg", photo(), "image/jpeg")
    new = row("photos", 1, initial=1, alt="Indgangen", kind="photo", position="0")
    response = save(adam, one, old, **new, **{"photos-1-file": picture})
    assert "har gemt imens" in faults(response)
    picture.seek(0)
    again = form_again(response) | {"photos-0-file": picture}
    assert (again["photos-INITIAL_FORMS"], again["photos-0-alt"]) == ("0", "Indgangen")
    assert faults(save(adam, one, again)) == ""
    assert one.photos.get().alt == "Indgangen"


def test_a_row_that_both_deleted(adam, one):
    old = form_of(adam, address_of(one))
    one.prices.all().delete()
    assert faults(save(adam, one, old, **{"prices-0-DELETE": "on", "name": "Et nyt navn"})) == ""


def test_a_row_that_became_a_tick(adam, one):
    mette = one.practitioners.create(name="Mette")
    one.treatments.create(treatment=treatment("Taping"), practitioner=mette)
    old = form_of(adam, address_of(one))
    save(adam, one, old, **{"treatments-0-practitioner": ""})
    response = save(adam, one, old, name="Et nyt navn")
    assert "har gemt imens" in faults(response)
    assert {one.label for one in response.context["conflict"].differences} == {"Det tilbyder vi", "Behandling"}


def test_sent_twice_by_one_press_makes_no_second_row(adam, one):
    old = form_of(adam, address_of(one))
    new = row("prices", 1, initial=1, kind="group", amount="100")
    assert faults(save(adam, one, old, **new)) == ""
    response = save(adam, one, old, **new)
    assert "har gemt imens" in faults(response) and one.prices.count() == 2
    assert [one.stored for one in response.context["conflict"].differences] == ["Holdtræning: 100 kr."]
    assert faults(save(adam, one, old, accepted_version=accepted(response), **new)) == ""
    assert one.prices.count() == 3


def test_nobody_confirms_a_row_unseen(adam, one):
    old = form_of(adam, address_of(one))
    one.practitioners.create(name="Mette")
    assert "har gemt imens" in faults(save(adam, one, old, _confirm=""))
    one.refresh_from_db()
    assert one.confirmed_at is None
    assert faults(save(adam, one, old, name="Et nyt navn")) == "", "and it stands in nobody's way"


def test_who_it_was_is_said(adam, one, django_user_model):
    old = form_of(adam, address_of(one))
    save(adam, one, old, phone="87654321")
    page = save(adam, one, old, name="Et nyt navn").content.decode()
    assert "Du har gemt imens" in page
    eva = django_user_model.objects.create_superuser("eva@example.org")
    adam.force_login(eva)
    assert "adam@example.org har gemt imens" in save(adam, one, old, name="Et nyt navn").content.decode()


def test_another_mistake_does_not_hide_the_old_page(adam, one):
    """The page that shows a fault still knows what its first reader saw."""
    old = form_of(adam, address_of(one))
    save(adam, one, old, phone="87654321")
    response = save(adam, one, old, email="ikke en adresse", phone="87654321")
    assert "conflict" not in response.context or response.context["conflict"] is None
    assert form_again(response)["seen"] == old["seen"]


@pytest.mark.parametrize("seen", ["", "x", "\x00", "a:b,phone:", ":" * 5000, "prices 1:0"])
def test_nonsense_is_no_version(adam, one, seen):
    response = adam.post(address_of(one), bare(one) | {"seen": seen, "accepted_version": seen, "name": "Et nyt navn"})
    assert response.status_code in (200, 302)


def form_again(response) -> dict:
    """The fields of the page that was answered."""
    reader = clinic_form._Fields()
    reader.feed(response.content.decode())
    return {name: value for name, value in reader.values.items() if "__prefix__" not in name and name != "q"}
