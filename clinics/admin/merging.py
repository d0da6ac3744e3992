"""The field “lagt sammen med” of a condition: what it means to fill it in, and to empty it again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from clinics.merging import MergeError, check_merge, merge_conditions, unmerge_condition
from clinics.models import Condition


class MergingForm(forms.ModelForm):
    def clean_merged_into(self) -> Condition | None:
        target = self.cleaned_data["merged_into"]
        before = self.initial.get("merged_into")
        if target and target.pk != before:
            if before:
                raise ValidationError("Tøm feltet, og gem, før du vælger en anden tilstand.")
            try:
                check_merge(self.instance, target)
            except MergeError as error:
                raise ValidationError(error.text) from error
        return target


class MergingAdmin(admin.ModelAdmin):
    """Filling the field in merges, emptying it takes the merge back; both after everything else of the form is saved."""

    form = MergingForm

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if "merged_into" in form.changed_data:
            obj.merged_into_id = form.initial.get("merged_into")  # the action decides
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "merged_into" not in form.changed_data:
            return
        target = form.cleaned_data["merged_into"]
        if target is None:
            unmerge_condition(condition=form.instance, by=request.user)  # type: ignore[arg-type]  # staff only get here
            text = f"“{form.instance}” er skilt ud igen. Begge beholder de røde flag og betingelser fra imens."
            messages.info(request, text)
            return
        try:
            target = merge_conditions(source=form.instance, target=target, by=request.user)  # type: ignore[arg-type]
        except MergeError as error:  # somebody merged one of them meanwhile
            messages.error(request, error.text)
            return
        messages.success(request, f"“{form.instance}” er nu en del af “{target}”, som har fået ordene og advarslerne.")
