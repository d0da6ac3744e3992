"""Conditions, specialities, treatment types and red flags: an editor's word is never overwritten by the committed vocabulary."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from clinics import actions
from clinics.models import BodyRegion, Condition, ConditionMatch, RedFlag, Speciality, TreatmentType


class EditedAdmin(admin.ModelAdmin):
    """Remembers that a person changed the row; slugs are addresses and index keys, so they stand once they are made."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = tuple(name for name in ("slug", "key") if obj and any(f.name == name for f in self.opts.fields))
        return (*super().get_readonly_fields(request, obj), "edited_at", *fixed)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            actions.mark_edited(row=obj)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.vocabulary_changed()


class ConditionMatchInline(admin.TabularInline):
    model = ConditionMatch
    extra = 0
    autocomplete_fields = ("speciality", "treatment")
    fields = ("speciality", "treatment", "weight", "origin")
    readonly_fields = ("origin",)


@admin.register(Condition)
class ConditionAdmin(EditedAdmin):
    list_display = ("name", "body_region", "is_generic", "has_gate", "edited_at")
    list_filter = ("body_region", "is_generic")
    search_fields = ("name", "synonyms", "keywords")
    autocomplete_fields = ("merged_into", "red_flags")
    inlines = (ConditionMatchInline,)
    fields = (
        "name",
        "slug",
        "body_region",
        "synonyms",
        "keywords",
        "description",
        "red_flags",
        "care_gate",
        "box_title",
        "is_generic",
        "merged_into",
        "edited_at",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # What warns a patient is nobody's to take away alone: only who may change the red flags themselves changes it here.
        warnings = () if request.user.has_perm("clinics.change_redflag") else ("red_flags", "care_gate", "merged_into")
        return (*super().get_readonly_fields(request, obj), *warnings)

    @admin.display(description="betingelse", boolean=True)
    def has_gate(self, condition: Condition) -> bool:
        return bool(condition.care_gate)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        for match in formset.save(commit=False):
            match.origin = ConditionMatch.Origin.EDITOR  # touched by a person: no longer a suggestion
            match.save()
        for match in formset.deleted_objects:
            match.delete()


@admin.register(Speciality)
class SpecialityAdmin(EditedAdmin):
    list_display = ("name", "kind", "parent", "edited_at")
    list_filter = ("kind",)
    search_fields = ("name", "synonyms", "keywords")
    autocomplete_fields = ("parent",)


@admin.register(TreatmentType)
class TreatmentTypeAdmin(EditedAdmin):
    list_display = ("name", "edited_at")
    search_fields = ("name", "synonyms", "keywords")


@admin.register(BodyRegion)
class BodyRegionAdmin(EditedAdmin):
    list_display = ("name", "order")
    search_fields = ("name",)
    autocomplete_fields = ("red_flags",)


@admin.register(RedFlag)
class RedFlagAdmin(EditedAdmin):
    list_display = ("key", "urgency", "kind", "group", "text", "reviewed_at")
    list_filter = ("urgency", "kind", "group")
    search_fields = ("key", "text", "terms")
