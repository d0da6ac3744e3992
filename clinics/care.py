"""Care cards: what to do before anything else. One card of each urgency, the most urgent first.

A static look-up of curated flags, no scoring and no triage of the person who reads (docs/red-flags.md). Any page that
shows cards at all shows both a 112 card and an acute one: that is arranged here, not left to the data.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from .danger_words import spoken
from .main_regions import main_regions
from .models import BodyRegion, Condition, OutOfHoursService, RedFlag, Region
from .out_of_hours import OnCall, on_call, service_queries, with_regions
from .together import read_together

AVOID = "avoid"
URGENT = (RedFlag.Urgency.EMERGENCY, RedFlag.Urgency.DOCTOR_NOW)

# The body region whose flags are the defaults for a condition that has none of its own and no region with any.
GENERAL_REGION = "hele-kroppen"

MOST_SHARED = 4  # flags on a card of a page about several conditions, unless it is urgent

# The cards from the most urgent down. What to leave alone stands with the acute card, above all self-help.
TITLES: dict[str, str] = {
    RedFlag.Urgency.EMERGENCY: "Ring 112 nu, hvis du …",
    RedFlag.Urgency.DOCTOR_NOW: "Ring til læge med det samme, hvis …",
    AVOID: "Undgå …",
    RedFlag.Urgency.DOCTOR_SOON: "Ring til din egen læge i dag eller i morgen, hvis …",
    RedFlag.Urgency.OWN_DOCTOR: "Tal med din egen læge, hvis …",
    RedFlag.Urgency.PHYSIO: "Tal med en fysioterapeut, hvis …",
}
ORDER = list(TITLES)
ANCHORS: dict[str, str] = {
    RedFlag.Urgency.EMERGENCY: "ring-112",
    RedFlag.Urgency.DOCTOR_NOW: "ring-til-laege",
    AVOID: "undgaa",
    RedFlag.Urgency.DOCTOR_SOON: "laege-snart",
    RedFlag.Urgency.OWN_DOCTOR: "egen-laege",
    RedFlag.Urgency.PHYSIO: "tal-med-fysioterapeut",
}

# Should the registry ever be empty (a database that was not filled, a region that lost its flags), these still stand.
LAST_RESORT = (
    RedFlag(key="livsfare", urgency=RedFlag.Urgency.EMERGENCY, text="tror, at det er livsfarligt"),
    RedFlag(key="haster", urgency=RedFlag.Urgency.DOCTOR_NOW, text="det hurtigt bliver værre, eller du er meget bange"),
)


@dataclass(frozen=True)
class CareCard:
    """One card. `title` ends in "…" and each flag's text completes it; the emergency card links to nothing but tel:112.

    `urgency` is a `RedFlag.Urgency` value, or "avoid" for the card of what to leave alone; `services` are the numbers
    to ring out of hours, on the acute card only. `at` is the id of the part that the card stands above, "" for the cards
    of the whole page; `level` is that of its heading. `heard`: what the visitor wrote says one of its flags.
    """

    urgency: str
    title: str
    flags: tuple[RedFlag, ...]
    services: tuple[OnCall, ...] = ()
    at: str = ""
    level: int = 2
    heard: bool = False

    @property
    def is_emergency(self) -> bool:
        return self.urgency == RedFlag.Urgency.EMERGENCY

    @property
    def stands_first(self) -> bool:
        """Whether it stands above everything else: what is urgent, what to leave alone, and what the visitor speaks of. The
        others can wait."""
        return self.heard or self.urgency in (*URGENT, AVOID)

    @property
    def anchor(self) -> str:
        """An id that is unique on the page, for links that jump to the card. No heading's id has two hyphens in a row."""
        return f"{ANCHORS[self.urgency]}--{self.at}" if self.at else ANCHORS[self.urgency]


@dataclass(frozen=True)
class PageCare:
    """The cards of one page, and the flags of those that stand inside it: `flags` by key."""

    cards: list[CareCard]
    flags: dict[str, RedFlag]

    def above(self, keys: Iterable[str], at: str, level: int = 2) -> list[CareCard]:
        """The cards directly above the part of the page with id `at`, most urgent first. They name the flags alone: the
        numbers stand on the page's own card. A flag that is no longer in the registry has none."""
        asked = [self.flags[key] for key in keys if key in self.flags]
        return [replace(card, at=at, level=level) for card in _cards(asked, (), ())]


@dataclass(frozen=True)
class Registry:
    """Every red flag and whom to ring out of hours, as they stand now; for a page that is about no condition or speciality.

    For who reads other things in the same statement (`clinics.together`): made of the rows of `queries`.
    """

    flags: list[RedFlag]
    services: list[OutOfHoursService]

    @staticmethod
    def queries() -> tuple[QuerySet[Any], ...]:
        return marked_flags(None, everything=True), *service_queries()

    @classmethod
    def of(cls, flags: list[RedFlag], services: list[OutOfHoursService], regions: list[Region]) -> "Registry":
        return cls(_in_order(flags), with_regions(services, regions))


def danger_flags(text: str, registry: Registry | None = None) -> list[RedFlag]:
    """The flags whose words the text says, most urgent first.

    One query, none for an empty text or with a registry; nothing is cached.
    """
    if not text.strip():
        return []
    flags = RedFlag.objects.exclude(terms=[]) if registry is None else registry.flags
    return sorted(spoken(text, flags), key=lambda flag: ORDER.index(_card_of(flag)))


def care_cards(
    *,
    condition: Condition | None = None,
    specialities: Collection[int] = (),
    region_slugs: Sequence[str] = (),
    text: str = "",
    defaults: bool = True,
    day: datetime.date | None = None,
    registry: Registry | None = None,
) -> list[CareCard]:
    """The cards of a page, in the order in which they stand; see `page_care`."""
    return page_care(
        condition=condition,
        specialities=specialities,
        region_slugs=region_slugs,
        text=text,
        defaults=defaults,
        day=day,
        registry=registry,
    ).cards


def page_care(
    *,
    condition: Condition | None = None,
    specialities: Collection[int] = (),
    region_slugs: Sequence[str] = (),
    text: str = "",
    defaults: bool = True,
    inside: Collection[str] = (),
    day: datetime.date | None = None,
    registry: Registry | None = None,
) -> PageCare:
    """The cards of a page, in the order in which they stand. One query, whatever is asked; see `main_regions` for one more.
    None with a registry, which is for a page that is about no condition or speciality.

    A condition shows its own flags and the urgent ones of its body region, or the general ones of a class that the region
    has none of; without any of its own, everything of the region; without a region, the general default. `specialities`,
    keys, count where there is no condition: like one without flags of its own, in the body region that each is mostly about.
    `text` is what the visitor wrote: the card of a flag whose words it says stands first, whatever else. `defaults=False`
    gives no card when none of these asks for one. `region_slugs` are the base regions of the place, for the numbers;
    none means all of them. `inside` are the keys of the flags whose cards also stand inside the page.
    """
    about = condition is not None or bool(specialities)
    if registry is None or about:
        flags = marked_flags(condition, specialities, everything=bool(text.strip()), also=inside)
        registry = Registry.of(*read_together(flags, *service_queries()))
    known = registry.flags
    said = {flag.key for flag in spoken(text, known)} if text.strip() else set()
    by_key = {flag.key: flag for flag in known if flag.key in inside}
    if not about and not said and not defaults:
        return PageCare([], by_key)
    chosen = [flag for flag in known if flag.key in said] + _chosen(known, about=about)
    services = tuple(on_call(region_slugs, day, registry.services))
    return PageCare(_cards(_with_urgent(chosen, known), said, services), by_key)


def shared_cards(conditions: Collection[Condition]) -> list[CareCard]:
    """The cards of a page about several conditions: every urgent flag, and of the others the few that most of them have.

    Three queries.
    """
    common = RedFlag.objects.filter(conditions__in=conditions).annotate(common=Count("conditions"))
    by_card: dict[str, list[RedFlag]] = {}
    for flag in sorted(common, key=lambda flag: (-flag.common, flag.order, flag.key)):
        by_card.setdefault(_card_of(flag), []).append(flag)
    chosen = [flag for name, flags in by_card.items() for flag in (flags if name in URGENT else flags[:MOST_SHARED])]
    return _cards(_with_urgent(chosen, list(marked_flags(None, everything=False))), (), tuple(on_call()))


def in_force(condition: Condition | None, flags: list[RedFlag]) -> list[RedFlag]:
    """Those of the marked flags that stand on the pages of a condition."""
    return _with_urgent(_chosen(flags, about=condition is not None), flags)


def marked_flags(
    condition: Condition | None,
    specialities: Collection[int] = (),
    *,
    everything: bool,
    also: Collection[str] = (),
) -> QuerySet[RedFlag]:
    """The registry, each flag marked: is it the condition's `own`, its region's (`regional`), a `general` default."""
    region = Q(bodyregion=condition.body_region_id if condition else None)
    if condition is None and specialities:
        region = Q(bodyregion__in=main_regions(specialities))
    conditions = [condition.pk, condition.merged_into_id] if condition else []
    of_condition = Condition.red_flags.through.objects.filter(redflag=OuterRef("pk"))
    of_region = BodyRegion.red_flags.through.objects.filter(redflag=OuterRef("pk"))
    flags = RedFlag.objects.annotate(
        own=Exists(of_condition.filter(condition__in=[pk for pk in conditions if pk])),
        regional=Exists(of_region.filter(region)),
        general=Exists(of_region.filter(bodyregion__slug=GENERAL_REGION)),
    )
    wanted = Q(own=True) | Q(regional=True) | Q(general=True)
    return flags if everything else flags.filter(wanted | Q(key__in=also) if also else wanted)


def _chosen(known: list[RedFlag], *, about: bool) -> list[RedFlag]:
    """`about`: whether a condition or a speciality is asked for, which the marks alone do not tell."""
    own, regional, general = (marked(known, mark) for mark in ("own", "regional", "general"))
    chosen = (regional or general) if about else []
    if own:
        chosen = own + [flag for flag in regional if flag.urgency in URGENT]
    # Only a body region stands in for the general urgent flags, class by class: one more flag takes none away.
    covered = {_card_of(flag) for flag in regional}
    return chosen + [flag for flag in general if flag.urgency in URGENT and flag.urgency not in covered]


def _in_order(flags: Iterable[RedFlag]) -> list[RedFlag]:
    return sorted(flags, key=lambda flag: (flag.order, flag.key))


def marked(flags: Iterable[RedFlag], mark: str) -> list[RedFlag]:
    return [flag for flag in flags if getattr(flag, mark)]


def _with_urgent(chosen: list[RedFlag], known: list[RedFlag]) -> list[RedFlag]:
    """Fill an urgent class that nobody filled: from the general default, or if that is empty too, the last resort."""
    for urgency in URGENT:
        for source in (marked(known, "general"), LAST_RESORT):
            if not any(_card_of(flag) == urgency for flag in chosen):
                chosen = chosen + [flag for flag in source if _card_of(flag) == urgency]
    return chosen


def _cards(flags: Iterable[RedFlag], said: Collection[str], services: tuple[OnCall, ...]) -> list[CareCard]:
    by_card: dict[str, list[RedFlag]] = {}
    for flag in _strongest(flags):
        by_card.setdefault(_card_of(flag), []).append(flag)
    heard_first = sorted(by_card, key=lambda name: (not any(f.key in said for f in by_card[name]), ORDER.index(name)))
    if AVOID in heard_first and RedFlag.Urgency.DOCTOR_NOW in heard_first:
        heard_first.remove(AVOID)
        heard_first.insert(heard_first.index(RedFlag.Urgency.DOCTOR_NOW) + 1, AVOID)
    return [
        CareCard(
            urgency=name,
            title=TITLES[name],
            flags=tuple(sorted(by_card[name], key=lambda flag: (flag.key not in said, flag.order, flag.key))),
            services=services if name == RedFlag.Urgency.DOCTOR_NOW else (),
            heard=any(flag.key in said for flag in by_card[name]),
        )
        for name in heard_first
    ]


def _strongest(flags: Iterable[RedFlag]) -> list[RedFlag]:
    """Each key once, in its highest class: the same sign is never milder further down the page."""
    strongest: dict[str, RedFlag] = {}
    for flag in flags:
        known = strongest.get(flag.key)
        if known is None or ORDER.index(_card_of(flag)) < ORDER.index(_card_of(known)):
            strongest[flag.key] = flag
    return list(strongest.values())


def _card_of(flag: RedFlag) -> str:
    return AVOID if flag.kind == RedFlag.Kind.AVOID else str(flag.urgency)
