"""Which clinics of the directory may be this one: for one description, with words for a person who decides."""

import math
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from clinics.claiming.domains import host_of, is_shared, registrable
from clinics.models import Clinic
from clinics.models.name_key import NameWords

from .described import Described, described
from .evidence import IN_TOWN_KM, SHOWN, SURE, likeness
from .names import core
from .places import page_of

MOST = 5  # that are shown
_READ = 1000  # of each kind of candidate; the postcode with most clinics has a few dozen

WORDS: dict[str, Any] = {"words": NameWords("name")}


@dataclass(frozen=True)
class Candidate:
    clinic: Clinic
    score: int
    reasons: tuple[str, ...] = field(default_factory=tuple)

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE


def candidates(
    one: Described, *, public: bool, but: int | None = None, most: int = MOST, least: int = SHOWN
) -> list[Candidate]:
    """Clinics that may be this one, the likest first. Two statements.

    `public`: only those that the public knows of, open or closed. `but`: the clinic that is asked about.
    """
    rows = Clinic.objects.select_related("postcode").exclude(pk=but or 0)
    if public:
        rows = rows.exclude(status=Clinic.Status.DRAFT)
    known = {
        row.pk: row for asked in (_same(one), _named(one)) if asked for row in rows.alias(**WORDS).filter(asked)[:_READ]
    }
    found = [(likeness(one, described(row)), row) for row in known.values()]
    found = [(like, row) for like, row in found if like.score >= least]
    found.sort(key=lambda pair: (-pair[0].score, pair[0].km or 0, pair[1].name, pair[1].pk))
    return [Candidate(row, like.score, like.reasons) for like, row in found[:most]]


def _same(one: Described) -> Q | None:
    asked = Q()
    if one.postcode:
        asked |= Q(postcode=one.postcode)
    if one.phone:
        asked |= Q(phone=one.phone)
    if one.email:
        asked |= Q(email__iexact=one.email)
    if host := host_of(one.website):
        page = page_of(one.website)
        asked |= Q(website__icontains=page if is_shared(host) and page else registrable(host))
    return asked or None


def _named(one: Described) -> Q | None:
    """Any of the telling words in a name in town: further away a name alone says too little."""
    words = core(one.name, one.town)
    if one.point is None or not words:
        return None
    wanted = {*words, "".join(words)}  # "Bevægelses Huset", "Bevægelseshuset"
    query = " | ".join(f"'{word}'" for word in sorted(wanted))  # letters and figures only: nothing ends the quotation
    north = math.degrees(IN_TOWN_KM / 6371)
    east = north / max(0.1, math.cos(math.radians(one.point.latitude)))
    return Q(
        words=SearchQuery(query, config="simple", search_type="raw"),
        latitude__range=(one.point.latitude - north, one.point.latitude + north),
        longitude__range=(one.point.longitude - east, one.point.longitude + east),
    )
