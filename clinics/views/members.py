"""`/for-klinikker/medlemmer/<slug>/`: who looks after a clinic, for those who do; and the link of an invitation."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinics import clock, memberships
from clinics.actions import ActionError
from clinics.claiming.proofs import masked
from clinics.memberships.people import locked
from clinics.models import Clinic, Invitation, Membership, Role
from clinics.ownership import clinics_of, is_member

from .profile import moved

logger = logging.getLogger(__name__)

Change = Callable[..., None]


@never_cache
@require_GET
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The members and the invitations that are open. 404 for everybody who is neither a member nor a moderator."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    clinic = _clinic(request, slug)
    return _page(request, clinic) if clinic else _moved(request, slug)


def change(view: Change) -> Callable[..., HttpResponse]:
    """One change by a member; back to the page, with what was refused (422)."""

    @never_cache
    @require_POST
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **keys: int) -> HttpResponse:
        page = reverse("clinics:members", args=[slug])
        if not request.user.is_authenticated:
            return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
        clinic = _clinic(request, slug)
        if clinic is None:
            return _moved(request, slug, **keys)
        try:
            view(request, clinic, **keys)
        except ActionError as error:
            logger.info("%s of clinic %d refused for user %s: %s", view.__name__, clinic.pk, request.user.pk, error)
            return _page(request, clinic, problem=error.text, status=422)
        # Whoever has left sees nothing there any more.
        return redirect(page if _clinic(request, slug) else settings.LOGIN_REDIRECT_URL)

    return wrapped


@change
def member_invite(request: HttpRequest, clinic: Clinic) -> None:
    """`email`, `rolle`."""
    email = request.POST.get("email", "")
    memberships.invite(clinic=clinic, email=email, role=request.POST.get("rolle", ""), by=request.user)  # type: ignore[arg-type]
    messages.success(request, "Invitationen er sendt.")


@change
def member_resend(request: HttpRequest, clinic: Clinic, pk: int) -> None:
    """A new link to the same address; the old one works no more."""
    old = _invitation(clinic, pk)
    memberships.invite(clinic=clinic, email=old.email, role=old.role, by=request.user)  # type: ignore[arg-type]
    messages.success(request, "Invitationen er sendt igen.")


@change
def member_revoke(request: HttpRequest, clinic: Clinic, pk: int) -> None:
    memberships.revoke(invitation=_invitation(clinic, pk), by=request.user)  # type: ignore[arg-type]
    messages.success(request, "Invitationen er taget tilbage.")


@change
def member_role(request: HttpRequest, clinic: Clinic, pk: int) -> None:
    """`rolle`."""
    memberships.change_role(membership=_member(clinic, pk), role=request.POST.get("rolle", ""), by=request.user)  # type: ignore[arg-type]
    messages.success(request, "Rollen er ændret.")


@change
@transaction.atomic
def member_end(request: HttpRequest, clinic: Clinic, pk: int) -> None:
    """Leave, or remove. `sikker=ja` from the last owner, after whom nobody looks after the clinic."""
    locked(clinic.pk)  # or two last owners who leave at once each see the other
    one = _member(clinic, pk)
    others = memberships.owners(clinic).exclude(pk=one.pk).exists()
    if one.role == Role.OWNER and not others and request.POST.get("sikker") != "ja":
        raise ActionError("Der er ingen anden ejer. Sæt flueben i “Jeg er sikker”, hvis klinikken skal stå uden ejer.")
    memberships.end(membership=one, by=request.user)  # type: ignore[arg-type]
    messages.success(
        request, "Personen er fjernet." if one.user_id != request.user.pk else "Du er ikke længere med på klinikken."
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET: what the invitation is about; changes nothing, so that a mail scanner cannot use it up. POST: accept it."""
    found = memberships.find(token)
    context: dict[str, Any] = {"invitation": found, "noindex": True}
    if found is None:
        return render(request, "clinics/members/invitation.html", context, status=410)
    here = request.path
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(here, resolve_url(settings.LOGIN_URL))
        try:
            memberships.accept(token=token, user=request.user)
        except ActionError as error:
            context["problem"] = error.text
        else:
            messages.success(request, f"Du er nu med på {found.clinic}.")
            return redirect("clinics:members", slug=found.clinic.slug)
    context |= {
        "clinic": found.clinic,
        "by": memberships.name_of(found.invited_by),
        "sent_to": masked(found.email),
        "fits": request.user.is_authenticated and memberships.is_for(found, request.user),
        "next": urlencode({"next": here}),
    }
    return render(request, "clinics/members/invitation.html", context, status=422 if "problem" in context else 200)


def _page(request: HttpRequest, clinic: Clinic, *, problem: str = "", status: int = 200) -> HttpResponse:
    user: Any = request.user
    may_manage = memberships.may_manage(user, clinic)
    people = memberships.members(clinic)
    owners = [one for one in people if one.role == Role.OWNER and one.user.is_active]
    open_ones = clinic.invitations.open().filter(kind=Invitation.Kind.MEMBER, expires_at__gt=clock.now())
    context = {
        "clinic": clinic,
        "people": [
            {
                "row": one,
                "name": memberships.name_of(one.user),
                "is_me": one.user_id == user.pk,
                "is_last": owners == [one],
            }
            for one in people
        ],
        "invitations": open_ones.order_by("-created_at", "-pk") if may_manage else [],
        "may_manage": may_manage,
        "is_member": is_member(user, clinic),
        "room": len(owners) < settings.CLINIC_OWNERS,
        "most_owners": settings.CLINIC_OWNERS,
        "typed": request.POST,
        "at": request.resolver_match.url_name if problem and request.resolver_match else "",
        "problem": problem,
        "noindex": True,
        "demo": clinic.is_example,
    }
    return render(request, "clinics/members/members.html", context, status=status)


def _clinic(request: HttpRequest, slug: str) -> Clinic | None:
    """A clinic that is this person's to see, drafts and closed ones too."""
    return clinics_of(request.user).select_related("postcode").filter(slug=slug).first()


def _moved(request: HttpRequest, slug: str, **keys: int) -> HttpResponse:
    if keys or request.method == "POST":
        raise Http404
    return moved(request, slug, "clinics:members")


def _member(clinic: Clinic, pk: int) -> Membership:
    found = Membership.objects.active().filter(clinic=clinic, pk=pk).first()
    if found is None:
        raise ActionError("Personen er ikke længere med på klinikken.")
    return found


def _invitation(clinic: Clinic, pk: int) -> Invitation:
    found = clinic.invitations.open().filter(pk=pk, kind=Invitation.Kind.MEMBER).first()
    if found is None:
        raise ActionError("Invitationen er allerede brugt eller taget tilbage.")
    return found
