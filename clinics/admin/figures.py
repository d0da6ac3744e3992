"""“Tal” of a clinic: its figures by month, for its members and for moderators. What they mean: docs/figures.md."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from clinics import statistics
from clinics.models import DailyStatistic
from clinics.statistics.chart import chart
from clinics.statistics.figures import EVENTS

Event = DailyStatistic.Event
# Event → what stands over it in a narrow table, and what it counts.
DEFINITIONS = {
    Event.APPEARANCE: (
        "Vist",
        "Klinikken stod på en liste med søgeresultater eller på en side om et sted. Hver side af listen tæller én gang. "
        "Kort og artikler tæller ikke.",
    ),
    Event.VIEW: (
        "Profil",
        "Nogen åbnede klinikkens side. Åbner samme browser siden igen inden for et minut, tæller det normalt ikke igen.",
    ),
    Event.PHONE: ("Telefon", "Nogen trykkede på nummeret. Om de ringede, ved vi ikke."),
    Event.WEBSITE: ("Hjemmeside", "Nogen trykkede på linket til jeres hjemmeside."),
    Event.BOOKING: ("Booking", "Nogen trykkede på “Bestil tid”."),
    Event.DIRECTIONS: ("Find vej", "Nogen trykkede på “Find vej”. Linket står der, når vi kender jeres dør på kortet."),
}


def columns() -> list[dict[str, str]]:
    return [{"label": Event(one).label, "short": DEFINITIONS[one][0], "means": DEFINITIONS[one][1]} for one in EVENTS]


class FiguresScreen:
    """What the screen of clinics has besides: /tal/."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.figures_view))
        own = path("<path:object_id>/tal/", view, name="clinics_clinic_figures")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def figures_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        clinic = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if clinic is None:
            raise Http404
        if not request.user.has_perm("clinics.view_dailystatistic", clinic):
            raise PermissionDenied
        figures = statistics.months(clinic)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            "clinic": clinic,
            "title": f"Tal for {clinic}",
            "figures": figures,
            "words": [
                said for event in (Event.APPEARANCE, Event.VIEW, Event.PHONE) if (said := figures.in_words(event))
            ],
            "chart": chart(figures),
            "columns": columns(),
        }
        return TemplateResponse(request, "admin/clinics/clinic/figures.html", context)
