"""What allauth would show in the admin, and what nobody has any business with there: secrets, and other people's log-ins."""

from allauth.account import admin as _account  # noqa: F401  they register what is taken away here
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa import admin as _mfa  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as _usersessions  # noqa: F401
from allauth.usersessions.models import UserSession
from django.contrib import admin

# A confirmed address opens an account: nobody writes one by hand, not even a superuser, who could be asked to.
for model in (Authenticator, EmailAddress, EmailConfirmation, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
