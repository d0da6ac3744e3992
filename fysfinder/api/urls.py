"""/api/v1/…"""

from django.urls import path

from clinics.api.views import Unknown

from .conditions import ConditionDetail, ConditionList
from .schema import Schema

app_name = "api"
urlpatterns = [
    path("conditions/", ConditionList.as_view(), name="conditions"),
    path("conditions/<slug:slug>/", ConditionDetail.as_view(), name="condition"),
    path("openapi.json", Schema.as_view(), name="schema"),
    path("<path:rest>/", Unknown.as_view()),
]
