"""A person says that a dated row is right, having read its source: from then on patients see it."""

from django.contrib.auth.models import User
from django.db import transaction

from . import actions, clock, tariffs
from .models import ReferralRule, Tariff


@transaction.atomic
def verify(*, row: Tariff | ReferralRule, by: User) -> None:
    """Stamp the row with today; the history of the admin keeps who. Raises ActionError for an invented row."""
    if row.is_example:
        raise actions.ActionError(f"{row}: et opdigtet eksempel kan ikke bekræftes.")
    stored = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    stored.verified_at = stored.checked_at = clock.today()
    stored.save(update_fields=["verified_at", "checked_at"])
    actions.log(row=stored, by=by, text="Bekræftede tallene efter kilden.")
    transaction.on_commit(tariffs.forget)


@transaction.atomic
def withdraw(*, row: Tariff | ReferralRule, by: User) -> None:
    """Patients do not see the row any more until somebody verifies it again."""
    stored = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    stored.verified_at = None
    stored.save(update_fields=["verified_at"])
    actions.log(row=stored, by=by, text="Trak bekræftelsen tilbage.")
    transaction.on_commit(tariffs.forget)
