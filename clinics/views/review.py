"""`/klinik/<slug>/skriv-anmeldelse/`: a patient says how it was. No login, no cookie, and nothing is kept before Send."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from clinics.actions import ActionError
from clinics.corrections import TRAP, from_our_page
from clinics.models import Clinic, Review
from clinics.plain_text import plain
from clinics.rate_limit import source_of
from clinics.reviews import forms, writing
from clinics.reviews import nickname as nicknames
from clinics.reviews.forms import AnswersForm, ReviewForm
from clinics.reviews.questions import QUESTIONS

from .profile import moved

NOT_FROM_HERE = "Vi kunne ikke se, at formularen kom fra FysFinder. Tryk Send en gang til."


# Why Django's own token is not asked for: clinics.corrections.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_write(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form, or with `?sendt=mail` what to do now. POST: stores a review; 422, 403 or 429 show the form again.

    Whoever proved a visit is led to the private link; it is the one thing that an e-mail alone does not show.
    """
    clinic = Clinic.objects.select_related("postcode").exclude(status=Clinic.Status.DRAFT).filter(slug=slug).first()
    if clinic is None:
        return moved(request, slug, "clinics:review_write")
    if clinic.status == Clinic.Status.CLOSED:
        return redirect(clinic.get_absolute_url())  # where it says so
    if request.method != "POST":
        if request.GET.get("sendt") == "mail":
            return render(request, "clinics/reviews/sent.html", {"clinic": clinic} | _plain_page(clinic))
        code = plain(request.GET.get("kode", "")[: forms.LONGEST_CODE])
        return _write_page(request, ReviewForm(clinic=clinic, initial={"kode": code, "kaldenavn": nicknames.suggest()}))
    form = ReviewForm(request.POST, clinic=clinic)
    form.is_valid()
    if not from_our_page(request):
        return _write_page(request, form, NOT_FROM_HERE, status=403)
    if form.errors:
        return _write_page(request, form, status=422)
    thanks = f"{reverse('clinics:review_write', args=[clinic.slug])}?sendt=mail"
    if form.is_trapped:  # who fell into it is thanked, and learns nothing
        return redirect(thanks)
    try:
        sent = writing.submit(
            clinic=clinic,
            answers=form.answers(),
            code=form.cleaned_data["kode"],
            email=form.cleaned_data["email"],
            source=source_of(request),
            token=form.token,
        )
    except writing.TooManyError as error:
        return _write_page(request, form, error.text, status=429)
    except ActionError as error:
        form.add_error("kode", error.text)
        return _write_page(request, form, status=422)
    if sent.review.confirmation == Review.Confirmation.EMAIL:
        return redirect(thanks)
    return redirect(f"{reverse('clinics:review_own', args=[sent.token])}?sendt=ja")


# It stores nothing and answers with what was typed: there is nothing to forge.
@csrf_exempt
@never_cache
@require_POST
def review_check(request: HttpRequest, slug: str) -> HttpResponse:
    """What should not stand in the text that is being typed, as HTML for htmx. Nothing is stored."""
    if not from_our_page(request):
        return HttpResponseForbidden()
    clinic = Clinic.objects.exclude(status=Clinic.Status.DRAFT).filter(slug=slug).first()
    if clinic is None:
        raise Http404
    typed = request.POST.get("tekst", "")[: 2 * forms.LONGEST]
    checked = forms.checked_text(clinic, typed, request.POST.get("samlet"))
    return render(
        request, "clinics/reviews/_checked.html", {"checked": checked, "is_live": True, **_room(checked.text)}
    )


def form_context(form: AnswersForm) -> dict[str, Any]:
    """What the blocks of the form need: the first field with a fault gets the focus."""
    order = ["maaned", "kode", "email", *(question.name for question in QUESTIONS), "tekst", "kaldenavn", "samtykke"]
    return {
        "form": form,
        "questions": [(question, form[question.name]) for question in QUESTIONS],
        "first_fault": next((name for name in order if name in form.errors), ""),
        "checked": form.checked,
        "insists": bool(form.data.get("alligevel")),
        "shortest": forms.SHORTEST,
        **_room(form.checked.text if form.checked else ""),
    }


def _room(text: str) -> dict[str, int]:
    """How long a checked text is, and how much too long."""
    return {"length": len(text), "over": max(len(text) - forms.LONGEST, 0)}


def _write_page(request: HttpRequest, form: ReviewForm, refused: str = "", status: int = 200) -> HttpResponse:
    page = {
        "trap": TRAP,
        "proof": forms.proof_for(form.clinic),
        "refused": refused,
        "email_counts": settings.REVIEWS_COUNT_EMAIL,
    }
    context = form_context(form) | page | _plain_page(form.clinic)
    return render(request, "clinics/reviews/write.html", context, status=status)


def _plain_page(clinic: Clinic) -> dict[str, Any]:
    return {"clinic": clinic, "noindex": True, "demo": clinic.is_example}
