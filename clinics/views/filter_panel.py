"""The filters of a results page: the groups that one ticks in, and the chips of what is chosen."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import localize

from clinics import danish
from clinics.choices import AVERAGES, FILTERS, OPEN_NOW, PRICES, RADII, WAITS, Choice, Filter
from clinics.counting import FacetCounts
from clinics.filters import terms
from clinics.inquiry import Inquiry, sentences
from clinics.models import Tag
from clinics.reviews.words import MOST_STARS
from clinics.tags import tag_number

WAIT_WORDS = {7: "Højst en uge", 14: "Højst to uger", 30: "Højst en måned"}
FEW = 3  # choices that stand open; longer groups are folded until something in them is chosen
GROUP_ORDER = (
    *("ydernummer", "pris_max", "ventetid_max", "bedoemmelse_min"),
    *("aaben", "form", "adgang", "fakta", "speciale", "behandling"),
)


def filter_groups(inquiry: Inquiry, facets: FacetCounts | None = None) -> list[dict[str, Any]]:
    """The filters as the page shows them: {name, label, kind "ticks" / "select" / "number", …} (see _filters.html)."""
    groups = [_price(inquiry, facets), _waiting(inquiry, facets), _average(inquiry, facets), *_terms(inquiry, facets)]
    for one in FILTERS:
        choices = [(c.slug, c.label, _left(one, c, facets)) for c in one.choices]
        groups.append(_ticks(inquiry, one.name, one.title, choices, one.hint))
    order = {name: place for place, name in enumerate(GROUP_ORDER)}
    return sorted(groups, key=lambda group: order.get(group["name"], len(order)))


def _left(one: Filter, choice: Choice, facets: FacetCounts | None) -> int | None:
    if facets is None:
        return None
    if choice is OPEN_NOW:
        return facets.open_now(one.name)
    return facets.of(one.name, tag_number(Tag.Kind.FACET, choice.key))


def chips(inquiry: Inquiry) -> list[dict[str, str]]:
    """The chosen filters, each with the address without it."""
    made = []

    def chip(label: str, **without: Any) -> None:
        made.append({"label": label, "remove_url": inquiry.url(**without)})

    cleaned = inquiry.cleaned
    for name in ("speciale", "behandling", *(one.name for one in FILTERS)):
        chosen = cleaned.get(name) or []
        for choice in chosen:
            chip(_label(choice), **{name: [other.slug for other in chosen if other != choice]})
    if cleaned.get("pris_max") is not None:
        chip(f"Højst {danish.kroner(cleaned['pris_max'])}", pris_max=None)
    if (days := cleaned.get("ventetid_max")) is not None:
        chip(f"Ventetid: {_longest(days).lower()}", ventetid_max=None)
    if (least := cleaned.get("bedoemmelse_min")) is not None:
        chip(f"Bedømmelse: {_at_least(least).lower()}", bedoemmelse_min=None)
    if cleaned.get("omraade"):
        chip("Området på kortet", omraade=None)
    if cleaned.get("radius") and has_radius(inquiry):
        words = inquiry.place.within(cleaned["radius"]) if inquiry.place else ""
        chip(words[:1].upper() + words[1:], radius=None, kun_radius=None)
    return made


def chosen_labels(inquiry: Inquiry, name: str) -> list[str]:
    """What was chosen of one filter, in the words of its chips."""
    if name == "pris_max":
        return [f"Højst {danish.kroner(inquiry.cleaned[name])}"]
    if name == "ventetid_max":
        return [_longest(inquiry.cleaned[name])]
    if name == "bedoemmelse_min":
        return [_at_least(inquiry.cleaned[name])]
    return [_label(choice) for choice in inquiry.cleaned.get(name) or ()]


def _label(choice: Any) -> str:
    return getattr(choice, "chip_label", None) or choice.name


def has_radius(inquiry: Inquiry) -> bool:
    """Whether "within so many kilometres" means anything: near a town, but not in a region and not without a place."""
    return inquiry.place is not None and not inquiry.place.is_area and not inquiry.cleaned.get("omraade")


def _ticks(
    inquiry: Inquiry, name: str, label: str, choices: Iterable[tuple[str, str, int | None]], hint: str = ""
) -> dict[str, Any]:
    """`choices`: value, words, and how many clinics it would leave. What leaves none cannot be ticked, only taken away."""
    chosen = {choice.slug for choice in inquiry.cleaned.get(name) or ()}
    made = [
        {
            "value": slug,
            "label": text,
            "checked": slug in chosen,
            "count": count,
            "disabled": count == 0 and slug not in chosen,
        }
        for slug, text, count in choices
    ]
    made.sort(key=lambda choice: not choice["checked"])
    return {
        "name": name,
        "label": label,
        "kind": "ticks",
        "hint": hint,
        "choices": made,
        "chosen": len(chosen),
        "folded": len(made) > FEW and not chosen,
    }


def _terms(inquiry: Inquiry, facets: FacetCounts | None) -> list[dict[str, Any]]:
    """Specialities and treatment types; a condition's own specialities stand first, and what nobody here has stands last."""
    known = terms()
    own = {match.speciality.slug for match in inquiry.matches if match.speciality}

    made = []
    for name, label, kind, rows in (
        ("speciale", "Speciale", Tag.Kind.SPECIALITY, known.specialities),
        ("behandling", "Behandling", Tag.Kind.TREATMENT, known.treatments),
    ):
        left = {slug: facets.of(name, tag_number(kind, slug)) if facets else None for slug in rows}
        choices = [(slug, term.name, left[slug]) for slug, term in rows.items()]
        choices.sort(key=lambda choice: (choice[0] not in own, choice[2] == 0))
        made.append(_ticks(inquiry, name, label, choices))
    return made


def radius_choices(inquiry: Inquiry, facets: FacetCounts | None) -> list[dict[str, Any]]:
    """How far away; each with the clinics that lie no further away. None where "so many kilometres" means nothing."""
    if not has_radius(inquiry):
        return []
    chosen = inquiry.cleaned.get("radius")
    made: list[dict[str, Any]] = [{"value": "", "label": "De nærmeste", "selected": not chosen, "count": None}]
    for km in RADII:
        count = facets.within.get(km) if facets else None
        nobody = count == 0 and km != chosen
        made.append({"value": km, "label": f"{km} km", "selected": km == chosen, "count": count, "disabled": nobody})
    return made


def _price(inquiry: Inquiry, facets: FacetCounts | None) -> dict[str, Any]:
    """A number of one's own, and some to choose with how many clinics ask no more."""
    chosen, suggestions, stated = inquiry.cleaned.get("pris_max"), [], ""
    if facets:
        many = danish.count(facets.within_limit("pris_max", None), "klinik", "klinikker")
        stated = f"{many} har oplyst en pris."
        for most in sorted({*map(Decimal, PRICES), *([] if chosen is None else [chosen])}):
            count = facets.within_limit("pris_max", most)
            url = inquiry.url(pris_max=most) if count and most != chosen else ""
            label = f"Højst {danish.kroner(most)}"
            suggestions.append({"label": label, "count": count, "current": most == chosen, "url": url})
    return {
        "suggestions": suggestions,
        "name": "pris_max",
        "label": "Højeste pris uden henvisning",
        "kind": "number",
        "hint": f"I kroner for første gang, fx 600. {stated}",
        "value": str(inquiry.form.data.get("pris_max", ""))[:12],
        "error": sentences(inquiry.form, "pris_max"),
    }


def _waiting(inquiry: Inquiry, facets: FacetCounts | None) -> dict[str, Any]:
    """A choice of days; what the address says besides is one of them too."""
    days = inquiry.cleaned.get("ventetid_max")
    values = sorted({*WAITS, *([] if days is None else [days])})
    left = {value: facets.within_limit("ventetid_max", value) if facets else None for value in values}
    return {
        "name": "ventetid_max",
        "label": "Ventetid",
        "kind": "select",
        "hint": "Kun ventetider, som klinikken har oplyst de seneste 60 dage.",
        "choices": [
            {"value": "", "label": "Uden betydning", "checked": days is None},
            *(
                {
                    "value": value,
                    "label": _longest(value),
                    "checked": value == days,
                    "count": count,
                    "disabled": count == 0 and value != days,
                }
                for value, count in left.items()
            ),
        ],
    }


def _average(inquiry: Inquiry, facets: FacetCounts | None) -> dict[str, Any]:
    """As the waiting times: what the address says besides is a choice too."""
    chosen = inquiry.cleaned.get("bedoemmelse_min")
    values = sorted({*AVERAGES, *([] if chosen is None else [chosen])})
    left = {value: facets.within_limit("bedoemmelse_min", value) if facets else None for value in values}
    return {
        "name": "bedoemmelse_min",
        "label": "Bedømmelse",
        "kind": "select",
        "hint": "Gennemsnittet af bekræftede besøg.",
        "more": {"url": reverse("pages:how_we_check"), "label": "Sådan kontrollerer vi anmeldelser"},
        "choices": [
            {"value": "", "label": "Uden betydning", "checked": chosen is None},
            *(
                {
                    "value": f"{value.normalize():f}",
                    "label": _at_least(value),
                    "checked": value == chosen,
                    "count": count,
                    "disabled": count == 0 and value != chosen,
                }
                for value, count in left.items()
            ),
        ],
    }


def _at_least(average: Decimal) -> str:
    return f"Mindst {localize(average.normalize())} af {MOST_STARS}"


def _longest(days: int) -> str:
    return WAIT_WORDS.get(days) or f"Højst {danish.count(days, 'dag', 'dage')}"
