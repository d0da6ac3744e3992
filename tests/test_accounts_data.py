"""What an account holds, how its owner takes it along or away, and how accounts come to be without a form."""

import json

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from clinics import memberships
from clinics.models import Claim, Outbox
from fysfinder import demo
from fysfinder.accounts import actions, export
from fysfinder.roles import EDITOR, sync_roles

from .accounts import FAST, PASSWORD, log_in, mails_to, person, prove
from .people import clinic
from .worlds import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fast(settings):
    settings.PASSWORD_HASHERS = FAST


@pytest.fixture
def olga(client):
    user = person()
    log_in(client)
    return user


@kept
def places():
    call_command("load_places", verbosity=0)


# Own data


def test_everything_about_a_person_in_one_file(client, olga, places):
    ours, other = clinic("Ryggen", "Aarhus C"), person("ole@example.org")
    memberships.join(clinic=ours, user=olga, role="owner", by=olga)
    Claim.objects.create(clinic=ours, user=olga, explanation="Jeg ejer den.", code_hash="hemmelig-hash")
    Claim.objects.create(clinic=ours, user=other, explanation="En andens.")
    Authenticator.objects.create(user=olga, type="totp", data={"secret": "hemmelig"})
    assert client.get("/konto/mine-oplysninger/")["Location"].startswith("/konto/bekraeft/?"), "asks again"
    prove(client, "/konto/mine-oplysninger/")
    answer = client.get("/konto/mine-oplysninger/")
    assert answer["Content-Disposition"] == 'attachment; filename="fysfinder-mine-oplysninger.json"'
    text = answer.content.decode()
    data = json.loads(text)
    assert data["account"]["email"] == "olga@example.org"
    assert data["memberships"][0]["clinic__name"] == "Ryggen"
    assert [one["explanation"] for one in data["claims"]] == ["Jeg ejer den."]
    assert data["second_factors"][0]["type"] == "totp"
    for secret in ("hemmelig", "ole@example.org", "En andens", olga.password, client.session.session_key):
        assert secret not in text


def test_every_row_that_names_a_user_is_in_it_or_left_out_on_purpose():
    named = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in get_user_model()._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }
    decided = {f"{model._meta.label}.{field}" for _, model, field, _ in export.EXPORTED} | set(export.ELSEWHERE)
    assert named == decided, "a new key to a user belongs in fysfinder/accounts/export.py"


# The end


def test_deleting_the_account(client, olga, places):
    alone, shared = clinic("Ryggen", "Aarhus C"), clinic("Knæet", "Odense C")
    ole = person("ole@example.org")
    for one in (alone, shared):
        memberships.join(clinic=one, user=olga, role="owner", by=olga)
    memberships.join(clinic=shared, user=ole, role="owner", by=olga)
    claim = Claim.objects.create(clinic=clinic("Foden", "Aarhus C"), user=olga, status="waiting")
    elsewhere = Client()
    log_in(elsewhere)
    Outbox.objects.all().delete()
    prove(client, "/konto/slet/")
    page = client.get("/konto/slet/").content.decode()
    assert page.index("Ingen andre ejer") < page.index("Ryggen") < page.index("Du forlader også") < page.index("Knæet")
    assert "Sæt kryds" in client.post("/konto/slet/").content.decode() and User.objects.filter(pk=olga.pk).exists()
    answer = client.post("/konto/slet/", {"sure": "on"})
    assert answer["Location"] == "/konto/slettet/" and client.get("/konto/slettet/").status_code == 200
    assert not User.objects.filter(pk=olga.pk).exists() and not EmailAddress.objects.filter(user=olga.pk).exists()
    assert [one.get("/konto/").status_code for one in (client, elsewhere)] == [302, 302]
    assert not memberships.has_owner(alone) and memberships.has_owner(shared)
    claim.refresh_from_db()
    assert (claim.status, claim.user) == ("withdrawn", None)
    assert [one.template for one in mails_to("olga@example.org")] == ["account_deleted"]
    assert [one.template for one in mails_to("ole@example.org")] == ["member_news"]
    assert log_in(Client()).status_code == 200, "as if it had never been"


def test_who_works_here_is_not_gone_in_a_moment(client, olga):
    """With the account would go who decided what."""
    sync_roles()
    olga.is_staff = True
    olga.save()
    olga.groups.add(Group.objects.get(name=EDITOR))
    prove(client, "/konto/slet/")
    answer = client.post("/konto/slet/", {"sure": "on"})
    assert actions.HAS_A_ROLE in answer.content.decode()
    assert User.objects.filter(pk=olga.pk).exists()


def test_accounts_that_nobody_confirmed_go_after_a_week():
    with time_machine.travel("2026-11-03 12:00:00Z", tick=False):
        old = person("gammel@example.org", verified=False)
        person("bekraeftet@example.org")
        get_user_model().objects.create_superuser("root", password=PASSWORD)
        person("stab@example.org", verified=False, is_staff=True)
    with time_machine.travel("2026-11-10 11:00:00Z", tick=False):
        assert actions.remove_unconfirmed() == 0
    with time_machine.travel("2026-11-10 13:00:00Z", tick=False):
        person("ny@example.org", verified=False)
        assert actions.remove_unconfirmed() == 1
    assert not User.objects.filter(pk=old.pk).exists() and User.objects.count() == 4


# Without a form


def test_a_superuser_made_on_the_command_line_logs_in(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", username="sara", email="Sara@Example.ORG", verbosity=0)
    assert log_in(client, "sara@example.org", next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    call_command("createsuperuser", "--noinput", username="adam@example.org", email="", verbosity=0)
    assert log_in(Client(), "adam@example.org", next="/admin/")["Location"] == "/admin/", (
        "a user name that is an address"
    )


def test_a_superuser_without_an_address_is_said_to_be_locked_out(monkeypatch, caplog):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", username="root", email="", verbosity=0)
    assert "has no e-mail address and cannot log in" in caplog.text


def test_a_new_superuser_takes_no_address_over():
    olga = person()
    get_user_model().objects.create_superuser("sara", "olga@example.org", PASSWORD)
    assert EmailAddress.objects.get(email="olga@example.org", verified=True).user == olga


def test_the_demo_log_ins_log_in(places):
    call_command("load_vocabulary", verbosity=0)
    call_command("seed_demo", clinics=6, verbosity=0)
    roles = {name: role for name, _, role in demo.log_ins()}
    assert roles["olga@example.org"] == "Klinikejer" and roles["mona@example.org"] == "Moderator"
    for name, password, _ in demo.log_ins():
        client = Client()
        assert log_in(client, name, password, next="/admin/")["Location"] == "/admin/", name
        assert client.get("/admin/").status_code == 200, name
    olga = User.objects.get(email="olga@example.org")
    assert olga.memberships.active().get().clinic.is_example
    call_command("seed_demo", clinics=6, verbosity=0)
    assert olga.memberships.count() == 1
    call_command("seed_demo", remove=True, verbosity=0)
    assert not User.objects.exists() and not EmailAddress.objects.exists()


def test_the_admin_shows_no_secrets_and_nobodys_log_ins():
    shown = {model._meta.label for model in admin.site._registry}
    assert not shown & {
        "mfa.Authenticator",
        "account.EmailAddress",
        "account.EmailConfirmation",
        "usersessions.UserSession",
    }
