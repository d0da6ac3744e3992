from django.urls import path

from . import views

app_name = "clinics"
urlpatterns = [
    path("find/fysioterapeut/", views.results, name="results"),
    path("find/fysioterapeut/<str:slug>/", views.landing, name="landing"),
    path("klinik/<slug:slug>/", views.profile, name="profile"),
    path("specialer/", views.specialities, name="specialities"),
    path("specialer/<slug:slug>/", views.speciality, name="speciality"),
]
