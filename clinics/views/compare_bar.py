"""The ticks on the cards of a list, and the form that takes them to the comparison."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from clinics.cards import Group
from clinics.inquiry import Inquiry


def compare_bar(inquiry: Inquiry, groups: Iterable[Group]) -> dict[str, Any]:
    """{fields [(name, value)], ticked [slug], elsewhere [slug], untick_url} for `_compare_bar.html`.

    `fields`: the whole search, so that the way back leads to the same list. `elsewhere`: what was ticked and does not stand on
    this page; `untick_url` is the page without them.
    """
    here = {card.slug for group in groups for card in group.cards}
    elsewhere = [slug for slug in inquiry.ticked if slug not in here]
    kept = [slug for slug in inquiry.ticked if slug in here]
    return {
        "fields": parse_qsl(urlencode(inquiry.query(klinik=None), doseq=True)),
        "ticked": inquiry.ticked,
        "elsewhere": elsewhere,
        "untick_url": inquiry.url(klinik=kept, side=inquiry.cleaned.get("side")) if elsewhere else "",
    }
