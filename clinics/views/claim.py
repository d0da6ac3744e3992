"""`/for-klinikker/overtag/<slug>/`: "Det er min klinik". One page says where the claim stands; each step is a POST beside it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinics import memberships
from clinics.actions import ActionError
from clinics.claiming import asking, codes, objections, proving
from clinics.claiming.proofs import can_be_claimed, masked, proofs_of
from clinics.models import Claim, Clinic
from clinics.ownership import is_member
from clinics.rate_limit import HOUR, allow, source_of

from .profile import moved

logger = logging.getLogger(__name__)

INVITATION = "invitation"  # ?invitation=7KQM2XRT, from a letter or mail of ours
Step = Callable[[HttpRequest, Clinic], None]


@never_cache
@require_GET
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Where it stands, and what can be done next. Changes nothing; sets no cookie for whoever is not logged in."""
    clinic = _clinic(slug)
    return claim_page(request, clinic) if clinic else moved(request, slug, "clinics:claim")


def step(view: Step) -> Callable[[HttpRequest, str], HttpResponse]:
    """A step of somebody who is logged in; back to the page, with what was refused beside what was typed (422)."""

    @never_cache
    @require_POST
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str) -> HttpResponse:
        clinic = _clinic(slug)
        if clinic is None:
            return moved(request, slug, f"clinics:{request.resolver_match.url_name}")  # type: ignore[union-attr]
        page = reverse("clinics:claim", args=[slug])
        if not request.user.is_authenticated:
            return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
        try:
            view(request, clinic)
        except ActionError as error:
            logger.info("%s of clinic %d refused for user %s: %s", view.__name__, clinic.pk, request.user.pk, error)
            return claim_page(request, clinic, problem=error.text, status=422)
        return redirect(page)

    return wrapped


@step
def claim_code(request: HttpRequest, clinic: Clinic) -> None:
    """`vej=email|domain`, `navn` before the @."""
    mine = asking.begin(clinic=clinic, user=request.user)  # type: ignore[arg-type]
    method, name = request.POST.get("vej", ""), request.POST.get("navn", "")
    code = asking.send_code(claim=mine, method=method, name=name, source=source_of(request))
    if clinic.is_example and not settings.PRODUCTION:
        messages.info(
            request,
            f"Klinikken er et opdigtet eksempel, så koden når ikke frem til nogen. Den er {codes.spaced(code)}.",
        )


@step
def claim_confirm(request: HttpRequest, clinic: Clinic) -> None:
    """`kode`: the code that was mailed, told or written."""
    mine = _mine(request, clinic)
    if mine is None:
        raise ActionError(asking.NOT_OPEN)
    proving.try_code(claim=mine, typed=request.POST.get("kode", ""), source=source_of(request))


@step
def claim_invitation(request: HttpRequest, clinic: Clinic) -> None:
    """`invitation`: the code of our letter or mail to the clinic."""
    typed = request.POST.get(INVITATION, "")
    proving.use_invitation(clinic=clinic, user=request.user, typed=typed, source=source_of(request))  # type: ignore[arg-type]


@step
def claim_moderator(request: HttpRequest, clinic: Clinic) -> None:
    """`vej=phone|letter|document`, `rolle`, `forklaring`, `fil`."""
    mine = asking.begin(clinic=clinic, user=request.user)  # type: ignore[arg-type]
    asking.ask_moderator(
        claim=mine, method=request.POST.get("vej", ""), position=request.POST.get("rolle", ""),
        explanation=request.POST.get("forklaring", ""), upload=request.FILES.get("fil"),
    )  # fmt: skip


@step
def claim_withdraw(request: HttpRequest, clinic: Clinic) -> None:
    if mine := _mine(request, clinic):
        asking.withdraw(claim=mine)


@step
def claim_appeal(request: HttpRequest, clinic: Clinic) -> None:
    """`klage`, `fil`."""
    if mine := _mine(request, clinic):
        asking.appeal(claim=mine, words=request.POST.get("klage", ""), upload=request.FILES.get("fil"))


@step
def claim_ask(request: HttpRequest, clinic: Clinic) -> None:
    """`besked`: to those who look after the clinic already."""
    objections.ask_owners(clinic=clinic, user=request.user, words=request.POST.get("besked", ""))  # type: ignore[arg-type]
    messages.success(request, "Vi har skrevet til ejeren. Siger de ja, får du en mail med et link.")


# Without a cookie, as clinics.corrections: whoever has the link of the mail may, and nobody else can make one.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """“Var det ikke jer?”, from the mail to the clinic's published address. No log-in."""
    found = objections.claim_of(token)
    if found is None:
        raise Http404
    context: dict[str, Any] = {"clinic": found.clinic, "noindex": True, "sent": request.GET.get("sendt") == "ja"}
    if request.method != "POST":
        return render(request, "clinics/claim/objection.html", context)
    words = request.POST.get("besked", "")
    try:
        if not allow("objection", source_of(request), 10, HOUR):
            raise ActionError("Der er skrevet mange gange på kort tid. Vent en time.")
        objections.object_to(claim=found, words=words)
    except ActionError as error:
        return render(
            request, "clinics/claim/objection.html", context | {"problem": error.text, "words": words}, status=422
        )
    return redirect(f"{reverse('clinics:objection', args=[token])}?sendt=ja")


def claim_page(request: HttpRequest, clinic: Clinic, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page in the state of the person's own claim; nobody learns of anybody else's."""
    user = request.user
    known = user.is_authenticated
    mine = _mine(request, clinic) if known else None
    typed = request.POST or request.GET
    here = reverse("clinics:claim", args=[clinic.slug])
    invitation = typed.get(INVITATION, "")[:100]
    came = f"{here}?{urlencode({INVITATION: invitation})}" if invitation else here
    is_owner = known and memberships.owners(clinic).filter(user__pk=user.pk or 0).exists()
    context: dict[str, Any] = {
        "clinic": clinic,
        "possible": can_be_claimed(clinic),
        "confirmed": known and asking.has_confirmed_address(user),  # type: ignore[arg-type]
        "is_owner": is_owner,
        "is_member": known and is_member(user, clinic),
        "has_owner": memberships.has_owner(clinic),
        "claim": mine,
        "state": mine.status if mine else "",
        "can_appeal": bool(mine and mine.status == Claim.Status.REFUSED and not mine.appealed_at),
        "sent_to": masked(mine.sent_to) if mine and mine.method == Claim.Method.EMAIL else mine.sent_to if mine else "",
        "proofs": proofs_of(clinic) if known and not is_owner else None,
        "invitation": invitation,
        "next": urlencode({"next": came}),
        "typed": typed,
        "at": request.resolver_match.url_name if problem and request.resolver_match else "",
        "problem": problem,
        "noindex": True,
        "demo": clinic.is_example,
    }
    if not context["possible"] and clinic.status == Clinic.Status.CLOSED:
        status = 410
    return render(request, "clinics/claim/claim.html", context, status=status)


def _clinic(slug: str) -> Clinic | None:
    """A clinic that the public knows of, open or closed."""
    return Clinic.objects.select_related("postcode").exclude(status=Clinic.Status.DRAFT).filter(slug=slug).first()


def _mine(request: HttpRequest, clinic: Clinic) -> Claim | None:
    """The person's open claim on it, or else the last one."""
    rows = (
        Claim.objects.defer("document")
        .filter(clinic=clinic, user__pk=request.user.pk or 0)
        .order_by("-created_at", "-pk")
    )
    return next((row for row in rows if row.is_open), None) or next(iter(rows), None)
