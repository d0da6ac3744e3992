"""`/anmeldelse/<token>/`: an author's own review, by the private link. GET changes nothing: scanners of mail follow links."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from clinics.actions import ActionError
from clinics.models import Appeal, Review
from clinics.outbox import absolute
from clinics.plain_text import plain
from clinics.reporting import appeals
from clinics.reviews import steps, writing
from clinics.reviews.forms import AnswersForm, initial_of
from clinics.reviews.questions import QUESTIONS
from clinics.reviews.steps import Step, Who

from .review import form_context

View = Callable[[HttpRequest, str, Review], HttpResponse]


def by_link(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view with the review that the link opens; a page that says what may have happened (404) for every other link.

    Whoever has the link may: no cookie is trusted, so there is nothing that another site could abuse. The address is told to
    nobody, not even to our own next page (`Referrer-Policy`).
    """

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        review = writing.by_token(token)
        if review is None:
            response = render(request, "clinics/reviews/unknown.html", {"noindex": True}, status=404)
        else:
            response = view(request, token, review)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return csrf_exempt(never_cache(answer))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def review_own(request: HttpRequest, token: str, review: Review) -> HttpResponse:
    """GET: what became of it. POST: the button "Bekræft" of whoever has only an e-mail."""
    if request.method == "POST":
        try:
            writing.confirm_email(review=review)
        except ActionError as error:
            return _own_page(request, token, review, refused=error.text, status=422)
        return redirect(f"{reverse('clinics:review_own', args=[token])}?sendt=ja")
    return _own_page(request, token, review)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def review_edit(request: HttpRequest, token: str, review: Review) -> HttpResponse:
    """The form again, filled in. What is sent waits for a moderator, whatever was shown before."""
    if not steps.may(review, Step.EDIT, Who.AUTHOR):
        return redirect("clinics:review_own", token)
    if request.method != "POST":
        return _edit_page(
            request, token, review, AnswersForm(clinic=review.clinic, review=review, initial=initial_of(review))
        )
    form = AnswersForm(request.POST, clinic=review.clinic, review=review)
    if not form.is_valid():
        return _edit_page(request, token, review, form, status=422)
    try:
        changed = writing.edit(review=review, answers=form.answers())
    except ActionError as error:
        is_late = isinstance(error, writing.TooManyError)
        return _edit_page(request, token, review, form, refused=error.text, status=429 if is_late else 422)
    return redirect(f"{reverse('clinics:review_own', args=[token])}?sendt={'rettet' if changed else 'uaendret'}")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def review_erase(request: HttpRequest, token: str, review: Review) -> HttpResponse:
    """GET asks whether it is meant. POST: the review is gone, and this link with it."""
    if request.method != "POST":
        return render(request, "clinics/reviews/erase.html", _context(token, review))
    clinic = review.clinic
    try:
        writing.erase(review=review)
    except ActionError as error:
        return render(request, "clinics/reviews/erase.html", _context(token, review, refused=error.text), status=422)
    return render(
        request, "clinics/reviews/erased.html", {"clinic": clinic, "noindex": True, "demo": clinic.is_example}
    )


@require_safe
@by_link
def review_data(request: HttpRequest, token: str, review: Review) -> HttpResponse:
    """All that we keep, as a file."""
    response = JsonResponse(writing.export(review), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="min-anmeldelse.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def review_appeal(request: HttpRequest, token: str, review: Review) -> HttpResponse:
    """ "Klag over afgørelsen": another moderator looks at it."""
    standing = appeals.standing(side=Appeal.Side.AUTHOR, review=review)
    if request.method != "POST":
        if not standing.may:
            return redirect("clinics:review_own", token)
        return render(request, "clinics/reviews/appeal.html", _context(token, review))
    words = plain(request.POST.get("tekst", "")[: 2 * appeals.LONGEST])
    try:
        appeals.appeal(side=Appeal.Side.AUTHOR, text=words, review=review)
    except ActionError as error:
        context = _context(token, review, refused=error.text) | {"words": words}
        return render(request, "clinics/reviews/appeal.html", context, status=422)
    return redirect(f"{reverse('clinics:review_own', args=[token])}?sendt=klage")


def _own_page(request: HttpRequest, token: str, review: Review, refused: str = "", status: int = 200) -> HttpResponse:
    standing = appeals.standing(side=Appeal.Side.AUTHOR, review=review)
    reply = getattr(review, "reply", None)
    context = _context(token, review, refused=refused) | {
        "sent": request.GET.get("sendt", ""),
        "can_edit": steps.may(review, Step.EDIT, Who.AUTHOR),
        "standing": standing,
        "reply": reply if reply and reply.status == reply.Status.PUBLISHED else None,
        "has_code": review.confirmation == Review.Confirmation.VISIT,
    }
    return render(request, "clinics/reviews/own.html", context, status=status)


def _edit_page(
    request: HttpRequest, token: str, review: Review, form: AnswersForm, refused: str = "", status: int = 200
) -> HttpResponse:
    context = form_context(form) | _context(token, review, refused=refused)
    return render(request, "clinics/reviews/edit.html", context, status=status)


def _context(token: str, review: Review, refused: str = "") -> dict[str, Any]:
    return {
        "review": review,
        "clinic": review.clinic,
        "token": token,
        "link": absolute(reverse("clinics:review_own", args=[token])),
        "answers": [(question, question.word(getattr(review, question.field))) for question in QUESTIONS],
        "refused": refused,
        "noindex": True,
        "demo": review.clinic.is_example,
    }
