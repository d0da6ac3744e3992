"""What a clinic asks without a referral, and beside it what the same costs with one. docs/prices.md.

Packages show the price of one session, computed; there are no crossed-out prices, no savings and no discounts (R16, R17
of the project: lov om markedsføring af sundhedsydelser § 2).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from . import danish
from .models import Clinic, Price
from .tariffs import Shares, shares_on

NOT_STATED = "Ikke oplyst"
MUCH_FOR_ONE_VISIT = 3_000  # kroner; possible, but oftener a typing mistake

NO_YDERNUMMER = "Klinikken har ikke ydernummer: du betaler selv, også med en henvisning."
YDERNUMMER_UNKNOWN = "Ikke oplyst. Spørg klinikken, om den har ydernummer, før du bestiller tid."
NO_TARIFF = (
    "Du betaler en andel, som er den samme hos alle klinikker med ydernummer. "
    "Vi har ikke et bekræftet beløb for i dag: spørg klinikken."
)


@dataclass(frozen=True)
class PriceLine:
    """One price as the page shows it. `amount` is None where the clinic has not stated it; so is `minutes`."""

    label: str
    amount: Decimal | None
    minutes: int | None = None
    sessions: int | None = None
    per_session: Decimal | None = None
    validity: str = ""
    refund: str = ""
    terms: str = ""
    confirmed_at: datetime.date | None = None


@dataclass(frozen=True)
class WithReferral:
    """What the visitor pays with a referral. `sentence` says it where there is no amount to show."""

    covered: bool | None  # the clinic's ydernummer: yes, no, not stated
    shares: Shares
    sentence: str

    @property
    def is_known(self) -> bool:
        return bool(self.shares.visits)


@dataclass(frozen=True)
class PricesPart:
    """`lines` always hold the first and the follow-up visit; `has_any` is False for a clinic that has stated no price."""

    lines: tuple[PriceLine, ...]
    surcharges: tuple[PriceLine, ...]
    packages: tuple[PriceLine, ...]
    with_referral: WithReferral
    has_any: bool
    is_example: bool

    @property
    def _stated(self) -> list[PriceLine]:
        return [line for line in (*self.lines, *self.surcharges, *self.packages) if line.amount is not None]

    @property
    def has_own_dates(self) -> bool:
        """Whether the days of confirmation differ, so that each line shows its own."""
        return len({line.confirmed_at for line in self._stated}) > 1

    @property
    def confirmed_at(self) -> datetime.date | None:
        """The day on which all of them were confirmed, where it is one."""
        return None if self.has_own_dates else next((line.confirmed_at for line in self._stated), None)


def prices_part(clinic: Clinic, day: datetime.date) -> PricesPart:
    """For a clinic that `whole.fill` has filled: no query of its own."""
    prices = list(clinic.prices.all())
    lines = [line for kind in (Price.Kind.FIRST, Price.Kind.FOLLOW_UP) for line in _lines(prices, kind, always=True)]
    return PricesPart(
        lines=(*lines, *_lines(prices, Price.Kind.GROUP)),
        surcharges=tuple(_lines(prices, Price.Kind.SURCHARGE)),
        packages=tuple(_lines(prices, Price.Kind.PACKAGE)),
        with_referral=with_referral(clinic, day),
        has_any=bool(prices),
        is_example=clinic.is_example,
    )


def with_referral(clinic: Clinic, day: datetime.date) -> WithReferral:
    """Amounts only where the clinic has said that it has a ydernummer, and only from rows that hold on the day."""
    covered = clinic.has_ydernummer
    if covered is None:
        return WithReferral(None, Shares({}), YDERNUMMER_UNKNOWN)
    if not covered:
        return WithReferral(False, Shares({}), NO_YDERNUMMER)
    shares = shares_on(day, examples=clinic.is_example)
    return WithReferral(True, shares, shares.sentence or ("" if shares.visits else NO_TARIFF))


def lowest(prices: Iterable[Price], kind: str) -> tuple[Decimal | None, bool]:
    """The lowest amount of a kind, as in lists and search, and whether there are higher ones ("fra")."""
    amounts = {price.amount for price in prices if price.kind == kind}
    return min(amounts, default=None), len(amounts) > 1


def per_session(price: Price) -> Decimal | None:
    """The price of one time, to the øre; None where nobody said how many times it gives."""
    if not price.sessions:
        return None
    return (Decimal(price.amount) / price.sessions).quantize(Decimal("0.01"), ROUND_HALF_UP)


def hints(prices: Iterable[Price]) -> list[str]:
    """What is allowed and yet looks like a mistake, for whoever fills in a clinic's prices: Danish sentences."""
    prices = list(prices)
    single, _ = lowest(prices, Price.Kind.FOLLOW_UP)
    found = []
    for price in prices:
        one = per_session(price)
        if price.kind == Price.Kind.PACKAGE and one and single is not None and one > single:
            found.append(
                f"Pakken på {price.sessions} gange koster {danish.kroner(one)} pr. gang. "
                f"En enkelt gang koster {danish.kroner(single)} Er det rigtigt?"
            )
        elif price.kind != Price.Kind.PACKAGE and price.amount > MUCH_FOR_ONE_VISIT:
            found.append(
                f"{price.get_kind_display().capitalize()} koster {danish.kroner(price.amount)} Er det rigtigt?"
            )
    return found


def _lines(prices: list[Price], kind: str, *, always: bool = False) -> list[PriceLine]:
    of_kind = [price for price in prices if price.kind == kind]
    if not of_kind and always:
        return [PriceLine(label=_LABELS[kind], amount=None)]
    return [_line(price) for price in of_kind]


_LABELS: dict[str, str] = {
    Price.Kind.FIRST: "Første gang",
    Price.Kind.FOLLOW_UP: "Derefter, pr. gang",
    Price.Kind.GROUP: "Holdtræning",
    Price.Kind.SURCHARGE: "Tillæg",
    Price.Kind.PACKAGE: "Pakke",
}


def _line(price: Price) -> PriceLine:
    label, terms = _LABELS[price.kind], price.terms
    if price.treatment:
        label += f": {danish.in_sentence(price.treatment.name)}"
    elif price.kind == Price.Kind.SURCHARGE and terms:
        label, terms = terms, ""  # "Behandling efter kl. 17" under the heading of surcharges
    if price.sessions:
        label += f", {danish.count(price.sessions, 'gang', 'gange')}"
    is_package = price.kind == Price.Kind.PACKAGE
    return PriceLine(
        label=label,
        amount=price.amount,
        minutes=price.minutes,
        sessions=price.sessions,
        per_session=per_session(price) if price.kind in (Price.Kind.PACKAGE, Price.Kind.GROUP) else None,
        validity=_validity(price) if is_package else "",
        refund=_REFUND[price.refundable] if is_package else "",
        terms=terms,
        confirmed_at=price.confirmed_at,
    )


def _validity(price: Price) -> str:
    return danish.count(price.valid_months, "måned", "måneder") if price.valid_months else NOT_STATED


_REFUND: dict[bool | None, str] = {True: "ja", False: "nej", None: NOT_STATED}
