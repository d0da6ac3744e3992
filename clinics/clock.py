"""The one place where the site asks which day it is.

Tariffs, regions and safety numbers are valid between dates, so every dated rule reads the day here and a test can
freeze it. Days begin at midnight in Denmark, not in UTC.
"""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime.datetime:
    """The moment now, aware, in Danish time."""
    return timezone.now().astimezone(COPENHAGEN)


def today() -> datetime.date:
    """The day it is in Denmark."""
    return now().date()
