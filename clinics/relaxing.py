"""When no clinic meets every filter: which of them is set aside, in a fixed order, and what else there is to offer.

One filter alone when that is enough; otherwise the first two of the order, the first three, and so on. What somebody cannot
do without is never set aside: the way in, language, ydernummer, free physiotherapy, treatment at home, the condition.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, Value

from .asked import Asked, Ticked
from .counting import Counted
from .filters import terms
from .found import Found, Hit
from .matching import RELATED, wanted_terms
from .models import Speciality, Tag
from .search import Search
from .tags import tag_number

if TYPE_CHECKING:
    from .inquiry import Inquiry

SET_ASIDE_IN_ORDER = (
    "pris_max",
    "ventetid_max",
    "bedoemmelse_min",
    "aaben",
    "form",
    "fakta",
    "forsikring",
    "bekraeftet",
    "behandling",
    "speciale",  # for the official speciality that it belongs to
)
NEVER = {"form": {"hjemme"}, "fakta": {"vederlagsfri"}}  # these choices of a filter that otherwise may
ONLINE_KEEPS = ("ydernummer", "sprog", "fakta")  # what still holds for a clinic that one meets on a screen
ONLINE_SHOWN = 5

Rows = QuerySet[Any, Any]


def relaxed(inquiry: "Inquiry", asked: Asked, counted: Counted) -> tuple[tuple[str, ...], Asked]:
    """The filters to set aside, and the search without them; nothing when that would not help. `counted`: what there is
    with all of them. One statement, none where these counts say that one filter alone is in the way.

    Something helps when a clinic then matches; where nobody is on the list at all also when one is then that has stated no
    specialities.
    """
    names = [name for name in SET_ASIDE_IN_ORDER if _may_go(inquiry, name)]
    tried = [(name,) for name in names] + [tuple(names[:many]) for many in range(2, len(names) + 1)]
    if not tried:
        return (), asked
    without = counted.facets.without if counted.facets else {}
    for name in names:
        if name != "speciale" and (left := without.get((name, None))) and left.matching:
            return (name,), _without(inquiry, asked, (name,))
    searches = [_without(inquiry, asked, names) for names in tried]
    helps = _first_that_finds(
        [replace(one, area=()) for one in searches], anybody=not any(counted.parts[counted.reached])
    )
    return ((), asked) if helps is None else (tried[helps], searches[helps])


def may_help(inquiry: "Inquiry", found: Found) -> bool:
    """Whether setting filters aside may find somebody, as far as an empty list tells: the only one that may go must help."""
    names = [name for name in SET_ASIDE_IN_ORDER if _may_go(inquiry, name)]
    if inquiry.gates or inquiry.cleaned.get("kun_radius") or not names:
        return False
    left = found.facets.without.get((names[0], None)) if found.facets else None
    return len(names) > 1 or left is None or left.clinics > 0


def online(inquiry: "Inquiry", asked: Asked) -> list[Hit]:
    """Clinics that one can meet on a screen, when there is nobody to go to. One statement."""
    number = tag_number(Tag.Kind.FACET, "online")
    if number is None:
        return []
    kept = tuple(one for one in asked.ticked if one.name in ONLINE_KEEPS)
    here = replace(
        asked,
        land="",
        area=(),
        box=None,
        point=asked.point or (inquiry.place.point if inquiry.place and inquiry.place.land else None),
        ticked=(*kept, Ticked("form", frozenset({number}))),
        max_price=None,
        max_waiting_days=None,
        min_average=None,
        open_now=False,
        radius_km=None,
        exact=False,
    )
    return Search(here).nearest(ONLINE_SHOWN)


def broader(chosen: Sequence[Speciality]) -> list[Speciality]:
    """The official specialities that the chosen focus areas belong to; none when one of them has a gate."""
    parents = {one.parent_id for one in chosen} - {one.pk for one in chosen} - {None}
    found = [one for one in terms().specialities.values() if one.pk in parents]
    return [] if any(one.care_gate for one in found) else found


def _may_go(inquiry: "Inquiry", name: str) -> bool:
    value = inquiry.cleaned.get(name)
    if name == "speciale":
        return bool(broader(value or ()))
    if name in NEVER and any(choice.slug in NEVER[name] for choice in value or ()):
        return False
    return value not in (None, "", [])


def _without(inquiry: "Inquiry", asked: Asked, names: Sequence[str]) -> Asked:
    subjects = []
    for name, subject in zip(inquiry.chosen, asked.subjects, strict=True):
        if name == "speciale" and name in names:
            known = {one.number for one in subject}
            more = wanted_terms(broader(inquiry.cleaned["speciale"]))
            subject = (*subject, *(replace(one, weight=RELATED) for one in more if one.number not in known))
        elif name and name in names:
            continue
        subjects.append((name, subject))
    return replace(
        asked,
        subjects=tuple(subject for _, subject in subjects),
        chosen=tuple(name for name, _ in subjects),
        ticked=tuple(one for one in asked.ticked if one.name not in names),
        open_now=asked.open_now and "aaben" not in names,
        max_price=None if "pris_max" in names else asked.max_price,
        max_waiting_days=None if "ventetid_max" in names else asked.max_waiting_days,
        min_average=None if "bedoemmelse_min" in names else asked.min_average,
    )


def _first_that_finds(searches: Sequence[Asked], *, anybody: bool) -> int | None:
    """The first of the searches in which a clinic matches, or, failing that, stands in the list. The index answers each."""
    pieces = []
    for number, asked in enumerate(searches):
        search = Search(replace(asked, land="", point=None))
        for part in search.parts[: 2 if anybody else 1]:
            rank = number + (0 if part.matches else len(searches))
            pieces.append(search.rows.filter(part.condition).order_by().annotate(rank=Value(rank)).values("rank")[:1])
    found: Rows = pieces[0].union(*pieces[1:], all=True) if len(pieces) > 1 else pieces[0]
    ranks = [row["rank"] for row in found]
    return min(ranks) % len(searches) if ranks else None
