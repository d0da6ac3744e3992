"""A clinic as a list shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from . import danish
from .card_facts import CardFacts, facts_of
from .found import MATCH_OVER_WATER, UNSTATED, Found, Hit
from .freshness import Freshness, WaitingTime, freshness, waiting_time
from .matching import Wanted
from .models import Clinic
from .opening import OpenState
from .reviews import words
from .tags import NO_SPECIALITIES, tag_number


@dataclass(frozen=True)
class Card:
    number: int
    name: str
    slug: str
    url: str
    address: str
    distance: str
    over_water: bool
    approximate_location: bool
    partial_match: bool
    reasons: tuple[str, ...]
    price_first: Decimal | None
    price_follow_up: Decimal | None
    phone_tel: str
    phone_display: str
    has_ydernummer: bool | None
    is_example: bool
    freshness: Freshness
    specialities_stated: bool
    open_state: OpenState
    waiting: WaitingTime | None
    people: tuple[str, ...]
    rating: str  # "4,6 af 5 · 23 bekræftede besøg"


@dataclass(frozen=True)
class Group:
    title: str
    intro: str
    cards: list[Card]


def card(hit: Hit, number: int, facts: CardFacts, query: dict[str, str] | None = None) -> Card:
    """The card of one hit. `query` travels along to the profile, so that place and condition are not asked for again."""
    approximate = hit.precision == Clinic.Precision.POSTCODE
    distance = "" if hit.distance_km is None else danish.kilometres(hit.distance_km)
    url = reverse("clinics:profile", args=[hit.slug])
    return Card(
        number=number,
        name=hit.name,
        slug=hit.slug,
        url=f"{url}?{urlencode(query, doseq=True)}" if query else url,
        # Postcode and town stay on one line: a lone "V" or "C" is easily lost.
        address=", ".join(filter(None, [hit.street, f"{hit.postcode} {hit.town}".replace(" ", "\u00a0")])),
        distance=f"ca. {distance}" if distance and approximate and not distance.startswith("under") else distance,
        over_water=hit.over_water,
        approximate_location=approximate,
        partial_match=hit.reason.partial,
        reasons=tuple(danish.in_sentence(name) for name in hit.reason.names),
        price_first=hit.price_first,
        price_follow_up=hit.price_follow_up,
        phone_tel=hit.phone,
        phone_display=danish.phone(hit.phone),
        has_ydernummer=hit.has_ydernummer,
        is_example=hit.is_example,
        freshness=freshness(hit.confirmed_at),
        specialities_stated=tag_number(*NO_SPECIALITIES) not in hit.tags,
        open_state=facts.open_state,
        waiting=waiting_time(hit.waiting_days, hit.waiting_stated_on),
        people=facts.people,
        rating=words.rating(hit.average, hit.review_count),
    )


def cards(
    hits: Sequence[Hit], first_number: int = 1, query: dict[str, str] | None = None, wanted: Iterable[Wanted] = ()
) -> list[Card]:
    """The cards of one list. `wanted`: what was searched for, so that people who do it are named. Asks nothing."""
    rows = {hit.clinic_id: hit.card_rows for hit in hits}
    facts = facts_of(rows, {hit.clinic_id: hit.closed_on_holidays for hit in hits}, list(wanted))
    return [card(hit, number, facts[hit.clinic_id], query) for number, hit in enumerate(hits, start=first_number)]


def grouped(found: Found, query: dict[str, str] | None = None) -> list[Group]:
    """The page under its two headings: what matches, and what has stated no specialities."""
    made = cards(found.hits, (found.page - 1) * found.size + 1, query, found.asked.wanted)
    by_heading: dict[bool, list[Card]] = {}
    for hit, one in zip(found.hits, made, strict=True):
        by_heading.setdefault(hit.group >= UNSTATED, []).append(one)
    groups = []
    if matching := by_heading.get(False):
        title = "Klinikker, der matcher" if found.asked.subjects else "Klinikker"
        if found.relaxed:
            title = "Klinikker, der passer næsten"
        groups.append(Group(title, _over_water_intro(found.hits), matching))
    if unstated := by_heading.get(True):
        groups.append(
            Group(
                "Har ikke oplyst specialer",
                "De kan godt have den erfaring, du søger. Ring og spørg, før du bestiller tid.",
                unstated,
            )
        )
    return groups


def _over_water_intro(hits: Iterable[Hit]) -> str:
    if any(hit.group == MATCH_OVER_WATER for hit in hits):
        return "Klinikker på den anden side af vandet står efter dem på din side, selv om de er tættere på i luftlinje."
    return ""
