"""From what a visitor typed to what is searched for: the form, the place and the condition, read once for every page."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from . import danish
from .filters import SearchForm
from .geo import Point
from .matching import Wanted, matches_of, wanted_by, wanted_terms
from .models import Condition, ConditionMatch, Tag
from .places import FoundPlace, PlaceError, find_place
from .search import COUNTRY, PAGE_SIZE, REGION, Asked, Found, Search
from .tags import tag_number


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


def read_place(text: str) -> PlaceAnswer:
    """Never raises: an empty text is no place and no message."""
    if not text.strip():
        return PlaceAnswer()
    try:
        return PlaceAnswer(find_place(text))
    except PlaceError as error:
        return PlaceAnswer(None, error.message, error.choices, error.suggestion)


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

    @classmethod
    def read(cls, data: Any, *, condition: Condition | None = None, place: FoundPlace | None = None) -> "Inquiry":
        form = SearchForm(data)
        form.is_valid()
        answer = PlaceAnswer(place=place) if place else read_place(form.cleaned_data.get("sted", ""))
        return cls(form, condition or form.cleaned_data.get("tilstand"), answer.place, answer)

    @property
    def cleaned(self) -> dict[str, Any]:
        return self.form.cleaned_data

    @cached_property
    def matches(self) -> list[ConditionMatch]:
        return matches_of(self.condition) if self.condition else []

    @cached_property
    def subjects(self) -> tuple[tuple[Wanted, ...], ...]:
        """One group for the condition, one for the chosen specialities, one for the chosen treatments."""
        groups = (
            wanted_by(self.matches),
            wanted_terms(self.cleaned.get("speciale") or ()),
            wanted_terms(self.cleaned.get("behandling") or ()),
        )
        return tuple(group for group in groups if group)

    @cached_property
    def gates(self) -> list[str]:
        """What must be in order before any clinic: the condition's own text and those of the chosen specialities, each once."""
        texts = [self.condition.care_gate] if self.condition else []
        texts += [speciality.care_gate for speciality in self.cleaned.get("speciale") or ()]
        return list(dict.fromkeys(filter(None, texts)))

    def asked(self) -> Asked:
        facets = {"has_ydernummer"} if self.cleaned.get("ydernummer") else set()
        place = self.place
        return Asked(
            point=Point(place.latitude, place.longitude) if place else None,
            land=place.land if place else "",
            regions=place.regions if place else (),
            subjects=self.subjects,
            required=frozenset(n for key in facets if (n := tag_number(Tag.Kind.FACET, key)) is not None),
            max_price=self.cleaned.get("pris_max"),
            radius_km=self.cleaned.get("radius"),
            exact=bool(self.cleaned.get("kun_radius")),
        )

    def found(self, *, page: int | None = None, size: int = PAGE_SIZE) -> Found:
        return Search(self.asked()).found(page or self.cleaned.get("side") or 1, size)

    def query(self, **changes: Any) -> dict[str, Any]:
        """The search as parameters of an address, without the page; `None` in `changes` takes a parameter away."""
        cleaned = self.cleaned
        kept: dict[str, Any] = {
            "q": cleaned.get("q"),
            "tilstand": self.condition.slug if self.condition else None,
            "speciale": [s.slug for s in cleaned.get("speciale") or ()],
            "behandling": [t.slug for t in cleaned.get("behandling") or ()],
            "sted": cleaned.get("sted") or (self.place.sted if self.place else None),
            "radius": cleaned.get("radius"),
            "kun_radius": cleaned.get("kun_radius"),
            "ydernummer": cleaned.get("ydernummer"),
            "pris_max": cleaned.get("pris_max"),
        }
        return {key: value for key, value in (kept | changes).items() if value}

    def url(self, **changes: Any) -> str:
        return results_url(self.query(**changes))

    def place_links(self) -> tuple[list[Link], Link | None]:
        """The places to choose between, and the one that may have been meant."""
        links = [Link(place.label, self.url(sted=place.sted)) for place in self.answer.choices]
        guess = self.answer.suggestion
        return links, Link(guess.label, self.url(sted=guess.sted)) if guess else None


def results_url(query: dict[str, Any] | None = None) -> str:
    url = reverse("clinics:results")
    return f"{url}?{urlencode(query, doseq=True)}" if query else url


@dataclass(frozen=True)
class Notice:
    text: str
    undo_url: str = ""
    undo_label: str = ""


def widening_notice(inquiry: Inquiry, found: Found) -> Notice | None:
    """One sentence when the search looked further away than asked or than usual, with the way back."""
    first = found.asked.steps[0]
    if found.asked.point is None or found.step == first:
        return None
    where = {COUNTRY: "i hele Danmark", REGION: "i regionen"}.get(str(found.step), f"inden for {found.step} km")
    nearer = found.counts_at_first
    few = "Ingen klinikker matcher" if nearer == 0 else f"Kun {danish.count(nearer, 'klinik', 'klinikker')} matcher"
    text = f"{few} inden for {first} km. Her er dem {where}."
    return Notice(text, inquiry.url(radius=first, kun_radius="ja"), f"Søg kun inden for {first} km")
