"""What the page of one clinic shows, part by part, in the order in which somebody in pain asks.

A part that knows nothing is left out and named in one sentence at the end: unknown is said, not hidden, and never a no.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from . import clock, danish
from .access import access_part, waiting_part
from .answers import answers_part
from .care import CareCard, care_cards
from .contact import contact_part
from .course import course_cost
from .inquiry import Inquiry, Link
from .json_ld import absolute
from .matching import Wanted
from .models import Clinic, Postcode, Provenance, Speciality
from .models.offer import Stated
from .offers import offers_part, training_part
from .opening import hours_part
from .out_of_hours import OnCall, on_call, service_queries, with_regions
from .people import people_part
from .photos import photos_part
from .prices import PricesPart, prices_part
from .referral import ReferralPart, referral_part
from .reviews.showing import reviews_part
from .similar import similar_clinics
from .sources import SourceLine, source_lines
from .structured_data import clinic_page
from .together import read_together

LONG_PAGE = 4  # parts from which a list of them helps more than it stands in the way

Of = Provenance.Group
NO_NUMBER = -1  # of the index


@dataclass(frozen=True)
class Section:
    """A part of the page. `anchor` is the id of its heading, `missing` what the clinic has not stated when it is not known.

    `known` is false for a part that has nothing to say, which is not shown; `of` is the `Provenance.Group` it comes from, ""
    for what is not the clinic's word.
    """

    anchor: str
    label: str
    missing: str
    name: str
    of: str
    known: object
    source: SourceLine | None = None

    @property
    def template(self) -> str:
        return f"clinics/_profile_{self.name}.html"


def profile_context(clinic: Clinic, inquiry: Inquiry, visits: str | None = None) -> dict[str, Any]:
    """For a clinic that `whole.fill` has filled, read with its rating. `visits` is the parameter `gange` as it was written.

    Three queries: the reviews, whom to ring at night, and the neighbours or, where there is a gate, the warnings.
    """
    now = clock.now()
    day = now.date()
    specialities = stated_specialities(clinic)
    gates = gates_of(inquiry, specialities)
    parts = parts_of(clinic, inquiry, visits, now) | {"reviews": reviews_part(clinic)}
    sources = source_lines(clinic, day)
    every = sections_of(parts)
    shown = [replace(one, source=sources.get(one.of)) for one in every if one.known]
    travelling = inquiry.query(q=None)
    place = {"sted": travelling["sted"]} if "sted" in travelling else {}
    return parts | {
        "clinic": clinic,
        "contact": contact_part(clinic, inquiry.place, day),
        "contact_source": sources[Of.CONTACT],
        "open_state": parts["hours"].state if clinic.opening_hours.all() else None,
        "sections": shown,
        "contents": [Link(one.label, f"#{one.anchor}") for one in shown] if len(shown) >= LONG_PAGE else [],
        "missing": danish.listing([one.missing for one in every if one.missing and not one.known], "eller"),
        "place": inquiry.place,
        "place_query": urlencode(place),
        "came_from": inquiry.condition,
        "nothing_fits": nothing_fits(inquiry, parts) and not gates,
        "specialities": specialities,
        "gate": " ".join(gates),
        # Who comes here has passed the cards of the article or the list; what has a gate is said once more.
        "cards": urgent_cards(inquiry) if gates else [],
        # Safety before choice: nobody who has a doctor to ring first is shown one more clinic.
        "similar": None if gates else similar_clinics(clinic, specialities, travelling),
        "back_url": inquiry.url() if inquiry.condition or inquiry.place or gates else "",
        "correction_url": reverse("clinics:correction", args=[clinic.slug]),
        "visit_sheet_url": _with(reverse("clinics:visit_sheet", args=[clinic.slug]), travelling),
        "canonical": absolute(clinic.get_absolute_url()),
        "printed_on": day,
        "night_numbers": night_numbers(clinic, day),
        "demo": clinic.is_example,
        "json_ld": clinic_page(clinic, parts["reviews"]),
    }


def parts_of(clinic: Clinic, inquiry: Inquiry, visits: str | None, now: datetime.datetime) -> dict[str, Any]:
    """What each part of the page shows, under the name that its template asks for. No queries."""
    day = now.date()
    wanted = wanted_of(inquiry)
    return {
        "offers": offers_part(clinic, wanted),
        "prices_part": prices_part(clinic, day),
        "course": course_cost(clinic, visits, day),
        "referral": referral_part(clinic, day),
        "people": people_part(clinic, wanted),
        "training": training_part(clinic, wanted),
        "waiting": waiting_part(clinic, day),
        "hours": hours_part(clinic, now),
        "access": access_part(clinic),
        "photos": photos_part(clinic),
        "answers": answers_part(clinic),
    }


def sections_of(parts: dict[str, Any]) -> list[Section]:
    """Every part in the order of the page (domain.md §6.c), known or not."""
    prices, referral, hours, photos = (parts[name] for name in ("prices_part", "referral", "hours", "photos"))
    groups_of = Of.OFFERS if parts["training"].offers else Of.PRICES
    return [
        Section("behandler", "Det kan klinikken hjælpe med", "specialer", "offers", Of.OFFERS, parts["offers"]),
        Section("priser", "Priser", "priser", "prices", Of.PRICES, knows_prices(prices)),
        Section("henvisning", "Henvisning og tilskud", "ydernummer", "referral", Of.REFERRAL, knows_referral(referral)),
        Section("behandlere", "Behandlere", "behandlere", "people", Of.PEOPLE, parts["people"]),
        Section("holdtraening", "Holdtræning", "", "groups", groups_of, parts["training"]),
        Section("ventetid", "Ventetid", "ventetid", "waiting", Of.WAITING, parts["waiting"]),
        Section("aabningstider", "Åbningstider", "åbningstider", "hours", Of.HOURS, hours.is_stated),
        Section("adgang", "Adgang og transport", "adgangsforhold", "access", Of.ACCESS, parts["access"]),
        Section("anmeldelser", "Anmeldelser", "", "reviews", "", True),  # none is said too
        Section("billeder", "Billeder", "", "photos", Of.PHOTOS, photos.photos),
        Section("svar", "Klinikken om sig selv", "", "answers", Of.ANSWERS, parts["answers"]),
    ]


def knows_prices(part: PricesPart) -> bool:
    """Also without a price of its own: what a visit costs with a referral is the same at every clinic with a ydernummer."""
    return part.has_any or part.with_referral.covered is not None


def knows_referral(part: ReferralPart) -> bool:
    stated = (part.covered, part.free, part.danmark, part.insurers)
    return bool(part.insurers_note) or any(fact is not None for fact in stated)


def stated_specialities(clinic: Clinic) -> list[Speciality]:
    """What the clinic or somebody there states, each once; suggestions are nobody's word."""
    stated = [row.speciality for row in clinic.specialities.all() if row.basis != Stated.Basis.SUGGESTED]
    return list({one.pk: one for one in stated}.values())


def wanted_of(inquiry: Inquiry) -> list[Wanted]:
    """What the visitor looks for, to be marked on the page. By name: nothing is searched, so no number is looked up."""
    chosen = [*(inquiry.cleaned.get("speciale") or ()), *(inquiry.cleaned.get("behandling") or ())]
    terms = [match.speciality or match.treatment for match in inquiry.matches] + chosen
    return [Wanted(NO_NUMBER, term.name) for term in terms if term]


def nothing_fits(inquiry: Inquiry, parts: dict[str, Any]) -> bool:
    """Whether it is known what fits the condition that the visitor came with, and the clinic has stated none of it."""
    return bool(inquiry.condition and inquiry.matches) and not (parts["offers"].any_fits or parts["training"].any_fits)


def night_numbers(clinic: Clinic, day: datetime.date) -> list[OnCall]:
    """Whom to ring near the clinic when the doctor is closed, for paper, where no link leads on. One query."""
    filed = Postcode.regions.through.objects.filter(postcode=clinic.postcode_id)
    services, regions, in_regions = read_together(*service_queries(), filed)
    slugs = {region.pk: region.slug for region in regions}
    return on_call([slugs[row.region_id] for row in in_regions], day, with_regions(services, regions))


def gates_of(inquiry: Inquiry, specialities: Iterable[Speciality]) -> list[str]:
    """What must be in order before any clinic, and before this one because of what it treats."""
    keys = {one.pk for one in specialities}
    return inquiry.gates + [text for pk, text in inquiry.partial_gates.items() if pk in keys]


def urgent_cards(inquiry: Inquiry) -> list[CareCard]:
    """The cards that stand above the clinic where there is a gate. One query."""
    regions = inquiry.place.base_regions if inquiry.place else ()
    return [card for card in care_cards(condition=inquiry.condition, region_slugs=regions) if card.stands_first]


def _with(url: str, query: dict[str, Any]) -> str:
    return f"{url}?{urlencode(query, doseq=True)}" if query else url
