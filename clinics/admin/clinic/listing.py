"""The list of clinics: how much is stated, and whose facts are getting old."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from clinics import clock
from clinics.completeness import BY_KEY, FACTS
from clinics.freshness import due_until, stale_before
from clinics.models import Clinic
from clinics.whole import fill


class ClinicChangeList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """All parts of the page's clinics in one statement: the column asks for each of them."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        fill(self.result_list)


class FreshnessFilter(admin.SimpleListFilter):
    title = "bekræftet"
    parameter_name = "frisk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("fresh", "inden for et halvt år"),
            ("due", "bør bekræftes"),
            ("stale", "forældet"),
            ("never", "aldrig bekræftet"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> QuerySet[Clinic]:
        due, stale = due_until(clock.today()), stale_before(clock.today())
        asked = {
            "fresh": Q(confirmed_at__gt=due),
            "due": Q(confirmed_at__lte=due, confirmed_at__gte=stale),
            "stale": Q(confirmed_at__lt=stale),
            "never": Q(confirmed_at=None),
        }.get(self.value() or "")
        return queryset.filter(asked) if asked else queryset


class MissingFilter(admin.SimpleListFilter):
    title = "mangler"
    parameter_name = "mangler"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("intet", "intet")] + [(fact.key, fact.label) for fact in FACTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> QuerySet[Clinic]:
        if self.value() == "intet":
            for one in FACTS:
                queryset = queryset.filter(one.stated_q)
        elif fact := BY_KEY.get(self.value() or ""):
            queryset = queryset.exclude(fact.stated_q)
        return queryset
