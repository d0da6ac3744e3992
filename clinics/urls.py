from django.urls import path, re_path

from . import views

app_name = "clinics"
urlpatterns = [
    path("find/fysioterapeut/", views.results, name="results"),
    path("find/fysioterapeut/<str:slug>/", views.landing, name="landing"),
    path("find/fysioterapeut/<str:slug>/<str:speciality>/", views.landing, name="landing_speciality"),
    path("klinik/<slug:slug>/", views.profile, name="profile"),
    path("klinik/<slug:slug>/ret/", views.correction, name="correction"),
    path("klinik/<slug:slug>/talt/", views.counted, name="counted"),
    path("klinik/<slug:slug>/besoegsark/", views.visit_sheet, name="visit_sheet"),
    # \Z and not $, which lets a line break through.
    re_path(r"^billeder/(?P<digest>[0-9a-f]{64})-(?P<width>[1-9][0-9]{0,3})\.webp\Z", views.image, name="image"),
    path("sammenlign/", views.comparison, name="comparison"),
    path("mails/stop/<str:token>/", views.mail_stop, name="mail_stop"),
    path("henvisning/", views.referral, name="referral"),
    path("specialer/", views.specialities, name="specialities"),
    path("specialer/<slug:slug>/", views.speciality, name="speciality"),
    path("for-klinikker/", views.for_clinics, name="for_clinics"),
    path("for-klinikker/opret/", views.new_clinic, name="new_clinic"),
    path("for-klinikker/opret/fortryd/", views.new_clinic_withdraw, name="new_clinic_withdraw"),
    path("for-klinikker/fjern/<slug:slug>/", views.removal, name="removal"),
    path("for-klinikker/overtag/<slug:slug>/", views.claim, name="claim"),
    path("for-klinikker/overtag/<slug:slug>/kode/", views.claim_code, name="claim_code"),
    path("for-klinikker/overtag/<slug:slug>/bekraeft/", views.claim_confirm, name="claim_confirm"),
    path("for-klinikker/overtag/<slug:slug>/invitation/", views.claim_invitation, name="claim_invitation"),
    path("for-klinikker/overtag/<slug:slug>/bevis/", views.claim_moderator, name="claim_moderator"),
    path("for-klinikker/overtag/<slug:slug>/fortryd/", views.claim_withdraw, name="claim_withdraw"),
    path("for-klinikker/overtag/<slug:slug>/klag/", views.claim_appeal, name="claim_appeal"),
    path("for-klinikker/overtag/<slug:slug>/vaer-med/", views.claim_ask, name="claim_ask"),
    path("for-klinikker/indsigelse/<str:token>/", views.objection, name="objection"),
    path("for-klinikker/invitation/<str:token>/", views.invitation, name="invitation"),
    path("for-klinikker/medlemmer/<slug:slug>/", views.members, name="members"),
    path("for-klinikker/medlemmer/<slug:slug>/inviter/", views.member_invite, name="member_invite"),
    path("for-klinikker/medlemmer/<slug:slug>/invitation/<int:pk>/igen/", views.member_resend, name="member_resend"),
    path("for-klinikker/medlemmer/<slug:slug>/invitation/<int:pk>/fjern/", views.member_revoke, name="member_revoke"),
    path("for-klinikker/medlemmer/<slug:slug>/<int:pk>/rolle/", views.member_role, name="member_role"),
    path("for-klinikker/medlemmer/<slug:slug>/<int:pk>/fjern/", views.member_end, name="member_end"),
]
