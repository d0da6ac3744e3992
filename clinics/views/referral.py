"""`/henvisning/`, "Skal jeg have en henvisning?": a plain answer from dated rules, and what to do next. Nothing is stored."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinics import clock
from clinics.care import care_cards
from clinics.filters import ERRORS
from clinics.inquiry import Link, PlaceAnswer, read_place, results_url
from clinics.json_ld import absolute
from clinics.models import ReferralRule
from clinics.municipalities import Municipality, municipalities_of, municipality_named
from clinics.referral import answers, areas_of, local_rules
from clinics.tariffs import national

Service = ReferralRule.Service

# What the address says → the rule's kind, and what else the link to the clinics then asks for.
KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "almindelig": (Service.ORDINARY, {}),
    "hold": (Service.GROUP, {"form": "hold"}),
    "hjemme": (Service.HOME, {"form": "hjemme"}),
    "vederlagsfri": (Service.FREE, {"fakta": "vederlagsfri"}),
    "ridning": (Service.RIDING, {}),
}
YES, NO, UNSURE = "ja", "nej", "ved-ikke"


class ReferralForm(forms.Form):
    """The parameters of `/henvisning/`. All are optional; one that is not understood is named, and the rest still counts."""

    sted = forms.CharField(required=False, max_length=120, label="Hvor bor du?")
    slags = forms.ChoiceField(
        required=False,
        label="Hvad skal du have hjælp til?",
        choices=[
            ("almindelig", "Behandling på klinikken"),
            ("hold", "Træning på hold"),
            ("hjemme", "Behandling hjemme hos mig"),
            ("vederlagsfri", "Vederlagsfri (gratis) fysioterapi"),
            ("ridning", "Ridefysioterapi"),
        ],
    )
    ydernummer = forms.ChoiceField(
        required=False,
        label="Har klinikken ydernummer?",
        choices=[(UNSURE, "Det ved jeg ikke"), (YES, "Ja"), (NO, "Nej")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages |= ERRORS

    def chosen(self, name: str) -> str:
        """What was chosen; the first choice where nothing was, or nothing that is there."""
        value = self.cleaned_data.get(name)
        return str(value or next(iter(dict(self.fields[name].choices))))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Where:
    """Where the visitor lives, as far as it is known. `label` is "" where it is not."""

    label: str = ""
    sted: str = ""
    codes: tuple[str, ...] = ()
    base_regions: tuple[str, ...] = ()


@require_safe
def referral(request: HttpRequest) -> HttpResponse:
    form = ReferralForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("sted", "")
    place = read_place(text)
    municipality = municipality_named(text) if text.strip() and place.place is None else None
    where = _where(place, municipality)
    kind, ydernummer = form.chosen("slags"), form.chosen("ydernummer")
    service, more = KINDS[kind]
    day = clock.today()
    known = national()
    near = municipalities_of(where.codes) if any(rule.municipality for rule in known.rules) else frozenset()
    areas = areas_of(where.base_regions, near, day)
    found = {
        has: answers(service, has, areas, day)
        for has in (True, False)
        if ydernummer == UNSURE or has == (ydernummer == YES)
    }
    query = {"slags": kind, "ydernummer": ydernummer}
    sted = {"sted": where.sted} if where.sted else {}
    answered = place.place is None and municipality is None
    context = {
        "form": form,
        "text": text,
        "kind": kind,
        "ydernummer": ydernummer,
        "errors": {name: " ".join(map(str, problems)) for name, problems in form.errors.items()}
        | ({"sted": place.message} if place.message and answered else {}),
        "place_choices": _links(place.choices, query) if answered else [],
        "suggestion": _links([place.suggestion], query)[0] if answered and place.suggestion else None,
        "asked": bool(request.GET),
        "where": where,
        "with_ydernummer": found.get(True, []),
        "without_ydernummer": found.get(False, []),
        "is_unsure": ydernummer == UNSURE,
        "doctor_first": any(one.needs_referral is not False for one in found.get(True, [])),
        # Who has not said where they live is told what holds in some places only.
        "local_rules": [] if where.label else local_rules(service, day),
        "clinics_url": results_url(sted | ({} if ydernummer == NO else {"ydernummer": "ja"}) | more),
        "all_clinics_url": results_url(sted),
        # General ones: who waits for an answer about money may have something that cannot wait.
        "cards": [card for card in care_cards(region_slugs=where.base_regions) if card.stands_first],
        "canonical": absolute(reverse("clinics:referral")),
    }
    return render(request, "clinics/referral.html", context)


def _where(answer: PlaceAnswer, municipality: Municipality | None) -> Where:
    if municipality:
        return Where(municipality.label, municipality.sted, municipality.codes, municipality.base_regions)
    if place := answer.place:
        return Where(place.label, place.sted, place.postcodes, place.base_regions)
    return Where()


def _links(places: Any, query: dict[str, str]) -> list[Link]:
    url = reverse("clinics:referral")
    return [Link(place.label, f"{url}?{urlencode({'sted': place.sted} | query)}#svar") for place in places]
