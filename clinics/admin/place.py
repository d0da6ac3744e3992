"""Places are loaded from the committed tables (docs/places.md), so the admin shows them; numbers to ring are editors' work."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinics.models import OutOfHoursService, Place, Postcode, Region

from .vocabulary import EditedAdmin


class LoadedAdmin(admin.ModelAdmin):
    """To look at: the next `load_places` would overwrite what was changed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(LoadedAdmin):
    list_display = ("name", "valid_from", "valid_to", "successor")
    search_fields = ("name",)


@admin.register(Postcode)
class PostcodeAdmin(LoadedAdmin):
    list_display = ("code", "town", "municipality", "land", "kind")
    list_filter = ("kind", "regions", "land")
    search_fields = ("code", "town")


@admin.register(Place)
class PlaceAdmin(LoadedAdmin):
    list_display = ("name", "kind", "preposition", "population", "parent")
    list_filter = ("kind",)
    search_fields = ("name", "aliases")


@admin.register(OutOfHoursService)
class OutOfHoursServiceAdmin(EditedAdmin):
    list_display = ("name", "phone", "region", "valid_from", "valid_to", "verified_at")
    list_filter = ("region",)
