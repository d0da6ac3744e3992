"""The front page, and what machines ask for."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.models import Article
from clinics.box import towns_links
from clinics.models import Clinic, Speciality

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /*?
"""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published()
    context = {
        "form": {"q": "", "sted": ""},
        "conditions": articles.in_danish_order()[:12],
        "counts": {"articles": articles.count(), "clinics": Clinic.objects.published().count()},
        "specialities": Speciality.objects.filter(kind=Speciality.Kind.FOCUS, clinics__isnull=False)
        .distinct()
        .order_by("name")[:12],
        "demo": Clinic.objects.published().filter(is_example=True).exists(),
        "towns": towns_links(),
    }
    return render(request, "home.html", context)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process and its database answer; 503 otherwise, without saying why to strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain")
