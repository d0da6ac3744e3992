"""/api/v1/…"""

from django.urls import path

from clinics.api.clinic import ClinicDetail
from clinics.api.clinics import ClinicList
from clinics.api.map import ClinicMap
from clinics.api.places import PlaceView
from clinics.api.views import Unknown

from .conditions import ConditionDetail, ConditionList
from .schema import Schema

app_name = "api"
urlpatterns = [
    path("conditions/", ConditionList.as_view(), name="conditions"),
    path("conditions/<slug:slug>/", ConditionDetail.as_view(), name="condition"),
    path("places/", PlaceView.as_view(), name="places"),
    path("clinics/", ClinicList.as_view(), name="clinics"),
    path("clinics/<slug:slug>/", ClinicDetail.as_view(), name="clinic"),
    path("clinics.geojson", ClinicMap.as_view(), name="clinic_map"),
    path("openapi.json", Schema.as_view(), name="schema"),
    path("<path:rest>/", Unknown.as_view()),
]
