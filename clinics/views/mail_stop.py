"""`/mails/stop/<token>/`, the link at the foot of a reminder: no more of them to that address. No login, no cookie."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinics.mailing import stops


# The token is what proves it. A mail program that stops for its reader (RFC 8058) has neither cookie nor form of ours.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing, as scanners of mail follow links. POST stops, with `fortryd=ja` it takes that back.

    The answer to POST is a page and no redirect: RFC 8058 wants none. 404 for a token that is not ours.
    """
    digest = stops.digest_of(token)
    context = {"noindex": True, "state": "unknown"}
    if digest is None:
        return render(request, "clinics/mail_stop.html", context, status=404)
    if request.method != "POST":
        context["state"] = "stopped" if stops.has_digest(digest) else "asked"
    elif request.POST.get("fortryd") == "ja":
        stops.resume(digest=digest)
        context["state"] = "resumed"
    else:
        stops.stop(digest=digest)
        context["state"] = "stopped"
    return render(request, "clinics/mail_stop.html", context)
