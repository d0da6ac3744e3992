"""`/api/v1/clinics/<slug>/`: one clinic with everything its profile states."""

from django.http import HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from clinics import addresses
from clinics.card_facts import OPEN_STATE_CACHE
from clinics.models import Clinic
from clinics.whole import fill

from .clinic_facts import clinic_json
from .problems import MEDIA_TYPE, Gone, Problem
from .shapes import ClinicShape
from .views import ReadOnly


class ClinicDetail(ReadOnly):
    keeping = OPEN_STATE_CACHE

    @extend_schema(
        operation_id="clinic",
        summary="En klinik",
        description="Alt, hvad klinikkens side oplyser, med kilde og dato. null er ikke oplyst og aldrig et nej.",
        responses={
            200: ClinicShape,
            301: OpenApiResponse(description="Klinikken har fået en anden adresse; Location er den."),
            (404, MEDIA_TYPE): Problem,
            (410, MEDIA_TYPE): OpenApiResponse(Problem, description="Klinikken er lukket."),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        clinics = Clinic.objects.select_related("postcode", "rating").exclude(status=Clinic.Status.DRAFT)
        clinic = clinics.filter(slug=slug).first()
        if clinic is None:
            return self._moved(slug)
        if clinic.status == Clinic.Status.CLOSED:
            raise Gone
        fill([clinic])
        return Response(clinic_json(clinic, request.build_absolute_uri))

    def _moved(self, slug: str) -> HttpResponseBase:
        key = addresses.current(addresses.CLINIC, slug) or 0
        here = Clinic.objects.exclude(status=Clinic.Status.DRAFT).filter(pk=key).values_list("slug", flat=True).first()
        if here is None:
            raise NotFound
        return HttpResponsePermanentRedirect(reverse("api:clinic", args=[here]))
