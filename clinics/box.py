"""The box "Find en fysioterapeut" that stands on article, speciality and landing pages: nearest matches, or where to look."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from .cards import Card, cards
from .found import Found
from .inquiry import Inquiry, Link, results_url, sentences
from .models import Condition
from .places import FoundPlace, largest_towns

NEAREST = 3
TITLE = "Find en fysioterapeut"


@dataclass(frozen=True)
class Box:
    title: str
    gate: str
    partial_gates: list[str]
    action_url: str
    place: FoundPlace | None
    place_value: str
    place_error: str
    place_choices: list[Link]
    suggestion: Link | None
    place_label: str
    where: str
    in_place: str
    cards: list[Card]
    results_url: str
    results_count: int
    matching: list[Link]
    towns: list[Link]
    all_url: str
    shows_clinics: bool


def clinic_box(*, condition: Condition, data: Any, action_url: str) -> Box:
    """The box of an article. `data` are the page's GET parameters, of which only `sted` counts; `action_url` is the page itself.

    The gate of the condition, and of any speciality that it leads to, comes with it and stands first.
    """
    inquiry = Inquiry.read({"sted": data.get("sted", "")}, condition=condition)
    # Of a landscape or an island there are no nearest.
    near = inquiry.place is not None and not inquiry.place.is_area
    found: Found | None = inquiry.found(page=1, size=NEAREST) if near and condition.shows_clinics else None

    def here(place: FoundPlace) -> str:
        return f"{action_url}?{urlencode({'sted': place.sted})}#find-fysioterapeut"

    choices = [Link(place.label, here(place)) for place in inquiry.answer.choices]
    guess = inquiry.answer.suggestion
    specialities = [match.speciality for match in inquiry.matches if match.speciality]
    # With a gate the condition travels along: the list of one speciality then shows its gate and its cards as well.
    kept = {} if condition.care_gate else {"tilstand": None}
    return Box(
        title=condition.box_title or TITLE,
        gate=" ".join(inquiry.gates),
        partial_gates=list(inquiry.partial_gates.values()),
        action_url=action_url,
        place=inquiry.place,
        place_value=inquiry.form.data.get("sted", "")[:120],
        place_error=inquiry.answer.message or sentences(inquiry.form, "sted"),
        place_choices=choices,
        suggestion=Link(guess.label, here(guess)) if guess else None,
        place_label=inquiry.place.label if inquiry.place else "",
        where=inquiry.place.where if inquiry.place else "",
        in_place=inquiry.place.in_place if inquiry.place else "",
        cards=cards(found.hits, query=inquiry.query(q=None), wanted=found.asked.wanted) if found else [],
        results_url=inquiry.url(),
        results_count=found.matching if found else 0,
        matching=[Link(s.name, results_url(inquiry.query(**kept, speciale=[s.slug]))) for s in specialities],
        towns=[]
        if found
        else [Link(t.name, results_url({"tilstand": condition.slug, "sted": t.sted})) for t in largest_towns(5)],
        all_url=results_url({"tilstand": condition.slug}),
        shows_clinics=condition.shows_clinics and bool(inquiry.matches),
    )


def towns_links() -> list[Link]:
    """The largest towns' landing pages, for a visitor who has told no place."""
    return [Link(place.name, reverse("clinics:landing", args=[place.slug])) for place in largest_towns(5)]
