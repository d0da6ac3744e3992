"""What meets the members of a clinic in the admin: how it stands, and what to do first. One click confirms.

With one clinic it is the whole screen; with several a list, from which each leads to its own (`?klinik=7`).
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from clinics import actions, clock, completeness, danish, statistics, website_check
from clinics.admin.owned import is_member_here
from clinics.freshness import DUE_MONTHS, Age, Freshness, freshness, months_before
from clinics.models import Claim, Clinic, ListingRequest, PendingChange, Provenance, WebsiteCheck
from clinics.models.clinic import Source
from clinics.ownership import own_clinics
from clinics.reviews.members import News, news_of
from clinics.statistics import Figures
from clinics.suggestions import Open, open_of
from clinics.text import fold
from clinics.whole import fill

CHOSEN, SEARCHED = "klinik", "q"  # parameters of the page
MOST_MISSING = 4  # named; the form names all
MOST_SUGGESTED = 5  # asked at once; the next come when these are answered
MOST_LINES = 100
MOST_SEARCHED = 100  # characters

_SAID = {
    Claim.Status.STARTED: ("Du er begyndt, men har ikke vist, at klinikken er din.", "Fortsæt"),
    Claim.Status.CODE: ("Koden er sendt. Skriv den, når du har den.", "Skriv koden"),
    Claim.Status.WAITING: ("Vi ser på det. Du får en mail, så snart det er afgjort.", "Se status"),
    Claim.Status.APPEALED: ("Vi ser på din klage. Du får en mail, så snart den er afgjort.", "Se status"),
    Claim.Status.REFUSED: ("Vi kunne ikke godkende det.", "Se hvorfor, og hvad du kan gøre"),
}
REFUSED_SHOWN = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """A clinic that somebody waits for. `url` is "" where there is nothing to do."""

    name: str
    text: str
    url: str
    action: str


@dataclass(frozen=True)
class Lacking:
    label: str
    why: str
    url: str


@dataclass(frozen=True)
class Line:
    """One of several clinics."""

    clinic: Clinic
    url: str
    percent: int
    fresh: Freshness
    waiting: int
    reviews: str
    is_website_silent: bool

    @property
    def is_due(self) -> bool:
        return self.fresh.age != Age.FRESH


@dataclass(frozen=True)
class Whole:
    """Everything about one clinic. `public` is "" while patients cannot see it; `seen` is what a confirmation is about."""

    clinic: Clinic
    percent: int
    missing: Sequence[Lacking]
    more: int
    fresh: Freshness
    asked_again: datetime.date | None
    figures: Figures
    pending: Sequence[PendingChange]
    public: str
    seen: str
    reviews: News
    website: WebsiteCheck | None  # when it did not answer the last times
    suggested: Sequence[Open]
    more_suggested: int

    @property
    def website_url(self) -> str:
        return _section(self.clinic, Provenance.Group.CONTACT)

    @property
    def is_due(self) -> bool:
        return self.fresh.age != Age.FRESH

    @property
    def links(self) -> list[tuple[str, str]]:
        def screen(name: str) -> str:
            return reverse(f"admin:clinics_clinic_{name}", args=[self.clinic.pk])

        links = [("Ret oplysninger", screen("change"))]
        if self.public:
            links.append(("Se som patient", self.public))
        links.append(("Anmeldelser", reverse("clinics:clinic_reviews", args=[self.clinic.slug])))
        if self.public:
            links.append(("Besøgskoder", reverse("clinics:visit_codes", args=[self.clinic.slug])))
        links.append(("Medlemmer", reverse("clinics:members", args=[self.clinic.slug])))
        return [*links, ("Historik", screen("history")), ("Alle tal", screen("figures"))]


@dataclass(frozen=True)
class Start:
    """`lines`: all one's clinics or those searched for, when there are several; `total` of them."""

    whole: Whole | None
    lines: Sequence[Line]
    total: int
    searched: str
    asked: Sequence[Asked]

    @property
    def title(self) -> str:
        """The heading of the page; "" for somebody who is a member nowhere."""
        if self.whole:
            return self.whole.clinic.name
        return "Dine klinikker" if self.total else ""

    def __bool__(self) -> bool:
        return bool(self.total)


def page(user: Any, asked: Mapping[str, str] | None = None) -> Start:
    """False for somebody who is a member nowhere. As many statements for one clinic as for fifty; `asked` is the address's."""
    clinics = list(own_clinics(user).select_related("postcode").order_by("sort_name", "pk"))
    if not clinics:
        return Start(None, (), 0, "", asked_for(user))
    chosen = (asked or {}).get(CHOSEN, "")
    searched = (asked or {}).get(SEARCHED, "").replace("\0", "").strip()[:MOST_SEARCHED]
    if len(clinics) == 1:
        return Start(_whole(clinics[0]), (), 1, "", asked_for(user))
    if one := next((clinic for clinic in clinics if str(clinic.pk) == chosen), None):
        return Start(_whole(one), (), len(clinics), "", ())
    found = [one for one in clinics if _is_like(one, searched)][:MOST_LINES]
    return Start(None, _lines(found), len(clinics), searched, asked_for(user))


def asked_for(user: Any) -> list[Asked]:
    """What somebody has asked for and not got yet: claims, and clinics that are to be listed. Two statements."""
    claims = Claim.objects.filter(user=user, status__in=_SAID).exclude(clinic__status=Clinic.Status.DRAFT)
    lately = Q(decided_at__gte=clock.now() - REFUSED_SHOWN)
    waiting = [
        Asked(claim.clinic.name, text, reverse("clinics:claim", args=[claim.clinic.slug]), action)
        for claim in claims.filter(~Q(status=Claim.Status.REFUSED) | lately)
        .select_related("clinic")
        .order_by("-created_at")
        for text, action in [_SAID[Claim.Status(claim.status)]]
    ]
    new = ListingRequest.objects.filter(user=user, status=ListingRequest.Status.WAITING, kind=ListingRequest.Kind.NEW)
    text = "Vi ser på den nye klinik. Du får en mail, så snart den er godkendt."
    return [*waiting, *(Asked(one.name, text, "", "") for one in new)]


def _is_like(clinic: Clinic, searched: str) -> bool:
    return all(word in fold(f"{clinic.name} {clinic.address}") for word in fold(searched).split())


def _whole(clinic: Clinic) -> Whole:
    fill([clinic])
    missing, suggested = completeness.missing(clinic), open_of(clinic)
    confirmed = clinic.confirmed_at
    return Whole(
        clinic=clinic,
        percent=100 - sum(one.share for one in missing),
        missing=[Lacking(one.label, one.why, _section(clinic, one.section)) for one in missing[:MOST_MISSING]],
        more=max(len(missing) - MOST_MISSING, 0),
        fresh=freshness(confirmed),
        asked_again=asked_again(confirmed) if confirmed else None,
        figures=statistics.months(clinic),
        pending=list(clinic.pending_changes.filter(status=PendingChange.Status.WAITING)),
        public=clinic.get_absolute_url() if clinic.status == Clinic.Status.PUBLISHED else "",
        seen=_seen(clinic),
        reviews=news_of([clinic])[clinic.pk],
        website=website_check.broken_of(clinic),
        suggested=suggested[:MOST_SUGGESTED],
        more_suggested=max(len(suggested) - MOST_SUGGESTED, 0),
    )


def _section(clinic: Clinic, section: str) -> str:
    """Where in the form of a clinic a group of facts stands."""
    return f"{reverse('admin:clinics_clinic_change', args=[clinic.pk])}?afsnit={section}#{section}"


def _lines(clinics: Sequence[Clinic]) -> list[Line]:
    fill(clinics)
    waiting = PendingChange.objects.filter(clinic__in=clinics, status=PendingChange.Status.WAITING)
    of = list(waiting.order_by().values_list("clinic", flat=True))
    news = news_of(clinics)
    silent = set(website_check.broken().filter(clinic__in=clinics).values_list("clinic", flat=True))
    return [
        Line(
            clinic=one,
            url=page_of(one),
            percent=completeness.percent(one),
            fresh=freshness(one.confirmed_at),
            waiting=of.count(one.pk),
            reviews=news[one.pk].text,
            is_website_silent=one.pk in silent,
        )
        for one in clinics
    ]


def page_of(clinic: Clinic) -> str:
    return f"{reverse('admin:index')}?{urlencode({CHOSEN: clinic.pk})}"


def asked_again(confirmed_at: datetime.date) -> datetime.date:
    """When facts that were confirmed on that day are due again."""
    return months_before(confirmed_at, -DUE_MONTHS)


def _seen(clinic: Clinic) -> str:
    return clinic.updated_at.isoformat()


class ConfirmScreen:
    """What the screen of clinics has besides: /bekraeft/, the button of the page above."""

    admin_site: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.confirm_view))
        own = path("<path:object_id>/bekraeft/", view, name="clinics_clinic_confirm")
        return [own, *super().get_urls()]  # type: ignore[misc]

    @transaction.atomic
    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        clinic = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if clinic is None:
            raise Http404
        if not request.user.has_perm("clinics.change_clinic", clinic):
            raise PermissionDenied
        seen = request.POST.get("seen", _seen(clinic))
        if seen != _seen(clinic):
            messages.warning(
                request, "Oplysningerne er ændret, siden du åbnede siden. Se dem igennem, og bekræft så igen."
            )
        else:
            source = Source.CLINIC if is_member_here(request) else None
            actions.confirm_facts(clinic=clinic, by=request.user, source=source)  # type: ignore[arg-type]
            until = danish.day(asked_again(clock.today()))
            messages.success(request, f"Tak. Oplysningerne er bekræftet i dag. Vi spørger igen omkring {until}.")
        return HttpResponseRedirect(page_of(clinic))
