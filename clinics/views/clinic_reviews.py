"""`/for-klinikker/anmeldelser/<slug>/`: what patients wrote, and the clinic's answer, for those who look after the clinic.

Outside the admin, so that no list, filter or history of it can ever tell of a review that is not shown: docs/review-owners.md.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clinics.actions import ActionError
from clinics.models import Clinic, Review
from clinics.ownership import own_clinics
from clinics.reviews import contests, members, questions, replies
from clinics.reviews.suggested_replies import SUGGESTED

from .profile import moved

PER_PAGE = 20
Page = Callable[..., HttpResponse]


def theirs(view: Page) -> Page:
    """Of a clinic's members alone; 404 for everybody else, moderators too, whose screens are in the admin."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **keys: str) -> HttpResponse:
        if not request.user.is_authenticated:
            page = request.get_full_path() if request.method != "POST" else _list(slug)
            return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
        clinic = own_clinics(request.user).select_related("postcode").filter(slug=slug).first()
        if clinic is not None:
            return view(request, clinic, **keys)
        if keys or request.method == "POST":
            raise Http404
        return moved(request, slug, "clinics:clinic_reviews")

    return wrapped


@theirs
@require_safe
def clinic_reviews(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """`vis=ubesvarede`: only those without a reply; `side`."""
    only_unanswered = request.GET.get("vis") == "ubesvarede"
    rows = members.shown(clinic)
    page = Paginator(rows.filter(members.UNANSWERED) if only_unanswered else rows, PER_PAGE)
    here = page.get_page(request.GET.get("side"))
    context = {
        "news": members.news_of([clinic])[clinic.pk],
        "page": here,
        "reviews": [_seen(review) for review in here],
        "only_unanswered": only_unanswered,
    }
    return render(request, "clinics/reviews/clinic_list.html", _shared(clinic) | context)


@theirs
@require_safe
def clinic_review(request: HttpRequest, clinic: Clinic, key: str) -> HttpResponse:
    """One review, the reply to it, and whether it should be there. `forslag`: a suggested reply to begin with."""
    suggested = SUGGESTED.get(request.GET.get("forslag", ""))
    return _one(request, clinic, _review(clinic, key), text=suggested.text if suggested else None)


@theirs
@require_POST
def review_reply(request: HttpRequest, clinic: Clinic, key: str) -> HttpResponse:
    """`svar`; `alligevel=ja` in spite of a warning."""
    review, text = _review(clinic, key), request.POST.get("svar", "")
    try:
        replies.reply(review=review, by=_user(request), text=text, anyway=request.POST.get("alligevel") == "ja")
    except ActionError as error:
        return _one(request, clinic, _review(clinic, key), text=text, at="svar", problem=error, status=422)
    messages.success(request, "Svaret er sendt. Det vises under anmeldelsen, når en moderator har læst det.")
    return redirect("clinics:clinic_review", clinic.slug, key)


@theirs
@require_POST
def review_reply_remove(request: HttpRequest, clinic: Clinic, key: str) -> HttpResponse:
    """Back to the review, where another reply can be written."""
    try:
        replies.take_back(review=_review(clinic, key), by=_user(request))
    except ActionError as error:
        return _one(request, clinic, _review(clinic, key), at="fjern", problem=error, status=422)
    messages.success(request, "Svaret er fjernet.")
    return redirect("clinics:clinic_review", clinic.slug, key)


@theirs
@require_POST
def review_contest(request: HttpRequest, clinic: Clinic, key: str) -> HttpResponse:
    """`indsigelse`."""
    review, text = _review(clinic, key), request.POST.get("indsigelse", "")
    try:
        contests.contest(review=review, by=_user(request), text=text)
    except ActionError as error:
        return _one(request, clinic, _review(clinic, key), said=text, at="indsigelse", problem=error, status=422)
    messages.success(request, "Indsigelsen er sendt. En moderator ser på den, og I får svaret på mail.")
    return redirect("clinics:clinic_review", clinic.slug, key)


def _one(
    request: HttpRequest,
    clinic: Clinic,
    review: Review,
    *,
    text: str | None = None,
    said: str = "",
    at: str = "",
    problem: ActionError | None = None,
    status: int = 200,
) -> HttpResponse:
    """`text`: what stands in the field of the reply, by default the reply as it is; `said`: in that of the contest;
    `at`: which form was refused."""
    reply = members.reply_of(review)
    checked = problem.checked if isinstance(problem, replies.FindingsError) else None
    context = _seen(review) | {
        "text": text if text is not None else (reply.text if reply else ""),
        "said": said,
        "suggested": SUGGESTED.items(),
        "longest": replies.LONGEST,
        "at": at,
        "problem": problem.text if problem else "",
        "checked": checked,
    }
    return render(request, "clinics/reviews/clinic_one.html", _shared(clinic) | context, status=status)


def _review(clinic: Clinic, key: str) -> Review:
    """Raises Http404, the same for a key of nothing, of another clinic's and of what is not shown."""
    found = members.shown(clinic).filter(key=key).first() if "\0" not in key else None
    if found is None:
        raise Http404
    return found


def _seen(review: Review) -> dict[str, Any]:
    """A review as members see it: what everybody sees, and what they can do."""
    reply, contest = members.reply_of(review), members.contest_of(review)
    return {
        "review": review,
        "answers": [
            (one.label, one.word(getattr(review, one.field))) for one in questions.QUESTIONS if one.field != "overall"
        ],
        "overall": questions.BY_FIELD["overall"].word(review.overall),
        "reply": reply,
        "contest": contest,
        "may_contest": contests.is_open(review, contest),
        "until": contests.until(review),
    }


def _shared(clinic: Clinic) -> dict[str, Any]:
    return {"clinic": clinic, "noindex": True, "demo": clinic.is_example}


def _user(request: HttpRequest) -> Any:
    return request.user


def _list(slug: str) -> str:
    return reverse("clinics:clinic_reviews", args=[slug])
