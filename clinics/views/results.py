"""`/find/fysioterapeut/`: the list of clinics for a condition and a place."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics import danish
from clinics.asked import COUNTRY, REGION
from clinics.card_facts import OPEN_STATE_CACHE
from clinics.cards import grouped
from clinics.care import CareCard, care_cards
from clinics.filters import RADII
from clinics.inquiry import FACTS, NARROWING, Inquiry, Notice, sentences, widening_notice
from clinics.search import Found
from clinics.vocabulary import MAX_CHARACTERS

from .filter_panel import chips, filter_groups, has_radius

RADIUS_CHOICES = [("", "De nærmeste"), *((km, f"{km} km") for km in RADII)]


@require_safe
@cache_control(**OPEN_STATE_CACHE)
def results(request: HttpRequest, extra: dict[str, Any] | None = None) -> HttpResponse:
    """The results page. `extra` is what a page that knows articles adds to the context."""
    inquiry = Inquiry.read(request.GET)
    if address := address_after_merge(request, inquiry):
        return redirect(address, permanent=True)
    return render(request, "clinics/results.html", results_context(inquiry) | (extra or {}))


def address_after_merge(request: HttpRequest, inquiry: Inquiry) -> str:
    """The same page for the condition that the one asked for was merged into; "" when it is what was asked for."""
    asked = inquiry.cleaned.get("tilstand")
    if asked is None or asked.slug == request.GET.get("tilstand", "").strip():
        return ""
    query = request.GET.copy()
    query["tilstand"] = asked.slug
    return f"{request.path}?{query.urlencode()}"


def results_context(inquiry: Inquiry) -> dict[str, Any]:
    """Everything that the list of a search shows, for results and landing pages alike."""
    found = inquiry.found()
    # What has a gate travels along to the clinic, so that its page says it too.
    gated = [s.slug for s in inquiry.cleaned.get("speciale") or () if s.care_gate]
    unfiltered: dict[str, Any] = dict.fromkeys(NARROWING)
    travelling = inquiry.query(**unfiltered | {"q": None, "speciale": gated})
    choices, suggestion = inquiry.place_links()
    return {
        "form": form_values(inquiry),
        "hidden_fields": hidden_fields(inquiry),
        "errors": form_errors(inquiry),
        "heading": heading(inquiry, found),
        "summary": summary(inquiry, found),
        "place": inquiry.place,
        "place_choices": choices,
        "suggestion": suggestion,
        "notices": notices(inquiry, found),
        "cards": [card for card in urgent_cards(inquiry) if card.stands_first],
        "gate": " ".join([*inquiry.gates, *inquiry.partial_gates.values()]),
        "groups": grouped(found, travelling),
        "compare": parse_qsl(urlencode(travelling, doseq=True)),
        "kept_facts": parse_qsl(urlencode({k: v for k, v in inquiry.query().items() if k in FACTS}, doseq=True)),
        "total": found.total,
        "page": paging(inquiry, found),
        "chips": chips(inquiry),
        "clear_url": inquiry.url(**unfiltered),
        "noindex": True,
        "demo": any(hit.is_example for hit in found.hits),
        "filters": filter_groups(inquiry),
        "condition": inquiry.condition,
        "sorted_by": "afstand" if found.asked.point else "navn",
    }


def urgent_cards(inquiry: Inquiry) -> list[CareCard]:
    """What must be read before any clinic: for a condition, for words of danger whatever they led to, and with a gate."""
    return care_cards(
        condition=inquiry.condition,
        region_slugs=inquiry.place.base_regions if inquiry.place else (),
        text=inquiry.form.data.get("q", "")[:MAX_CHARACTERS],  # as written: a field that is refused may still say it
        defaults=inquiry.condition is not None or bool(inquiry.gates),
    )


def form_values(inquiry: Inquiry) -> dict[str, Any]:
    """What the search form is filled with: what the visitor typed, cut to what a field may hold."""
    raw = inquiry.form.data
    what = inquiry.condition.name if inquiry.condition else raw.get("q", "")
    where = raw.get("sted", "") or (inquiry.place.label if inquiry.place else "")
    radius = inquiry.cleaned.get("radius") or ""
    choices = [{"value": value, "label": label, "selected": value == radius} for value, label in RADIUS_CHOICES]
    return {
        "what": what[:200],
        "sted": where[:120],
        "radius": radius,
        "radius_choices": choices if has_radius(inquiry) else [],
    }


def hidden_fields(inquiry: Inquiry) -> list[dict[str, str]]:
    """What is searched for and where, so that the form with the filters carries it on."""
    kept = inquiry.query()
    return [{"name": name, "value": kept[name]} for name in ("q", "tilstand", "sted", "kun_radius") if name in kept]


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
    where = f" nær {place.label}" if place and found.asked.point else f" {place.where}" if place else " i hele Danmark"
    if inquiry.condition:
        return f"{inquiry.condition.name}: fysioterapeuter{where}"
    if chosen := inquiry.cleaned.get("speciale"):
        first, *others = [term.name for term in chosen]
        return f"{', '.join([first, *map(danish.in_sentence, others)])}: fysioterapeuter{where}"
    return f"Fysioterapeuter{where}"


def summary(inquiry: Inquiry, found: Found) -> str:
    """How many, how far: the sentence that a screen reader hears first."""
    reach = "" if found.step in (COUNTRY, REGION) else f" inden for {found.step} km"
    if not inquiry.subjects:
        return f"{danish.count(found.total, 'klinik', 'klinikker')}{reach}."
    text = f"{danish.count(found.matching, 'klinik matcher', 'klinikker matcher')}{reach}."
    if more := found.total - found.matching:
        text += (
            f" {danish.count(more, 'klinik', 'klinikker')} mere har ikke oplyst specialer."
            if more == 1
            else f" {more} flere har ikke oplyst specialer."
        )
    return text


def notices(inquiry: Inquiry, found: Found) -> list[Notice]:
    made: list[Notice | None] = [
        Notice(f"{inquiry.form.fields[name].label}: {sentences(inquiry.form, name)}")
        for name in inquiry.form.errors
        if name not in ("q", "tilstand", "sted", "pris_max")
    ]
    if found.total:
        made.append(widening_notice(inquiry, found))
    if inquiry.condition and not inquiry.subjects[0]:
        # No link past a gate: who is behind one has a doctor to ring first.
        link = "" if inquiry.gates else inquiry.url(tilstand=None)
        where = inquiry.place.where if inquiry.place else "i hele Danmark"
        name = danish.in_sentence(inquiry.condition.name)
        if not inquiry.condition.awaits_acceptance:  # its gate says why there are none
            text = f"Vi kan ikke sige, hvilke klinikker der passer til {name}."
            made.append(Notice(text, link, f"Se klinikker {where}"))
    if only := exact_reach(inquiry):
        longer = inquiry.url(kun_radius=None, radius=None)
        made.append(Notice(f"Du ser kun klinikker {only}.", longer, "Søg også længere væk"))
    if found.page > found.pages:
        made.append(
            Notice(
                f"Listen har kun {danish.count(found.pages, 'side', 'sider')}.",
                inquiry.url(side=found.pages if found.pages > 1 else None),
                "Gå til sidste side",
            )
        )
    return [notice for notice in made if notice]


def exact_reach(inquiry: Inquiry) -> str:
    """How far the visitor allowed us to look, "" when that is as far as it takes."""
    place = inquiry.place
    if place is None or not inquiry.cleaned.get("kun_radius"):
        return ""
    if place.is_area:
        return place.in_place if place.postcodes else ""
    radius = inquiry.cleaned.get("radius")
    return f"inden for {radius} km" if radius else ""


def paging(inquiry: Inquiry, found: Found) -> dict[str, Any]:
    def url(page: int) -> str:
        return inquiry.url(side=page if page > 1 else None)

    return {
        "number": found.page,
        "count": found.pages,
        "previous_url": url(min(found.page - 1, found.pages)) if found.page > 1 else "",
        "next_url": url(found.page + 1) if found.page < found.pages else "",
    }
