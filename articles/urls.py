from django.urls import path

from . import views

app_name = "articles"
# Each word here is reserved (clinics.addresses.RESERVED): no article can have it as its address.
urlpatterns = [
    path("", views.article_list, name="list"),
    path("kropsdele/", views.article_regions, name="regions"),
    path("kladde/<str:token>/", views.article_preview, name="preview"),
    path("<slug:slug>/", views.article_detail, name="detail"),
]
