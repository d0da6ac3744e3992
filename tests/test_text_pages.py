"""The pages of plain text: they answer, they promise nothing that is not there, and a number to ring is never far."""

import datetime
import re

import pytest
from django.core.management import call_command

from clinics.reporting import redress
from clinics.reviews import codes, contests, retention
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


def words(page) -> str:
    return re.sub(r"<[^>]+>", "", page.content.decode())


def test_privacy_promises_what_is_done(client):
    """Numbers of clinics/reviews/retention.py, which does it."""
    text = words(client.get("/privatliv/"))
    hours, day = datetime.timedelta(hours=1), datetime.timedelta(days=1)
    for span, unit, word in (
        (retention.UNCONFIRMED, hours, "sletter vi det hele efter {} timer"),
        (retention.CONTEST, hours, "Vi sletter den {} timer efter, at anmeldelsen er vist"),
        (retention.ANSWERED, day, "afvist eller taget ned, sletter vi den efter {} dage"),
        (retention.LONGEST_EMAIL, day, "aldrig i mere end {} dage"),
        (retention.SENT_MAIL, hours, "Mails, vi har sendt dig, sletter vi hos os efter {} timer"),
        (retention.FAILED_MAIL, day, "eller {} dage, hvis de ikke kunne komme frem"),
        (retention.SOURCE, hours, "Dit netværk gemmer vi i {} timer"),
        (retention.SOURCE, hours, "Koden for dit netværk sletter vi efter {} timer"),
        (retention.TRACES, day, "I {} dage kan vi se, hvilket ark"),
        (retention.REPORTER, day, "Vi sletter dem {} dage efter, at sagen er afgjort"),
        (codes.GOOD_FOR, day * 365.25 / 12, "og koderne efter {} måneder"),
    ):
        assert word.format(round(span / unit)) in text
    for months, word in (
        (retention.HIDDEN_MONTHS, "ikke bliver vist, sletter vi efter {} måneder: så længe kan du klage"),
        (retention.HIDDEN_MONTHS, "Et svar, vi afviser, sletter vi efter {} måneder"),
        (retention.CASE_MONTHS, "længere, men højst i {} måneder"),
        (retention.CASE_MONTHS, "Selve sagen sletter vi efter {} måneder"),
        (retention.CASE_MONTHS, "en indsigelse eller klage {} måneder efter, at den er afgjort"),
    ):
        assert word.format(months) in text


def test_terms_say_the_windows_of_the_code(client):
    text = words(client.get("/vilkaar/"))
    assert f"indtil {redress.APPEAL_MONTHS} måneder efter" in text
    assert f"gøre indsigelse inden for {contests.WINDOW // datetime.timedelta(hours=1)} timer" in text
    assert contests.WINDOW == retention.CONTEST, "the address is kept as long as the clinic may contest"


def test_terms_hold_every_rule_that_a_decision_can_rest_on(client):
    """DSA art. 17(3)(e): a reason that names the terms must be found there."""
    text = words(client.get("/vilkaar/"))
    for rule in ("oplysninger om bestemte personer", "trusler, had eller chikane", "reklame", "skjulte interesser"):
        assert rule in text
    assert "et besøg, du selv har været til" in text and "råd om helbred, som kan skade andre" in text


def test_terms_invent_no_company_and_say_what_is_missing(client):
    text = words(client.get("/vilkaar/"))
    assert (
        "hvem der driver FysFinder: navn, adresse og CVR-nummer" in text and "Du kan ikke skrive til os endnu" in text
    )
    assert "mailto:" not in text and not re.search(r"\b\d{8}\b", text)


def test_consent_leads_to_terms_and_privacy(client):
    footer = client.get("/om/").content.decode().partition("<footer")[2]
    assert 'href="/vilkaar/"' in footer and 'href="/privatliv/"' in footer
    assert 'id="anmeldelser"' in client.get("/privatliv/").content.decode()
