"""`/klinik/<slug>/anmeldelser/`: all reviews of one clinic, page by page, the newest first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics.json_ld import absolute
from clinics.models import Clinic
from clinics.reviews.showing import ON_PAGE, ON_PROFILE, rating_of, reviews_part

from .profile import moved


@require_safe
@cache_control(private=True, max_age=60)  # what is taken down is gone soon, also from a browser that has seen it
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """A page past the last one, or one that is no number, is the nearest that there is."""
    known = Clinic.objects.published().select_related("postcode", "rating")
    clinic = known.filter(slug=slug).first()
    if clinic is None:
        closed = Clinic.objects.filter(slug=slug, status=Clinic.Status.CLOSED).exists()
        return redirect("clinics:profile", slug) if closed else moved(request, slug, "clinics:reviews")
    shown = rating_of(clinic).shown
    pages = max(1, -(-shown // ON_PAGE))
    number = _page(request.GET.get("side", ""), pages)
    context = {
        "clinic": clinic,
        "reviews": reviews_part(clinic, (number - 1) * ON_PAGE, ON_PAGE),
        "page": _paging(clinic, number, pages),
        "canonical": absolute(_address(clinic, number)),
        # What fits on the profile stands there.
        "noindex": clinic.is_example or number > 1 or shown <= ON_PROFILE,
        "demo": clinic.is_example,
    }
    return render(request, "clinics/reviews/list.html", context)


def _page(text: str, pages: int) -> int:
    return min(max(int(text), 1), pages) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _paging(clinic: Clinic, number: int, pages: int) -> dict[str, Any]:
    return {
        "number": number,
        "count": pages,
        "previous_url": _address(clinic, number - 1) if number > 1 else "",
        "next_url": _address(clinic, number + 1) if number < pages else "",
    }


def _address(clinic: Clinic, number: int) -> str:
    url = reverse("clinics:reviews", args=[clinic.slug])
    return f"{url}?side={number}" if number > 1 else url
