"""The search index says what the clinics say, and notices when it does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from clinics import actions, index
from clinics.clock import today
from clinics.models import Clinic, ClinicSpeciality, Price, SearchCard, SearchEntry, Tag
from clinics.tags import NO_SPECIALITIES, assign_numbers, tag_number
from clinics.tasks import check_search_index
from fysfinder import preparation

from .people import clinic, speciality, treatment

pytestmark = pytest.mark.django_db


def tags_of(one: Clinic) -> set[str]:
    numbers = SearchEntry.objects.get(clinic=one).tags
    return {str(tag) for tag in Tag.objects.filter(number__in=numbers)}


def test_a_row_holds_what_the_clinic_states():
    one = clinic(
        "Fuld", "Aarhus C", specialities=["Ryg"], treatments=["Holdtræning"], price=500, step_free=True, lift=False
    )
    assert tags_of(one) == {
        "speciality:ryg",
        "treatment:holdtraening",
        "facet:step_free",
        "facet:form_group",
        "region:midtjylland",
        "land:jylland",
    }
    assert SearchEntry.objects.get(clinic=one).price == 500


def test_who_states_no_speciality_is_tagged_so():
    one = clinic("Bar", "Aarhus C", treatments=["Holdtræning"])
    assert "state:no_specialities" in tags_of(one)
    ClinicSpeciality.objects.create(clinic=one, speciality=speciality("Ryg"))
    actions.clinic_changed(clinic=one)
    assert "state:no_specialities" not in tags_of(one)


def test_the_price_is_the_lowest_first_consultation():
    one = clinic("Priser", "Aarhus C", price=600)
    Price.objects.create(clinic=one, kind="first", amount=450, treatment=treatment("Akupunktur"))
    Price.objects.create(clinic=one, kind="follow_up", amount=100)
    actions.clinic_changed(clinic=one)
    assert SearchEntry.objects.get(clinic=one).price == 450


def test_a_clinic_that_closes_leaves_the_index():
    one = clinic("Lukker", "Aarhus C")
    one.status = Clinic.Status.CLOSED
    one.save()
    actions.clinic_changed(clinic=one)
    assert not SearchEntry.objects.exists() and not SearchCard.objects.exists()


def test_a_rebuild_writes_nothing_when_nothing_changed():
    clinic("En", "Aarhus C", specialities=["Ryg"])
    assert index.rebuild() == 0


@pytest.mark.parametrize("harm", ["moved", "missing", "superfluous", "tags", "renamed", "no card", "another card"])
def test_the_check_finds_every_kind_of_difference_and_the_nightly_task_mends_it(harm):
    one, other = clinic("En", "Aarhus C", specialities=["Ryg"]), clinic("To", "Randers")
    if harm == "moved":
        Clinic.objects.filter(pk=one.pk).update(latitude=55.5)
    elif harm == "missing":
        SearchEntry.objects.filter(clinic=one).delete()
    elif harm == "superfluous":
        Clinic.objects.filter(pk=one.pk).update(status="draft")
    elif harm == "renamed":
        Clinic.objects.filter(pk=one.pk).update(name="Tre")
    elif harm == "no card":
        SearchCard.objects.filter(clinic=one).delete()
    elif harm == "another card":
        SearchCard.objects.filter(clinic=one).update(facts=SearchCard.objects.get(clinic=other).facts)
    else:
        SearchEntry.objects.filter(clinic=one).update(tags=[])
    assert index.disagreements() == [one.pk]
    with pytest.raises(CommandError, match=str(one.pk)):
        call_command("rebuild_search_index", check=True)
    assert check_search_index() == 1
    assert index.disagreements() == []
    assert SearchEntry.objects.filter(clinic=other).exists()


def test_numbers_never_change_and_new_values_take_the_next(db):
    clinic("En", "Aarhus C", specialities=["Ryg"])
    before = dict(Tag.objects.values_list("key", "number"))
    speciality("Albue")
    assert assign_numbers() == 1
    after = dict(Tag.objects.values_list("key", "number"))
    assert before.items() <= after.items()
    assert after["albue"] == max(before.values()) + 1
    assert assign_numbers() == 0
    assert tag_number(*NO_SPECIALITIES) == 0


def test_nothing_null_can_enter_the_tags(db):
    from django.db import IntegrityError

    one = clinic("En", "Aarhus C")
    with pytest.raises(IntegrityError, match="entry_tags_no_null"):
        SearchEntry.objects.filter(clinic=one).update(tags=[1, None])


def test_a_start_brings_an_older_index_in_line_once(tmp_path, settings):
    settings.EMBEDDED_POSTGRES = tmp_path
    one = clinic("En", "Aarhus C", specialities=["Ryg"])
    said: list[str] = []
    SearchEntry.objects.update(tags=[])
    preparation.bring_index_in_line(said.append)  # a database that an older version left
    assert index.disagreements() == [] and said == ["Search index: 1 rows made anew"]
    SearchEntry.objects.update(tags=[])
    preparation.bring_index_in_line(said.append)  # the same version: the nightly check's business
    assert index.disagreements() == [one.pk] and len(said) == 1
    Clinic.objects.update(waiting_days=3, waiting_stated_on=today() - timedelta(days=61))
    SearchEntry.objects.update(waiting_days=3)
    preparation.bring_index_in_line(said.append)  # nights in which nothing ran
    assert index.disagreements() == []


def test_in_production_a_start_changes_nothing(settings):
    settings.EMBEDDED_POSTGRES = None
    clinic("En", "Aarhus C")
    SearchEntry.objects.update(tags=[])
    preparation.bring_index_in_line(print)
    assert len(index.disagreements()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clinics_are_saved_at_the_same_time():
    """Neither waits for the other's transaction: what both of them look at is only read."""
    one, other = clinic("En", "Aarhus C"), clinic("To", "Aarhus C")

    def save_the_other() -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")  # or the test would wait for itself
            return index.rebuild([other.pk])
        finally:
            connection.close()

    Clinic.objects.update(has_ydernummer=True)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert index.rebuild([one.pk]) == 1
        assert pool.submit(save_the_other).result() == 1
