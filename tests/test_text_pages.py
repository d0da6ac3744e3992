"""The pages of plain text: they answer, they promise nothing that is not there, and a number to ring is never far."""

import pytest
from django.core.management import call_command

from fysfinder.urls import PAGES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", PAGES)
def test_every_text_page_leads_to_112_and_to_the_out_of_hours_numbers(client, address):
    page = client.get(f"/{address}").content.decode()
    assert 'href="tel:112"' in page
    assert 'href="/kontakt/#laegevagten"' in page


def test_contact_has_the_number_of_every_region(client):
    call_command("load_places", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    page = client.get("/kontakt/").content.decode()
    assert 'id="laegevagten"' in page
    for number in ("1813", "1818", "70110707", "70113131", "70150300"):
        assert f'href="tel:{number}"' in page


def test_contact_invites_nobody_to_write_where_there_is_no_address(client):
    page = client.get("/kontakt/").content.decode()
    assert "mailto:" not in page
    assert "Det kan du ikke endnu" in page


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ([], "Også kortet over klinikkerne er vores eget."),
        (["https://tiles.example"], "henter din browser billeder hos https://tiles.example"),
    ],
)
def test_privacy_says_who_draws_the_map(client, settings, hosts, said):
    settings.MAP_TILE_HOSTS = hosts
    assert said in client.get("/privatliv/").content.decode()
