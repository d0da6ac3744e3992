"""`/mails/stop/<token>/`: one press, also from the mail program, and back again; nobody learns whose address it is."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from clinics.mailing import stops
from clinics.models import MailStop
from fysfinder.logs import WithoutVisitor

from .html_reader import Page

pytestmark = pytest.mark.django_db


def url(address="olga@example.org") -> str:
    return stops.path_for(address)


def words(response) -> str:
    return Page(response.content.decode()).words


def test_looking_stops_nothing_a_press_does_and_can_be_undone():
    client = Client(enforce_csrf_checks=True)
    page = client.get(url())
    assert page.status_code == 200 and "Vil du ikke have flere påmindelser?" in words(page)
    assert not MailStop.objects.exists() and not page.cookies and "no-store" in page["Cache-Control"]
    assert client.head(url()).status_code == 200 and not MailStop.objects.exists()

    for _ in range(2):  # twice is once
        page = client.post(url())
        assert page.status_code == 200 and "Du får ikke flere påmindelser" in words(page)
    assert stops.is_stopped("olga@example.org") and not stops.is_stopped("per@example.org")
    assert "Fortryd" in words(client.get(url()))

    page = client.post(url(), {"fortryd": "ja"})
    assert page.status_code == 200 and not stops.is_stopped("olga@example.org")
    assert client.post(url(), {"fortryd": "ja"}).status_code == 200


def test_the_mail_programs_way():
    """RFC 8058: a POST without cookie, referrer or form of ours; the answer leads nowhere else."""
    client = Client(enforce_csrf_checks=True)
    response = client.post(url(), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200 and stops.is_stopped("olga@example.org")


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: "0" + t[1:], lambda t: "a", lambda t: t.split(":")[0]]
)
def test_a_token_that_is_not_ours(client, spoil):
    token = stops.token_for("olga@example.org")
    spoiled = spoil(token)
    if spoiled == token:
        spoiled = "1" + token[1:]
    for response in (client.get(f"/mails/stop/{spoiled}/"), client.post(f"/mails/stop/{spoiled}/")):
        assert response.status_code == 404 and "Linket virker ikke" in words(response)
    assert not MailStop.objects.exists()


def test_other_methods(client):
    assert client.put(url()).status_code == client.delete(url()).status_code == 405


def test_nothing_tells_the_address(client):
    client.post(url())
    (row,) = MailStop.objects.all()
    for text in (url(), row.digest, client.get(url()).content.decode()):
        assert "olga" not in text and "example.org" not in text
    assert "noindex" in client.get(url()).content.decode()


def test_the_log_does_not_say_whose_it_was():
    line = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "POST %s 200", (url(),), None)
    WithoutVisitor().filter(line)
    assert line.getMessage() == "POST /mails/stop/…/ 200"


@pytest.mark.parametrize("name", ["invitation", "objection"])
def test_the_log_holds_no_link_that_opens_something(name):
    line = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Gone: %s", (reverse(f"clinics:{name}", args=["hemmelig"]),), None
    )
    WithoutVisitor().filter(line)
    assert "hemmelig" not in line.getMessage()


def test_a_stop_outlives_a_change_of_the_key(settings, client):
    client.post(url())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [settings.SECRET_KEY]
    assert stops.is_stopped("OLGA@example.org ")
    settings.SECRET_KEY_FALLBACKS = []
    assert not stops.is_stopped("olga@example.org")
