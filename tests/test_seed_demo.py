"""The demo data: marked row by row, deterministic, never beside real clinics, and with somebody for every entry."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from articles.actions import save_article
from articles.models import Article
from clinics import clock, index
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    OpeningException,
    OpeningHours,
    Practitioner,
    Price,
    Rating,
    Review,
    ReviewReply,
    Speciality,
    Tariff,
    TreatmentType,
)
from clinics.reviews import aggregate
from fysfinder import demo

from .people import clinic
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def vocabulary():
    call_command("load_places", verbosity=0)
    call_command("load_vocabulary", verbosity=0)


def test_invented_reviews_are_marked_counted_and_of_every_kind(vocabulary):
    seed(150)
    assert not Review.objects.filter(is_example=False).exists()
    assert aggregate.disagreements() == [] and index.disagreements() == []
    assert Clinic.objects.filter(rating=None, status="published").count() > 20, "some have none"
    assert {1, 2, 3, 4, 5} <= set(Review.objects.values_list("overall", flat=True))
    assert Review.objects.filter(confirmation="email").exists() and ReviewReply.objects.exists()
    assert Rating.objects.filter(shown__gt=10).exists()
    assert not Review.objects.filter(published_at__gt=clock.now()).exists()
    call_command("seed_demo", remove=True, verbosity=0)
    assert not Review.objects.exists() and not Rating.objects.exists()


def seed(clinics: int = 600) -> None:
    call_command("seed_demo", clinics=clinics, verbosity=0)


def snapshot() -> list[tuple]:
    return list(
        Clinic.objects.order_by("pk").values_list(
            "name", "slug", "street", "postcode_id", "latitude", "phone", "waiting_days"
        )
    )


def test_six_hundred_clinics_of_every_kind(vocabulary):
    seed()
    assert Clinic.objects.count() == 600
    assert not Clinic.objects.filter(is_example=False).exists()
    assert not Clinic.objects.exclude(phone__startswith="+4500").exists(), "a number that could be somebody's"
    assert Clinic.objects.filter(status="closed").count() == 1
    bare = Clinic.objects.filter(specialities=None, treatments=None, prices=None)
    assert 195 <= bare.count() <= 205
    assert Clinic.objects.filter(name="Fysioterapikæden Eksempel").count() >= 10
    points = list(Clinic.objects.filter(address_extra="1. sal").values_list("latitude", "longitude"))
    assert points and all(Clinic.objects.filter(latitude=lat, longitude=lng).count() >= 2 for lat, lng in points)
    assert index.disagreements() == []
    assert not Practitioner.objects.exclude(name__endswith=" Eksempel").exists(), "a name that could be somebody's"
    assert Clinic.objects.filter(opening_hours=None, status="published").count() > 200
    free = Clinic.objects.filter(free_physiotherapy=True)
    assert free.exclude(has_ydernummer=False).exists() and not free.filter(has_ydernummer=False).exists()
    for facts in (OpeningHours, OpeningException, Practitioner, Price):
        for row in facts.objects.order_by("pk")[:300]:
            row.full_clean()
    assert (
        Tariff.objects.filter(is_example=True).count()
        == Tariff.objects.shown(clock.today(), examples=True).count()
        == 5
    )
    assert not Tariff.objects.shown(clock.today()).exists()


def test_they_lie_where_people_live(vocabulary):
    """In the large quarters of København and its suburbs, and no longer in the small streets in its middle."""
    seed()
    codes = list(Clinic.objects.values_list("postcode", flat=True))

    def between(first: str, last: str) -> int:
        return sum(first <= code <= last for code in codes)

    for code in ("2000", "2100", "2200", "2300", "2400", "2450", "2500", "2700", "8200", "8000", "9000"):
        assert code in codes, code
    assert between("1000", "1999") < between("2000", "2500")
    assert between("0000", "2999") < 600 * 0.33 and between("5000", "9999") > 600 * 0.45
    assert between("2600", "2999") >= 20


def test_every_speciality_and_treatment_has_a_clinic(vocabulary):
    seed()
    assert list(Speciality.objects.filter(clinics=None).values_list("slug", flat=True)) == []
    assert list(TreatmentType.objects.filter(clinics=None).values_list("slug", flat=True)) == []


def test_the_same_every_time_and_nothing_the_second_time(vocabulary):
    seed(60)
    first = snapshot()
    seed(60)
    assert snapshot() == first
    call_command("seed_demo", remove=True, verbosity=0)
    assert (
        not Clinic.objects.exists()
        and not Article.objects.exists()
        and not Tariff.objects.filter(is_example=True).exists()
    )
    seed(60)
    assert snapshot() == first


def test_our_own_articles_follow_their_files_unless_somebody_edited_them(vocabulary, capsys):
    seed(3)
    old, edited, real = Article.objects.order_by("slug")[:3]
    old.body = "Som den var før."
    old.content_hash = old.fingerprint()
    old.save()
    edited.body = "Som Edith vil have den."
    save_article(edited)
    Article.objects.filter(pk=real.pk).update(is_demo=False, body="Rigtig.")
    capsys.readouterr()
    seed(3)
    assert "0 articles, 1 articles updated, 1 articles left as edited" in capsys.readouterr().out
    bodies = {one.slug: one.body for one in Article.objects.all()}
    assert bodies[old.slug] != "Som den var før."
    assert (bodies[edited.slug], bodies[real.slug]) == ("Som Edith vil have den.", "Rigtig.")
    assert not Article.objects.exclude(status="published").exists()


def test_never_beside_a_real_clinic(vocabulary):
    clinic("Virkelig", "Aarhus C")
    with pytest.raises(CommandError, match="real clinics"):
        seed(10)
    assert Clinic.objects.count() == 1


def test_refuses_in_production(vocabulary, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="refuses in production"):
        seed(10)


def test_needs_the_vocabulary():
    with pytest.raises(CommandError, match="load_vocabulary"):
        seed(10)


def test_the_log_ins_work(vocabulary):
    seed(3)
    assert {role for _, _, role in demo.log_ins()} == {
        "Redaktør",
        "Fagperson",
        "Moderator",
        "Klinikejer",
        "Administrator",
    }
    for name, password, _ in demo.log_ins():
        assert authenticate(username=name, password=password).is_staff


def test_removing_leaves_what_is_real(vocabulary):
    seed(10)
    Article.objects.create(slug="min-egen", title="Min egen", body="Tekst.")
    call_command("seed_demo", remove=True, verbosity=0)
    assert list(Article.objects.values_list("slug", flat=True)) == ["min-egen"]
    assert not ClinicSpeciality.objects.exists()
    assert Speciality.objects.exists()
