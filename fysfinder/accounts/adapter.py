"""What allauth asks us: which mails go and how, where a log-in leads, who is counted, and every sentence it would say itself."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from clinics import clock
from clinics.danish import day
from clinics.outbox import absolute, promise
from clinics.rate_limit import client_address

from . import limits, mails, names

# Django's Danish is stiff (“minder for meget om din/dit e-mail-adresse”).
POOR_PASSWORDS = {
    "password_too_short": "Adgangskoden er for kort. Brug mindst 10 tegn.",
    "password_too_common": "Den adgangskode bruger mange, så den er let at gætte. Vælg en anden.",
    "password_entirely_numeric": "Adgangskoden er kun tal. Brug også ord.",
    "password_too_similar": "Adgangskoden ligner din e-mail. Vælg en anden.",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Kontoen er lukket.",
        "cannot_remove_primary_email": "Du kan ikke fjerne den e-mail, du logger ind med.",
        "duplicate_email": "Det er den e-mail, du allerede bruger.",
        "email_password_mismatch": "E-mail og adgangskode passer ikke sammen. Prøv igen, eller få en kode på e-mail.",
        "email_taken": "Den e-mail hører allerede til en anden konto.",
        "enter_current_password": "Det er ikke din nuværende adgangskode.",
        "incorrect_code": "Koden er forkert. Tjek tallene, og prøv igen.",
        "incorrect_password": "Adgangskoden er forkert.",
        "invalid_login": "Skriv din e-mail.",
        "invalid_or_expired_key": "Koden er forkert eller udløbet. Bed om en ny.",
        "invalid_password_reset": "Koden er forkert eller udløbet. Bed om en ny.",
        "rate_limited": limits.TOO_MANY,
        "same_as_current": "Det er den samme som før.",
        "too_many_login_attempts": limits.TOO_MANY,
        "unverified_primary_email": "Din e-mail er ikke bekræftet endnu.",
    }

    # Mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Promise it; the worker sends it, so that no request waits for a mail server and none takes longer than another.

        Nothing else of allauth's context (request, user, browser, address) goes into the row.
        """
        facts = {
            "log_in_url": absolute(self._with_next(reverse("account_login"))),
            "sign_up_url": absolute(self._with_next(reverse("account_signup"))),
            "reset_url": absolute(self._with_next(reverse("account_reset_password"))),
            "contact_url": absolute(reverse("pages:contact")),
        }
        if template_prefix in mails.NOTICES:
            now = clock.now()
            template = "account_notice"
            facts |= {"what": mails.NOTICES[template_prefix], "when": f"{day(now)} kl. {now:%H.%M}"}
        elif template_prefix in mails.CODES:
            template = mails.CODES[template_prefix]
            facts["code"] = str(context["code"])
        else:
            template = mails.LETTERS[template_prefix]
        with transaction.atomic():
            promise(template=template, to=email, context=facts)

    def _with_next(self, path: str) -> str:
        """Whoever came to claim a clinic comes back to it, from the mail too."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next") if self.request else None
        return f"{path}?{urlencode({'next': wanted})}" if wanted and self.is_safe_url(wanted) else path

    # Who

    def clean_email(self, email: str) -> str:
        return names.canonical(email)

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        try:
            return super().clean_password(password, user)
        except ValidationError as error:
            codes = dict.fromkeys(one.code for one in error.error_list)
            raise ValidationError(
                [POOR_PASSWORDS[code] for code in codes if code in POOR_PASSWORDS] or error
            ) from error

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        user.username = names.free_user_name(user.email)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104  nobody's address, for a count that all such share

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Each try is counted before it is made; the right one is given back."""
        counted = limits.log_in(request, str(credentials.get("email") or credentials.get("username") or ""))
        user = super().authenticate(request, **credentials)
        if user is not None:
            limits.give_back(counted)
        return user

    # Where to

    def is_safe_url(self, url: str) -> bool:
        """A place on the very host that was asked; no other of ours, whatever ALLOWED_HOSTS lets in."""
        request = self.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever has something to do in the admin goes there; everybody else sees their account."""
        return resolve_url("admin:index" if request.user.is_staff else "account_home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account_home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account_home")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return resolve_url("account_home")

    def respond_email_verification_sent(self, request: HttpRequest, user: AbstractBaseUser | None) -> HttpResponse:
        """The same for a new address and for one that has an account; “begynd forfra” still knows where to go on."""
        return HttpResponseRedirect(self._with_next(reverse("account_email_verification_sent")))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        words = {
            "reauthenticate": "Brug din adgangskode",
            "mfa_reauthenticate": "Brug en kode fra din app",
            "mfa_reauthenticate:webauthn": "Brug din adgangsnøgle",
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the script for passkeys asks for JSON; everything else is a page, whatever header somebody adds."""
        return request.path == reverse("mfa_login_webauthn") and bool(super().is_ajax(request))
