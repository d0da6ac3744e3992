"""Clinics: the list, and the form. What a field reads stands in form.py and fields.py, rows in rows.py and photos.py."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import connection, models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from clinics import actions, clock, completeness, danish, field_sources, prices, versions
from clinics.admin.figures import FiguresScreen
from clinics.admin.outreach import invite_by_letter, invite_by_mail
from clinics.admin.owned import OwnedAdmin, is_member_here
from clinics.admin.start import ConfirmScreen, asked_again, page_of
from clinics.admin.suggested import SuggestedScreens
from clinics.claiming import channels
from clinics.freshness import freshness
from clinics.models import Clinic, Correction, Price, Provenance
from clinics.models.clinic import Source
from clinics.ownership import may_moderate
from clinics.whole import fill

from . import conflict, owners
from .asking import AskingScreens, asked_in
from .closed_days import close
from .fields import form_field
from .form import WEEKS, ClinicForm
from .history import HistoryScreens
from .hours import save_week
from .listing import ClinicChangeList, FreshnessFilter, MissingFilter
from .offer_rows import SpecialityRows, TreatmentRows
from .offers import add_ticked, remove_unticked
from .photos import PhotoRows
from .places import PlaceScreens, may_place
from .rows import ExceptionRows, PractitionerRows, PriceRows, ProvenanceRows, first_rows
from .sections import ASKED, FIELDSETS, SECTIONS, groups_changed, sections_of

ROOM = {"is_nav_sidebar_enabled": False}  # for the form, and for the list with its filters


@admin.register(Clinic)
class ClinicAdmin(
    ConfirmScreen, FiguresScreen, AskingScreens, HistoryScreens, PlaceScreens, SuggestedScreens, OwnedAdmin
):
    """Whole for those who moderate; for a clinic's members without what is not theirs to change (owners.py)."""

    form = ClinicForm
    fieldsets = FIELDSETS
    inlines = (
        *(SpecialityRows, TreatmentRows, PriceRows, PractitionerRows),
        *(ExceptionRows, PhotoRows, ProvenanceRows),
    )
    list_display = ("name", "town", "status", "stated", "confirmed")
    list_filter = (FreshnessFilter, MissingFilter, "status", "is_example", "source")
    list_select_related = ("postcode",)
    search_fields = ("name", "street", "postcode__code", "postcode__town")
    ordering = ("sort_name", "pk")
    actions = ("confirm_chosen", invite_by_mail, invite_by_letter)
    list_per_page = 50

    # For members

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = {"form": owners.MemberForm} if is_member_here(request) else {}
        return super().get_form(request, obj, change, **form | kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return owners.fieldsets() if is_member_here(request) else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return owners.SHOWN if is_member_here(request) else ()

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter[:2] if is_member_here(request) else self.list_filter

    @admin.display(description="adresse")
    def address_now(self, clinic: Clinic) -> str:
        return clinic.address

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ClinicChangeList]:
        return ClinicChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, ROOM | {"title": "Klinikker"} | (extra_context or {}))

    def has_invite_permission(self, request: HttpRequest) -> bool:
        """Who finds “Inviter til at overtage” among the actions."""
        return may_moderate(request.user)

    @admin.display(description="by", ordering="postcode")
    def town(self, clinic: Clinic) -> str:
        return str(clinic.postcode)

    @admin.display(description="udfyldt")
    def stated(self, clinic: Clinic) -> str:
        return completeness.summary(clinic)

    @admin.display(description="bekræftet", ordering="confirmed_at")
    def confirmed(self, clinic: Clinic) -> str:
        return freshness(clinic.confirmed_at).text

    @admin.action(description="Bekræft oplysninger", permissions=["change"])
    def confirm_chosen(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> None:
        for clinic in queryset.order_by("pk"):
            actions.confirm_facts(clinic=clinic, by=request.user, source=_source(request))  # type: ignore[arg-type]  # staff only get here
        count = danish.count(len(queryset), "klinik er", "klinikker er")
        messages.success(request, f"Oplysningerne om {count} bekræftet i dag.")

    # The form

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        return form_field(db_field, **kwargs) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Clinic | None:
        """While a change is saved the row is locked: two who save at once take turns.

        Screens without a transaction of their own (a wish, the point, going back) leave locking to their action.
        """
        clinic = super().get_object(request, object_id, from_field)
        if clinic and request.method == "POST" and connection.in_atomic_block:
            self.lock(request, clinic)
            clinic = super().get_object(request, object_id, from_field)
        return clinic

    def view_on_site(self, obj: Clinic) -> str | None:
        """Only what is public has a page to look at."""
        return obj.get_absolute_url() if obj.status == Clinic.Status.PUBLISHED else None

    def get_inlines(self, request: HttpRequest, obj: Clinic | None = None) -> Any:
        rows = owners.INLINES if is_member_here(request) else self.inlines
        return rows if obj else ()  # a new clinic is named and placed first

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        more = {"initial": first_rows(obj)} if isinstance(inline, PriceRows) else {}
        return super().get_formset_kwargs(request, obj, inline, prefix) | more

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, ROOM | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        clinic = kwargs.get("obj")
        missing, advice = [], {}
        if clinic and clinic.pk:
            stored = Clinic.objects.get(pk=clinic.pk)  # not what was typed and refused
            fill([stored])
            missing = completeness.missing(stored)
            advice = {Provenance.Group.PRICES.value: prices.hints(stored.prices.all())}
            fresh = freshness(stored.confirmed_at)
            context |= self._conflict(request, context, stored)
            context |= {
                "percent": 100 - sum(one.share for one in missing),
                "fresh": fresh,
                "due_on": asked_again(stored.confirmed_at) if stored.confirmed_at else None,
                "waiting": stored.waiting_days,
                "corrections": stored.corrections.filter(status=Correction.Status.NEW).count(),
            }
            context |= {"may_place": may_place(request.user, stored)}
        asked = request.GET.get(ASKED, "") if clinic else SECTIONS[0][0]
        asked_for = asked_in(clinic, request.user) if clinic and clinic.pk and is_member_here(request) else {}
        parts = (context["adminform"], context["inline_admin_formsets"])
        context |= {
            "sections": sections_of(*parts, missing, advice, asked, asked_for),
            "missing": missing,
            "files_lost": bool(request.FILES and context["errors"]),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _conflict(self, request: HttpRequest, context: Any, stored: Clinic) -> dict[str, Any]:
        """What the page knows of the clinic, and what another has changed since an earlier page was shown."""
        form, formsets = context["adminform"].form, [one.formset for one in context["inline_admin_formsets"]]
        now = conflict.written({name: value for one in (form, *formsets) for name, value in one.marks.items()})
        found = [*form.differences, *(each for one in formsets for each in one.differences)]
        return {
            "seen": form.data.get(conflict.SEEN, "") if form.is_bound else now,
            "conflict": conflict.Conflict(conflict.title(stored, request.user), found, now) if found else None,
        }

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Everything of one save, and then the index, in Django's one transaction."""
        own = field_sources.own_groups(form.instance) if change else set()
        remove_unticked(form)
        super().save_related(request, form, formsets, change)
        clinic, cleaned = form.instance, form.cleaned_data
        for name, kind in WEEKS.items():
            if name in form.changed_data:
                save_week(clinic=clinic, kind=kind, week=cleaned[name], day=clock.today())
        for said in close(clinic=clinic, periods=cleaned.get("closed_days", ())):
            messages.success(request, f"Tilføjet: lukket {said}.")
        add_ticked(form)
        if change and "slug" in form.changed_data:
            actions.clinic_moved(clinic=clinic, old=form.initial["slug"])
        if change:
            doubt = channels.changed(clinic=clinic, by=request.user, before=form.initial)  # type: ignore[arg-type]
            if doubt and not is_member_here(request):
                messages.warning(request, doubt)
        actions.facts_stated(clinic=clinic, groups=groups_changed(form, formsets), source=_source(request))
        if change and not is_member_here(request):
            field_sources.by_hand(clinic=clinic, fields=field_sources.changed_in(form, formsets), own=own)
        actions.clinic_changed(clinic=clinic)
        versions.record(clinic=clinic, by=request.user)  # type: ignore[arg-type]  # staff only get here
        advice = form.warnings()  # type: ignore[attr-defined]
        if any(one.model is Price and one.has_changed() for one in formsets):
            advice += prices.hints(clinic.prices.all())
        for text in advice:
            messages.warning(request, text)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A row that was written or changed today was stated today."""
        for one in formset.forms:
            if one.has_changed() and hasattr(one.instance, "confirmed_at"):
                one.instance.confirmed_at = clock.today()
            if one.has_changed() and is_member_here(request):
                owners.stated_by_the_clinic(one.instance)
        super().save_formset(request, form, formset, change)

    def response_post_save_change(self, request: HttpRequest, obj: Clinic) -> HttpResponseRedirect:
        """“Gem og luk”: a member's own page, not a list with one line."""
        if is_member_here(request):
            return HttpResponseRedirect(page_of(obj))
        return super().response_post_save_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Clinic) -> HttpResponse:
        if "_confirm" in request.POST:
            actions.confirm_facts(clinic=obj, by=request.user, source=_source(request))  # type: ignore[arg-type]  # staff only get here
            until = danish.day(asked_again(clock.today()))
            messages.success(request, f"Gemt og bekræftet. Vi spørger igen omkring {until}.")
            return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[obj.pk]))
        if "_continue" in request.POST:
            messages.success(request, "Gemt. Du kan rette videre herunder.")
            return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[obj.pk]))
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Clinic) -> None:
        actions.delete_clinic(clinic=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> None:
        for clinic in queryset:
            actions.delete_clinic(clinic=clinic)


def _source(request: HttpRequest) -> str | None:
    """Whose word it is that is saved: a member's is the clinic's; a moderator's leaves the sources as they are."""
    return Source.CLINIC if is_member_here(request) else None
