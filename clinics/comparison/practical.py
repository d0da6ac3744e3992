"""Where and when, getting in, and being understood."""

import datetime
from collections.abc import Callable

from clinics import danish, languages
from clinics.access import yes_or_no
from clinics.freshness import waiting_time
from clinics.models import HoursKind
from clinics.models.opening_hours import Weekday
from clinics.offers import shown
from clinics.opening import state, week_lines, words
from clinics.opening.schedule import schedule_of
from clinics.reviews import mean
from clinics.reviews import words as reviews
from clinics.reviews.showing import rating_of

from .cell import DATE, MORE, STRONG, UNKNOWN, Cell, Facts, Line, cell

EVENING = datetime.time(18)  # as the filter "aften" has it: treatment on a weekday until then or later


def distance(facts: Facts) -> Cell:
    place = facts.place
    if not facts.contact.distance or place is None:
        return UNKNOWN
    over = " over vand" if place.land and facts.clinic.postcode.land != place.land else ""
    return cell(f"{facts.contact.distance}{over}", kind=STRONG)


def address(facts: Facts) -> Cell:
    return cell(", ".join(facts.contact.address))


def open_now(facts: Facts) -> Cell:
    return cell(state(facts.clinic, facts.now).text) if facts.clinic.opening_hours.all() else UNKNOWN


def waiting(facts: Facts) -> Cell:
    stated = waiting_time(facts.clinic.waiting_days, facts.clinic.waiting_stated_on, facts.now.date())
    if stated is None:
        return UNKNOWN
    days = "Ingen ventetid" if stated.days == 0 else danish.count(stated.days, "dag", "dage")
    since = f"oplyst {danish.day(stated.stated_on)}" if stated.stated_on else "dato ikke oplyst"
    changed = () if stated.counts else (Line("kan være ændret siden", MORE),)
    return Cell((Line(days), *changed, Line(since, DATE)))


def evening_and_weekend(facts: Facts) -> Cell:
    week = schedule_of(facts.clinic).week
    until: dict[str, list[int]] = {}
    for day in range(Weekday.SATURDAY):
        late = [one for one in week.get(day, ()) if one[1] >= EVENING or one[1] <= one[0]]
        if late:
            opens, closes = late[-1]
            text = "hele døgnet" if opens == closes else f"til kl. {words.closing(closes)}"
            until.setdefault(text, []).append(day)
    lines = [f"{words.weekdays(days).capitalize()} {text}" for text, days in until.items()]
    for day in (Weekday.SATURDAY, Weekday.SUNDAY):
        if times := week.get(day):
            lines.append(f"{words.WEEKDAYS[day].capitalize()} {words.intervals(times)}")
    if week and not lines:
        lines.append("Ikke åbent om aftenen eller i weekenden")
    return cell(*lines, facts.clinic.hours_note.strip())


def phone_hours(facts: Facts) -> Cell:
    return cell(*(line.capitalize() for line in week_lines(facts.clinic, HoursKind.PHONE)))


def fact(field: str) -> Callable[[Facts], Cell]:
    """Yes, no, or not stated."""
    return lambda facts: cell(yes_or_no(getattr(facts.clinic, field)))


def or_offered(field: str, form: str) -> Callable[[Facts], Cell]:
    """As `fact`, and yes where a treatment is stated in that form, as the search has it."""

    def made(facts: Facts) -> Cell:
        offered = any(row.format == form for row in shown(facts.clinic.treatments.all()))
        return cell("Ja" if offered else yes_or_no(getattr(facts.clinic, field)))

    return made


def spoken(facts: Facts) -> Cell:
    """The clinic's and its people's, as the search has it, in the order of every page."""
    of_people = [one.languages for one in facts.clinic.practitioners.all()]
    stated = [codes for codes in (facts.clinic.languages, *of_people) if codes is not None]
    names = languages.in_words(code for codes in stated for code in codes) if stated else ""
    return cell(names.capitalize())


def rating(facts: Facts) -> Cell:
    """A clinic that nobody has reviewed is not one that has not told."""
    found = rating_of(facts.clinic)
    average = mean.average(found.overall, found.counted)
    if average is None:
        return cell("Ingen bekræftede besøg endnu")
    return Cell((Line(reviews.out_of_five(average), STRONG), Line(reviews.counted(found.counted), MORE)))


def confirmed(facts: Facts) -> Cell:
    return cell(facts.contact.confirmed.text)
