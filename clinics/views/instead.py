"""What a page without clinics offers instead: clinics to meet on a screen, and ways on, none of which is known to end at no
clinic as well. It asks nothing that the page has not counted."""

from collections.abc import Iterable
from typing import Any

from clinics import danish
from clinics.asked import COUNTRY
from clinics.cards import Group, cards
from clinics.found import Found
from clinics.inquiry import NARROWING, Inquiry, number_of
from clinics.relaxing import online

from .filter_panel import chips, chosen_labels
from .notices import exact_reach

MOST_FEWER = 3


def instead(inquiry: Inquiry, found: Found) -> dict[str, Any] | None:
    """For `_instead.html`, None when somebody was found. Behind a gate the doctor comes first, and no way leads past it."""
    if found.total:
        return None
    gated = bool(inquiry.gates)
    none_fit = bool(inquiry.condition) and not all(inquiry.subjects)  # nobody can match: the notice says so
    hits = [] if gated or none_fit or inquiry.answer.message else online(inquiry, found.asked)
    group = Group(
        "Disse klinikker tilbyder onlinekonsultation",
        "De opfylder ikke alle dine filtre. Du taler med fysioterapeuten over video.",
        cards(hits, query=inquiry.query(**dict.fromkeys(NARROWING) | {"q": None}), wanted=found.asked.wanted),
    )
    box = found.asked.box is not None
    whole_country = found.step == COUNTRY and not found.asked.area and not box
    ways: dict[str, Any] = {"fewer": [], "clear_url": "", "wider_url": "", "country_url": ""}
    if not none_fit:
        ways |= {"fewer": fewer_filters(inquiry, found), "clear_url": _no_filters(inquiry, found, whole_country)}
        if exact_reach(inquiry) and not box:
            ways["wider_url"] = inquiry.url(kun_radius=None, kun_filtre=None, radius=None)
        elif not whole_country:
            ways["country_url"] = inquiry.url(sted=None, radius=None, kun_radius=None, omraade=None)
    return {"online": [group] if hits else [], "gated": gated, **ways}


def fewer_filters(inquiry: Inquiry, found: Found) -> list[dict[str, str]]:
    """The filters that stand in the way alone: {label, about, url} of each, the one without which there are most first."""
    without = found.facets.without if found.facets else {}
    singly = {name for (name, gone), left in without.items() if gone is not None and left.clinics}
    made = []
    for (name, gone), left in sorted(without.items(), key=lambda one: -one[1].clinics):
        if not left.clinics or name in _kept_for_gates(inquiry) or (gone is None and name in singly):
            continue
        labels, kept = chosen_labels(inquiry, name), []
        if gone is not None:
            choices = inquiry.cleaned[name]
            labels = [choice.chip_label for choice in choices if number_of(choice) == gone]
            kept = [choice.slug for choice in choices if number_of(choice) != gone]
        label = f"Fjern {danish.listing([f'“{one}”' for one in labels], 'og')}"
        # Where nobody matches, the list without the filter may set another aside, and then holds others.
        about = f"({danish.count(left.clinics, 'klinik', 'klinikker')})".replace(" ", "\u00a0") if left.matching else ""
        made.append({"label": label, "about": about, "url": inquiry.url(**{name: kept or None})})
    return made[:MOST_FEWER]


def _no_filters(inquiry: Inquiry, found: Found, whole_country: bool) -> str:
    """The address without any filter, "" when there is none, or when the only one is known not to be what is in the way."""
    kept = _kept_for_gates(inquiry)
    without = (
        {name: left for (name, gone), left in found.facets.without.items() if gone is None} if found.facets else {}
    )
    chosen = [name for name in without if name not in kept]
    if len(chips(inquiry)) <= sum(map(len, kept.values())):
        return ""
    if whole_country and len(chosen) == 1 and not without[chosen[0]].clinics:
        return ""
    nothing: dict[str, Any] = dict.fromkeys(NARROWING)
    return inquiry.url(**nothing | kept | {"klinik": list(inquiry.ticked), "sorter": inquiry.cleaned.get("sorter")})


def _kept_for_gates(inquiry: Inquiry) -> dict[str, list[str]]:
    """What must stay chosen: the specialities that have a gate, or the page would lead past it."""
    chosen: Iterable[Any] = inquiry.cleaned.get("speciale") or ()
    gated = [one.slug for one in chosen if one.care_gate]
    return {"speciale": gated} if gated else {}
