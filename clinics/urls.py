from django.urls import path, re_path

from . import views

app_name = "clinics"
urlpatterns = [
    path("find/fysioterapeut/", views.results, name="results"),
    path("find/fysioterapeut/<str:slug>/", views.landing, name="landing"),
    path("find/fysioterapeut/<str:slug>/<str:speciality>/", views.landing, name="landing_speciality"),
    path("klinik/<slug:slug>/", views.profile, name="profile"),
    path("klinik/<slug:slug>/ret/", views.correction, name="correction"),
    path("klinik/<slug:slug>/besoegsark/", views.visit_sheet, name="visit_sheet"),
    # \Z and not $, which lets a line break through.
    re_path(r"^billeder/(?P<digest>[0-9a-f]{64})-(?P<width>[1-9][0-9]{0,3})\.webp\Z", views.image, name="image"),
    path("sammenlign/", views.comparison, name="comparison"),
    path("henvisning/", views.referral, name="referral"),
    path("specialer/", views.specialities, name="specialities"),
    path("specialer/<slug:slug>/", views.speciality, name="speciality"),
]
