"""A person wants to know whether a website answers now: the worker looks at once."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from clinics import actions, ownership
from clinics.actions import ActionError
from clinics.models import WebsiteCheck

from .checking import current

OFF = "Tjekket er slået fra her (WEBSITE_CHECK), så der bliver ikke set efter."


@transaction.atomic
def look_again(*, row: WebsiteCheck, by: User) -> None:
    """Ask the worker to look once more. Raises ActionError.

    What was seen stays until then: a second failure on one day is not counted as another.
    """
    if not ownership.may_moderate(by):
        raise ActionError("Det kan kun en moderator.")
    if not settings.WEBSITE_CHECK:
        raise ActionError(OFF)
    stored = current().select_for_update(of=("self",)).filter(pk=row.pk).first()
    if stored is None:
        raise ActionError("Klinikken har ikke den hjemmeside længere.")
    actions.log(row=stored, by=by, text="Bad om at se efter igen.")
    transaction.on_commit(lambda: _nudge(stored.clinic_id), robust=True)


def _nudge(pk: int) -> None:
    """A nudge that is lost costs a week at most: beat looks anyway."""
    from clinics import tasks  # it imports this package

    tasks.check_website.apply_async([pk], retry=False)
