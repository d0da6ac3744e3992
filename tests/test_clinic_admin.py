"""The clinic in the admin: a new one, another address, the end; who gets in; the list."""

import datetime

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType

from clinics import addresses
from clinics.models import Clinic, SearchEntry, SlugHistory
from fysfinder.roles import ADMINISTRATOR

from . import clinic_form
from .clinic_form import faults, form_of, made, refused, row, send, stored
from .people import clinic, postcode
from .staff import staff
from .worlds import kept

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def sara(admin_client):
    """A superuser; what Adam, the administrator, may do is the same (tests/test_clinic_admin.py)."""
    return admin_client


@kept
def one():
    return made()


# A new clinic, another address, the end


def new(sara, **fields):
    address = "/admin/clinics/clinic/add/"
    return sara.post(address, form_of(sara, address) | fields)


def test_a_new_clinic_needs_a_name_and_a_postcode(sara, one):
    assert faults(new(sara, name="Ny Fys", postcode="5000 Odense C", phone="66121212")) == ""
    made = Clinic.objects.get(name="Ny Fys")
    assert (made.slug, made.status, made.latitude) == ("ny-fys", "draft", postcode("Odense C").latitude)
    assert faults(new(sara, name="Ny Fys", postcode="9000")) == ""
    assert Clinic.objects.filter(slug="ny-fys-aalborg").exists()
    assert "bruges af en anden klinik" in faults(new(sara, name="Ny Fys", postcode="9000"))
    assert "påkrævet" in faults(new(sara, name="Ny Fys"))


def test_the_old_address_leads_to_the_new_one(sara, one):
    assert faults(send(sara, one, slug="Ærø Fys")) == ""
    one.refresh_from_db()
    assert one.slug == "aeroe-fys"
    assert addresses.current(SlugHistory.Kind.CLINIC, "havnens-fysioterapi") == one.pk
    assert faults(send(sara, one, slug="havnens-fysioterapi")) == ""
    assert addresses.current(SlugHistory.Kind.CLINIC, "havnens-fysioterapi") is None
    assert addresses.current(SlugHistory.Kind.CLINIC, "aeroe-fys") == one.pk
    clinic("Fjordens Fysioterapi", "Aarhus C")
    refused(sara, one, "bruges af en anden klinik", slug="fjordens-fysioterapi")


def test_a_closed_clinic_is_found_no_more(sara, one, client):
    assert faults(send(sara, one, status="closed")) == ""
    assert not SearchEntry.objects.filter(clinic=one).exists()
    assert client.get(f"/klinik/{one.slug}/").status_code == 410


def test_a_deleted_clinic_leaves_nothing(sara, one):
    assert faults(send(sara, one, slug="nyt")) == ""
    assert sara.post(f"/admin/clinics/clinic/{one.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Clinic.objects.exists() and not SlugHistory.objects.exists() and not SearchEntry.objects.exists()


# Who gets in


PAGES = [
    "clinics/clinic/", "clinics/clinic/add/", "clinics/clinic/{clinic}/change/", "clinics/clinic/{clinic}/delete/",
    "clinics/clinic/{clinic}/history/", "clinics/correction/", "clinics/correction/{correction}/change/",
]  # fmt: skip


def test_an_administrator_fills_in_all_of_it(client, one):
    adam = clinic_form.adam(client)
    week, price = (
        {"hours_treatment_0": "8-16"},
        row("prices", 1, initial=1, kind="follow_up", amount="400", minutes="30"),
    )
    assert faults(send(adam, one, name="Adams navn", **week, **price)) == ""
    one.refresh_from_db()
    assert (one.name, one.prices.count(), one.opening_hours.count()) == ("Adams navn", 2, 1)


def test_nobody_who_looks_after_articles_gets_in(client, one):
    """Members and moderators: tests/test_admin_attack.py and test_members_form.py."""
    people = staff()
    correction = one.corrections.create(group="prices", text="Prisen er en anden.")
    before = stored(one)
    for name, user in people.items():
        client.force_login(user)
        may = name == "sara" or user.groups.filter(name=ADMINISTRATOR).exists()
        for page in PAGES:
            address = f"/admin/{page.format(clinic=one.pk, correction=correction.pk)}"
            assert (client.get(address).status_code == 200) == may, (name, address)
            if not may:
                assert client.post(address, {"post": "yes", "_confirm": "1"}).status_code in (302, 403, 404)
    assert stored(one) == before


def test_the_address_of_a_draft_is_told_to_nobody_else(client, one):
    """“Se på website” is a redirect that Django gives to all who may log in."""
    draft = clinic("Hemmelig Kladde", "Odense C", status="draft")
    kind = ContentType.objects.get_for_model(Clinic).pk
    people = staff()
    for name, user in people.items():
        client.force_login(user)
        may = name == "sara" or user.groups.filter(name=ADMINISTRATOR).exists()
        response = client.get(f"/admin/r/{kind}/{draft.pk}/")
        assert (response.status_code == 302) == may, name
        assert ("hemmelig-kladde" in str(response.headers)) == may, name
    client.force_login(people["adam"])
    for nonsense in ("x/y", f"{kind}/0", "999999/1", f"{kind}/x", "9" * 40 + "/1", f"{kind}/%00"):
        assert client.get(f"/admin/r/{nonsense}/").status_code in (403, 404), nonsense
    client.logout()
    assert "/admin/login/" in client.get(f"/admin/r/{kind}/{draft.pk}/")["Location"]


def test_only_what_is_public_can_be_looked_at(sara, one):
    draft = clinic("Hemmelig Kladde", "Odense C", status="draft")
    assert f'href="/klinik/{one.slug}/"' in sara.get(clinic_form.address_of(one)).content.decode()
    page = sara.get(clinic_form.address_of(draft)).content.decode()
    assert "/admin/r/" not in page and f"/klinik/{draft.slug}/" not in page


# The list


def test_the_list_says_what_is_missing_in_as_many_queries_for_many(sara, one, django_assert_max_num_queries):
    sara.get("/admin/clinics/clinic/")  # terms and rights are remembered from here on
    with django_assert_max_num_queries(8):
        page = sara.get("/admin/clinics/clinic/").content.decode()
    assert "mangler: specialer" in page
    for number in range(10):
        clinic(f"Klinik {number}", "Odense C", price=300 + number, specialities=["Knæ"])
    sara.get("/admin/clinics/clinic/")
    with django_assert_max_num_queries(8):
        sara.get("/admin/clinics/clinic/")


@time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False)
def test_the_list_is_filtered_by_age_and_by_what_is_missing(sara, one):
    for name, day in {"Frisk": "2026-06-01", "Snart": "2026-05-21", "Gammel": "2025-11-20"}.items():
        clinic(name, "Odense C", confirmed_at=datetime.date.fromisoformat(day), phone="")

    def found(query: str) -> set[str]:
        return {one.name for one in sara.get(f"/admin/clinics/clinic/?{query}").context["cl"].result_list}

    assert found("frisk=fresh") == {"Frisk"}
    assert found("frisk=due") == {"Snart"}
    assert found("frisk=stale") == {"Gammel"}
    assert found("frisk=never") == {one.name}
    assert found("mangler=phone") == {"Frisk", "Snart", "Gammel"}
    assert found("mangler=price_first") == {"Frisk", "Snart", "Gammel"}
    assert found("mangler=intet") == set()
    assert found("mangler=noget&frisk=x") == {"Frisk", "Snart", "Gammel", one.name}
