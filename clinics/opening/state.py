"""The open state in words, as a patient reads it on a card or beside a phone number."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from clinics.clock import COPENHAGEN
from clinics.models import Clinic, HoursKind

from . import words
from .moment import Is, Moment, look
from .schedule import ExceptionRow, HoursRow, Schedule, schedule_of

SOON = datetime.timedelta(minutes=30)  # closes soon: hardly worth setting out
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)

Kind = Literal["open", "closes_soon", "closed", "holiday", "unknown"]


@dataclass(frozen=True, slots=True)
class OpenState:
    kind: Kind
    text: str
    # The next moment (Danish time) at which it opens, closes or becomes uncertain; None: not known, or never.
    until: datetime.datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.kind in ("open", "closes_soon")


class OfClinic(Protocol):
    clinic_id: int


class HoursOfClinic(HoursRow, OfClinic, Protocol):
    """A row of `OpeningHours`, or whatever else has its values."""


class ExceptionOfClinic(ExceptionRow, OfClinic, Protocol):
    """A row of `OpeningException`, or whatever else has its values."""


def state(clinic: Clinic, at: datetime.datetime) -> OpenState:
    """Whether a filled clinic treats patients at `at` (aware). Asks nothing; must never be stored."""
    return state_of(schedule_of(clinic), at)


def states_of(
    hours: Iterable[HoursOfClinic],
    exceptions: Iterable[ExceptionOfClinic],
    closed_on_holidays: Mapping[int, bool | None],
    at: datetime.datetime,
) -> dict[int, OpenState]:
    """The states of many clinics from plain rows; the keys of `closed_on_holidays` say which.

    Rows of other kinds and clinics are passed over. Exceptions that ended yesterday must be among them: their last night
    may go on past midnight.
    """
    hours_of: dict[int, list[HoursRow]] = defaultdict(list)
    exceptions_of: dict[int, list[ExceptionRow]] = defaultdict(list)
    for row in hours:
        if row.kind == HoursKind.TREATMENT:
            hours_of[row.clinic_id].append(row)
    for change in exceptions:
        if change.kind == HoursKind.TREATMENT:
            exceptions_of[change.clinic_id].append(change)
    return {
        key: state_of(Schedule(hours_of[key], exceptions_of[key], closed), at)
        for key, closed in closed_on_holidays.items()
    }


def phone_state(clinic: Clinic, at: datetime.datetime) -> OpenState | None:
    """Whether the phone of a filled clinic is answered at `at`; None when it has not stated telephone hours."""
    moment = look(schedule_of(clinic, HoursKind.PHONE), at)
    until = moment.until
    if moment.now is Is.OPEN:
        return OpenState(
            "open", f"Telefontid til kl. {words.closing(until)}" if until else "Telefontid hele døgnet", until
        )
    if moment.now is Is.CLOSED and until and not moment.uncertain:
        day = words.relative(until.date(), _today(at))
        return OpenState("closed", f"Næste telefontid: {day} kl. {words.clock(until)}", until)
    return None


def state_of(schedule: Schedule, at: datetime.datetime) -> OpenState:
    """The state of one schedule of treatment hours."""
    moment = look(schedule, at)
    if moment.now is Is.UNCERTAIN:
        return _uncertain(moment)
    if moment.now is Is.CLOSED:
        return OpenState("closed", _closed(moment, at), moment.until)
    until = moment.until
    if until is None:
        return OpenState("open", "Åbent hele døgnet")
    wait = _wait(at, until)
    if wait > DAY:
        return OpenState(
            "open", f"Åbent til {words.relative(until.date(), _today(at))} kl. {words.clock(until)}", until
        )
    text = f"Åbent til kl. {words.closing(until)}"
    if wait <= SOON:
        return OpenState("closes_soon", f"{text}, lukker om {_minutes(wait)}", until)
    return OpenState("open", text, until)


def _uncertain(moment: Moment) -> OpenState:
    special = moment.uncertain and moment.uncertain.holiday
    if special:
        return OpenState("holiday", f"I dag er {special.word} – ring først", moment.until)
    return OpenState("unknown", "Ring for åbningstider")


def _closed(moment: Moment, at: datetime.datetime) -> str:
    until, uncertain = moment.until, moment.uncertain
    if until is None:
        return "Lukket indtil videre"
    today = _today(at)
    away = (until.date() - today).days
    day = words.relative(until.date(), today)
    if uncertain and uncertain.holiday:
        return f"Lukket nu. {day.capitalize()} er {uncertain.holiday.word} – ring først"
    if uncertain:
        last = words.date(until.date() - datetime.timedelta(days=1), today)
        return f"Lukket {f'til og med {last}' if away > 1 else 'nu'}. Ring for åbningstider"
    wait = _wait(at, until)
    if wait <= 59 * MINUTE:
        return f"Åbner om {_minutes(wait)}"
    if away == 0:
        return f"Lukket til kl. {words.clock(until)}"
    return f"Lukket til {day} kl. {words.clock(until)}" if away < 7 else f"Lukket til {day}"


def _today(at: datetime.datetime) -> datetime.date:
    return at.astimezone(COPENHAGEN).date()


def _wait(at: datetime.datetime, until: datetime.datetime) -> datetime.timedelta:
    """Real time. Two times of one zone are subtracted by the clock on the wall, an hour wrong when that is changed."""
    return until.astimezone(datetime.UTC) - at.astimezone(datetime.UTC)


def _minutes(wait: datetime.timedelta) -> str:
    """Begun minutes count: `"1 min."` one second before, never `"0 min."`."""
    return f"{-(-wait // MINUTE)} min."
