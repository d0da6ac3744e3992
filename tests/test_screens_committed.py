"""Screens of the admin as a server runs them: each request in its own transaction, or in none. Other tests run inside one,
which hides a lock that is asked for where there is no transaction."""

import pytest

from clinics.models import Clinic, ClinicVersion, PendingChange

from . import attack
from .attack import World
from .clinic_form import form_of
from .test_pending_screens import ask_url, browser
from .test_pin import pin_url
from .worlds import kept

pytestmark = pytest.mark.django_db(transaction=True)


@kept
def world() -> World:
    return attack.build()


def test_an_owner_asks_places_and_goes_back(world):
    olga = browser(world, "olga")
    answer = olga.post(ask_url(world.a), {"name": "Bugtens Fysioterapi", "evidence": "CVR 12345678"})
    assert answer.status_code == 302 and PendingChange.objects.get().new == {"name": "Bugtens Fysioterapi"}

    answer = olga.post(pin_url(world.a), {"latitude": "56,16", "longitude": "10,215"})
    assert answer.status_code == 302 and Clinic.objects.get(pk=world.a.pk).latitude == 56.16

    back = (
        f"/admin/clinics/clinic/{world.a.pk}/history/{ClinicVersion.objects.filter(clinic=world.a).last().pk}/restore/"
    )
    assert olga.post(back, {"seen": "of another page"}).status_code == 422


@pytest.mark.parametrize("who", ["olga", "mona"])
def test_a_page_that_only_shows_may_be_sent_as_a_form(world, who):
    assert browser(world, who).post(f"/admin/clinics/clinic/{world.a.pk}/history/").status_code == 200


def test_save_and_close_leads_a_member_to_the_own_page(world):
    olga, screen = browser(world, "olga"), f"/admin/clinics/clinic/{world.a.pk}/change/"
    sent = {key: value for key, value in form_of(olga, screen).items() if key != "_continue"} | {"_save": ""}
    assert olga.post(screen, sent)["Location"] == f"/admin/?klinik={world.a.pk}"
