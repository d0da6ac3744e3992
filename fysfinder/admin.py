"""Users in the admin. Roles are given as groups; only a superuser makes another one or gives single rights."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

User = get_user_model()
admin.site.unregister(User)

SUPERUSERS_ONLY = ("is_superuser", "user_permissions")


@admin.register(User)
class RoleUserAdmin(UserAdmin):
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else (*own, *SUPERUSERS_ONLY)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A superuser's password is not an administrator's to set."""
        users = super().get_queryset(request)
        return users if request.user.is_superuser else users.filter(is_superuser=False)
