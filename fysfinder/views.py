"""The front page, and what machines ask for."""

from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article
from clinics.box import towns_links
from clinics.json_ld import absolute
from clinics.models import Clinic, ClinicSpeciality, Condition, Speciality

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /*?

Sitemap: {sitemap}
"""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published()
    published = ClinicSpeciality.objects.filter(clinic__status=Clinic.Status.PUBLISHED)
    stated = published.filter(speciality=OuterRef("pk")).exclude(basis=ClinicSpeciality.Basis.SUGGESTED)
    context = {
        "form": {"q": "", "sted": ""},
        "condition_names": Condition.objects.with_clinics().order_by("name").values_list("name", flat=True),
        "conditions": articles.in_danish_order()[:12],
        "counts": {"articles": articles.count(), "clinics": Clinic.objects.published().count()},
        "specialities": Speciality.objects.filter(Exists(stated), kind=Speciality.Kind.FOCUS).order_by("name")[:12],
        "demo": Clinic.objects.published().filter(is_example=True).exists(),
        "towns": towns_links(),
    }
    return render(request, "home.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Made without the request: in one for somebody else's host not even the host can be asked for."""
    return HttpResponseBadRequest(render_to_string("400.html"))


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
    return HttpResponse(ROBOTS.format(sitemap=absolute(reverse("sitemap"))), content_type="text/plain")
