"""A speciality gets another address: every old one leads there, and whatever was stored by it still knows which it is."""

import pytest
from django.contrib.auth.models import User
from django.db import connection

from clinics import actions, addresses, filters, index, tags, versions
from clinics.addresses import SPECIALITY, AddressError
from clinics.landings import speciality_for_slug
from clinics.loading.vocabulary import load_vocabulary
from clinics.models import SearchEntry, SlugHistory, Speciality, Tag
from clinics.pending.subjects import kind_of

from .linting import article, codes
from .people import clinic, places, speciality
from .worlds import kept

pytestmark = pytest.mark.django_db
FIND = "/find/fysioterapeut/"


def move(one: Speciality, slug: str) -> Speciality:
    old, one.slug = one.slug, addresses.free_for_speciality(slug, but=one.pk)
    one.save()
    actions.speciality_moved(speciality=one, old=old)
    actions.vocabulary_changed()
    filters.forget()  # as the commit does
    return one


@kept
def knees():
    places()
    clinic("Knæklinikken", "Aarhus C", specialities=["Knæ"])
    clinic("Ryggen", "Aarhus C", specialities=["Ryg"])
    return speciality("Knæ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/specialer/knae/", "/specialer/knaeled/"),
        ("/specialer/knae/?x=1", "/specialer/knaeled/?x=1"),
        (f"{FIND}?speciale=knae&sted=8000", f"{FIND}?speciale=knaeled&sted=8000"),
        (f"{FIND}?speciale=ryg&speciale=knae", f"{FIND}?speciale=ryg&speciale=knaeled"),
        (f"{FIND}?speciale=knae&speciale=knaeled", f"{FIND}?speciale=knaeled"),
        (f"{FIND}aarhus/knae/", f"{FIND}aarhus/knaeled/"),
        (f"{FIND}aarhus/knae/?ydernummer=ja", f"{FIND}aarhus/knaeled/?ydernummer=ja"),
        (f"{FIND}aarhus/?speciale=knae", f"{FIND}aarhus/?speciale=knaeled"),
    ],
)
def test_every_old_address_leads_there_in_one_step(client, knees, old, new):
    for slug in ("knaeskader", "knaeled"):
        move(knees, slug)
    for was in (old, old.replace("knae", "knaeskader", 1)) if "knaeled" not in old else (old,):
        answer = client.get(was)
        assert (answer.status_code, answer["Location"]) == (301, new), was
    assert client.get(new).status_code == 200


def test_the_list_behind_it_is_the_same(client, knees):
    def names():
        shown = client.get(FIND, {"speciale": knees.slug, "sted": "8000"}).content.decode()
        return [name for name in ("Knæklinikken", "Ryggen") if name in shown]

    assert names() == ["Knæklinikken"]
    number = tags.tag_number(Tag.Kind.SPECIALITY, "knae")
    move(knees, "knaeled")
    assert names() == ["Knæklinikken"]
    tags.forget()
    assert tags.tag_number(Tag.Kind.SPECIALITY, "knaeled") == number, "processes remember the number"
    assert not index.disagreements()


def test_the_api_takes_both(client, knees):
    move(knees, "knaeled")
    for slug in ("knae", "knaeled"):
        answer = client.get("/api/v1/clinics/", {"speciality": slug}).json()
        assert [hit["slug"] for hit in answer["results"]] == ["knaeklinikken"]
        assert [one["slug"] for one in answer["results"][0]["specialities"]] == ["knaeled"]


def test_there_and_back_again(client, knees):
    for slug in ("knaeled", "knae"):
        move(knees, slug)
    assert set(SlugHistory.objects.values_list("kind", "slug")) == {("speciality", "knaeled")}
    assert client.get("/specialer/knae/").status_code == 200
    assert client.get("/specialer/knaeled/")["Location"] == "/specialer/knae/"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("", "Skriv en adresse"),
        ("ryg", "bruges af et andet speciale: “Ryg”"),
        ("rygsmerter", "er den gamle adresse på “Ryg”"),
        ("x" * 121, "plads til 120 tegn"),
    ],
)
def test_addresses_that_cannot_be_used(knees, slug, sentence):
    back = speciality("Ryg")
    move(back, "rygsmerter")
    move(back, "ryg")
    with pytest.raises(AddressError, match=sentence):
        addresses.free_for_speciality(slug, but=knees.pk)
    assert addresses.free_for_speciality("Knæ", but=knees.pk) == "knae", "its own"


@pytest.mark.parametrize("slug", ["findes-ikke", "a" * 300])
def test_what_never_was_is_not_there(client, knees, slug):
    move(knees, "knaeled")
    assert client.get(f"/specialer/{slug}/").status_code == 404
    assert client.get(f"{FIND}aarhus/{slug}/").status_code == 404
    assert "Valget findes ikke" in client.get(FIND, {"speciale": slug}).content.decode()


def test_another_process_renamed_it_this_moment(client, knees):
    """It answers with the new page, never with a 301 back: browsers keep those, and would go round."""
    speciality_for_slug("knae")
    Speciality.objects.filter(pk=knees.pk).update(slug="knaesmerter", synonyms=["knæsmerter"])
    SlugHistory.objects.create(kind=SPECIALITY, slug="knae", object_id=knees.pk)
    Tag.objects.filter(kind="speciality", key="knae").update(key="knaesmerter")
    assert client.get(f"{FIND}aarhus/knaesmerter/").status_code == 200


def test_a_number_that_was_given_to_the_new_name_before(client, knees):
    gone = speciality("Knæled")
    actions.vocabulary_changed()
    remembered = tags.tag_number(Tag.Kind.SPECIALITY, "knaeled")
    pk = gone.pk
    gone.delete()
    actions.speciality_deleted(pk=pk)
    move(knees, "knaeled")
    assert tags.tag_number(Tag.Kind.SPECIALITY, "knaeled") == remembered
    assert remembered in SearchEntry.objects.get(clinic__slug="knaeklinikken").tags
    assert not index.disagreements()


# --- what is stored by the address


def test_versions_of_clinics_follow_and_tell_of_no_change(knees):
    here = knees.clinics.get().clinic
    here.about = 'Vi skriver "speciality": "knae" på skiltet.'
    here.save()
    versions.begin(clinic=here)
    move(knees, "knaeled")
    kept = here.versions.order_by("-pk").first()
    assert [row["speciality"] for row in kept.facts["specialities"]] == ["knaeled"]
    assert kept.facts["about"] == here.about, "a clinic's own words are not touched"
    assert versions.record(clinic=here, by=None) is None


def test_a_change_that_waits_still_means_it(knees):
    move(knees, "knaeled")
    assert kind_of("speciality/knae")[2] == knees


def test_the_committed_vocabulary_does_not_bring_it_back(db):
    load_vocabulary()
    one = Speciality.objects.order_by("pk").exclude(children=None).first() or Speciality.objects.first()
    old = one.slug
    move(one, "et-helt-andet-navn")
    before = Speciality.objects.count()
    outcome = load_vocabulary()["specialities"]
    assert Speciality.objects.count() == before and not Speciality.objects.filter(slug=old).exists()
    assert old in outcome.unchanged and not outcome.absent
    assert not any(one.created for one in load_vocabulary().values())


def test_an_article_is_told_that_its_link_is_old(knees):
    move(knees, "knaeled")
    body = "Et.\n\nSe [knæ](/specialer/knae/)."
    assert codes(article(body), "link_broken", "link_old") == [("advice", "link_old", 3)]


# --- in the admin


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("eva@example.org"))
    return client


def fields(one: Speciality, **changes) -> dict:
    return {"name": one.name, "slug": one.slug, "kind": one.kind, "synonyms": "", "keywords": ""} | changes


@pytest.mark.django_db(transaction=True)
def test_an_editor_moves_it(admin, client, knees):
    page = f"/admin/clinics/speciality/{knees.pk}/change/"
    assert "fører den gamle hertil" in admin.get(page).content.decode()
    assert admin.post(page, fields(knees, slug="knæ og ben")).status_code == 302
    knees.refresh_from_db()
    assert client.get("/specialer/knae/")["Location"] == "/specialer/knae-og-ben/"
    assert knees.slug == "knae-og-ben" and addresses.current(SPECIALITY, "knae") == knees.pk
    assert not index.disagreements()


def test_an_address_that_is_taken_is_said_at_the_field(admin, knees):
    page = f"/admin/clinics/speciality/{knees.pk}/change/"
    assert "bruges af et andet speciale: “Ryg”" in admin.post(page, fields(knees, slug="ryg")).content.decode()
    move(knees, "knaeled")
    made = admin.post("/admin/clinics/speciality/add/", fields(knees, name="Ny", slug="knae"))
    assert "er den gamle adresse på “Knæ”" in made.content.decode()


def test_what_is_deleted_leaves_its_old_addresses_free(admin, client, knees):
    move(knees, "knaeled")
    knees.clinics.all().delete()
    answer = admin.post(f"/admin/clinics/speciality/{knees.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302, answer.content.decode()
    assert not SlugHistory.objects.exists() and client.get("/specialer/knae/").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clinics_speciality WHERE slug = 'knaeled'")
        assert cursor.fetchone() == (0,)
