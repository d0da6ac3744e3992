"""Whether a referral is needed, and who pays: the dated rules of the country, of a region, of a municipality.

The most local rule wins. A rule that nobody has verified yet (`to_be_verified`) is never told as a fact: it only makes
the page say that something else may hold there. So does one that has ended. docs/prices.md.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import danish
from .clock import today
from .insurers import NAMES
from .models import Clinic, ReferralRule, Region, Tariff
from .places import regions_on
from .prices import WithReferral, with_referral
from .tariffs import National, Origin, Shares, about, holds, national, origin

Service, Payer = ReferralRule.Service, ReferralRule.Payer
COUNTRY = ""  # a rule for the whole country
ENDED_LATELY = datetime.timedelta(
    days=550
)  # so long it is told that a local rule held and that we do not know what holds now


@dataclass(frozen=True)
class Area:
    """Where somebody lives: one region and the municipalities that may be meant.

    `base` is the region that the place is filed under for good and `region` what that is called on the day; both are
    slugs, "" where it is not known.
    """

    region: str = ""
    base: str = ""
    municipalities: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """What is known for one kind of treatment at one kind of clinic in one area.

    `headline` is the answer in a few words, `text` explains it; `rule` is None where no rule holds that may be told.
    `share` is the estimated own share in words, "" where no amount is known; `doubts` say what we do not know.
    """

    headline: str
    text: str
    rule: ReferralRule | None
    origin: Origin | None
    share: str
    share_origin: Origin | None
    doubts: tuple[str, ...] = ()
    region_name: str = ""
    with_ydernummer: bool = True

    @property
    def needs_referral(self) -> bool | None:
        return self.rule.needs_referral if self.rule else None

    @property
    def asks_for_amount(self) -> bool:
        """A share is to be paid, but we have no amount for it."""
        return bool(self.rule and self.rule.payer == Payer.SHARE and not self.share)


def answer(
    service: str, with_ydernummer: bool, area: Area, day: datetime.date, *, known: National | None = None
) -> Answer:
    """The answer for one area. Always a full one: where we know nothing it says so and whom to ask."""
    known = known or national()
    candidates = [
        rule
        for rule in known.rules
        if rule.service == service and rule.with_ydernummer == with_ydernummer and not rule.is_example
    ]
    here = [rule for rule in candidates if _is_for(rule, area, day)]
    valid = sorted((rule for rule in here if holds(rule, day)), key=_how_local)
    told = next((rule for rule in reversed(valid) if may_be_told(rule)), None)
    share, share_origin = _share(service, told, known, day)
    return Answer(
        headline=_headline(told),
        text=told.text if told else "",
        rule=told,
        origin=origin(told) if told else None,
        share=share,
        share_origin=share_origin,
        doubts=tuple(_doubts(told, valid, candidates, area, day)),
        region_name=_region_name(area.region, known),
        with_ydernummer=with_ydernummer,
    )


def answers(
    service: str, with_ydernummer: bool, areas: Sequence[Area], day: datetime.date, *, known: National | None = None
) -> list[Answer]:
    """One answer for each area, areas with the very same answer together; two on a border where the rules differ."""
    known = known or national()
    found: list[Answer] = []
    for area in areas or [Area()]:
        one = answer(service, with_ydernummer, area, day, known=known)
        same = next((a for a in found if (a.rule, a.doubts) == (one.rule, one.doubts)), None)
        if same is None:
            found.append(one)
    return found


def may_be_told(rule: ReferralRule) -> bool:
    return not rule.to_be_verified or rule.verified_at is not None


def local_rules(
    service: str, day: datetime.date, *, with_ydernummer: bool = True, known: National | None = None
) -> list[ReferralRule]:
    """The rules of single regions and municipalities that hold on the day and may be told: for who has not said where."""
    known = known or national()
    return [
        rule
        for rule in known.rules
        if (rule.service, rule.with_ydernummer, rule.is_example) == (service, with_ydernummer, False)
        and (rule.region_id or rule.municipality)
        and holds(rule, day)
        and _exists(rule.region, day)
        and may_be_told(rule)
    ]


def areas_of(regions: Iterable[str], municipalities: Collection[str], day: datetime.date) -> list[Area]:
    """The base regions of a place (`FoundPlace.base_regions`) as the areas of the day."""
    today_is = regions_on(day, national().regions)
    return [Area(today_is.get(slug, slug), slug, frozenset(municipalities)) for slug in dict.fromkeys(regions)]


# --- the profile


@dataclass(frozen=True)
class ReferralPart:
    """What a profile says about referral and subsidy. `lines` are the national shares, empty unless they may be shown.

    `exceptions` hold for those who live where the clinic lies (a trial without a referral).
    """

    covered: bool | None
    paid: WithReferral
    lines: tuple[Tariff, ...]
    origin: Origin | None
    text: str
    text_origin: Origin | None
    exceptions: tuple[Answer, ...]
    free: bool | None
    danmark: bool | None
    insurers: tuple[str, ...] | None
    insurers_note: str
    is_example: bool


def referral_part(clinic: Clinic, day: datetime.date | None = None) -> ReferralPart:
    """For a clinic that `whole.fill` has filled, with its postcode: no query of its own."""
    day = day or today()
    paid = with_referral(clinic, day)
    covered = clinic.has_ydernummer
    ordinary = answer(Service.ORDINARY, bool(covered), Area(), day)
    shown = paid.shares
    return ReferralPart(
        covered=covered,
        paid=paid,
        lines=shown.lines,
        origin=shown.origin,
        text=ordinary.text if covered is not None else "",
        text_origin=ordinary.origin if covered is not None else None,
        exceptions=tuple(_exceptions(clinic, day)) if covered else (),
        free=clinic.free_physiotherapy,
        danmark=clinic.danmark_insurance,
        insurers=None if clinic.insurers is None else tuple(NAMES.get(key, key) for key in clinic.insurers),
        insurers_note=clinic.insurers_note,
        is_example=shown.is_example,
    )


def _exceptions(clinic: Clinic, day: datetime.date) -> Iterable[Answer]:
    """Local rules of the place where the clinic lies. Whether the visitor lives there too, only the visitor knows."""
    known = national()
    here = clinic.postcode
    for rule in local_rules(Service.ORDINARY, day, known=known):
        slug = rule.region.slug if rule.region else ""
        if slug and here.code not in known.codes.get(slug, ()):
            continue
        if rule.municipality and rule.municipality.casefold() != here.municipality.casefold():
            continue
        yield answer(Service.ORDINARY, True, Area(slug, slug, frozenset({here.municipality})), day, known=known)


# --- how a rule is found


def _is_for(rule: ReferralRule, area: Area, day: datetime.date) -> bool:
    if rule.municipality and rule.municipality.casefold() not in {name.casefold() for name in area.municipalities}:
        return False
    return rule.region is None or (rule.region.slug == area.region and _exists(rule.region, day))


def _exists(region: Region | None, day: datetime.date) -> bool:
    """A region's rule ends with the region, whatever the row says: nobody knows what its successor decides."""
    return region is None or region.valid_to is None or day <= region.valid_to


def _how_local(rule: ReferralRule) -> tuple[int, datetime.date, int]:
    """Municipality before region before country; of equals the one that began later."""
    return (2 if rule.municipality else 1 if rule.region_id else 0, rule.valid_from, rule.pk or 0)


def _headline(rule: ReferralRule | None) -> str:
    if rule is None:
        return "Det har vi ikke et sikkert svar på."
    if rule.payer == Payer.ALL:
        return "Nej. Men så betaler du det hele selv."
    if rule.payer == Payer.NOTHING and rule.service == Service.RIDING and rule.needs_referral:
        return "Ja, lægen skal henvise dig. Om du selv skal betale, afhænger af, hvorfor du skal ride."
    if rule.payer == Payer.NOTHING:
        return (
            "Ja, lægen skal henvise dig. Opfylder du kravene, betaler du ikke noget."
            if rule.needs_referral
            else "Nej, du behøver ikke en henvisning, og du betaler ikke noget."
        )
    if rule.needs_referral:
        return "Ja, hvis du vil have tilskud fra det offentlige."
    return "Nej. Du kan få tilskud uden en henvisning."


def _share(service: str, rule: ReferralRule | None, known: National, day: datetime.date) -> tuple[str, Origin | None]:
    """What one pays oneself, in words and only from rows that may be shown; with where the amount comes from."""
    if rule is None or rule.payer != Payer.SHARE or service not in (Service.ORDINARY, Service.GROUP, Service.HOME):
        return "", None
    shares: Shares = known.shares(day)
    if service == Service.GROUP:
        amount: Decimal | None = shares.amount(Tariff.Service.GROUP)
        return (f"{about(amount)} pr. gang", origin(shares.rows[Tariff.Service.GROUP])) if amount else ("", None)
    words = shares.sentence
    if words and service == Service.HOME:
        words += ". Dertil kan komme et tillæg for afstanden"
    return (words, origin(shares.rows[Tariff.Service.FIRST])) if words else ("", None)


def _doubts(
    told: ReferralRule | None,
    valid: list[ReferralRule],
    candidates: list[ReferralRule],
    area: Area,
    day: datetime.date,
) -> Iterable[str]:
    local = _how_local(told)[0] if told else -1
    if any(not may_be_told(rule) and _how_local(rule)[0] >= local for rule in valid):
        yield "Der kan gælde noget andet, hvor du bor. Det er ikke bekræftet endnu: spørg klinikken, før du bestiller tid."
    for rule in candidates:
        if (rule.region_id or rule.municipality) and may_be_told(rule) and (ended := _ended(rule, area, day)):
            where = rule.municipality or (rule.region.name if rule.region else "")
            yield (
                f"Til og med {danish.day(ended)} havde {where} sin egen regel. Vi har ikke fundet ud af, hvad der gælder nu. "
                "Spørg klinikken, før du bestiller tid."
            )


def _ended(rule: ReferralRule, area: Area, day: datetime.date) -> datetime.date | None:
    """The last day of a local rule of this area that ended not long ago; None for any other."""
    last = min(filter(None, [rule.valid_to, rule.region.valid_to if rule.region else None]), default=None)
    if last is None or not last < day <= last + ENDED_LATELY:
        return None
    if rule.region and rule.region.slug != area.base:
        return None
    if rule.municipality and rule.municipality not in area.municipalities:
        return None
    return last


def _region_name(slug: str, known: National) -> str:
    return next((region.name for region in known.regions if region.slug == slug), "")
