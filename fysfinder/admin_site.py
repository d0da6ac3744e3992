"""The one site of the admin: who comes in, through which door, and what meets them first."""

from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

# Part of a date by which a list is filtered → its least and greatest number. Django falls over the year 10000.
_CALENDAR = {"__year": (1000, 9998), "__month": (1, 12), "__day": (1, 31)}


def _is_on_a_calendar(name: str, value: str) -> bool:
    """False for a year, month or day in an address that no date has."""
    for part, (least, most) in _CALENDAR.items():
        if name.endswith(part):
            return value.isascii() and value.isdecimal() and len(value) < 5 and least <= int(value) <= most
    return True


def _whole_page(address: str) -> HttpResponse:
    """For htmx, which follows a redirect by itself and would put the page it leads to into a part of this one."""
    return HttpResponse(status=204, headers={"HX-Redirect": address})


class FysFinderAdminSite(AdminSite):
    """Accounts are allauth's (settings.LOGIN_URL); the admin has no door and no passwords of its own."""

    index_title = "Administration"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever is logged in and may nothing here is told so, instead of being asked to log in for ever."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                return self.no_access(request)
            # What sends text, the preview of an article, stays where it is: the text would be lost.
            asks = request.method == "GET" and request.headers.get("HX-Request") == "true"
            if asks and not request.user.is_authenticated:
                return _whole_page(self.login_address(request.get_full_path()))
            if not all(_is_on_a_calendar(name, str(value)) for name, value in request.GET.items()):
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")  # as Django for any filter that is none
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def no_access(self, request: HttpRequest) -> HttpResponse:
        from clinics.admin import start  # it reads models, and the site is made before those are there

        asked = start.asked_for(request.user)
        title = "Det, du har bedt om" if asked else "Du har ikke adgang til nogen klinik endnu"
        context = self.each_context(request) | {"title": title, "asked": asked}
        response = TemplateResponse(request, "admin/no_access.html", context, status=403)
        add_never_cache_headers(response)  # tomorrow it may be otherwise
        return response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Whoever may not come in has none: every model of the site was asked about, for a page that says no."""
        return super().get_app_list(request, app_label) if self.has_permission(request) else []

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        back = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        return HttpResponseRedirect(self.login_address(back))

    @staticmethod
    def login_address(back: str) -> str:
        """Whether `back` is ours is for the page to judge that leads there."""
        return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: back})}"

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Own clinics, then what waits, then the lists: each for those whom it concerns."""
        from clinics.admin import queue, start  # they read models, and the site is made before those are there
        from clinics.ownership import may_moderate

        moderates = may_moderate(request.user)
        own = start.page(request.user, request.GET)
        context = {
            "start": own,
            "title": own.title or self.index_title,
            "waiting": queue.waiting(request.user) if moderates else [],
            "more": moderates or self._has_more_than_clinics(request),
        }
        return super().index(request, context | (extra_context or {}))

    def _has_more_than_clinics(self, request: HttpRequest) -> bool:
        """What belongs to a clinic its members reach from their own page, and not from a list of models."""
        from clinics.ownership import owned_models

        models = {model["model"] for app in self.get_app_list(request) for model in app["models"]}
        return bool(models - set(owned_models()))
