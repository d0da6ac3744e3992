"""`/find/fysioterapeut/`: the list of clinics for a condition and a place."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics import danish, statistics
from clinics.card_facts import OPEN_STATE_CACHE
from clinics.cards import grouped
from clinics.care import CareCard, Registry, care_cards
from clinics.filters import terms
from clinics.found import Found, Hit
from clinics.inquiry import FACTS, NARROWING, Inquiry, sentences
from clinics.landings import landing_link
from clinics.models import DailyStatistic
from clinics.orders import BY_DISTANCE, BY_NAME, ORDERS
from clinics.structured_data import results_page
from clinics.vocabulary import MAX_CHARACTERS

from .compare_bar import compare_bar
from .filter_panel import chips, filter_groups, radius_choices
from .instead import instead
from .notices import notices


@require_safe
@cache_control(**OPEN_STATE_CACHE)
def results(
    request: HttpRequest,
    extra: Callable[[Inquiry], dict[str, Any]] = lambda inquiry: {},
    along: Mapping[str, Any] | None = None,
    registry: Registry | None = None,
) -> HttpResponse:
    """The results page. `extra` is what a page that knows articles adds to the context, from what it has read `along` with
    the condition (see SearchForm). `registry`: the red flags, when they have been read for words that name no condition."""
    inquiry = Inquiry.read(request.GET, along=along)
    if address := address_after_merge(request, inquiry):
        return redirect(address, permanent=True)
    context = results_context(inquiry, registry) | extra(inquiry)
    if not context.get("only_named"):
        count_shown(request, context["hits"])
    return render(request, "clinics/results.html", context)


def count_shown(request: HttpRequest, hits: Sequence[Hit]) -> None:
    """The clinics on the list of a page: one appearance for each."""
    if hits and statistics.counts(request):
        statistics.seen(DailyStatistic.Event.APPEARANCE, [hit.clinic_id for hit in hits])


def address_after_merge(request: HttpRequest, inquiry: Inquiry) -> str:
    """The same page for the condition that the one asked for was merged into, and for specialities at their new addresses; ""
    when it is what was asked for."""
    query = request.GET.copy()
    asked = inquiry.cleaned.get("tilstand")
    if asked is not None and asked.slug != query.get("tilstand", "").strip():
        query["tilstand"] = asked.slug
    if ticked := query.getlist("speciale"):
        known = terms().specialities
        query.setlist("speciale", dict.fromkeys(known[slug].slug if slug in known.former else slug for slug in ticked))
    changed = any(query.getlist(name) != request.GET.getlist(name) for name in ("tilstand", "speciale"))
    return f"{request.path}?{query.urlencode()}" if changed else ""


def results_context(inquiry: Inquiry, registry: Registry | None = None) -> dict[str, Any]:
    """Everything that the list of a search shows."""
    found = inquiry.found(facets=True)
    unfiltered: dict[str, Any] = dict.fromkeys(NARROWING) | {"klinik": list(inquiry.ticked)}
    groups = grouped(found, inquiry.travelling())
    choices, suggestion = inquiry.place_links()
    return {
        "form": form_values(inquiry, found) | {"radius_choices": radius_choices(inquiry, found.facets)},
        "hidden_fields": hidden_fields(inquiry),
        "errors": form_errors(inquiry),
        "heading": heading(inquiry, found),
        "summary": summary(inquiry, found),
        "place": inquiry.place,
        "nowhere": inquiry.place is None and not found.asked.box and not inquiry.answer.message,
        "place_choices": choices,
        "suggestion": suggestion,
        "notices": notices(inquiry, found),
        "cards": [card for card in urgent_cards(inquiry, registry) if card.stands_first],
        "gate": " ".join([*inquiry.gates, *inquiry.partial_gates.values()]),
        "groups": groups,
        "hits": found.hits,
        "compare": compare_bar(inquiry, groups),
        "landing": landing_link(inquiry),
        "kept_facts": parse_qsl(urlencode({k: v for k, v in inquiry.query().items() if k in FACTS}, doseq=True)),
        "total": found.total,
        "page": paging(inquiry, found),
        "chips": chips(inquiry),
        "clear_url": inquiry.url(**unfiltered | {"sorter": inquiry.cleaned.get("sorter")}),
        "instead": instead(inquiry, found),
        "noindex": True,
        "demo": any(hit.is_example for hit in found.hits),
        "json_ld": results_page((hit.name, profile_address(hit.slug)) for hit in found.hits if not hit.is_example),
        "filters": filter_groups(inquiry, found.facets),
        "counted_where": counted_where(inquiry, found),
        "condition": inquiry.condition,
        "sorted_by": sorted_by(found),
    }


def profile_address(slug: str) -> str:
    return reverse("clinics:profile", args=[slug])


def urgent_cards(inquiry: Inquiry, registry: Registry | None = None) -> list[CareCard]:
    """What must be read before any clinic: for a condition, for a speciality, and for words of danger whatever they led to.

    "Ryg" leads to a speciality and "ondt i ryggen" to a condition: who writes either has a back that hurts.
    """
    return care_cards(
        condition=inquiry.condition,
        specialities=[one.pk for one in inquiry.cleaned.get("speciale") or ()],
        region_slugs=inquiry.place.base_regions if inquiry.place else (),
        text=inquiry.form.data.get("q", "")[:MAX_CHARACTERS],  # as written: a field that is refused may still say it
        defaults=bool(inquiry.gates),
        registry=registry,
    )


def form_values(inquiry: Inquiry, found: Found) -> dict[str, Any]:
    """What the search form is filled with: what the visitor typed, cut to what a field may hold."""
    raw = inquiry.form.data
    what = inquiry.condition.name if inquiry.condition else raw.get("q", "")
    where = inquiry.cleaned.get("sted") or raw.get("sted", "") or (inquiry.place.label if inquiry.place else "")
    order = inquiry.cleaned.get("sorter") or BY_DISTANCE.slug
    labels = {} if found.asked.point else {BY_DISTANCE: BY_NAME}
    return {
        "what": what[:200],
        "sted": where[:120],
        "radius": inquiry.cleaned.get("radius") or "",
        "orders": [
            {
                "value": "" if one is BY_DISTANCE else one.slug,
                "label": labels.get(one, one.label),
                "selected": one.slug == order,
            }
            for one in ORDERS.values()
        ],
    }


def hidden_fields(inquiry: Inquiry) -> list[dict[str, str]]:
    """What is searched for and where, so that the form with the filters carries it on."""
    kept = inquiry.query()
    named = [(name, kept[name]) for name in ("q", "tilstand", "sted", "kun_radius", "omraade") if name in kept]
    return [{"name": name, "value": value} for name, value in [*named, *(("klinik", slug) for slug in inquiry.ticked)]]


def form_errors(inquiry: Inquiry) -> dict[str, str]:
    """Sentence by field; `what` is the field for words, which also shows a condition that we do not know."""
    errors = {name: sentences(inquiry.form, name) for name in inquiry.form.errors}
    if what := " ".join(filter(None, [errors.pop("q", ""), errors.pop("tilstand", "")])):
        errors["what"] = what
    if inquiry.answer.message:
        errors["sted"] = inquiry.answer.message
    return errors


def heading(inquiry: Inquiry, found: Found) -> str:
    place = inquiry.place
    # "På Fyn" is true of the list of an island; once we had to look around it, the list is near it.
    where = f" {place.where}" if place else " i hele Danmark"
    if place and place.is_area and found.asked.point:
        where = f" nær {place.label}"
    if found.asked.box:
        where = " i området på kortet"
    who = f"fysioterapeuter{where}"
    if asks_where(inquiry, found):
        who = "hvilket sted mener du?" if inquiry.answer.choices else "hvor vil du søge?"
    if inquiry.condition:
        return f"{inquiry.condition.name}: {who}"
    if chosen := inquiry.cleaned.get("speciale"):
        first, *others = [term.name for term in chosen]
        return f"{', '.join([first, *map(danish.in_sentence, others)])}: {who}"
    return who[0].upper() + who[1:]


def asks_where(inquiry: Inquiry, found: Found) -> bool:
    """Whether somebody wrote a place that we did not understand: the page then asks for it before anything else."""
    return bool(inquiry.answer.message) and not found.asked.box


def summary(inquiry: Inquiry, found: Found) -> str:
    """How many, how far: the sentence that a screen reader hears first."""
    reach = f" {reach_in_words(inquiry, found)}" if isinstance(found.step, int) else ""
    if asks_where(inquiry, found):
        listed = danish.count(found.total, "klinik", "klinikker")
        return f"Indtil da viser listen {listed} i hele Danmark efter {sorted_by(found)}."
    if not inquiry.subjects:
        return f"{danish.count(found.total, 'klinik', 'klinikker')}{reach}."
    text = f"{danish.count(found.matching, 'klinik matcher', 'klinikker matcher')}{reach}."
    if found.relaxed:
        text = f"{danish.count(found.matching, 'klinik passer', 'klinikker passer')} næsten{reach}."
    if more := found.total - found.matching:
        text += (
            f" {danish.count(more, 'klinik', 'klinikker')} mere har ikke oplyst specialer."
            if more == 1
            else f" {more} flere har ikke oplyst specialer."
        )
    return text


def reach_in_words(inquiry: Inquiry, found: Found) -> str:
    """How far the list goes, when that is a number of kilometres."""
    km = int(found.step)
    return inquiry.place.within(km) if inquiry.place else f"inden for {km} km"


def counted_where(inquiry: Inquiry, found: Found) -> str:
    """What the numbers at the filters are about."""
    if isinstance(found.step, int):
        return f"Tallene viser klinikker {reach_in_words(inquiry, found)}."
    return "Tallene viser klinikker på listen." if found.asked.point or found.asked.area or found.asked.box else ""


def sorted_by(found: Found) -> str:
    """The order in words; without a place there is no distance, and names decide."""
    order = found.asked.order
    near = "afstand i luftlinje" if found.asked.point else "navn"
    return near if order is BY_DISTANCE else f"{order.words}, derefter {near}"


def paging(inquiry: Inquiry, found: Found) -> dict[str, Any]:
    def url(page: int) -> str:
        return inquiry.url(side=page if page > 1 else None)

    return {
        "number": found.page,
        "count": found.pages,
        "previous_url": url(min(found.page - 1, found.pages)) if found.page > 1 else "",
        "next_url": url(found.page + 1) if found.page < found.pages else "",
    }
