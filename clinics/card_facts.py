"""What the cards of a list show beside what the search found: open state and people. One statement for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .clock import now
from .matching import Wanted
from .models import OpeningException, OpeningHours
from .opening import OpenState, states_of
from .search import Hit
from .together import read_together

# What a page with an open state may say about keeping it: nobody is sent to a door that closed an hour ago.
OPEN_STATE_CACHE: dict[str, Any] = {"private": True, "max_age": 60}


@dataclass(frozen=True)
class CardFacts:
    """`open_state` is true at the moment of asking and must not be kept; `people` are reasons such as "Mette: certificeret …"."""

    open_state: OpenState
    people: tuple[str, ...]


def facts_of(hits: Sequence[Hit], wanted: Iterable[Wanted], at: datetime | None = None) -> dict[int, CardFacts]:
    """By clinic, for each of the hits; no statement for none."""
    if not hits:
        return {}
    at = at or now()
    keys = [hit.clinic_id for hit in hits]
    hours, exceptions = read_together(
        OpeningHours.objects.of_treatment(keys), OpeningException.objects.of_treatment(keys, at.date())
    )
    states = states_of(hours, exceptions, {hit.clinic_id: hit.closed_on_holidays for hit in hits}, at)
    return {key: CardFacts(states[key], ()) for key in keys}
