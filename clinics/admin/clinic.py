from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from clinics import actions
from clinics.models import Clinic, ClinicSpeciality, ClinicTreatment, Price


class SpecialityInline(admin.TabularInline):
    model = ClinicSpeciality
    extra = 0
    autocomplete_fields = ("speciality",)


class TreatmentInline(admin.TabularInline):
    model = ClinicTreatment
    extra = 0
    autocomplete_fields = ("treatment", "group_topic")


class PriceInline(admin.TabularInline):
    model = Price
    extra = 0
    autocomplete_fields = ("treatment",)


@admin.register(Clinic)
class ClinicAdmin(admin.ModelAdmin):
    list_display = ("name", "postcode", "status", "is_example", "confirmed_at")
    list_filter = ("status", "is_example", "source")
    list_select_related = ("postcode",)
    search_fields = ("name", "street", "postcode__code", "postcode__town")
    autocomplete_fields = ("postcode",)
    inlines = (SpecialityInline, TreatmentInline, PriceInline)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"  # what Django 6 does by itself
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.clinic_changed(clinic=form.instance)
