"""When a clinic is open: evaluated at the moment that is asked for, in Danish time, and never kept. docs/opening-hours.md."""

from .checks import Problem, check_exceptions, check_hours
from .part import HoursPart, hours_part
from .schedule import Schedule, Span
from .spans import spans
from .state import OpenState, phone_state, state, states_of
from .week import hours_text, week_lines

__all__ = [
    "HoursPart",
    "OpenState",
    "Problem",
    "Schedule",
    "Span",
    "check_exceptions",
    "check_hours",
    "hours_part",
    "hours_text",
    "phone_state",
    "spans",
    "state",
    "states_of",
    "week_lines",
]
