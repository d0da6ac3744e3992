"""“Inviter til at overtage” in the list of clinics: first who would get it and who not, then the button that does it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from clinics import clock, outreach
from clinics.actions import ActionError
from clinics.danish import count
from clinics.models import Clinic, Invitation

Channel = Invitation.Channel


# `permissions` asks ClinicAdmin.has_invite_permission: for moderators. `outreach.invite` asks again.
@admin.action(description="Inviter til at overtage (mail)", permissions=["invite"])
def invite_by_mail(screen: Any, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
    return _invite(screen, request, queryset, Channel.EMAIL)


@admin.action(description="Inviter til at overtage (brev)", permissions=["invite"])
def invite_by_letter(screen: Any, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
    return _invite(screen, request, queryset, Channel.LETTER)


def _invite(screen: Any, request: HttpRequest, clinics: QuerySet[Clinic], channel: Channel) -> HttpResponse | None:
    """The question, or with `yes` in the form its answer: the file of letters, or None and the list again."""
    try:
        if "yes" not in request.POST:
            return _question(screen, request, clinics, channel)
        done = outreach.invite(clinics=clinics, by=request.user, channel=channel)  # type: ignore[arg-type]  # staff
    except ActionError as error:
        messages.error(request, error.text)
        return None
    for one in done.left_out[:20]:
        messages.warning(request, f"Ikke inviteret: {one.clinic} ({one.clinic.postcode}) {one.why}.")
    if len(done.left_out) > 20:
        messages.warning(request, f"Og {len(done.left_out) - 20} til er ikke inviteret.")
    if not done.letters:
        if done.clinics:
            messages.success(
                request,
                f"{count(len(done.clinics), 'klinik bliver', 'klinikker bliver')} inviteret. Mailene sendes mellem kl. 8 og 20.",
            )
        return None
    response = HttpResponse(outreach.letter_file(done.letters), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="breve-{clock.today():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "no-store"  # the codes are nowhere else
    return response


def _question(screen: Any, request: HttpRequest, clinics: QuerySet[Clinic], channel: Channel) -> HttpResponse:
    if clinics.count() > outreach.MOST:
        raise ActionError(f"Vælg højst {outreach.MOST} klinikker ad gangen.")
    chosen, left_out = outreach.choose(clinics, channel)
    context = {
        **screen.admin_site.each_context(request),
        "title": "Inviter til at overtage",
        "opts": screen.opts,
        "chosen": chosen,
        "left_out": left_out,
        "by_letter": channel == Channel.LETTER,
        "days": outreach.DAYS[channel],
        "action": request.POST["action"],
        "checkbox": ACTION_CHECKBOX_NAME,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/clinics/clinic/invite.html", context)
