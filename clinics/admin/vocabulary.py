"""Conditions, specialities, treatment types and red flags: an editor's word is never overwritten by the committed vocabulary."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import JSONField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from clinics import actions, addresses, danish, warnings
from clinics.admin.guarded import GuardedAdmin, GuardedForm
from clinics.admin.merging import MergingAdmin, MergingForm
from clinics.models import BodyRegion, Condition, ConditionMatch, RedFlag, Speciality, TreatmentType, WarningChange
from clinics.warnings import ChangeError
from clinics.weakening import Weakening


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


class FlagsByText(admin.ModelAdmin):
    """Red flags are chosen by what they say: editors do not know their keys."""

    filter_horizontal = ("red_flags",)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.name == "red_flags":
            field.label_from_instance = _flag_in_words
        return field


def _flag_in_words(flag: RedFlag) -> str:
    return f"{'Undgå' if flag.kind == RedFlag.Kind.AVOID else flag.get_urgency_display()}: {flag.text}"


class ConditionMatchInline(admin.TabularInline):
    model = ConditionMatch
    extra = 0
    autocomplete_fields = ("speciality", "treatment")
    fields = ("speciality", "treatment", "weight", "origin")
    readonly_fields = ("origin",)


class ConditionForm(GuardedForm, MergingForm):
    pass


@admin.register(Condition)
class ConditionAdmin(FlagsByText, GuardedAdmin, MergingAdmin, EditedAdmin):
    form = ConditionForm
    list_display = ("name", "body_region", "is_generic", "has_gate", "awaits_acceptance", "edited_at")
    list_filter = ("awaits_acceptance", "body_region", "is_generic")
    search_fields = ("name", "synonyms", "keywords")
    autocomplete_fields = ("merged_into",)
    # Lifted on the safety screen of the article, where match and gate are looked at.
    readonly_fields = ("awaits_acceptance",)
    inlines = (ConditionMatchInline,)
    actions = ("accept_suggestions",)
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
        "awaits_acceptance",
        "merged_into",
        "edited_at",
    )

    @admin.display(description="betingelse", boolean=True)
    def has_gate(self, condition: Condition) -> bool:
        return bool(condition.care_gate)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        for match in formset.save(commit=False):
            match.origin = ConditionMatch.Origin.EDITOR  # touched by a person: no longer a suggestion
            match.save()
        for match in formset.deleted_objects:
            match.delete()
        if dropped := actions.drop_replaced_suggestions(condition=form.instance):
            forslag = danish.count(dropped, "forslag", "forslag")
            messages.info(request, f"{forslag} til match er fjernet, fordi tilstanden nu har match fra en redaktør.")

    @admin.action(description="Godkend forslagene til match", permissions=["change"])
    def accept_suggestions(self, request: HttpRequest, queryset: Any) -> None:
        accepted = sum(actions.accept_suggestions(condition=condition) for condition in queryset)
        messages.success(request, f"{danish.count(accepted, 'forslag er', 'forslag er')} nu match fra en redaktør.")


class SpecialityForm(GuardedForm):
    # As an editor would write it, “Knæ og ben”, and not only what an address may hold.
    slug = forms.CharField(
        label="Adresse",
        max_length=300,
        help_text="Bruges i webadressen. Skifter du den, fører den gamle hertil; gør det kun, når navnet ikke passer mere.",
    )

    def clean_slug(self) -> str:
        try:
            return addresses.free_for_speciality(self.cleaned_data["slug"], but=self.instance.pk)
        except addresses.AddressError as error:
            raise ValidationError(error.text) from error


@admin.register(Speciality)
class SpecialityAdmin(GuardedAdmin, EditedAdmin):
    """The address may be changed: the old one leads to the new, and what is stored by it follows."""

    form = SpecialityForm
    list_display = ("name", "kind", "parent", "edited_at")
    list_filter = ("kind",)
    search_fields = ("name", "synonyms", "keywords")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for name in super().get_readonly_fields(request, obj) if name != "slug")

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        with transaction.atomic():
            # Locked by the form. Not as it was when the form was opened: somebody may have moved it since.
            old = Speciality.objects.filter(pk=obj.pk).values_list("slug", flat=True).first() or ""
            super().save_model(request, obj, form, change)
            actions.speciality_moved(speciality=obj, old=old)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        pk = obj.pk
        with transaction.atomic():
            super().delete_model(request, obj)
            actions.speciality_deleted(pk=pk)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            gone = list(queryset.values_list("pk", flat=True))
            super().delete_queryset(request, queryset)
            for pk in gone:
                actions.speciality_deleted(pk=pk)


@admin.register(TreatmentType)
class TreatmentTypeAdmin(EditedAdmin):
    list_display = ("name", "edited_at")
    search_fields = ("name", "synonyms", "keywords")


@admin.register(BodyRegion)
class BodyRegionAdmin(FlagsByText, GuardedAdmin, EditedAdmin):
    list_display = ("name", "order")
    search_fields = ("name",)


@admin.register(RedFlag)
class RedFlagAdmin(GuardedAdmin, EditedAdmin):
    list_display = ("key", "urgency", "kind", "group", "text", "reviewed_at")
    list_filter = ("urgency", "kind", "group")
    search_fields = ("key", "text", "terms")
    formfield_overrides: ClassVar = {
        ArrayField: {"widget": forms.Textarea(attrs={"rows": 8})},
        JSONField: {"help_text": 'I klammer, med komma imellem: [{"title": "Titel", "url": "https://adresse"}]'},
    }

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = () if request.user.has_perm(warnings.REVIEW) else ("reviewed_by", "reviewed_at")
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: RedFlag, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not set(form.changed_data).isdisjoint(warnings.REVIEWED):
            warnings.end_review(flag=obj, by=request.user)  # type: ignore[arg-type]  # staff only get here

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change a flag may propose to delete it; many at once may not be."""
        return obj is not None and self.has_change_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        flag = self.get_object(request, object_id)
        if flag is None:
            raise Http404
        if not self.has_delete_permission(request, flag):
            raise PermissionDenied
        if request.method == "POST":
            try:
                made = warnings.propose(
                    row=flag,
                    weakening=Weakening(WarningChange.Kind.DELETE, flag),
                    reason=request.POST.get("reason", ""),
                    by=request.user,  # type: ignore[arg-type]  # staff only get here
                )
                messages.warning(request, f"Venter på en anden redaktør: {made.subject} slettes.")
                return HttpResponseRedirect(reverse("admin:clinics_redflag_change", args=[flag.pk]))
            except ChangeError as error:
                messages.error(request, str(error))
        context = self.admin_site.each_context(request) | {
            "title": f"Foreslå at slette {flag}",
            "opts": self.opts,
            "flag": flag,
            "conditions": flag.conditions.order_by("name"),
            "regions": flag.body_regions.all(),
            "reason": request.POST.get("reason", ""),
        }
        return TemplateResponse(request, "admin/clinics/redflag/propose_delete.html", context)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise PermissionDenied

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        raise PermissionDenied
