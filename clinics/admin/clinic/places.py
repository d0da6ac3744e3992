"""Two more screens of a clinic: its pin on the map, and its page as patients will see it while it is a draft."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse

from clinics import ownership, pin
from clinics.actions import ActionError
from clinics.geo import Point
from clinics.inquiry import Inquiry
from clinics.models import Clinic
from clinics.profile import profile_context
from clinics.whole import fill

from .fields import DegreesField


class PinForm(forms.Form):
    latitude = DegreesField(label="Breddegrad", min_value=-90, max_value=90, help_text="Fx 56,1572.")
    longitude = DegreesField(label="Længdegrad", min_value=-180, max_value=180, help_text="Fx 10,2107.")


class PlaceScreens:
    """/pin/ for owners and moderators, /preview/ for whoever may see the clinic."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/pin/", view(self.pin_view), name="clinics_clinic_pin"),
            path("<path:object_id>/preview/", view(self.preview_view), name="clinics_clinic_preview"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def pin_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        clinic = self._clinic(request, object_id)
        by: Any = request.user
        if not may_place(by, clinic):
            raise PermissionDenied
        form = PinForm(request.POST or None, initial={"latitude": clinic.latitude, "longitude": clinic.longitude})
        if request.method == "POST" and form.is_valid():
            try:
                pin.place(
                    clinic=clinic, by=by, point=Point(form.cleaned_data["latitude"], form.cleaned_data["longitude"])
                )
            except ActionError as error:
                form.add_error(None, error.text)
            else:
                messages.success(request, "Punktet er bekræftet. Sådan ser patienter det på kortet.")
                return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[clinic.pk]))
        context = self.admin_site.each_context(request) | {
            "title": f"{'Fejl: ' if form.errors else ''}Punktet på kortet",
            "opts": self.opts,
            "clinic": clinic,
            "form": form,
            "by_hand": clinic.location_source == Clinic.LocationSource.HAND,
            "may_ask": ownership.is_owner(by, clinic),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/clinics/clinic/pin.html", context, status=status)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as patients will see it. A clinic that has one already is shown there."""
        clinic = self._clinic(request, object_id)
        if clinic.status != Clinic.Status.DRAFT:
            return HttpResponseRedirect(clinic.get_absolute_url())
        clinic.has_owner = True  # type: ignore[attr-defined]  # nobody is asked to claim it here
        fill([clinic])
        context = profile_context(clinic, Inquiry.read({}), visits=None)
        back = reverse("admin:clinics_clinic_change", args=[clinic.pk])
        response = render(request, "clinics/profile_preview.html", context | {"noindex": True, "edit_url": back})
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store"
        return response

    def _clinic(self, request: HttpRequest, object_id: str) -> Clinic:
        clinic = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if clinic is None:
            raise Http404
        if not self.has_view_permission(request, clinic):  # type: ignore[attr-defined]
            raise PermissionDenied
        return clinic


def may_place(user: Any, clinic: Clinic) -> bool:
    return bool(user.has_perm("clinics.change_clinic", clinic)) and (
        ownership.may_moderate(user) or ownership.is_owner(user, clinic)
    )
