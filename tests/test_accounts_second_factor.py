"""The second factor: how it is set up and used, who must have one, and what happens when it is lost."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client

from clinics.ownership import OWNER, STAFF
from fysfinder.accounts import second_factor
from fysfinder.roles import ROLES, sync_roles

from .accounts import FAST, NEXT, code_to, log_in, mails_to, person, prove

pytestmark = pytest.mark.django_db
NOON = 1_793_707_200  # 3 November 2026, 12:00 UTC: the begin of a half minute


@pytest.fixture(autouse=True)
def _fast(settings):
    settings.PASSWORD_HASHERS = FAST


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def shown(secret: str, at: int = NOON) -> str:
    return format_hotp_value(hotp_value(secret, at // 30))


def set_up(client: Client) -> str:
    """Set up an app; returns its secret."""
    prove(client, "/konto/totrin/app/")
    page = client.get("/konto/totrin/app/").content.decode()
    secret = re.search(r'account__secret">([A-Z2-7]+)<', page)[1]
    answer = client.post("/konto/totrin/app/", {"code": shown(secret)})
    assert answer["Location"] == "/konto/totrin/noedkoder/"
    return secret


def recovery_codes(client: Client) -> list[str]:
    text = client.get("/konto/totrin/noedkoder/hent/").content.decode()
    return re.findall(r"^\d{8}$", text, re.MULTILINE)


@pytest.fixture
def olga(client):
    user = person()
    log_in(client)
    return user


def test_set_up_an_app_and_log_in_with_it(client, olga, clock, django_capture_on_commit_callbacks):
    assert client.get("/konto/totrin/app/")["Location"].startswith("/konto/bekraeft/"), "the password again"
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)
    assert mails_to(olga.email)[-1].context["what"] == "Totrinslogin med en app er slået til"
    assert len(recovery_codes(client)) == 10
    clock.shift(60)
    there = Client()
    assert log_in(there, next=NEXT)["Location"] == "/konto/log-ind/andet-trin/"
    assert there.get("/konto/").status_code == 302, "the password alone is not enough"
    wrong = there.post("/konto/log-ind/andet-trin/", {"code": "000000"})
    assert "Koden er forkert" in wrong.content.decode()
    assert there.post("/konto/log-ind/andet-trin/", {"code": shown(secret, NOON + 60)})["Location"] == NEXT
    assert there.get("/konto/").status_code == 200
    again = Client()
    log_in(again)
    answer = again.post("/konto/log-ind/andet-trin/", {"code": shown(secret, NOON + 60)})
    assert answer.status_code == 200, "a code that somebody looked at over a shoulder"
    clock.shift(31)
    answer = again.post("/konto/log-ind/andet-trin/", {"code": shown(secret, NOON + 60)})
    assert answer.status_code == 200, "nor when only the clock's tolerance still takes it"
    assert again.post("/konto/log-ind/andet-trin/", {"code": shown(secret, NOON + 120)}).status_code == 302


def test_a_log_in_from_before_it_does_not_stay_open(client, olga, django_capture_on_commit_callbacks):
    """Somebody with the password who logged in first would be past it for ever, whatever role Olga is given."""
    thief = Client()
    log_in(thief)
    assert thief.get("/konto/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    assert thief.get("/konto/").status_code == 302
    assert client.get("/konto/").status_code == 200


def test_neither_a_mailed_code_nor_a_new_password_goes_past_it(client, olga):
    set_up(client)
    there = Client()
    there.post("/konto/log-ind/kode/", {"email": olga.email})
    there.post("/konto/log-ind/kode/skriv/", {"code": code_to(olga.email)})
    assert there.get("/konto/").status_code == 302
    there = Client()
    there.post("/konto/glemt-adgangskode/", {"email": olga.email})
    there.post("/konto/glemt-adgangskode/kode/", {"code": code_to(olga.email)})
    there.post("/konto/glemt-adgangskode/ny/", {"password1": "fire grønne heste"})
    assert log_in(there, password="fire grønne heste")["Location"] == "/konto/log-ind/andet-trin/"
    assert there.get("/konto/").status_code == 302


def test_a_recovery_code_works_once(client, olga):
    set_up(client)
    code = recovery_codes(client)[3]
    for works in (True, False):
        there = Client()
        log_in(there)
        answer = there.post("/konto/log-ind/andet-trin/", {"code": f"{code[:4]} {code[4:]}"})
        assert (answer.status_code == 302) is works
    page = client.get("/konto/totrin/").content.decode()
    assert "Du har 9 tilbage." in page
    old = recovery_codes(client)
    assert client.post("/konto/totrin/noedkoder/nye/").status_code == 302
    assert not set(old) & set(recovery_codes(client))


def test_the_second_factor_is_not_guessed(client, olga, clock):
    secret = set_up(client)
    said = []
    for i in range(14):
        there = Client(REMOTE_ADDR=f"192.0.2.{i}")
        log_in(there)
        said.append(there.post("/konto/log-ind/andet-trin/", {"code": f"00000{i % 10}"}).content.decode())
    assert sum("Koden er forkert" in one for one in said) == 10
    log_in(there)
    assert there.post("/konto/log-ind/andet-trin/", {"code": shown(secret)}).status_code == 200, (
        "not even the right one"
    )
    clock.shift(901)
    log_in(there)
    assert there.post("/konto/log-ind/andet-trin/", {"code": shown(secret, NOON + 901)}).status_code == 302


def test_what_is_important_asks_for_the_password_again_after_five_minutes(client, olga, clock):
    set_up(client)
    important = (
        "totrin/app/fjern/",
        "totrin/noedkoder/",
        "totrin/noedkoder/hent/",
        "totrin/noegler/ny/",
        "mine-oplysninger/",
        "slet/",
    )
    assert {client.get(f"/konto/{page}").status_code for page in important} == {200}
    clock.shift(301)
    for page in important:
        assert client.get(f"/konto/{page}")["Location"].startswith("/konto/bekraeft/?"), page
        assert client.post(f"/konto/{page}", {"sure": "on"}).status_code in (302, 405), page
    assert Authenticator.objects.filter(type="totp").exists() and User.objects.exists()


def test_a_secret_is_in_no_copy_of_the_database(client, olga):
    secret = set_up(client)
    codes = recovery_codes(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored and not any(code in stored for code in codes)


def test_another_secret_key_still_reads_what_the_old_one_wrote(client, olga, settings, clock):
    secret = set_up(client)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "en helt anden"
    clock.shift(60)
    there = Client()
    log_in(there)
    assert there.post("/konto/log-ind/andet-trin/", {"code": shown(secret, NOON + 60)}).status_code == 302


def test_what_cannot_be_read_any_more_opens_nothing(client, olga, settings, clock):
    set_up(client)
    settings.SECRET_KEY = "en helt anden"
    for code in (shown(""), "00000000", "12345678"):
        there = Client()
        log_in(there)
        assert there.post("/konto/log-ind/andet-trin/", {"code": code}).status_code == 200


# Who must have one


def with_role(role: str) -> User:
    sync_roles()
    user = person(f"{role.lower().replace('ø', 'oe')}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize("role", ROLES)
def test_every_role_but_the_owners_needs_one(role, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    user = with_role(role)
    client = Client()
    client.force_login(user)
    may_without = role in (OWNER, STAFF)
    assert second_factor.must_have(user) is not may_without
    for page in (
        *("/admin/", "/admin/articles/article/", "/admin/clinics/clinic/", "/admin/jsi18n/", "/admin/r/1/1/"),
        *("/for-klinikker/medlemmer/ryggen/", "/for-klinikker/medlemmer/ryggen/inviter/"),
    ):
        for answer in (client.get(page), client.post(page, {})):
            sent_away = answer.status_code == 302 and answer["Location"] == "/konto/totrin/?kraevet=ja"
            assert sent_away is not may_without, (role, page)
    page = client.get("/admin/", follow=True).content.decode()
    assert ("Din rolle kræver totrinslogin." in page) is not may_without


def test_an_owner_with_another_role_needs_one_and_so_does_a_right_given_alone():
    user = with_role(OWNER)
    assert not second_factor.must_have(user)
    user.groups.add(Group.objects.create(name="En ny rolle"))
    assert second_factor.must_have(user)
    single = person("ida@example.org", is_staff=True)
    assert not second_factor.must_have(single)
    single.user_permissions.add(Group.objects.get(name="Klinikejer").permissions.first())
    assert second_factor.must_have(single)
    assert second_factor.must_have(person("sara@example.org", is_staff=True, is_superuser=True))
    moderator = with_role("Moderator")
    moderator.is_staff = False  # shut out of the admin, not of the members of clinics
    assert second_factor.must_have(moderator)


def test_with_one_the_way_is_open_and_the_last_one_stays(settings, client):
    settings.REQUIRE_SECOND_FACTOR = True
    person("adam@example.org", is_staff=True, is_superuser=True)
    log_in(client, "adam@example.org")
    assert client.get("/admin/")["Location"] == "/konto/totrin/?kraevet=ja"
    set_up(client)
    assert client.get("/admin/").status_code == 200
    assert "Din rolle kræver totrinslogin" in client.get("/konto/totrin/app/fjern/").content.decode()
    client.post("/konto/totrin/app/fjern/")
    assert second_factor.has(User.objects.get(email="adam@example.org"))


def test_a_development_machine_asks_nobody(client, settings):
    assert settings.REQUIRE_SECOND_FACTOR is settings.PRODUCTION is False
    client.force_login(with_role("Administrator"))
    assert client.get("/admin/").status_code == 200


def test_the_lost_phone(client, olga):
    set_up(client)
    call_command("remove_second_factor", "OLGA@example.org", verbosity=0)
    assert not Authenticator.objects.exists()
    assert client.get("/konto/").status_code == 302, "all log-ins are over"
    assert log_in(Client(), next=NEXT)["Location"] == NEXT
    with pytest.raises(CommandError, match="No account"):
        call_command("remove_second_factor", "otto@example.org")


@pytest.mark.parametrize("body", ["{}", "[]", "null", "x", '{"id": 1}', '{"response": {"userHandle": "MQ"}}', "\x00"])
def test_a_forged_passkey_opens_nothing(client, body):
    person()
    assert client.get("/konto/log-ind/noegle/", headers={"accept": "application/json"}).status_code == 200
    answer = client.post("/konto/log-ind/noegle/", {"credential": body})
    assert answer.status_code in (302, 400) and answer.headers.get("Location", "/konto/log-ind/") == "/konto/log-ind/"
    assert client.get("/konto/").status_code == 302
