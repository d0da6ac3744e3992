"""An account as its owner meets it: opened, used, changed and closed, with the way back to where one came from."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client

from clinics import outbox
from clinics.ownership import OWNER
from fysfinder.accounts import signals

from .accounts import FAST, NEXT, PASSWORD, code_to, log_in, mails_to, person, prove

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fast(settings):
    settings.PASSWORD_HASHERS = FAST


def sign_up(client: Client, email: str = "olga@example.org", **more: str):
    return client.post("/konto/opret/", {"email": email, "password1": PASSWORD, **more})


def test_from_sign_up_by_a_mailed_code_to_where_one_came_from(client):
    answer = client.get(f"/konto/opret/?next={NEXT}")
    assert "Trin 1 af 2" in answer.content.decode()
    answer = sign_up(client, next=NEXT)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert "olga@example.org" in page.content.decode()
    assert not User.objects.get().last_login
    assert [one.template for one in mails_to("olga@example.org")] == ["account_sign_up_code"]
    assert outbox.deliver_waiting() == 1
    assert mail.outbox[0].subject == "Din kode til en konto på FysFinder"
    answer = client.post("/konto/bekraeft-email/", {"code": _code_in(mail.outbox[0].body)})
    assert answer["Location"] == NEXT
    assert client.get("/konto/").status_code == 200
    user = User.objects.get()
    assert (user.username, user.email, user.is_staff) == ("olga@example.org", "olga@example.org", False)
    assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()


def _code_in(body: str) -> str:
    return re.search(r"^\d{4}-\d{4}$", body, re.MULTILINE)[0]


def test_whoever_stops_before_the_code_goes_on_at_log_in(client):
    sign_up(client)
    answer = log_in(Client(), next=NEXT)
    assert answer["Location"].startswith("/konto/bekraeft-email/")
    there = Client()
    log_in(there, next=NEXT)
    answer = there.post("/konto/bekraeft-email/", {"code": code_to("olga@example.org")})
    assert answer["Location"] == NEXT


def test_a_new_code_replaces_the_old(client):
    sign_up(client)
    first = code_to("olga@example.org")
    client.post("/konto/bekraeft-email/", {"action": "resend"})
    assert len(mails_to("olga@example.org")) == 2
    second = code_to("olga@example.org")
    assert first != second
    assert client.post("/konto/bekraeft-email/", {"code": first}).status_code == 200
    assert client.post("/konto/bekraeft-email/", {"code": second.replace("-", "")}).status_code == 302


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kort", "mindst 10 tegn"),
        ("1234567890123", "kun tal"),
        ("password123456", "bruger mange"),
        ("olga@example.org", "ligner"),
        ("", "Skriv din adgangskode."),
    ],
)
def test_a_poor_password_is_refused_in_danish(client, password, said):
    answer = client.post("/konto/opret/", {"email": "olga@example.org", "password1": password})
    assert said in answer.content.decode() and "<title>Fejl: " in answer.content.decode()
    assert not User.objects.exists() and not mails_to("olga@example.org")


def test_log_in_and_out(client):
    person()
    assert log_in(client, "OLGA@Example.org ", next=NEXT)["Location"] == NEXT
    assert client.get("/konto/log-ind/?next=/konto/email/")["Location"] == "/konto/email/"
    assert client.get("/konto/log-ud/").status_code == 200, "asks; a link on somebody's page logs nobody out"
    answer = client.post("/konto/log-ud/", follow=True)
    assert "Du er logget ud." in answer.content.decode()
    assert client.get("/konto/")["Location"] == "/konto/log-ind/?next=/konto/"


def test_log_in_leads_an_owner_to_the_clinics_and_others_to_their_account(client):
    person()
    assert log_in(client)["Location"] == "/konto/"
    owner = person("ole@example.org", is_staff=True)
    owner.groups.add(Group.objects.get_or_create(name=OWNER)[0])
    assert log_in(Client(), "ole@example.org")["Location"] == "/admin/"


def test_log_in_by_a_mailed_code(client):
    person()
    answer = client.post("/konto/log-ind/kode/", {"email": "olga@example.org", "next": NEXT})
    page = answer["Location"]
    assert client.get(page).status_code == 200
    answer = client.post(page, {"code": code_to("olga@example.org"), "next": NEXT})
    assert answer["Location"] == NEXT
    assert client.get("/konto/").status_code == 200


def test_a_forgotten_password(client):
    person()
    elsewhere = Client()
    log_in(elsewhere)
    answer = client.post("/konto/glemt-adgangskode/", {"email": "olga@example.org", "next": NEXT})
    answer = client.post(answer["Location"], {"code": code_to("olga@example.org"), "next": NEXT})
    answer = client.post(answer["Location"], {"password1": "fire grønne heste", "next": NEXT})
    assert answer["Location"] == NEXT, "which asks to log in, with the new one"
    assert client.get("/konto/").status_code == 302
    assert log_in(client).status_code == 200
    assert log_in(client, password="fire grønne heste", next=NEXT)["Location"] == NEXT
    assert elsewhere.get("/konto/").status_code == 302, "whoever had the old password is out"
    assert [one.template for one in mails_to("olga@example.org")] == ["account_reset_code", "account_notice"]


def test_another_address(client):
    user = person()
    log_in(client)
    answer = client.post("/konto/email/", {"email": "Ny@Example.org", "action_add": "1"})
    assert answer["Location"].startswith("/konto/bekraeft/?")
    answer = prove(client, "/konto/email/")
    assert answer["Location"] == "/konto/bekraeft-email/"
    user.refresh_from_db()
    assert user.email == "olga@example.org", "until the new one is confirmed"
    answer = client.post("/konto/bekraeft-email/", {"code": code_to("ny@example.org")}, follow=True)
    assert "Du logger nu ind med ny@example.org." in answer.content.decode()
    user.refresh_from_db()
    assert (user.email, user.username) == ("ny@example.org", "ny@example.org")
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("ny@example.org", True, True)]
    assert mails_to("olga@example.org")[-1].context["what"] == "Din e-mail er skiftet", "the old address learns of it"
    assert sign_up(Client()).status_code == 302
    assert User.objects.filter(username="olga@example.org").exists(), "the old address is free for somebody else"


def test_another_password(client):
    person()
    elsewhere = Client()
    log_in(elsewhere)
    log_in(client)
    wrong = client.post("/konto/adgangskode/", {"oldpassword": "x", "password1": "fire grønne heste"})
    assert "Det er ikke din nuværende adgangskode." in wrong.content.decode()
    answer = client.post("/konto/adgangskode/", {"oldpassword": PASSWORD, "password1": "fire grønne heste"})
    assert answer["Location"] == "/konto/"
    assert client.get("/konto/").status_code == 200
    assert elsewhere.get("/konto/").status_code == 302
    assert client.get("/.well-known/change-password")["Location"] == "/konto/adgangskode/"


def test_where_one_is_logged_in_and_out_again(client):
    person()
    elsewhere, third = (
        Client(headers={"user-agent": "Mozilla/5.0 (iPhone) AppleWebKit Version/18 Safari/604"}),
        Client(),
    )
    for one in (elsewhere, third, client):
        log_in(one)
    page = client.get("/konto/enheder/").content.decode()
    assert "Safari på iPhone" in page and page.count("Denne enhed") == 1
    other = UserSession.objects.get(user_agent__contains="iPhone")
    assert other.ip == signals.NOBODY, "where somebody sits is not kept"
    client.post("/konto/enheder/log-ud/", {"log_ind": str(other.pk)})
    assert [one.get("/konto/").status_code for one in (elsewhere, third, client)] == [302, 200, 200]
    for nonsense in ("x", "-1", "9" * 30, "²"):
        assert client.post("/konto/enheder/log-ud/", {"log_ind": nonsense}).status_code == 302
    assert third.get("/konto/").status_code == 200
    client.post("/konto/enheder/log-ud/")
    assert [one.get("/konto/").status_code for one in (third, client)] == [302, 200]


def test_nobody_ends_anothers_log_in(client):
    person()
    log_in(client)
    person("ole@example.org")
    stranger = Client()
    log_in(stranger, "ole@example.org")
    mine = UserSession.objects.get(user__email="olga@example.org")
    stranger.post("/konto/enheder/log-ud/", {"log_ind": str(mine.pk)})
    stranger.post("/konto/enheder/log-ud/")
    assert client.get("/konto/").status_code == 200


def test_a_closed_account(client):
    person(is_active=False)
    answer = log_in(client)
    assert answer["Location"] == "/konto/lukket/"
    assert client.get("/konto/lukket/").status_code == 200
    assert client.get("/konto/").status_code == 302


def test_the_admins_door_is_this_one(client):
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    answer = client.get("/admin/login/?next=/admin/clinics/clinic/")
    assert answer["Location"] == "/konto/log-ind/?next=%2Fadmin%2Fclinics%2Fclinic%2F"
    get_user_model().objects.create_superuser("sara@example.org", "sara@example.org", PASSWORD)
    assert log_in(client, "sara@example.org", next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_every_account_page_is_private(client):
    for address in ("/konto/", "/konto/log-ind/", "/konto/opret/", "/konto/findes-ikke/"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store, private", address
        assert answer["X-Robots-Tag"] == "noindex", address
    assert '<meta name="robots" content="noindex">' in client.get("/konto/log-ind/").content.decode()
