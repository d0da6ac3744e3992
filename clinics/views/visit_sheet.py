"""`/klinik/<slug>/besoegsark/`: one sheet of paper for the visit, to print and fill in by hand. Nothing is stored."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinics.care import CareCard, care_cards
from clinics.inquiry import Inquiry
from clinics.models import Clinic, Price

from .profile import moved

MOST_OTHERS = 3  # clinics beside the one that the sheet is for; more would not fit the page
# Characters of warnings that fit an A4 page at the size of its other text. No warning is ever left out to make room.
MOST_WARNING = 750

TELL = (
    "Hvor sidder det, og hvordan føles det?",
    "Hvornår begyndte det, og hvad skete der?",
    "Hvad gør det værre, og hvad gør det bedre?",
    "Hvad har jeg prøvet indtil nu?",
    "Medicin, sygdomme og operationer",
)
ASK = (
    "Hvad tror du, det er, og hvad kunne det ellers være?",
    "Hvilke øvelser skal jeg lave, hvor tit, og hvor ondt må det gøre?",
    "Bruger I manuel behandling til det her, og hvad kan den gøre for mig?",
    "Hvor mange gange regner du med, og hvad koster det i alt?",
    "Hvordan følger I op, og hvem ringer jeg til, hvis det bliver værre?",
    "Hvornår skal jeg gå til læge i stedet?",
)
BRING = (
    "Sundhedskort",
    "Henvisning, hvis jeg har en",
    "Liste over min medicin",
    "Svar på scanninger og breve fra sygehuset",
    "Tøj, jeg kan bevæge mig i",
)


@require_safe
def visit_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """`tilstand` brings its warnings along; each further `klinik` is listed beside the clinic, three at most."""
    known = Clinic.objects.published().select_related("postcode").prefetch_related("prices", "postcode__regions")
    clinic = known.filter(slug=slug).first()
    if clinic is None:
        # A closed clinic has a page that says so and where else to go.
        closed = Clinic.objects.filter(slug=slug, status=Clinic.Status.CLOSED).exists()
        return redirect("clinics:profile", slug) if closed else moved(request, slug, "clinics:visit_sheet")
    inquiry = Inquiry.read({"tilstand": request.GET.get("tilstand", "")})
    regions = [region.slug for region in clinic.postcode.regions.all()]
    cards = [card for card in care_cards(condition=inquiry.condition, region_slugs=regions) if card.stands_first]
    warnings = sum(len(flag.text) for card in cards for flag in card.flags) + sum(map(len, inquiry.gates))
    context = {
        "clinic": clinic,
        "others": [_other(one) for one in _others(request.GET, known, slug)],
        "condition": inquiry.condition,
        "gates": inquiry.gates,
        "cards": cards,
        "services": _services(cards),
        "dense": warnings > MOST_WARNING,
        "tell": TELL,
        "ask": ASK,
        "bring": BRING,
        "back_url": _back(clinic, request.GET),
        "noindex": True,
        "demo": clinic.is_example,
    }
    return render(request, "clinics/visit_sheet.html", context)


def _others(query: QueryDict, known: Any, slug: str) -> list[Clinic]:
    slugs = [one for one in dict.fromkeys(query.getlist("klinik")[:20]) if one != slug and "\0" not in one][
        :MOST_OTHERS
    ]
    found = {one.slug: one for one in known.filter(slug__in=slugs)} if slugs else {}
    return [found[one] for one in slugs if one in found]


def _other(clinic: Clinic) -> dict[str, Any]:
    first = [price.amount for price in clinic.prices.all() if price.kind == Price.Kind.FIRST]
    return {"clinic": clinic, "price_first": min(first, default=None)}


def _services(cards: list[CareCard]) -> tuple[Any, ...]:
    return next((card.services for card in cards if card.services), ())


def _back(clinic: Clinic, query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("klinik", None)
    text = kept.urlencode()
    return reverse("clinics:profile", args=[clinic.slug]) + (f"?{text}" if text else "")
