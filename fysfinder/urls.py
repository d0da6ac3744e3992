"""Every address of the site; docs/architecture.md says which page is whose."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import conditional_page, require_safe
from django.views.generic import RedirectView, TemplateView

from articles.feeds import LatestArticles
from clinics import open_data
from clinics.out_of_hours import on_call

from . import search, sitemaps, suggestions, views
from .on_site import view_on_site

PAGES = {
    "om/": "about",
    "om/data/": "data",
    "saadan-sorterer-vi/": "how_we_sort",
    "saadan-kontrollerer-vi-anmeldelser/": "how_we_check",
    "privatliv/": "privacy",
    "vilkaar/": "terms",
    "tilgaengelighed/": "accessibility",
    "kontakt/": "contact",
}

# Asked when a page is shown, not here: numbers have dates.
KNOWN = {
    "on_call": on_call,
    "tile_hosts": lambda: settings.MAP_TILE_HOSTS,
    "open_data": open_data.OnPage,
}

pages = [
    path(address, TemplateView.as_view(template_name=f"pages/{name}.html", extra_context=KNOWN), name=name)
    for address, name in PAGES.items()
]

handler400 = views.bad_request

urlpatterns = [
    path("", views.home, name="home"),
    # Before the directory's own: this view also knows the articles.
    path("find/fysioterapeut/", search.find),
    path("find/forslag/", suggestions.suggest, name="suggestions"),
    path("", include("clinics.urls")),
    path("ordbog/", include("articles.urls")),
    path("api/v1/", include("fysfinder.api.urls")),
    path("feed.xml", require_safe(conditional_page(LatestArticles())), name="feed"),
    path("", include((pages, "pages"))),
    path("konto/", include("fysfinder.accounts.urls")),
    path(".well-known/change-password", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/r/<path:content_type_id>/<path:object_id>/", view_on_site),  # instead of the admin's own
    path("admin/", admin.site.urls),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("robots.txt", views.robots),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:name>-<int:number>.xml", sitemaps.sitemap_file, name="sitemap_file"),
]
