"""`/for-klinikker/`: what FysFinder is to a clinic, and "Find din klinik". For anybody, without a cookie."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinics.json_ld import absolute
from clinics.listing.finding import find_yours


@require_safe
def for_clinics(request: HttpRequest) -> HttpResponse:
    """`q`: a name, an address, a phone number, a postcode or a town."""
    asked = "q" in request.GET
    yours = find_yours(request.GET.get("q", ""))
    context = {
        "asked": asked,
        "yours": yours,
        "noindex": asked,
        "canonical": absolute(reverse("clinics:for_clinics")),
        "demo": any(one.is_example for one in yours.clinics),
    }
    return render(request, "clinics/for_clinics/for_clinics.html", context)
