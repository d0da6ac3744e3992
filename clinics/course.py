"""What a course of treatment costs: a first visit and n more, with and without a referral, with the arithmetic shown.

A part that is not known leaves the sum away: half a sum is worse than none. docs/prices.md.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms

from . import danish
from .models import Clinic, Price, Tariff
from .prices import NOT_STATED, WithReferral, lowest, per_session, with_referral

DEFAULT, FEWEST, MOST = 5, 1, 20
ASK_AGAIN = f"Skriv et helt tal fra {FEWEST} til {MOST}. Vi har regnet med {DEFAULT}."

SOME_TARIFFS = "Vi har ikke et bekræftet beløb for det hele: spørg klinikken."
YDERNUMMER_NOT_STATED = "Klinikken har ikke oplyst, om den har ydernummer."


class CourseForm(forms.Form):
    """The parameter `gange`: how many times after the first."""

    gange = forms.IntegerField(
        required=False, min_value=FEWEST, max_value=MOST, label="Hvor mange gange efter den første?"
    )


@dataclass(frozen=True)
class Term:
    """`count` visits at `amount` kroner each; None where the amount is not known."""

    count: int
    amount: Decimal | None
    what: str  # "første gang"


@dataclass(frozen=True)
class Sum:
    """One way of paying for the course. `total` is None as soon as one part is; `reason` then says why, in Danish.

    `starts_at`: the clinic has several prices and this is the lowest, so the sum is "fra". `is_unknown`: "Ikke oplyst";
    a clinic without a ydernummer has no sum with a referral either, but that is known.
    """

    terms: tuple[Term, ...]
    starts_at: bool = False
    reason: str = ""
    is_unknown: bool = False

    @property
    def total(self) -> Decimal | None:
        amounts = [term.count * term.amount for term in self.terms if term.amount is not None]
        return sum(amounts, Decimal(0)) if amounts and len(amounts) == len(self.terms) else None

    @property
    def text(self) -> str:
        """`"1 × 550 kr. + 5 × 420 kr. = 2.650 kr."`; a part that is not known is written, and then there is no sum."""
        parts = [
            f"{term.count} × {NOT_STATED.lower() if term.amount is None else danish.kroner(term.amount)}"
            for term in self.terms
        ]
        line = " + ".join(parts)
        if self.total is None:
            return line
        return f"{line} = {'fra ' if self.starts_at else ''}{danish.kroner(self.total)}"


@dataclass(frozen=True)
class Package:
    """A package beside the price of single visits: plain numbers, no word of what is saved (R17)."""

    sessions: int
    amount: Decimal
    per_session: Decimal

    @property
    def text(self) -> str:
        """`"10 gange for 3.800 kr. = 380 kr. pr. gang"`."""
        times = danish.count(self.sessions, "gang", "gange")
        return f"{times} for {danish.kroner(self.amount)} = {danish.kroner(self.per_session)} pr. gang"


@dataclass(frozen=True)
class CourseCost:
    """The sums of one clinic. `typed` and `problem` belong to the field: what was written, and what is wrong with it."""

    visits: int
    without: Sum
    with_referral: Sum
    packages: tuple[Package, ...]
    single: Decimal | None  # a follow-up visit, to compare packages with
    has_surcharges: bool
    is_example: bool
    typed: str = ""
    problem: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to add up at all."""
        return any(term.amount is not None for term in (*self.without.terms, *self.with_referral.terms))


def course_cost(clinic: Clinic, visits: int | str | None, day: datetime.date) -> CourseCost:
    """A first visit and `visits` more (as the address has it; empty or nonsense gives the default). No query of its own."""
    number, typed, problem = read_visits(visits)
    prices = list(clinic.prices.all())
    return CourseCost(
        visits=number,
        without=_without(prices, number),
        with_referral=_with(with_referral(clinic, day), number),
        packages=tuple(_packages(prices)),
        single=lowest(prices, Price.Kind.FOLLOW_UP)[0],
        has_surcharges=any(price.kind == Price.Kind.SURCHARGE for price in prices),
        is_example=clinic.is_example,
        typed=typed,
        problem=problem,
    )


def read_visits(visits: int | str | None) -> tuple[int, str, str]:
    """The number to reckon with, what the field shows, and a sentence when it was not understood."""
    typed = "" if visits is None else str(visits).strip()[:12]
    form = CourseForm({"gange": "" if visits is None else str(visits)[:40]})
    if not form.is_valid():
        return DEFAULT, typed.replace("\0", ""), ASK_AGAIN
    number = form.cleaned_data["gange"] or DEFAULT
    return number, str(number), ""


def _without(prices: list[Price], visits: int) -> Sum:
    first, several_first = lowest(prices, Price.Kind.FIRST)
    follow_up, several = lowest(prices, Price.Kind.FOLLOW_UP)
    missing = [name for name, amount in (("første gang", first), ("de næste gange", follow_up)) if amount is None]
    reason = f"Klinikken har ikke oplyst prisen for {danish.listing(missing)}." if missing else ""
    return Sum(_terms(first, follow_up, visits), several_first or several, reason, bool(missing))


def _with(paid: WithReferral, visits: int) -> Sum:
    first, normal = paid.shares.amount(Tariff.Service.FIRST), paid.shares.amount(Tariff.Service.NORMAL)
    if first is not None and normal is not None:
        return Sum(_terms(first, normal, visits))
    if first is not None or normal is not None:
        return Sum(_terms(first, normal, visits), reason=SOME_TARIFFS, is_unknown=True)
    reason = YDERNUMMER_NOT_STATED if paid.covered is None else paid.sentence
    return Sum((), reason=reason, is_unknown=paid.covered is not False)


def _terms(first: Decimal | None, then: Decimal | None, visits: int) -> tuple[Term, ...]:
    return Term(1, first, "første gang"), Term(visits, then, "derefter")


def _packages(prices: Iterable[Price]) -> Iterable[Package]:
    for price in prices:
        one = per_session(price)
        if price.kind == Price.Kind.PACKAGE and price.sessions and one:
            yield Package(price.sessions, price.amount, one)
