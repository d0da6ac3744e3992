"""Where an address is saved, and who sees what the geocoder answered: forms, approvals, older versions, moderators."""

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.urls import reverse

from clinics import actions, geocoding, index, pending, tasks, versions
from clinics.listing import deciding
from clinics.models import Clinic, ClinicVersion, GeocodedAddress, SearchEntry
from clinics.ownership import MODERATOR
from fysfinder.roles import sync_roles

from . import clinic_form
from .claims import moderator, person
from .geocoder import AT_POSTCODE, LOOKED_UP, now, open_geocoder, place, where
from .listing import wish
from .people import clinic, places, postcode
from .test_pending import ask_address, member, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with open_geocoder() as server:
        settings.GEOCODER_URL, settings.GEOCODER_PAUSE = server.url, 0.0
        server.says(place())
        places()
        yield server


@pytest.fixture
def here(server) -> Clinic:
    return clinic("Havnens Fysioterapi", "Aarhus C", street="Havnegade 1, 2. tv.")


# Every path that saves an address


def saved(here, server, capture, act) -> None:
    """`act` gives the clinic another address: the old point does not stay, and the new one is found after the commit."""
    geocoding.place(here.pk)
    server.says(place(56.194, 10.18, road="Bugten", house_number="2", postcode="8200"))
    with capture() as callbacks:
        act()
    one = now(here)
    assert (one.street, one.postcode_id) == ("Bugten 2", "8200")
    there = postcode("Aarhus N")
    assert where(here) == ((there.latitude, there.longitude), "postcode", "postcode")
    entry = SearchEntry.objects.get(clinic=here)
    assert (entry.latitude, entry.longitude) == (there.latitude, there.longitude)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks.geocode_clinic, "apply_async", lambda args, **options: tasks.geocode_clinic(*args))
        for one in callbacks:
            one()
    assert where(here) == ((56.194, 10.18), "geocoder", "address") and not index.disagreements()


def test_the_form(here, server, client, django_capture_on_commit_callbacks):
    adam = clinic_form.adam(client)
    url = clinic_form.address_of(here)

    def act():
        page = clinic_form.form_of(adam, url)
        assert clinic_form.faults(adam.post(url, page | {"street": "Bugten 2", "postcode": "8200"})) == ""

    saved(here, server, django_capture_on_commit_callbacks, act)
    assert not geocoding.missing().exists()


def test_a_change_that_a_moderator_approves(here, server, django_capture_on_commit_callbacks):
    olga, mona = member(here, "olga"), user("mona", MODERATOR)
    saved(
        here, server, django_capture_on_commit_callbacks,
        lambda: pending.approve(change=ask_address(here, olga), by=mona, reason="Ja."),
    )  # fmt: skip


def test_going_back_to_a_version(here, server, django_capture_on_commit_callbacks):
    mona = User.objects.create_superuser("mona")
    Clinic.objects.update(street="Bugten 2", postcode=postcode("Aarhus N"))
    there = postcode("Aarhus N")
    Clinic.objects.update(latitude=there.latitude, longitude=there.longitude)
    old = versions.record(clinic=here, by=mona)
    Clinic.objects.update(street="Havnegade 1", postcode=postcode("Aarhus C"))
    saved(here, server, django_capture_on_commit_callbacks, lambda: versions.restore(version=old, by=mona))


def test_a_listing_that_a_moderator_approves(server, django_capture_on_commit_callbacks, monkeypatch):
    sync_roles()
    asked = wish(person("olga"), street="Havnegade 1, 2. tv.")
    monkeypatch.setattr(tasks.geocode_clinic, "apply_async", lambda args, **options: tasks.geocode_clinic(*args))
    monkeypatch.setattr(tasks.deliver_mail, "apply_async", lambda **options: None)
    with django_capture_on_commit_callbacks(execute=True):
        made = deciding.approve(request=asked, by=moderator(), reason="Velkommen.", despite=True)
    assert where(made) == LOOKED_UP


def test_a_broker_that_is_away_breaks_no_save(here, server, monkeypatch, django_capture_on_commit_callbacks):
    def away(*arguments, **options):
        raise OSError

    monkeypatch.setattr(tasks.geocode_clinic, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        actions.clinic_changed(clinic=now(here))
    assert geocoding.missing().get() == here


def test_what_the_worker_moved_is_nobodys_change(here, server):
    """The next who saves is not told to have moved the point."""
    versions.record(clinic=here, by=None)
    geocoding.place(here.pk)
    newest = ClinicVersion.objects.order_by("-pk").first()
    assert (newest.made_by, newest.note) == (None, "Punktet på kortet fundet ud fra adressen")
    assert versions.record(clinic=here, by=None) is None


def test_a_page_that_was_open_meanwhile_moves_nothing_back(here, server, client):
    """A moderator makes a clinic and writes on; the worker finds the door after two seconds."""
    adam = clinic_form.adam(client)
    url = clinic_form.address_of(here)
    page = clinic_form.form_of(adam, url)
    geocoding.place(here.pk)
    assert clinic_form.faults(adam.post(url, page | {"about": "Vi bor ved havnen."})) == ""
    assert where(here) == LOOKED_UP and now(here).about == "Vi bor ved havnen."
    page = clinic_form.form_of(adam, url)
    assert clinic_form.faults(adam.post(url, page | {"latitude": "56,158", "longitude": "10,212"})) == ""
    assert where(here) == ((56.158, 10.212), "hand", "address")


# What a moderator sees and does


LIST = "/admin/clinics/geocodedaddress/"


def test_a_moderator_reads_why_and_has_it_looked_up_again(here, server, client, django_capture_on_commit_callbacks):
    mona = user("mona", MODERATOR)
    client.force_login(mona)
    other = clinic("I hånden", "Aarhus C", street="Havnegade 1", location_source="hand", latitude=56.158)
    server.says(place(road="<b>Vestergade</b>"))
    geocoding.place(here.pk)
    row = GeocodedAddress.objects.get()
    one = reverse("admin:clinics_geocodedaddress_change", args=[quote(row.pk)])
    for url in (LIST, f"{LIST}?svar=afvist", f"{LIST}?q=havnegade", one):
        page = client.get(url, follow=True).content.decode()
        assert "Havnegade 1, 8000 Aarhus C" in page and "en anden vej: &lt;b&gt;Vestergade" in page, url
    assert "Havnegade" not in client.get(f"{LIST}?svar=fundet").content.decode()
    server.says(place())
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client.post(LIST, {"action": "again", "_selected_action": [row.pk]}, follow=True)
    assert "1 adresse slås op igen for 1 klinik." in answer.content.decode()
    assert len(callbacks) >= 1 and not GeocodedAddress.objects.exists()
    assert geocoding.place_missing() == 1 and where(here) == LOOKED_UP
    assert now(other).latitude == 56.158
    # A point that turned out to be wrong goes at once.
    with django_capture_on_commit_callbacks():
        client.post(LIST, {"action": "again", "_selected_action": [GeocodedAddress.objects.get().pk]})
    assert where(here) == AT_POSTCODE and geocoding.missing().get() == here


@pytest.mark.parametrize("role", ["owner", "staff"])
def test_a_clinics_members_do_not_see_it(here, server, client, role):
    client.force_login(member(here, "olga", role))
    assert client.get(LIST).status_code == 403
    assert client.post(LIST, {"action": "again", "_selected_action": ["x"]}).status_code == 403
