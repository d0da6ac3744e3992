"""The mails about accounts: allauth's name for each → ours in the outbox, what it needs to know, and what a notice says."""

from clinics.mailing.registry import MAILS, Mail

CODES = {
    "account/email/email_confirmation_signup": "account_sign_up_code",
    "account/email/email_confirmation": "account_email_code",
    "account/email/login_code": "account_log_in_code",
    "account/email/password_reset_code": "account_reset_code",
}
LETTERS = {
    "account/email/account_already_exists": "account_exists",
    "account/email/unknown_account": "account_unknown",
    "account/email/account_deleted": "account_deleted",
}
# What somebody changed, told to the address that the account had: whoever did not do it learns of it.
NOTICES = {
    "account/email/password_changed": "Din adgangskode er skiftet",
    "account/email/password_reset": "Din adgangskode er skiftet",
    "account/email/password_set": "Din konto har fået en adgangskode",
    "account/email/email_changed": "Din e-mail er skiftet",
    "account/email/email_deleted": "En e-mail er fjernet fra din konto",
    "mfa/email/recovery_codes_generated": "Din konto har fået nye nødkoder",
    "mfa/email/totp_activated": "Totrinslogin med en app er slået til",
    "mfa/email/totp_deactivated": "Totrinslogin med en app er slået fra",
    "mfa/email/webauthn_added": "Din konto har fået en adgangsnøgle",
    "mfa/email/webauthn_removed": "En adgangsnøgle er fjernet fra din konto",
}

URLS = {
    "log_in_url": "https://fysfinder.example/konto/log-ind/?next=/for-klinikker/overtag/ryggen/",
    "sign_up_url": "https://fysfinder.example/konto/opret/?next=/for-klinikker/overtag/ryggen/",
    "reset_url": "https://fysfinder.example/konto/glemt-adgangskode/",
    "contact_url": "https://fysfinder.example/kontakt/",
}
CODE = {"code": "4821-9037", **URLS}
OURS = {
    "account_sign_up_code": Mail("Kode til en ny konto", CODE, is_secret=True),
    "account_email_code": Mail("Kode, der bekræfter en e-mail", CODE, is_secret=True),
    "account_log_in_code": Mail("Kode til at logge ind", CODE, is_secret=True),
    "account_reset_code": Mail("Kode til en ny adgangskode", CODE, is_secret=True),
    "account_exists": Mail("Nogen ville oprette en konto, der findes", URLS),
    "account_unknown": Mail("Nogen ville bruge en konto, der ikke findes", URLS),
    "account_notice": Mail(
        "Besked om en ændring af kontoen",
        {"what": "Din adgangskode er skiftet", "when": "3. november 2026 kl. 9.05", **URLS},
    ),
    "account_deleted": Mail("Kontoen er slettet", URLS),
}


def register() -> None:
    """Once, when the apps are loaded (fysfinder/apps.py): clinics does not know of accounts."""
    MAILS.update(OURS)
