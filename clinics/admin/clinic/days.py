"""Days that cannot be meant: a slip of a finger in the year, and what somebody is said to have stated tomorrow."""

import datetime
from collections.abc import Iterable

from django import forms

from clinics import clock
from clinics.freshness import months_before

YEARS_BACK, YEARS_AHEAD = 2, 3
FIRST_YEAR = 2000  # no source and no register is older
FUTURE = "Dagen ligger i fremtiden. Skriv den dag, det blev sagt eller slået op."


def check_period(form: forms.ModelForm, names: Iterable[str]) -> None:
    """Days that were typed lie from two years back to three years ahead. Those that stand there already may grow old."""
    today = clock.today()
    first, last = months_before(today, 12 * YEARS_BACK), months_before(today, -12 * YEARS_AHEAD)
    for name in _typed(form, names):
        if form.cleaned_data[name] < first:
            form.add_error(name, "Dagen ligger mere end to år tilbage. Tjek årstallet.")
        elif form.cleaned_data[name] > last:
            form.add_error(name, "Dagen ligger mere end tre år fremme. Tjek årstallet.")


def check_stated(form: forms.ModelForm, names: Iterable[str]) -> None:
    """Days on which something was said or looked up: not after today, and not before there was anything to look up."""
    for name in _typed(form, names):
        if form.cleaned_data[name] > clock.today():
            form.add_error(name, FUTURE)
        elif form.cleaned_data[name].year < FIRST_YEAR:
            form.add_error(name, f"Dagen ligger før {FIRST_YEAR}. Tjek årstallet.")


def _typed(form: forms.ModelForm, names: Iterable[str]) -> list[str]:
    return [
        name for name in names if name in form.changed_data and isinstance(form.cleaned_data.get(name), datetime.date)
    ]
