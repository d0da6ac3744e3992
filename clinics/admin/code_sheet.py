"""“Ark med besøgskoder”: which clinic printed how many, and when. To read; clinics print and cancel them on a page of theirs."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clinics.models import CodeSheet

from .impartial import without_own
from .owned import OwnedAdmin


@admin.register(CodeSheet)
class CodeSheetAdmin(OwnedAdmin):
    fields = ("clinic", "created_at", "created_by", "size", "revoked_at")
    readonly_fields = fields
    list_display = fields
    list_select_related = ("clinic", "created_by")
    date_hierarchy = "created_at"
    search_fields = ("clinic__name",)
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[CodeSheet]:
        """Without those of one's own clinic: by `?codes__is_used=` they would tell of a review that is not shown yet."""
        return without_own(super().get_queryset(request), request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
