"""What the worker does for accounts. Beat's timetable stands in the settings."""

from celery import shared_task
from django.core.management import call_command

from . import actions


@shared_task
def purge_accounts() -> int:
    """Nightly: log-ins that have run out, and accounts whose address nobody confirmed. Returns how many accounts went."""
    call_command("clearsessions", verbosity=0)
    return actions.remove_unconfirmed()
