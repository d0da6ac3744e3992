"""From what a visitor typed to what is searched for: the form, the place and the condition, read once for every page."""

import datetime
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from . import danish, relaxing
from .asked import STEPS_KM, Asked, Ticked
from .choices import FILTERS, OPEN_NOW, Choice
from .clock import today
from .coordinates import is_point
from .counting import Counted
from .filters import SearchForm
from .found import Found
from .matching import Wanted, matches_of, wanted_by, wanted_terms
from .models import Condition, ConditionMatch, Tag
from .orders import BY_DISTANCE, ORDERS
from .places import FoundPlace, PlaceError, find_place
from .search import ENOUGH, PAGE_SIZE, Search
from .tags import tag_number
from .ticked import ticked

# What is asked of any clinic, whatever hurts and wherever: it stays when one searches for something else.
FACTS = (*(one.name for one in FILTERS), "pris_max", "ventetid_max", "bedoemmelse_min")
# All that makes a list another than that of subject and place: it does not follow a visitor to a clinic's page.
NARROWING = ("speciale", "behandling", "radius", "kun_radius", "omraade", "kun_filtre", "sorter", "klinik", *FACTS)
OFF_POINT_KM = 3
NOBODY_HAS = -1  # the number of a choice that the index has not heard of yet


@dataclass(frozen=True)
class Link:
    label: str
    url: str

    @property
    def name(self) -> str:
        return self.label


@dataclass(frozen=True)
class PlaceAnswer:
    """What became of the text in the place field: a place, or a sentence about why not, with what can be chosen instead."""

    place: FoundPlace | None = None
    message: str = ""
    choices: tuple[FoundPlace, ...] = ()
    suggestion: FoundPlace | None = None
    outcome: str = ""  # of the PlaceError, "" without one


PLACES_SECONDS = 20.0  # as long as the terms: a place changes when the table of places is loaded anew, or at midnight
MOST_PLACES = 1000
_places: dict[tuple[str, datetime.date], tuple[float, PlaceAnswer]] = {}


def read_place(text: str) -> PlaceAnswer:
    """Never raises: an empty text is no place and no message. The places that were found last are remembered: who pages or
    ticks a filter asks for the same place again and again."""
    if not text.strip():
        return PlaceAnswer()
    key, now = (text, today()), time.monotonic()
    if (known := _places.get(key)) and now - known[0] < PLACES_SECONDS:
        return known[1]
    try:
        answer = PlaceAnswer(find_place(text))
    except PlaceError as error:
        return PlaceAnswer(None, error.message, error.choices, error.suggestion, error.outcome)
    if len(_places) >= MOST_PLACES:
        _places.clear()
    _places[key] = (now, answer)
    return answer


def forget() -> None:
    """Forget the places: for tests, whose database goes back in time."""
    _places.clear()


def sentences(form: forms.Form, name: str) -> str:
    """What is wrong with a field, in words; "" when nothing is."""
    return " ".join(map(str, form.errors.get(name, [])))


@dataclass
class Inquiry:
    """One search as the visitor asked for it. `condition` and `place` override the form's for boxes and landing pages."""

    form: SearchForm
    condition: Condition | None = None
    place: FoundPlace | None = None
    answer: PlaceAnswer = field(default_factory=PlaceAnswer)
    ticked: tuple[str, ...] = ()  # slugs of clinics to compare

    @classmethod
    def read(
        cls,
        data: Any,
        *,
        condition: Condition | None = None,
        place: FoundPlace | None = None,
        along: Mapping[str, Any] | None = None,
    ) -> "Inquiry":
        """`along`: see SearchForm."""
        form = SearchForm(data, along=along)
        form.is_valid()
        answer = PlaceAnswer(place=place) if place else read_place(form.cleaned_data.get("sted", ""))
        if place is None and answer.place and is_point(form.cleaned_data["sted"]):
            form.cleaned_data["sted"] = answer.place.sted  # where somebody stands is in no address that we write
        to_compare = ticked(data.getlist("klinik")) if hasattr(data, "getlist") else ()
        return cls(form, condition or form.cleaned_data.get("tilstand"), answer.place, answer, to_compare)

    @property
    def cleaned(self) -> dict[str, Any]:
        return self.form.cleaned_data

    @cached_property
    def matches(self) -> list[ConditionMatch]:
        return matches_of(self.condition) if self.condition else []

    @cached_property
    def subjects(self) -> tuple[tuple[Wanted, ...], ...]:
        """One group for the condition, one for the chosen specialities, one for the chosen treatments.

        A condition that leads to no clinics has an empty group: nobody matches it, which is not the same as everybody.
        """
        groups = []
        if self.condition:
            groups.append(wanted_by(self.matches) if self.condition.shows_clinics else ())
        groups += [wanted_terms(chosen) for name in ("speciale", "behandling") if (chosen := self.cleaned.get(name))]
        return tuple(groups)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The parameter of each of the subjects; "" is the condition's."""
        terms = [name for name in ("speciale", "behandling") if self.cleaned.get(name)]
        return ("", *terms) if self.condition else tuple(terms)

    @cached_property
    def gates(self) -> list[str]:
        """What must be in order before any clinic: the condition's own text and those of the chosen specialities, each once."""
        if self.condition and self.condition.awaits_acceptance:
            return [waiting_for_an_editor(self.condition)]
        texts = [self.condition.care_gate] if self.condition else []
        texts += [speciality.care_gate for speciality in self.cleaned.get("speciale") or ()]
        return list(dict.fromkeys(filter(None, texts)))

    @cached_property
    def partial_gates(self) -> dict[int, str]:
        """Where the condition itself has no gate: key → name and gate of each speciality that it leads to.

        They are about some of the clinics and some of the readers, so they stand before the list and close no shortcut.
        """
        if self.condition is None or self.gates:
            return {}
        matched = (match.speciality for match in self.matches if match.speciality)
        return {one.pk: f"{one.name}: {one.care_gate}" for one in matched if one.care_gate}

    def asked(self) -> Asked:
        place = self.place
        near = place if place and not place.is_area else None
        box = self.cleaned.get("omraade")
        return Asked(
            point=near.point if near else None,
            land=near.land if near else "",
            regions=near.regions if near else (),
            city=tag_number(Tag.Kind.CITY, near.slug) if near and near.is_city else None,
            area=place.postcodes if place and place.is_area and box is None else (),
            box=box,
            subjects=self.subjects,
            chosen=self.chosen,
            ticked=tuple(
                Ticked(one.name, frozenset(map(number_of, chosen)), one.any_of)
                for one in FILTERS
                if (chosen := [choice for choice in self.cleaned.get(one.name) or () if choice.holds])
            ),
            open_now=OPEN_NOW in (self.cleaned.get("aaben") or ()),
            max_price=self.cleaned.get("pris_max"),
            max_waiting_days=self.cleaned.get("ventetid_max"),
            min_average=self.cleaned.get("bedoemmelse_min"),
            radius_km=self.cleaned.get("radius"),
            exact=bool(self.cleaned.get("kun_radius")),
            order=ORDERS.get(self.cleaned.get("sorter") or "", BY_DISTANCE),
        )

    def found(self, *, page: int | None = None, size: int = PAGE_SIZE, facets: bool = False) -> Found:
        """The answer: near enough, and without a filter or two when nobody meets them all (`clinics.relaxing`)."""
        page = page or self.cleaned.get("side") or 1
        names: tuple[str, ...] = ()
        search, counted, nearer = self._near(self.asked(), facets=facets)
        if not search.matching_of(counted) and self.may_relax:
            names, asked = relaxing.relaxed(self, self.asked(), counted)
            if names:
                search, counted, nearer = self._near(asked, facets=facets)
        found = search.of_counted(counted, page, size)
        return replace(found, relaxed=names, counts_at_first=found.counts_at_first if nearer is None else nearer)

    def _near(self, asked: Asked, *, facets: bool) -> tuple[Search, Counted, int | None]:
        """The search that finds enough, what it counted, and how many there are in the region or on the island asked for
        when it had to look around it."""
        search = Search(asked)
        counted = search.counted(facets=facets)
        matching = search.matching_of(counted)
        if not asked.area or asked.exact or matching >= ENOUGH or self.place is None:
            return search, counted, None
        # Too few in a region or on an island: what lies around it, the nearest to its middle first, and no less far than it
        # goes itself (a clinic lies a little off the point of its postcode), so that those few are among them.
        place = self.place
        reach = next((km for km in STEPS_KM if km >= place.reach_km + OFF_POINT_KM), STEPS_KM[-1])
        around = Search(
            replace(asked, area=(), point=place.point, land=place.land, regions=place.regions, radius_km=reach)
        )
        wider = around.counted(facets=facets)
        if wider.facets and counted.facets:  # what is enough in the place itself needs nothing around it
            enough = {key: left for key, left in counted.facets.without.items() if left.matching >= ENOUGH}
            wider = replace(wider, facets=replace(wider.facets, without={**wider.facets.without, **enough}))
        return around, wider, matching

    @property
    def may_relax(self) -> bool:
        """Whether a filter may be set aside. Behind a gate only the distance may be another."""
        exact = self.cleaned.get("kun_radius") or self.cleaned.get("kun_filtre")
        return not exact and not self.gates and all(self.subjects)

    def query(self, **changes: Any) -> dict[str, Any]:
        """The search as parameters of an address, without the page; `None` in `changes` takes a parameter away."""
        cleaned = self.cleaned

        def ticked(*names: str) -> dict[str, list[str]]:
            return {name: [choice.slug for choice in cleaned.get(name) or ()] for name in names}

        kept: dict[str, Any] = {
            "q": cleaned.get("q"),
            "tilstand": self.condition.slug if self.condition else None,
            **ticked("speciale", "behandling"),
            "sted": cleaned.get("sted") or (self.place.sted if self.place else None),
            "radius": cleaned.get("radius"),
            "kun_radius": cleaned.get("kun_radius"),
            "omraade": str(cleaned["omraade"]) if cleaned.get("omraade") else None,
            "kun_filtre": cleaned.get("kun_filtre"),
            **ticked(*(one.name for one in FILTERS)),
            "pris_max": cleaned.get("pris_max"),
            "ventetid_max": cleaned.get("ventetid_max"),
            "bedoemmelse_min": cleaned.get("bedoemmelse_min"),
            "sorter": cleaned.get("sorter"),
            "klinik": list(self.ticked),
        }
        return {key: value for key, value in (kept | changes).items() if value not in (None, "", [])}

    def travelling(self) -> dict[str, Any]:
        """What follows a visitor to a clinic's page: what hurts, where, and what has a gate, so that the page says it too."""
        gated = [one.slug for one in self.cleaned.get("speciale") or () if one.care_gate]
        return self.query(**dict.fromkeys(NARROWING) | {"q": None, "speciale": gated})

    def url(self, **changes: Any) -> str:
        return results_url(self.query(**changes))

    def place_links(self) -> tuple[list[Link], Link | None]:
        """The places to choose between, and the one that may have been meant."""
        links = [Link(place.label, self.url(sted=place.sted)) for place in self.answer.choices]
        guess = self.answer.suggestion
        return links, Link(guess.label, self.url(sted=guess.sted)) if guess else None


def number_of(choice: Choice) -> int:
    """Of a choice in the index."""
    number = tag_number(Tag.Kind.FACET, choice.key)
    return NOBODY_HAS if number is None else number


def waiting_for_an_editor(condition: Condition) -> str:
    """What stands in the place of the clinics of a condition that no editor has accepted."""
    name = danish.in_sentence(condition.name)
    return f"Vi viser ingen klinikker her, før en redaktør har godkendt, hvem der kan hjælpe ved {name}."


def results_url(query: dict[str, Any] | None = None) -> str:
    url = reverse("clinics:results")
    return f"{url}?{urlencode(query, doseq=True)}" if query else url
