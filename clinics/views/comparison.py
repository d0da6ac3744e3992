"""`/sammenlign/`: two to four clinics side by side. All that it knows stands in the address."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics import clock, danish
from clinics.card_facts import OPEN_STATE_CACHE
from clinics.comparison import Chosen, chosen_clinics, column_names, compare
from clinics.contact import contact_part
from clinics.course import read_visits
from clinics.inquiry import Inquiry
from clinics.models import Clinic
from clinics.profile import gates_of, stated_specialities, urgent_cards, wanted_of
from clinics.whole import fill

FEWEST = 2
MANY = 3  # of which a phone shows one at a time
PHONE, SMALL = "29.99rem", "47.99rem"  # as in comparison.css
YES = [("", ""), ("ja", "Ja")]


class ComparisonForm(forms.Form):
    """What else the page understands; any other value is left out."""

    kun_forskelle = forms.ChoiceField(required=False, choices=YES)
    enkeltvis = forms.ChoiceField(required=False, choices=[*YES, ("nej", "Nej")])


@require_safe
@cache_control(**OPEN_STATE_CACHE)
def comparison(request: HttpRequest) -> HttpResponse:
    """200 also for too few clinics: the page then says how to choose them."""
    inquiry = Inquiry.read(request.GET)
    chosen = chosen_clinics(request.GET.getlist("klinik"))
    if len(chosen.clinics) < FEWEST:
        return render(request, "clinics/comparison_choose.html", too_few(chosen, inquiry))
    form = ComparisonForm(request.GET)
    form.is_valid()
    return render(
        request,
        "clinics/comparison.html",
        comparison_context(chosen, inquiry, request.GET.get("gange"), form.cleaned_data),
    )


def too_few(chosen: Chosen, inquiry: Inquiry) -> dict[str, Any]:
    only = next(iter(chosen.clinics), None)
    return {
        "clinic": only,
        "clinic_url": _with(only.get_absolute_url(), inquiry.travelling()) if only else "",
        "sentences": sentences(chosen, inquiry),
        "results_url": inquiry.url(klinik=[one.slug for one in chosen.clinics]),
        "where": inquiry.place.where if inquiry.place else "",
        "gate": " ".join(inquiry.gates),
        "cards": urgent_cards(inquiry) if inquiry.gates else [],
        "noindex": True,
        "demo": any(one.is_example for one in chosen.clinics),
    }


def comparison_context(chosen: Chosen, inquiry: Inquiry, gange: str | None, options: dict[str, str]) -> dict[str, Any]:
    clinics = chosen.clinics
    fill(clinics)
    now = clock.now()
    visits, typed, problem = read_visits(gange)
    only_differences = options.get("kun_forskelle") == "ja"
    whole = compare(
        clinics,
        place=inquiry.place,
        wanted=wanted_of(inquiry),
        fits=fits(inquiry),
        visits=visits,
        now=now,
    )
    slugs = [one.slug for one in clinics]
    kept: dict[str, Any] = inquiry.query(klinik=None) | {"gange": visits if gange else None}
    state = kept | {
        "klinik": slugs,
        "kun_forskelle": options.get("kun_forskelle"),
        "enkeltvis": options.get("enkeltvis"),
    }
    travelling = inquiry.travelling()
    gates = list(dict.fromkeys(text for one in clinics for text in gates_of(inquiry, stated_specialities(one))))
    return {
        "columns": [
            {"name": name} | column(one, clinics, inquiry, travelling, state, now.date())
            for name, one in zip(column_names(clinics), clinics, strict=True)
        ],
        "comparison": whole.differences() if only_differences else whole,
        "same": danish.listing(whole.same) if only_differences else "",
        "unknown": danish.listing(whole.unknown) if only_differences else "",
        "sentences": sentences(chosen, inquiry),
        "place": inquiry.place,
        "came_from": inquiry.condition,
        "gate": " ".join(gates),
        "cards": urgent_cards(inquiry) if gates else [],
        "course": {"visits": visits, "typed": typed, "problem": problem},
        "hidden_fields": fields(state | {"gange": None}),
        "only_differences": only_differences,
        "differences_url": address(state | {"kun_forskelle": None if only_differences else "ja"}),
        "screens": screens(len(clinics), options.get("enkeltvis")),
        "one_by_one_url": address(state | {"enkeltvis": "ja"}),
        "side_by_side_url": address(state | {"enkeltvis": "nej"}),
        "results_url": inquiry.url(klinik=slugs),
        "printed_on": now.date(),
        "noindex": True,
        "demo": any(one.is_example for one in clinics),
    }


def screens(number: int, asked: str | None) -> dict[str, str]:
    """Media queries by layout of a small screen: "one" clinic at a time, or clinics "beside" each other.

    `asked` is "ja" or "nej" to one at a time; unasked, a phone shows one of three or four. Wider than SMALL it is a table.
    """
    if asked == "ja":
        return {"one": f"screen and (max-width: {SMALL})"}
    if asked == "nej" or number < MANY:
        return {"beside": f"screen and (max-width: {SMALL})"}
    return {
        "one": f"screen and (max-width: {PHONE})",
        "beside": f"screen and (min-width: {PHONE}) and (max-width: {SMALL})",
    }


def sentences(chosen: Chosen, inquiry: Inquiry) -> list[str]:
    """What was left out, and why there is no distance where the place was not understood."""
    return [*chosen.sentences, *filter(None, [inquiry.answer.message])]


def fits(inquiry: Inquiry) -> str:
    """The words that mark what the visitor looks for."""
    return f"Passer til {danish.in_sentence(inquiry.condition.name)}" if inquiry.condition else "Passer til din søgning"


def column(
    clinic: Clinic,
    clinics: list[Clinic],
    inquiry: Inquiry,
    travelling: dict[str, Any],
    state: dict[str, Any],
    day: datetime.date,
) -> dict[str, Any]:
    """The head of one column: the clinic, how to ring it, and where its links lead."""
    others = [one.slug for one in clinics if one != clinic]
    sheet = reverse("clinics:visit_sheet", args=[clinic.slug])
    return {
        "clinic": clinic,
        "contact": contact_part(clinic, inquiry.place, day),
        "url": _with(clinic.get_absolute_url(), travelling),
        "sheet_url": _with(sheet, travelling | {"klinik": others}),
        "remove_url": address(state | {"klinik": others}),
    }


def address(query: dict[str, Any]) -> str:
    """The comparison with these parameters; empty ones are left out."""
    return _with(reverse("clinics:comparison"), query)


def fields(query: dict[str, Any]) -> list[tuple[str, str]]:
    """The parameters as the hidden fields of a form."""
    kept = {name: value for name, value in query.items() if value not in (None, "", [])}
    return [(name, str(one)) for name, value in kept.items() for one in (value if isinstance(value, list) else [value])]


def _with(url: str, query: dict[str, Any]) -> str:
    kept = fields(query)
    return f"{url}?{urlencode(kept)}" if kept else url
