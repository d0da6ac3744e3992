"""Two rules about accounts that hold for every page of theirs, whoever writes the view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from . import second_factor

Answer = Callable[[HttpRequest], HttpResponse]


class PrivatePages:
    """Under /konto/: in no cache, not even the browser's own, and in no search engine."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/konto/"):
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex"
        return response


# The admin, and the members of clinics, whom a moderator looks after too.
GUARDED = ("/admin/", "/for-klinikker/medlemmer/")


class SecondFactorRequired:
    """Whoever can do more than look after clinics of their own gets there with a second factor only.

    With one set up allauth asks for it at each log-in; without one the way leads to where it is set up.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.REQUIRE_SECOND_FACTOR
            and request.path.startswith(GUARDED)
            and request.path not in ("/admin/login/", "/admin/logout/")
            and request.user.is_authenticated
            and second_factor.must_have(request.user)
            and not second_factor.has(request.user)
        ):
            return HttpResponseRedirect(f"{resolve_url('mfa_index')}?kraevet=ja")
        return self.get_response(request)
