"""Pages of an account that allauth has not: the overview, log-ins, own data, and the end."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.logout import logout
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinics.actions import ActionError
from clinics.models import Clinic, Membership

from . import devices, second_factor
from .actions import delete_account
from .export import data_of
from .forms import DeleteForm


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context = {
        "memberships": Membership.objects.active().filter(user=user).select_related("clinic").order_by("clinic__name"),
        "has_second_factor": second_factor.has(user),
        "must_have_second_factor": second_factor.must_have(user),
        "log_ins": len(UserSession.objects.purge_and_list(user)),
    }
    return render(request, "account/home.html", context)


@require_safe
@login_required
def log_ins(request: HttpRequest) -> HttpResponse:
    sessions = sorted(UserSession.objects.purge_and_list(request.user), key=lambda one: one.created_at, reverse=True)
    rows = [
        {
            "pk": one.pk,
            "device": devices.name(one.user_agent),
            "since": one.created_at,
            "is_this": one.session_key == request.session.session_key,
        }
        for one in sessions
    ]
    return render(request, "account/log_ins.html", {"rows": sorted(rows, key=lambda row: not row["is_this"])})


@require_POST
@login_required
def end_log_ins(request: HttpRequest) -> HttpResponse:
    """One other log-in (`log_ind`), or all others."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    if chosen := request.POST.get("log_ind"):
        others = others.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else others.none()
    for session in others:
        session.end()
    messages.success(request, "Du er logget ud dér." if chosen else "Du er logget ud alle andre steder.")
    return redirect("account_log_ins")


@require_safe
@login_required
@reauthentication_required(app="allauth.account")
def own_data(request: HttpRequest) -> HttpResponse:
    """A file with everything; asked for again with the password, for it is everything."""
    answer = JsonResponse(data_of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})  # type: ignore[arg-type]
    answer["Content-Disposition"] = 'attachment; filename="fysfinder-mine-oplysninger.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(app="allauth.account")
def delete(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = DeleteForm(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            delete_account(user=user)
        except ActionError as error:
            refused = error.text
        else:
            logout(request, show_message=False)
            request.session.flush()
            return redirect("account_deleted")
    alone: list[Clinic] = []
    shared: list[Clinic] = []
    for membership in Membership.objects.active().filter(user=user).select_related("clinic").order_by("clinic__name"):
        others = Membership.objects.active().filter(clinic=membership.clinic, role="owner").exclude(user=user)
        (shared if others.exists() or membership.role != "owner" else alone).append(membership.clinic)
    context = {"form": form, "refused": refused, "alone": alone, "shared": shared}
    return render(request, "account/delete.html", context)


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "account/deleted.html")
