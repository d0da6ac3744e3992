"""What is the same at every clinic with a ydernummer: which agreed fees and referral rules hold on a day.

Rows of `Tariff` and `ReferralRule` are few, dated and national, so a process reads them whole and remembers them for
`SECONDS`; which of them hold is decided anew for every page, by its day. docs/prices.md.
"""

import datetime
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from . import danish
from .models import Postcode, Price, ReferralRule, Region, Tariff
from .models.tariff import Dated
from .together import read_together

SECONDS = 20.0  # what an administrator verified shows this much later at most

# What the clinic calls it → the service of the agreement that it is with a referral.
SERVICES: dict[str, str] = {
    Price.Kind.FIRST: Tariff.Service.FIRST,
    Price.Kind.FOLLOW_UP: Tariff.Service.NORMAL,
    Price.Kind.GROUP: Tariff.Service.GROUP,
}


@dataclass(frozen=True)
class National:
    """Every row there is; what holds is chosen by day."""

    tariffs: tuple[Tariff, ...] = ()
    rules: tuple[ReferralRule, ...] = ()
    regions: tuple[Region, ...] = ()
    codes: dict[str, frozenset[str]] = field(
        default_factory=dict
    )  # slug of a region with rules of its own → its postcodes

    def shares(self, day: datetime.date, *, examples: bool = False) -> "Shares":
        """What patients may see on this day: verified rows, or, beside invented clinics, the invented rows alone.

        Where two rows of a service hold, the one that began later; a new row needs no end to be put on the old one.
        """
        shown: dict[str, Tariff] = {}
        for row in sorted(self.tariffs, key=lambda row: (row.valid_from, row.pk or 0)):
            if holds(row, day) and row.is_example == examples and (examples or row.verified_at):
                shown[row.service] = row
        return Shares(shown)


@dataclass(frozen=True)
class Shares:
    """The patient's share of each service on one day, by `Tariff.Service`; a service without a row is missing."""

    rows: dict[str, Tariff]

    def __bool__(self) -> bool:
        return bool(self.rows)

    def amount(self, service: str) -> Decimal | None:
        row = self.rows.get(service)
        return row.patient_share if row else None

    @property
    def lines(self) -> tuple[Tariff, ...]:
        """In the order of a course of treatment."""
        return tuple(self.rows[service] for service in Tariff.Service.values if service in self.rows)

    @property
    def visits(self) -> tuple["Visit", ...]:
        """What one pays for a course of single visits, each with the words that a sentence begins with."""
        words = {Tariff.Service.FIRST: "Første gang", Tariff.Service.NORMAL: "derefter"}
        known = {service: self.amount(service) for service in words}
        if known[Tariff.Service.FIRST] is None:
            words[Tariff.Service.NORMAL] = "En almindelig behandling"
        return tuple(Visit(words[service], amount) for service, amount in known.items() if amount is not None)

    @property
    def newest(self) -> Tariff | None:
        return max(self.rows.values(), key=lambda row: (row.valid_from, row.pk or 0), default=None)

    @property
    def origin(self) -> "Origin | None":
        """Source and dates of all the rows in one line: of the newest, which the others came with."""
        return origin(self.newest) if self.newest else None

    @property
    def is_example(self) -> bool:
        return any(row.is_example for row in self.rows.values())

    @property
    def sentence(self) -> str:
        """`"ca. 299 kr. første gang, ca. 190 kr. derefter"`; "" unless both are known."""
        first, normal = self.amount(Tariff.Service.FIRST), self.amount(Tariff.Service.NORMAL)
        if first is None or normal is None:
            return ""
        return f"{about(first)} første gang, {about(normal)} derefter"


class Visit(NamedTuple):
    label: str
    amount: Decimal


class SourceLink(NamedTuple):
    url: str
    host: str  # "sundhed.dk": what the reader recognises


@dataclass(frozen=True)
class Origin:
    """Where a dated row comes from. `links` are its addresses, `words` is what else its source says."""

    links: tuple[SourceLink, ...]
    words: str
    valid_from: datetime.date
    valid_to: datetime.date | None
    verified_at: datetime.date | None
    is_example: bool
    # A rule for the whole country has held for longer than anybody wrote down: its first day is only when our row begins.
    is_dated: bool


def origin(row: Dated) -> Origin:
    parts = row.source.split()
    links = tuple(SourceLink(part, _host(part)) for part in parts if part.startswith(("https://", "http://")))
    words = " ".join(part for part in parts if not part.startswith(("https://", "http://")))
    is_dated = not isinstance(row, ReferralRule) or bool(row.region_id or row.municipality or row.verified_at)
    return Origin(links, words, row.valid_from, row.valid_to, row.verified_at, row.is_example, is_dated)


def _host(url: str) -> str:
    host = url.split("/")[2].removeprefix("www.")
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def holds(row: Dated, day: datetime.date) -> bool:
    """Both ends are included; an empty end is open."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def about(amount: Decimal) -> str:
    """`"ca. 299 kr."`: an estimate says that it is one, and has no øre."""
    return f"ca. {danish.kroner(amount.quantize(Decimal(1), ROUND_HALF_UP))}"


def shares_on(day: datetime.date, *, examples: bool = False) -> Shares:
    """The shares that a page of this day shows. No query, or one when the process has not read for `SECONDS`."""
    return national().shares(day, examples=examples)


# --- what the process remembers

_known: tuple[float, National] | None = None


def national() -> National:
    global _known
    if _known is None or time.monotonic() - _known[0] > SECONDS:
        tariffs, rules, regions, lying = read_together(
            Tariff.objects.all(),
            ReferralRule.objects.all(),
            Region.objects.all(),
            Postcode.regions.through.objects.filter(region__in=Region.objects.filter(referral_rules__isnull=False)),
        )
        by_pk = {region.pk: region for region in regions}
        for rule in rules:
            rule.region = by_pk.get(rule.region_id)
        codes: dict[str, set[str]] = {}
        for row in lying:
            codes.setdefault(by_pk[row.region_id].slug, set()).add(row.postcode_id)
        frozen = {slug: frozenset(own) for slug, own in codes.items()}
        _known = (time.monotonic(), National(tuple(tariffs), tuple(rules), tuple(regions), frozen))
    return _known[1]


def forget() -> None:
    """Read anew the next time: for the admin, for loaders and for tests."""
    global _known
    _known = None


# --- what the administrator must know


@dataclass(frozen=True)
class Alarm:
    """A service whose amount patients do not see, or soon will not; `text` is for the administrator."""

    service: str
    text: str


def alarms(day: datetime.date, rows: Iterable[Tariff] | None = None, *, within: int = 30) -> list[Alarm]:
    """Services without a verified row today, and those whose last day is at most `within` days away with a gap after it."""
    known = National(tuple(Tariff.objects.all() if rows is None else rows))
    days = [day + datetime.timedelta(days=ahead) for ahead in range(within + 2)]
    shown = [known.shares(one).rows for one in days]
    found = []
    for service, label in Tariff.Service.choices:
        missing = next((number for number, have in enumerate(shown) if service not in have), None)
        if missing == 0:
            found.append(Alarm(service, f"{label}: intet bekræftet beløb gælder i dag. Siden viser “Ikke oplyst”."))
        elif missing:
            last = danish.day(days[missing - 1])
            found.append(Alarm(service, f"{label}: beløbet gælder til og med {last}, og intet gælder dagen efter."))
    return found
