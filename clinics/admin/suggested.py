"""“Foreslåede specialer og behandlinger”: what lists suggest, clinic by clinic, for a moderator's yes or no; and the one click
with which a clinic answers for itself on its start page."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from clinics import ownership, suggestions
from clinics.actions import ActionError
from clinics.danish import count
from clinics.models import Clinic

from .start import page_of

SEARCHED, PAGE, ALL = "q", "side", "valgt"  # parameters of the list
CLINICS = 25  # on a page: with at most 20 suggestions each it stays under the thousand fields of a form
MOST_SEARCHED = 100  # characters


@dataclass(frozen=True)
class Asked:
    """A clinic, and what is suggested for it."""

    clinic: Clinic
    url: str
    rows: list[suggestions.Open]


class SuggestedScreens:
    """What the screen of clinics has besides: /forslag/, and the answer of a clinic's own page, /<pk>/forslag/."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("forslag/", view(self.suggested_view), name="clinics_clinic_suggested"),
            path("<path:object_id>/forslag/", view(require_POST(self.answer_view)), name="clinics_clinic_answer"),
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    # A moderator

    def suggested_view(self, request: HttpRequest) -> HttpResponse:
        if not ownership.may_moderate(request.user):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request)
        searched = request.GET.get(SEARCHED, "").replace("\0", "").strip()[:MOST_SEARCHED]
        page = Paginator(_found(searched), CLINICS).get_page(request.GET.get(PAGE))
        context = self.admin_site.each_context(request) | {
            "title": "Foreslåede specialer og behandlinger",
            "is_nav_sidebar_enabled": False,
            "opts": self.opts,
            "asked": _asked(list(page.object_list), searched),
            "page": page,
            "searched": searched,
            "all_chosen": ALL in request.GET,
            "here": urlencode({SEARCHED: searched} if searched else {}),
        }
        return TemplateResponse(request, "admin/clinics/clinic/suggested.html", context)

    def _decide(self, request: HttpRequest) -> HttpResponse:
        """Clinic by clinic, each in a transaction of its own; once for each reason why not."""
        again = HttpResponseRedirect(request.get_full_path())
        action = suggestions.accept if "_accept" in request.POST else suggestions.refuse
        keys = request.POST.getlist("row")[: CLINICS * 40]
        if not ("_accept" in request.POST or "_refuse" in request.POST):
            raise PermissionDenied
        if not keys:
            messages.warning(request, "Sæt flueben ved de forslag, du vil afgøre.")
            return again
        decided, clinics, reasons = 0, 0, dict[str, int]()
        for clinic, mine in _by_clinic(keys).items():
            try:
                answered = action(clinic=Clinic(pk=clinic), keys=mine, by=request.user)  # type: ignore[arg-type]
                decided, clinics = decided + answered, clinics + bool(answered)
            except ActionError as error:
                reasons[error.text] = reasons.get(error.text, 0) + len(mine)
        done = "godkendt" if action is suggestions.accept else "afvist"
        if decided:
            where = count(clinics, "klinik", "klinikker")
            messages.success(request, f"{count(decided, 'forslag', 'forslag')} {done} hos {where}.")
        elif not reasons:
            messages.warning(request, "Forslagene er allerede afgjort.")
        for text, many in reasons.items():
            messages.warning(request, f"{count(many, 'forslag', 'forslag')} er ikke afgjort. {text}")
        return again

    # A clinic

    def answer_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        clinic = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if clinic is None:
            raise Http404
        if not request.user.has_perm("clinics.change_clinic", clinic):
            raise PermissionDenied
        answer = request.POST.get("answer")
        if answer not in ("ja", "nej"):
            raise PermissionDenied
        yes = answer == "ja"
        action, by = suggestions.accept if yes else suggestions.refuse, request.user
        try:
            answered = action(clinic=clinic, keys=[request.POST.get("row", "")], by=by, for_clinic=True)  # type: ignore[arg-type]
        except ActionError as error:
            messages.warning(request, error.text)
        else:
            if not answered:
                messages.warning(request, "Det er der allerede svaret på.")
            elif yes:
                messages.success(request, "Tak. Det står på jeres side nu som noget, klinikken oplyser.")
            else:
                messages.success(request, "Tak. Det kommer ikke på jeres side, og vi spørger ikke om det igen.")
        return HttpResponseRedirect(page_of(clinic))


def open_suggestions() -> int:
    """How many wait for a moderator."""
    return sum(suggestions.for_moderators(kind).count() for kind in suggestions.MODELS)


def suggested_url() -> str:
    return reverse("admin:clinics_clinic_suggested")


def _matching(kind: str, searched: str) -> Any:
    rows = suggestions.for_moderators(kind)
    for word in searched.split():
        said = Q(clinic__name__icontains=word) | Q(evidence__icontains=word) | Q(**{f"{kind}__name__icontains": word})
        rows = rows.filter(said)
    return rows


def _found(searched: str) -> Any:
    if not searched:
        return suggestions.asked_clinics()
    either = Q()
    for kind in suggestions.MODELS:
        either |= Q(pk__in=_matching(kind, searched).values("clinic"))
    return Clinic.objects.filter(either).order_by("sort_name", "pk")


def _asked(clinics: list[Clinic], searched: str) -> list[Asked]:
    rows: dict[int, list[suggestions.Open]] = {clinic.pk: [] for clinic in clinics}
    for kind in suggestions.MODELS:
        for row in _matching(kind, searched).filter(clinic__in=clinics).select_related(kind).order_by("pk"):
            rows[row.clinic_id].append(suggestions.opened(kind, row))
    return [Asked(one, reverse("admin:clinics_clinic_change", args=[one.pk]), rows[one.pk]) for one in clinics]


def _by_clinic(keys: list[str]) -> dict[int, list[str]]:
    """Key of a clinic → the chosen rows of it, in the order of the keys of clinics: two who decide at once take turns."""
    chosen: dict[int, list[str]] = {}
    for kind, model in suggestions.MODELS.items():
        numbers = [key.removeprefix(f"{kind}-") for key in keys if key.startswith(f"{kind}-")]
        pks = [int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) < 18]
        for pk, clinic in model.objects.filter(pk__in=pks).order_by("pk").values_list("pk", "clinic"):
            chosen.setdefault(clinic, []).append(f"{kind}-{pk}")
    return dict(sorted(chosen.items()))
