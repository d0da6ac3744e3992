"""Every page and every mail about accounts speaks our Danish; nothing of the library's own English or Danish comes through."""

import gettext
import re
from pathlib import Path

import allauth
import pytest
from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from allauth.mfa.models import Authenticator
from django.template.loader import get_template
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from clinics.mailing.rendering import render
from fysfinder.accounts import mails
from fysfinder.accounts.adapter import AccountAdapter
from fysfinder.accounts.second_factor import SecondFactorAdapter

from .accounts import FAST, PASSWORD, log_in, person, prove

pytestmark = pytest.mark.django_db
PACKAGE = Path(allauth.__file__).parent
KEY = 900  # of a passkey, far from those that the database gives out
OURS = Path(__file__).parents[1] / "templates"


@pytest.fixture(autouse=True)
def _fast(settings):
    settings.PASSWORD_HASHERS = FAST


def english() -> list[str]:
    """Every sentence of the package, long enough not to be Danish by chance."""
    with (PACKAGE / "locale" / "da" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    texts = [text if isinstance(text, str) else text[0] for text in catalogue]
    return [text for text in texts if len(text) > 11 and "%" not in text and " " in text]


def names(patterns) -> list[tuple[str, dict]]:
    found = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += names(one.url_patterns)
        elif isinstance(one, URLPattern):
            found.append(
                (
                    one.name,
                    {"pk": KEY} if "pk" in str(one.pattern) or "remove" in one.name or "edit" in one.name else {},
                )
            )
    return found


ALL = [*names(account_urls.urlpatterns), *names(mfa_urls.urlpatterns)]


def test_every_page_of_the_package_has_an_address_of_ours():
    """A new version may bring a page; without an address a redirect to it would fail."""
    for name, values in ALL:
        address = reverse(name, kwargs=values)
        assert address.startswith("/konto/") and not re.search(r"login|signup|password|mfa|confirm|logout", address), (
            address
        )


@pytest.fixture
def olga(client):
    user = person()
    log_in(client)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Min nøgle", "credential": {}}, pk=KEY)
    prove(client, "/konto/")
    return client


def pages(client: Client) -> dict[str, str]:
    """Each page that can be opened, by name, and what it says to an empty form."""
    seen = {}
    ours = [(name, {}) for name in ("account_home", "account_log_ins", "account_delete", "account_deleted")]
    for name, values in [*ALL, *ours]:
        try:
            address = reverse(name, kwargs=values)
        except NoReverseMatch:
            continue
        for method in (client.get, client.post):
            if (
                method == client.post and name in ("account_logout", "mfa_remove_webauthn")
            ) or name == "mfa_reauthenticate_webauthn":
                continue
            answer = method(address)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                seen[f"{method.__name__} {name}"] = answer.content.decode()
    return seen


def test_no_page_says_anything_in_english(olga, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    seen = pages(olga) | pages(Client())
    assert len(seen) > 20, sorted(seen)
    strangers = english()
    for name, page in seen.items():
        said = [text for text in strangers if text in page]
        assert said == [], name
        assert page.count("<h1") == 1 and '<meta name="robots" content="noindex">' in page, name
        scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
        assert all('type="application/json"' in one for one in scripts), f"{name}: no script in a page"
        assert not re.search(r"\sstyle=|\son\w+=", page), name


def test_every_template_of_the_package_that_can_be_shown_is_ours():
    unused = {
        "account/phone_change.html", "account/base_manage_phone.html", "account/confirm_phone_verification_code.html",
        "account/signup_by_passkey.html", "account/signup_closed.html", "account/verification_sent.html",
        "account/verified_email_required.html", "account/email.html", "account/email_confirm.html",
        "account/password_reset_done.html", "account/base_confirm_code.html", "account/base_entrance.html",
        "account/base_manage.html", "account/base_manage_email.html", "account/base_manage_password.html",
        "account/snippets/already_logged_in.html", "account/snippets/warn_no_email.html", "mfa/trust.html",
        "mfa/base_entrance.html", "mfa/base_manage.html", "mfa/totp/base.html", "mfa/recovery_codes/base.html",
        "mfa/webauthn/base.html", "mfa/webauthn/signup_form.html", "mfa/webauthn/snippets/scripts.html",
        "mfa/webauthn/snippets/login_script.html", "account/messages/phone_verification_sent.txt",
        "account/messages/phone_verified.txt",
    }  # fmt: skip
    for folder in ("account", "mfa"):
        for path in sorted((PACKAGE / "templates" / folder).rglob("*.*")):
            name = path.relative_to(PACKAGE / "templates").as_posix()
            if "/email/" not in name and name not in unused:
                assert Path(get_template(name).origin.name).is_relative_to(OURS), name


def test_every_mail_of_the_package_has_one_of_ours():
    """Those that a link would carry are not sent: codes are."""
    not_sent = {"account/email/password_reset_key", "account/email/email_confirm"}
    known = mails.CODES.keys() | mails.LETTERS.keys() | mails.NOTICES.keys()
    for folder in ("account", "mfa"):
        for path in (PACKAGE / "templates" / folder / "email").glob("*_subject.txt"):
            prefix = path.relative_to(PACKAGE / "templates").as_posix().removesuffix("_subject.txt")
            assert prefix in known | not_sent, prefix


@pytest.mark.parametrize("name", mails.OURS)
def test_a_mail_is_danish_whole_and_without_secrets_in_its_subject(name):
    rendered = render(name, dict(mails.OURS[name].example))
    assert rendered.subject and rendered.html and "FysFinder" in rendered.subject + rendered.text
    assert "4821-9037" not in rendered.subject, "servers keep subjects"
    assert ("4821-9037" in rendered.text) == ("4821-9037" in rendered.html) == mails.OURS[name].is_secret
    assert not [text for text in english() if text in rendered.text + rendered.html]
    assert "{{" not in rendered.text + rendered.html


def test_every_sentence_of_an_error_is_ours():
    """But for what cannot happen here: phones, user names, several addresses."""
    cannot = {
        "phone_password_mismatch", "phone_taken", "unknown_phone", "username_blacklisted", "username_password_mismatch",
        "username_taken", "unknown_email", "max_email_addresses", "select_only_one", "add_email_blocked",
    }  # fmt: skip
    strangers = set(english())
    for adapter in (AccountAdapter, SecondFactorAdapter):
        for key, text in adapter.error_messages.items():
            assert key in cannot or (isinstance(text, str) and text not in strangers), key


def test_too_many_requests_is_a_page_of_ours(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    answers = [client.post("/konto/log-ind/", {"login": "x@example.org", "password": PASSWORD}) for _ in range(2)]
    assert answers[-1].status_code == 429
    assert "Vent lidt" in answers[-1].content.decode()
