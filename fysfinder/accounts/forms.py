"""allauth's forms in our words, with one spelling of an address and a limit on everything that can be guessed or mailed."""

import secrets
from contextlib import suppress
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.core import context
from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from clinics.mailing.recipient import LONGEST, WRONG

from . import limits, names

PASSWORD_HINT = "Mindst 10 tegn. Tre-fire ord, som kun du forbinder, er lette at huske og svære at gætte."  # noqa: S105
CODE_HINT = "8 tal, fx 1234-5678. Med eller uden streg."
LONGEST_PASSWORD = 128


class EmailField(forms.EmailField):
    """An address in its one spelling (`names.canonical`)."""

    default_error_messages = {"required": "Skriv din e-mail.", "invalid": WRONG}

    def __init__(self, label: str = "E-mail", hint: str = "") -> None:
        # Not type="email": a browser would turn letters of an æøå domain into others before we see them.
        attrs = {"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(label=label, help_text=hint, widget=forms.TextInput(attrs), max_length=LONGEST)
        self.validators.clear()

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return names.canonical(text) if text else text


class CodeField(forms.CharField):
    def __init__(self, label: str = "Kode", hint: str = CODE_HINT) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
        super().__init__(label=label, help_text=hint, max_length=40, widget=forms.TextInput(attrs))
        self.error_messages["required"] = "Skriv koden."


class Danish:
    """Our labels and hints on a form of allauth's; the first field with a fault has the focus."""

    words: dict[str, tuple[str, str]] = {}  # field → label, hint

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["maxlength"] = str(LONGEST_PASSWORD)
                field.error_messages["required"] = "Skriv din adgangskode."

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        for name in self.errors:  # type: ignore[attr-defined]
            if name in self.fields:  # type: ignore[attr-defined]
                self.fields[name].widget.attrs["autofocus"] = True  # type: ignore[attr-defined]
                break


class OnePassword:
    """A new password is typed once: who mistypes it gets a new one by e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)  # type: ignore[attr-defined]


class LogInForm(Danish, allauth_forms.LoginForm):
    words = {"password": ("Adgangskode", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()


class UndoneError(Exception):
    """Rolls a savepoint back."""


class SignUpForm(Danish, allauth_forms.SignupForm):
    words = {"password1": ("Vælg en adgangskode", PASSWORD_HINT)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(hint="Gerne den, du bruger i klinikken. Vi sender en kode til den.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "email" in cleaned and not self.errors:
            limits.mail(context.request, cleaned["email"])
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """As allauth, with the same work for an address that has an account; two sign-ups at once are one and a mail."""
        email = self.cleaned_data["email"]
        with transaction.atomic():
            _take_turns(email)
            _, known = email_already_exists(email)
            if known:
                self._save_for_nothing(request, email)
            self.account_already_exists = known
            return super().try_save(request)

    def _save_for_nothing(self, request: HttpRequest, email: str) -> None:
        """Hash the password, write the rows of an account, take them back: what a new address costs takes as long."""
        self.account_already_exists = False
        self.cleaned_data["email"] = f"{secrets.token_hex(16)}@invalid.invalid"
        with suppress(UndoneError), transaction.atomic():
            self.save(request)
            raise UndoneError
        self.cleaned_data["email"] = email


def _take_turns(email: str) -> None:
    """Until the end of the transaction nobody else opens an account with this address: there is no row yet to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-up {email}"])


class MailForm(Danish):
    """A form by which a stranger has a mail sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        limits.mail(context.request, self.cleaned_data["email"])  # type: ignore[attr-defined]
        return str(super().clean_email())  # type: ignore[misc]


class RequestCodeForm(MailForm, allauth_forms.RequestLoginCodeForm):
    pass


class ResetPasswordForm(MailForm, allauth_forms.ResetPasswordForm):
    pass


class ChangeEmailForm(Danish, allauth_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField("Ny e-mail", "Vi sender en kode til den. Indtil da gælder den gamle.")

    def clean_email(self) -> str:
        limits.mail(context.request, self.cleaned_data["email"])
        return super().clean_email()


class ChangePasswordForm(OnePassword, Danish, allauth_forms.ChangePasswordForm):
    words = {"oldpassword": ("Nuværende adgangskode", ""), "password1": ("Ny adgangskode", PASSWORD_HINT)}


class SetPasswordForm(OnePassword, Danish, allauth_forms.SetPasswordForm):
    words = {"password1": ("Ny adgangskode", PASSWORD_HINT)}


class NewPasswordForm(OnePassword, Danish, allauth_forms.ResetPasswordKeyForm):
    words = {"password1": ("Ny adgangskode", PASSWORD_HINT)}


class ReauthenticateForm(Danish, allauth_forms.ReauthenticateForm):
    words = {"password": ("Adgangskode", "")}


class MailedCodeForm(Danish):
    """A code that we mailed: three tries from one start to the next, however many are made at once.

    Counted by session and start, not by the code: there is none behind the page that an unknown address gets.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField()  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs["autofocus"] = True  # type: ignore[attr-defined]

    def started(self, session: SessionBase) -> object:
        """When allauth began to ask for this code."""
        raise NotImplementedError

    def clean_code(self) -> str:
        session = context.request.session
        limits.code(session.session_key, type(self).__name__, self.started(session))
        return str(super().clean_code())  # type: ignore[misc]


class LogInCodeForm(MailedCodeForm, allauth_forms.ConfirmLoginCodeForm):
    def started(self, session: SessionBase) -> object:
        return session[LOGIN_SESSION_KEY]["state"]["stages"]["login_by_code"]["data"]["at"]


class EmailCodeForm(MailedCodeForm, allauth_forms.ConfirmEmailVerificationCodeForm):
    def started(self, session: SessionBase) -> object:
        return session[EMAIL_VERIFICATION_CODE_SESSION_KEY]["at"]


class ResetCodeForm(MailedCodeForm, allauth_forms.ConfirmPasswordResetCodeForm):
    def started(self, session: SessionBase) -> object:
        return session[PASSWORD_RESET_VERIFICATION_SESSION_KEY]["at"]


class DeleteForm(Danish, forms.Form):
    sure = forms.BooleanField(
        label="Ja, slet min konto for altid", error_messages={"required": "Sæt kryds, hvis du vil slette din konto."}
    )
