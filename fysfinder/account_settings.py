"""Settings of accounts: django-allauth's, and Django's own about log-in. What they mean together: docs/accounts.md."""

from typing import Any

FORMS = "fysfinder.accounts.forms"
SECOND_FACTOR_FORMS = "fysfinder.accounts.second_factor_forms"
QUARTER = 15 * 60  # seconds: how long a code can be used

SETTINGS: dict[str, Any] = {
    # allauth's is Django's own with a log-in by e-mail; Django's beside it would hash each wrong password twice.
    "AUTHENTICATION_BACKENDS": [
        "rules.permissions.ObjectPermissionBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ],
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        {
            "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
            "OPTIONS": {"min_length": 10},
        },
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    ],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "account_home",
    # Not in a cookie of its own: no page but those of an account sets one.
    "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
    "ALLAUTH_USER_CODE_FORMAT": {"numeric": True, "length": 8, "dashed": True},  # a phone shows its digits for it
    "ACCOUNT_ADAPTER": "fysfinder.accounts.adapter.AccountAdapter",
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_USER_DISPLAY": "fysfinder.accounts.names.display",
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT": QUARTER,
    "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND": True,
    # Never …_SUPPORTS_CHANGE: the link to it stands only before those who got a new account.
    "ACCOUNT_CHANGE_EMAIL": True,
    "ACCOUNT_LOGIN_BY_CODE_ENABLED": True,
    "ACCOUNT_LOGIN_BY_CODE_TIMEOUT": QUARTER,
    "ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND": True,
    "ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED": True,
    "ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT": QUARTER,
    "ACCOUNT_LOGIN_TIMEOUT": 4 * QUARTER,
    "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
    # What can be guessed is counted exactly by fysfinder/accounts/limits.py; these are allauth's, behind it. Its own five
    # failures in five minutes would let anybody lock anybody out.
    "ACCOUNT_RATE_LIMITS": {"login_failed": "60/h/key", "confirm_email": "20/h/key"},
    "ACCOUNT_FORMS": {
        "login": f"{FORMS}.LogInForm",
        "signup": f"{FORMS}.SignUpForm",
        "add_email": f"{FORMS}.ChangeEmailForm",
        "change_password": f"{FORMS}.ChangePasswordForm",
        "set_password": f"{FORMS}.SetPasswordForm",
        "reset_password": f"{FORMS}.ResetPasswordForm",
        "reset_password_from_key": f"{FORMS}.NewPasswordForm",
        "reauthenticate": f"{FORMS}.ReauthenticateForm",
        "request_login_code": f"{FORMS}.RequestCodeForm",
        "confirm_login_code": f"{FORMS}.LogInCodeForm",
        "confirm_email_verification_code": f"{FORMS}.EmailCodeForm",
        "confirm_password_reset_code": f"{FORMS}.ResetCodeForm",
    },
    "MFA_ADAPTER": "fysfinder.accounts.second_factor.SecondFactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_TOTP_ISSUER": "FysFinder",
    "MFA_TOTP_TOLERANCE": 1,  # the half minute before and after: for slow fingers and clocks that are wrong
    "MFA_FORMS": {
        "authenticate": f"{SECOND_FACTOR_FORMS}.AuthenticateForm",
        "reauthenticate": f"{SECOND_FACTOR_FORMS}.ReauthenticateForm",
        "activate_totp": f"{SECOND_FACTOR_FORMS}.ActivateAppForm",
        "login_webauthn": f"{SECOND_FACTOR_FORMS}.LogInPasskeyForm",
        "authenticate_webauthn": f"{SECOND_FACTOR_FORMS}.AuthenticatePasskeyForm",
        "reauthenticate_webauthn": f"{SECOND_FACTOR_FORMS}.ReauthenticatePasskeyForm",
        "add_webauthn": f"{SECOND_FACTOR_FORMS}.AddPasskeyForm",
        "edit_webauthn": f"{SECOND_FACTOR_FORMS}.RenamePasskeyForm",
    },
}
