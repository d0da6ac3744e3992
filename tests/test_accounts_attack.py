"""Accounts as their attackers meet them: who is known, guessing, stolen sessions, forged ways back, and letters that lie."""

import threading
from contextlib import contextmanager

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from clinics.models import Outbox
from fysfinder.accounts import limits, names

from .accounts import FAST, NEXT, PASSWORD, code_to, log_in, mails_to, person, text_of

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "olga@example.org", "otto@example.org"  # of one length


@pytest.fixture(autouse=True)
def _fast(settings):
    settings.PASSWORD_HASHERS = FAST


@contextmanager
def hashes():
    """How many passwords are hashed meanwhile: the only slow thing about a log-in."""
    made, encode = [], MD5PasswordHasher.encode
    MD5PasswordHasher.encode = lambda self, *args: (made.append(1), encode(self, *args))[1]
    try:
        yield made
    finally:
        MD5PasswordHasher.encode = encode


def walk(email: str, steps) -> list:
    """What a stranger sees of `steps` (address, fields) with this address: pages, ways on, hashes, mails, cookies' names."""
    client, seen = Client(), []
    for address, fields in steps:
        before = Outbox.objects.count()
        with hashes() as made:
            answer = client.post(address, {name: value.replace("WHO", email) for name, value in fields.items()})
        mails = Outbox.objects.count() - before
        seen.append((answer.status_code, answer.headers.get("Location"), text_of(answer, email), len(made), mails))
        if answer.status_code == 302:
            seen.append(text_of(client.get(answer["Location"]), email))
    return [*seen, sorted(client.cookies)]


SIGN_UP = ("/konto/opret/", {"email": "WHO", "password1": "fire grønne heste", "next": NEXT})
EMAIL_CODE = ("/konto/bekraeft-email/", {"code": "wrong"})
ASK_CODE = ("/konto/log-ind/kode/", {"email": "WHO", "next": NEXT})
LOG_IN_CODE = ("/konto/log-ind/kode/skriv/", {"code": "1111-1111"})
FORGOT = ("/konto/glemt-adgangskode/", {"email": "WHO"})
RESET_CODE = ("/konto/glemt-adgangskode/kode/", {"code": "1111-1111"})
WAYS = {
    "log-in": [("/konto/log-ind/", {"login": "WHO", "password": "forkert"})] * 8,
    "sign-up": [SIGN_UP, *[EMAIL_CODE] * 3],
    "sign-up twice": [SIGN_UP, ("/konto/log-ud/", {}), SIGN_UP],
    "sign-up, empty code": [SIGN_UP, ("/konto/bekraeft-email/", {"code": ""})],
    "sign-up with a poor password": [("/konto/opret/", {"email": "WHO", "password1": "kort"})],
    "code": [ASK_CODE, *[LOG_IN_CODE] * 3],
    "code, again after three": [ASK_CODE, *[LOG_IN_CODE] * 3, ASK_CODE, LOG_IN_CODE],
    "forgotten": [FORGOT, *[RESET_CODE] * 3],
    "forgotten, again after three": [FORGOT, *[RESET_CODE] * 3, FORGOT, RESET_CODE],
    "too many mails": [ASK_CODE] * 8,
}


STATES = ("confirmed", "unconfirmed", "closed", "without password")
ENTRANCES = ("log-in", "sign-up", "code", "forgotten")


@pytest.mark.parametrize(
    ("way", "state"),
    [
        *((way, "confirmed") for way in WAYS if way not in ENTRANCES),
        *((way, one) for way in ENTRANCES for one in STATES),
    ],
)
def test_known_and_unknown_are_told_apart_by_nothing(way, state):
    user = person(KNOWN, verified=state != "unconfirmed", is_active=state != "closed")
    if state == "without password":
        user.set_unusable_password()
        user.save()
    with time_machine.travel("2026-11-03 12:00:00Z", tick=False):
        assert walk(KNOWN, WAYS[way]) == walk(UNKNOWN, WAYS[way])


def test_a_second_code_is_promised_to_whoever_has_an_account_alone_and_the_page_says_nothing():
    person(KNOWN)
    again = ("/konto/log-ind/kode/skriv/", {"action": "resend"})
    with time_machine.travel("2026-11-03 12:00:00Z", tick=False):
        known, unknown = walk(KNOWN, [ASK_CODE, again]), walk(UNKNOWN, [ASK_CODE, again])
    assert [one[:4] if isinstance(one, tuple) else one for one in known] == [
        one[:4] if isinstance(one, tuple) else one for one in unknown
    ]


def test_the_mail_says_what_the_page_does_not():
    person(KNOWN)
    for email in (KNOWN, UNKNOWN):
        for address, fields in (SIGN_UP, ASK_CODE, FORGOT):
            Client().post(address, {name: value.replace("WHO", email) for name, value in fields.items()})
    assert [one.template for one in mails_to(KNOWN)] == ["account_exists", "account_log_in_code", "account_reset_code"]
    assert [one.template for one in mails_to(UNKNOWN)] == [
        "account_sign_up_code", "account_log_in_code", "account_reset_code"
    ]  # fmt: skip
    assert (
        mails_to(KNOWN)[0].context["log_in_url"].endswith("/konto/log-ind/?next=%2Ffor-klinikker%2Fovertag%2Fryggen%2F")
    )
    assert not any("code" in one.context for one in mails_to(KNOWN)[:1])


# Guessing


def test_a_guesser_is_stopped_and_the_owner_is_not():
    person(KNOWN)
    guesser, owner = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="198.51.100.7")
    with time_machine.travel("2026-11-03 12:00:00Z", tick=False) as clock:
        for _ in range(6):
            assert "passer ikke sammen" in log_in(guesser, password="forkert").content.decode()
        assert limits.TOO_MANY in log_in(guesser).content.decode(), "not even the right one"
        assert log_in(owner).status_code == 302
        clock.shift(601)
        assert log_in(guesser).status_code == 302


def test_the_right_password_is_no_guess():
    person(KNOWN)
    for _ in range(10):
        assert log_in(Client()).status_code == 302


def test_a_guesser_who_logs_in_now_and_then_gains_nothing():
    person(KNOWN)
    person("ole@example.org")
    tries = 0
    for _ in range(12):
        log_in(Client(), "ole@example.org")
        answer = log_in(Client(), password="forkert")
        tries += "passer ikke sammen" in answer.content.decode()
    assert tries == 6


def test_many_machines_against_one_account_are_stopped():
    person(KNOWN)
    answers = [log_in(Client(REMOTE_ADDR=f"192.0.2.{i}"), password="forkert").content.decode() for i in range(65)]
    assert sum("passer ikke sammen" in one for one in answers) == 60


def test_one_machine_against_many_accounts_is_stopped():
    client = Client(REMOTE_ADDR="192.0.2.1")
    answers = [log_in(client, f"nr{i}@example.org", "forkert") for i in range(45)]
    assert 25 <= sum("passer ikke sammen" in one.content.decode() for one in answers) <= 40


@pytest.mark.django_db(transaction=True)
def test_a_code_is_guessed_three_times_however_many_ask_at_once():
    person(KNOWN)
    first = Client()
    first.post("/konto/log-ind/kode/", {"email": KNOWN})
    everybody, said = threading.Barrier(8), []

    def guess() -> None:
        try:
            client = Client()
            client.cookies = first.cookies
            everybody.wait(60)
            answer = client.post("/konto/log-ind/kode/skriv/", {"code": "1111-1111"})
            said.append("Koden er forkert" in answer.content.decode())
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(said) <= 3


def test_a_code_is_of_one_session_of_one_address_and_of_a_quarter_of_an_hour():
    person(KNOWN)
    person("ole@example.org")
    thief, owner = Client(), Client()
    with time_machine.travel("2026-11-03 12:00:00Z", tick=False) as clock:
        owner.post("/konto/log-ind/kode/", {"email": KNOWN})
        code = code_to(KNOWN)
        thief.post("/konto/log-ind/kode/", {"email": "ole@example.org"})
        thief.post("/konto/log-ind/kode/skriv/", {"code": code})
        assert thief.get("/konto/").status_code == 302
        clock.shift(901)
        owner.post("/konto/log-ind/kode/skriv/", {"code": code})
        assert owner.get("/konto/").status_code == 302
        owner.post("/konto/log-ind/kode/", {"email": KNOWN})
        page, code = "/konto/log-ind/kode/skriv/", code_to(KNOWN)
        assert owner.post(page, {"code": code}).status_code == 302
        owner.post("/konto/log-ud/")
        assert owner.post(page, {"code": code})["Location"] == "/konto/log-ind/kode/", "once"


def test_codes_are_long_and_random():
    with time_machine.travel("2026-11-03 12:00:00Z", tick=False) as clock:
        person(KNOWN)
        codes = set()
        for _ in range(5):
            Client().post("/konto/log-ind/kode/", {"email": KNOWN})
            codes.add(code_to(KNOWN))
            clock.shift(3601)
    assert len(codes) == 5 and all(len(code.replace("-", "")) == 8 for code in codes)


def test_no_mail_machine():
    """One machine has six mails an hour sent to one address, forty to all of them."""
    for _ in range(8):
        Client().post("/konto/glemt-adgangskode/", {"email": UNKNOWN})
    assert len(mails_to(UNKNOWN)) <= 6
    for i in range(50):
        Client().post("/konto/opret/", {"email": f"nr{i}@example.org", "password1": PASSWORD})
    assert Outbox.objects.count() <= 40


# Sessions, forms, ways back


def test_a_session_given_beforehand_is_worth_nothing_afterwards():
    person(KNOWN)
    client = Client()
    session = client.session
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    log_in(client)
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/konto/").status_code == 302


@pytest.mark.parametrize(
    "address", ["log-ind/", "log-ud/", "opret/", "email/", "slet/", "log-ind/kode/", "enheder/log-ud/"]
)
def test_no_form_is_sent_from_elsewhere(address):
    person(KNOWN)
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get())
    answer = client.post(f"/konto/{address}", {"login": KNOWN, "password": PASSWORD, "email": UNKNOWN})
    assert answer.status_code == 403


EVIL = (
    "https://ond.example/", "//ond.example/", "/\\ond.example", "\\\\ond.example", "javascript:alert(1)", "http:ond.example",
    "https:/ond.example", " //ond.example", "/\t/ond.example", "https://testserver@ond.example/", "https://.localhost/",
    "data:text/html,x", "http://localhost/",
)  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_the_way_on_stays_with_us(evil, settings):
    settings.ALLOWED_HOSTS = ["testserver", ".localhost", "localhost"]
    person(KNOWN)
    client = Client()
    assert log_in(client, next=evil)["Location"] == "/konto/"
    assert client.get("/konto/log-ind/", {"next": evil})["Location"] == "/konto/"
    assert client.post("/konto/log-ud/", {"next": evil})["Location"] == "/konto/log-ind/"
    client.post("/konto/opret/", {"email": KNOWN, "password1": PASSWORD, "next": evil})
    assert mails_to(KNOWN)[0].context["log_in_url"].endswith("/konto/log-ind/")


def test_links_in_mails_are_ours_whatever_host_was_asked_for(settings):
    settings.ALLOWED_HOSTS = ["*"]
    person(KNOWN)
    Client(headers={"host": "ond.example"}).post("/konto/opret/", {"email": KNOWN, "password1": PASSWORD})
    (sent,) = mails_to(KNOWN)
    assert all(value.startswith(settings.SITE_URL) for value in sent.context.values())


def test_no_secret_is_in_the_address_and_none_in_the_row_of_a_mail_but_the_code():
    person(KNOWN)
    client = Client()
    answer = client.post("/konto/glemt-adgangskode/", {"email": KNOWN})
    code = code_to(KNOWN)
    assert code not in answer["Location"]
    answer = client.post(answer["Location"], {"code": code})
    assert code not in answer["Location"]
    (sent,) = mails_to(KNOWN)
    assert set(sent.context) == {"code", "log_in_url", "sign_up_url", "reset_url", "contact_url"}


# Addresses


@pytest.mark.parametrize(
    "email",
    [
        "olga@example.org\nBcc: alle@example.org", "olga@example.org\r\nSubject: x", "olga@example.org, ond@example.org",
        "Olga <olga@example.org>", '"olga x"@example.org', "olga@[127.0.0.1]", "olga", "@example.org", "olga@",
        "o@lga@example.org",
        "ølga@example.org", "olga@example.org\x00", "o" * 250 + "@example.org", "olga@-example.org", "olga@exam\u202eple.org",
    ],
)  # fmt: skip
def test_what_is_no_address_gets_one_sentence_and_no_mail(email):
    for address, name in (
        ("opret/", "email"),
        ("log-ind/kode/", "email"),
        ("glemt-adgangskode/", "email"),
        ("log-ind/", "login"),
    ):
        answer = Client().post(f"/konto/{address}", {name: email, "password": PASSWORD, "password1": PASSWORD})
        if answer.status_code == 200:
            assert "error-message" in answer.content.decode(), address
        else:
            assert answer.status_code == 400, address
    assert not Outbox.objects.exists() and not User.objects.exists()


def test_one_mailbox_has_one_account():
    person("olga@firma.dk")
    for other in ("OLGA@FIRMA.DK", "olga@ﬁrma.dk", "olga@ＦＩＲＭＡ.dk", "ＯＬＧＡ@firma.dk", " olga@firma.dk "):
        Client().post("/konto/opret/", {"email": other, "password1": PASSWORD})
    assert User.objects.count() == 1
    assert [one.template for one in mails_to("olga@firma.dk")] == ["account_exists"] * 5
    idna = "bækkenklinik".encode("idna").decode()
    assert idna.startswith("xn--")
    assert names.canonical("Info@Bækkenklinik.DK") == names.canonical(f"info@{idna}.dk") == "info@bækkenklinik.dk"


def test_an_address_that_only_looks_alike_gets_no_code_of_anothers():
    person("olga@firma.dk")
    Client().post("/konto/glemt-adgangskode/", {"email": "olga@firmа.dk"})  # a Cyrillic а
    assert not mails_to("olga@firma.dk")
    assert Outbox.objects.get().template == "account_unknown"


@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_at_once_are_one_account():
    everybody, answers = threading.Barrier(4), []

    def sign_up() -> None:
        try:
            client = Client()
            everybody.wait(60)
            answers.append(client.post("/konto/opret/", {"email": KNOWN, "password1": PASSWORD}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302] * 4
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_another_accounts_address_cannot_be_taken():
    person(KNOWN)
    person("ole@example.org")
    client = Client()
    log_in(client, "ole@example.org")
    client.post("/konto/bekraeft/", {"password": PASSWORD})
    answer = client.post("/konto/email/", {"email": KNOWN, "action_add": "1"})
    assert answer["Location"] == "/konto/bekraeft-email/", "as for any address"
    answer = client.post("/konto/bekraeft-email/", {"code": code_to(KNOWN)})
    assert "Den e-mail hører allerede til en anden konto." in answer.content.decode()
    assert User.objects.filter(email=KNOWN).count() == 1


def test_nothing_of_a_user_is_set_by_a_form():
    client = Client()
    more = {"is_staff": "on", "is_superuser": "on", "username": "adam", "groups": "1", "verified": "on", "user": "1"}
    client.post("/konto/opret/", {"email": KNOWN, "password1": PASSWORD, **more})
    user = User.objects.get()
    assert (user.username, user.is_staff, user.is_superuser, user.groups.count()) == (KNOWN, False, False, 0)
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("way", ["a code", "a forgotten password"])
def test_a_password_that_was_chosen_before_the_address_was_confirmed_opens_nothing(way):
    """A stranger opens an account with Olga's address and waits until she confirms it in her own way."""
    stranger = Client()
    stranger.post("/konto/opret/", {"email": KNOWN, "password1": PASSWORD})
    olga = Client()
    if way == "a code":
        answer = olga.post("/konto/log-ind/kode/", {"email": KNOWN})
        olga.post(answer["Location"], {"code": code_to(KNOWN)})
        assert olga.get("/konto/").status_code == 200
    else:  # and stops before she chooses another
        answer = olga.post("/konto/glemt-adgangskode/", {"email": KNOWN})
        olga.post(answer["Location"], {"code": code_to(KNOWN)})
    assert EmailAddress.objects.get().verified
    assert log_in(Client()).status_code == 200, "an error, and no way in"
    for page in ("/konto/bekraeft-email/", "/konto/log-ind/"):
        stranger.get(page)
    assert stranger.get("/konto/").status_code == 302


def test_whoever_confirms_the_address_where_the_password_was_typed_keeps_it():
    client = Client()
    client.post("/konto/opret/", {"email": KNOWN, "password1": PASSWORD})
    client.post("/konto/bekraeft-email/", {"code": code_to(KNOWN)})
    assert log_in(Client())["Location"] == "/konto/"
    Client().post("/konto/opret/", {"email": UNKNOWN, "password1": PASSWORD})
    later = Client()
    log_in(later, UNKNOWN)
    later.post("/konto/bekraeft-email/", {"code": code_to(UNKNOWN)})
    assert log_in(Client(), UNKNOWN)["Location"] == "/konto/"


def test_a_password_that_was_taken_away_is_chosen_anew():
    Client().post("/konto/opret/", {"email": KNOWN, "password1": PASSWORD})
    olga = Client()
    answer = olga.post("/konto/log-ind/kode/", {"email": KNOWN})
    olga.post(answer["Location"], {"code": code_to(KNOWN)})
    olga.post("/konto/adgangskode/vaelg/", {"password1": "fire grønne heste"})
    assert log_in(Client(), password="fire grønne heste")["Location"] == "/konto/"
