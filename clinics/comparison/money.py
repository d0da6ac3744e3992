"""What a visit and a course cost, without and with a referral."""

import datetime
from collections.abc import Iterable

from clinics import danish, insurers
from clinics.course import Sum
from clinics.models import Price
from clinics.prices import per_session

from .cell import DATE, MORE, STRONG, UNKNOWN, Cell, Facts, Line, cell


def first(facts: Facts) -> Cell:
    return _prices(facts, Price.Kind.FIRST)


def follow_up(facts: Facts) -> Cell:
    return _prices(facts, Price.Kind.FOLLOW_UP)


def group_price(facts: Facts) -> Cell:
    return _prices(facts, Price.Kind.GROUP)


def surcharge(facts: Facts) -> Cell:
    return _prices(facts, Price.Kind.SURCHARGE)


def packages(facts: Facts) -> Cell:
    lines: list[Line] = []
    for one in facts.prices.packages:
        each = f"{danish.kroner(one.per_session)} pr. gang" if one.per_session else ""
        price = danish.kroner(one.amount) if one.amount is not None else ""
        terms = [
            f"{one.label}: {price}",
            f"Kan bruges i: {danish.in_sentence(one.validity)}",
            f"Pengene tilbage for ubrugte gange: {danish.in_sentence(one.refund)}",
            one.terms,
        ]
        lines += [Line(each or price, STRONG), Line(". ".join(text.rstrip(".") for text in terms if text), MORE)]
    return Cell((*lines, *_confirmed(one.confirmed_at for one in facts.prices.packages)))


def with_referral(facts: Facts) -> Cell:
    paid = facts.prices.with_referral
    if paid.covered is None:
        return UNKNOWN
    if not paid.covered:
        return cell("Har ikke ydernummer: du betaler det hele selv")
    visits = ", ".join(f"{visit.label} {danish.kroner(visit.amount)}" for visit in paid.shares.visits)
    if not visits:
        return cell("Fast andel. Vi har ikke et bekræftet beløb: spørg klinikken.")
    invented = " (opdigtet eksempel)" if paid.shares.is_example else ""
    return Cell((Line(visits), Line(f"fast pris{invented}", MORE)), is_fixed=True)


def course_without(facts: Facts) -> Cell:
    return _sum(facts.course.without)


def course_with(facts: Facts) -> Cell:
    made = _sum(facts.course.with_referral)
    return Cell(made.lines, made.is_unknown, is_fixed=facts.course.with_referral.total is not None)


def _sum(course: Sum) -> Cell:
    if course.total is not None:
        total = f"{'Fra ' if course.starts_at else ''}{danish.kroner(course.total)}"
        return Cell((Line(total, STRONG), Line(course.text, MORE)))
    if not course.is_unknown:
        return cell("Har ikke ydernummer")
    partly = any(term.amount is not None for term in course.terms)
    return Cell((Line(course.text, MORE), Line(course.reason, MORE)), is_unknown=True) if partly else UNKNOWN


def _prices(facts: Facts, kind: str) -> Cell:
    prices = sorted((one for one in facts.clinic.prices.all() if one.kind == kind), key=lambda one: one.amount)
    lines: list[Line] = []
    for one in prices:
        what = f"{one.treatment.name}: " if one.treatment else ""
        lasts = f"{one.minutes} min." if one.minutes else "minutter ikke oplyst"
        times = ""
        if kind == Price.Kind.GROUP and one.sessions and (each := per_session(one)):
            times = f", {danish.count(one.sessions, 'gang', 'gange')}: {danish.kroner(each)} pr. gang"
        length = "" if kind == Price.Kind.SURCHARGE else f" ({lasts})"
        lines.append(Line(f"{what}{danish.kroner(one.amount)}{times}{length}"))
        if one.terms.strip():
            lines.append(Line(one.terms.strip(), MORE))
    return Cell((*lines, *_confirmed(one.confirmed_at for one in prices)))


def _confirmed(dates: Iterable[datetime.date | None]) -> Iterable[Line]:
    """The oldest of the days: the one to judge the cell by."""
    days = list(dates)
    if None in days:
        yield Line("ikke bekræftet af klinikken", DATE)
    elif days:
        yield Line(f"bekræftet {danish.day(min(filter(None, days)))}", DATE)


def insured(facts: Facts) -> Cell:
    keys, note = facts.clinic.insurers, facts.clinic.insurers_note.strip()
    names = danish.listing([insurers.NAMES[key] for key in keys or () if key in insurers.NAMES])
    return cell("Ingen aftaler" if keys == [] and not note else names, note)
