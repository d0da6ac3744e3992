"""Screens of what the worker did: for whoever moderates, to be read; nothing is made or deleted by hand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinics.ownership import may_moderate


class WatchedAdmin(admin.ModelAdmin):
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user) and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What an action of the list needs, such as “prøv igen”."""
        return may_moderate(request.user) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
