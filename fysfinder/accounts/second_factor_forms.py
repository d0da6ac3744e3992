"""Forms of the second factor in our words: the code of an app, recovery codes, passkeys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.db import DatabaseError

from . import limits
from .forms import CodeField, Danish

APP_HINT = "De 6 tal, som appen viser lige nu."
NO_KEY = "Det lykkedes ikke med adgangsnøglen. Prøv igen, eller vælg en anden måde."
NAME_HINT = "Fx “Min telefon”, så du kan kende dem fra hinanden."


class LimitedCode(Danish):
    """Whoever has come this far has the password: ten tries in a quarter of an hour, and the right one is none."""

    hint = APP_HINT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField("Kode", self.hint)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        counted = limits.second_factor(self.user.pk)  # type: ignore[attr-defined]
        code = super().clean_code()  # type: ignore[misc]
        # allauth remembers a used code for half a minute; it can be read over a shoulder for longer than that.
        if not limits.first_use(self.user.pk, code):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        limits.give_back(counted)
        return str(code)


class AuthenticateForm(LimitedCode, base_forms.AuthenticateForm):
    hint = f"{APP_HINT} Du kan også skrive en af dine nødkoder."


class ReauthenticateForm(LimitedCode, base_forms.ReauthenticateForm):
    hint = f"{APP_HINT} Du kan også skrive en af dine nødkoder."


class ActivateAppForm(LimitedCode, totp_forms.ActivateTOTPForm):
    pass


class Passkey(Danish):
    """What a stranger sends as a passkey goes through parsers that raise whatever they like: it is a wrong one, then."""

    def clean_credential(self) -> Any:
        with refused():
            return super().clean_credential()  # type: ignore[misc]


@contextmanager
def refused() -> Iterator[None]:
    try:
        yield
    except DatabaseError:
        raise
    except Exception as error:
        raise forms.ValidationError(NO_KEY, code="passkey") from error


class LogInPasskeyForm(Passkey, webauthn_forms.LoginWebAuthnForm):
    pass


class AuthenticatePasskeyForm(Passkey, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(Passkey, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(Danish, webauthn_forms.AddWebAuthnForm):
    words = {"name": ("Navn", NAME_HINT)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = "60"
        self.fields["credential"].error_messages["required"] = "Din enhed svarede ikke. Prøv igen."
        self.fields["passwordless"] = forms.BooleanField(
            label="Brug den også i stedet for adgangskoden",
            help_text="Så logger du ind med fingeraftryk, ansigt eller pinkode alene.",
            initial=True,
            required=False,
        )

    def clean_name(self) -> str:
        return super().clean_name()[:60]

    def clean(self) -> dict[str, Any]:
        with refused():
            return super().clean()


class RenamePasskeyForm(Danish, webauthn_forms.EditWebAuthnForm):
    words = {"name": ("Navn", NAME_HINT)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = "60"
        self.fields["name"].error_messages["required"] = "Skriv et navn."

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:60]
