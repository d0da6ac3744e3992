"""/konto/: allauth's views under Danish addresses, by allauth's names, and our own."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("log-ind/", account.login, name="account_login"),
    path("log-ind/kode/", account.request_login_code, name="account_request_login_code"),
    path("log-ind/kode/skriv/", account.confirm_login_code, name="account_confirm_login_code"),
    path("log-ind/noegle/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("log-ind/andet-trin/", second_factor.authenticate, name="mfa_authenticate"),
    path("log-ud/", account.logout, name="account_logout"),
    path("lukket/", account.account_inactive, name="account_inactive"),
    path("opret/", account.signup, name="account_signup"),
    path("bekraeft-email/", account.email_verification_sent, name="account_email_verification_sent"),
    path("email/", account.email, name="account_email"),
    path("adgangskode/", account.password_change, name="account_change_password"),
    path("adgangskode/vaelg/", account.password_set, name="account_set_password"),
    path("glemt-adgangskode/", account.password_reset, name="account_reset_password"),
    path("glemt-adgangskode/kode/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("glemt-adgangskode/ny/", account.complete_password_reset, name="account_complete_password_reset"),
    path("glemt-adgangskode/faerdig/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("bekraeft/", account.reauthenticate, name="account_reauthenticate"),
    path("bekraeft/kode/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("bekraeft/noegle/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("totrin/", second_factor.index, name="mfa_index"),
    path("totrin/app/", app.activate_totp, name="mfa_activate_totp"),
    path("totrin/app/fjern/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("totrin/noedkoder/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("totrin/noedkoder/nye/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("totrin/noedkoder/hent/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("totrin/noegler/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("totrin/noegler/ny/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("totrin/noegler/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("totrin/noegler/<int:pk>/fjern/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("enheder/", views.log_ins, name="account_log_ins"),
    path("enheder/log-ud/", views.end_log_ins, name="account_end_log_ins"),
    path("mine-oplysninger/", views.own_data, name="account_data"),
    path("slet/", views.delete, name="account_delete"),
    path("slettet/", views.deleted, name="account_deleted"),
]
