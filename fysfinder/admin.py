"""Users in the admin. Only a superuser makes one, gives it roles or sets its password.

Whoever can do that can be two people, and then a second editor is no second person (docs/red-flags.md).
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from .accounts import admin as _accounts  # noqa: F401  takes allauth's own screens away

User = get_user_model()
admin.site.unregister(User)

OTHERS_READ = ("username", "first_name", "last_name", "email", "is_staff", "groups", "last_login", "date_joined")
OTHERS_SEE = ((None, {"fields": ("is_active", *OTHERS_READ)}),)


@admin.register(User)
class RoleUserAdmin(UserAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """An administrator opens and closes accounts; the rest of them is there to read."""
        return super().get_fieldsets(request, obj) if request.user.is_superuser else OTHERS_SEE

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else (*own, *OTHERS_READ)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A superuser's account is not an administrator's to close."""
        users = super().get_queryset(request)
        return users if request.user.is_superuser else users.filter(is_superuser=False)
