"""`/for-klinikker/fjern/<slug>/`: a clinic that does not want to stand here, or that is not there. No log-in, no cookie."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinics import clock
from clinics.actions import ActionError
from clinics.corrections import TRAP, from_our_page, token_for
from clinics.listing import asking
from clinics.listing.forms import RemovalForm
from clinics.models import Clinic, Provenance
from clinics.rate_limit import HOUR, allow, source_of
from clinics.sources import source_lines
from clinics.whole import fill

from .profile import moved

NOT_FROM_HERE = "Vi kunne ikke se, at formularen kom fra FysFinder. Tryk Send en gang til."


# Why Django's own token is not asked for: clinics.corrections.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form, or with `?sendt=ja` the thanks. POST: stores the wish; 422, 403 or 429 show the form again."""
    known = Clinic.objects.select_related("postcode").exclude(status=Clinic.Status.DRAFT)
    clinic = known.filter(slug=slug).first()
    if clinic is None:
        return moved(request, slug, "clinics:removal")
    if request.method != "POST":
        if request.GET.get("sendt") == "ja":
            return render(request, "clinics/for_clinics/removal_thanks.html", _context(clinic))
        return _form_page(request, RemovalForm(clinic=clinic))
    form = RemovalForm(request.POST, clinic=clinic)
    form.is_valid()
    if not from_our_page(request):
        return _form_page(request, form, NOT_FROM_HERE, status=403)
    if form.errors:
        return _form_page(request, form, status=422)
    if not form.is_trapped:  # who fell into it is thanked, and learns nothing
        if not allow("removal", source_of(request), asking.REMOVALS_OF_SOURCE, HOUR):
            return _form_page(request, form, asking.TOO_MANY_REMOVALS, status=429)
        told = form.cleaned_data
        try:
            asking.ask_removal(clinic=clinic, email=told["email"], why=told["tekst"], from_clinic=told["fra"] == "ja")
        except ActionError as error:
            return _form_page(request, form, error.text, status=422)
    return redirect(f"{reverse('clinics:removal', args=[clinic.slug])}?sendt=ja")


def _form_page(request: HttpRequest, form: RemovalForm, refused: str = "", status: int = 200) -> HttpResponse:
    fill([form.clinic])
    source = source_lines(form.clinic, clock.today())[Provenance.Group.CONTACT]
    context = {"form": form, "trap": TRAP, "token": token_for(form.clinic), "refused": refused, "source": source.text}
    return render(request, "clinics/for_clinics/removal.html", _context(form.clinic) | context, status=status)


def _context(clinic: Clinic) -> dict[str, Any]:
    return {"clinic": clinic, "noindex": True, "demo": clinic.is_example}
