"""When fewer than enough matched nearby, the search looked further away, and the page says so (`clinics.asked` has the steps)."""

from dataclasses import dataclass

from . import danish
from .asked import COUNTRY, REGION, STEPS_KM
from .found import Found
from .inquiry import Inquiry


@dataclass(frozen=True)
class Notice:
    text: str
    undo_url: str = ""
    undo_label: str = ""


def widening_notice(inquiry: Inquiry, found: Found) -> Notice | None:
    """One sentence when the search looked further away than asked or than usual, with the way back."""
    asked, place = found.asked, inquiry.place
    if asked.point is None or place is None or (found.step == asked.steps[0] and not place.is_area):
        return None
    first = "" if place.is_area else asked.steps[0]
    within = place.in_place if place.is_area else place.within(int(first))
    chosen = asked.subjects or asked.is_narrowed
    nearer = found.counts_at_first
    few = f"Kun {danish.count(nearer, 'klinik', 'klinikker')}" if nearer else "Ingen klinikker"
    if found.matching > nearer:
        middle = " fra midten" if (place.is_area or place.is_city) and isinstance(found.step, int) else ""
        text = f"{few} {'matcher' if chosen else 'ligger'} {within}. Her er dem {_reach(found)}{middle}."
    elif not nearer:
        text = "Ingen klinikker i hele Danmark matcher. Her er dem, der ikke har oplyst specialer."
    else:
        text = f"{few} i hele Danmark {'matcher' if chosen else 'er med på listen'}."
    return Notice(text, inquiry.url(radius=first, kun_radius="ja"), f"Søg kun {within}")


def _reach(found: Found) -> str:
    if found.step == COUNTRY:
        return "i hele Danmark"
    furthest = max(km for km in (*STEPS_KM, *found.asked.steps) if isinstance(km, int))
    return f"i regionen og inden for {furthest} km" if found.step == REGION else f"inden for {found.step} km"
