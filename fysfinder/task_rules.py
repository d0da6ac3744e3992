"""What the worker does, in words for people, and how long each may take: the one place for limits and new attempts.

A task that is not named here gets `USUAL`; tests/test_work.py asks for a line all the same, because people read the names.
"""

from dataclasses import dataclass
from typing import Any

from django.db.utils import InterfaceError, OperationalError

MINUTE = 60
USUAL = 5 * MINUTE
LONG = 25 * MINUTE
GRACE = 30  # seconds between being told to stop and being killed
LONGEST = LONG + GRACE  # no task takes longer; Redis waits twice that before it hands work out again

# What goes by itself: the database restarts, two that wait for each other, a server that does not answer. A fault of ours
# does not, and is told at once. OSError: connections, time-outs, mail servers.
PASSING = (OperationalError, InterfaceError, OSError)


@dataclass(frozen=True)
class Work:
    """`label`: to follow “Mislykket arbejde:”. `limit`: seconds until the task is told to stop."""

    label: str
    limit: int = USUAL


WORK: dict[str, Work] = {
    "articles.tasks.purge_uploads": Work("Slet redaktørers gamle uploads"),
    "articles.tasks.render_stale": Work("Bring artikler ajour", LONG),
    "clinics.tasks.apply_import": Work("Indfør en liste af klinikker", LONG),
    "clinics.tasks.build_open_data": Work("Lav filerne med åbne data", LONG),
    "clinics.tasks.check_ratings": Work("Kontrollér stjerner", LONG),
    "clinics.tasks.check_search_index": Work("Kontrollér søgningen", LONG),
    "clinics.tasks.check_website": Work("Se efter, om en hjemmeside svarer", MINUTE),
    "clinics.tasks.check_websites": Work("Se efter, om hjemmesider svarer"),
    "clinics.tasks.continue_imports": Work("Tag lister af klinikker op, der gik i stå"),
    "clinics.tasks.deliver_mail": Work("Send mails", LONG),
    "clinics.tasks.expire_claims": Work("Afslut overtagelser, der gik i stå"),
    "clinics.tasks.geocode_clinic": Work("Find en kliniks punkt på kortet", MINUTE),
    "clinics.tasks.geocode_missing": Work("Find punkter på kortet, der mangler"),
    "clinics.tasks.lapse": Work("Tag forældede oplysninger ud af søgningen", LONG),
    "clinics.tasks.purge_counters": Work("Slet gamle tællere"),
    "clinics.tasks.purge_failed_work": Work("Slet gammelt mislykket arbejde"),
    "clinics.tasks.purge_figures": Work("Slet gamle tal"),
    "clinics.tasks.purge_imports": Work("Slet gamle filer med klinikker", LONG),
    "clinics.tasks.purge_mail": Work("Slet gamle mails"),
    "clinics.tasks.purge_reviews": Work("Slet persondata om anmeldelser", LONG),
    "clinics.tasks.purge_versions": Work("Slet gamle udgaver af klinikker", LONG),
    "clinics.tasks.remind_clinics": Work("Bed klinikker om at bekræfte", LONG),
    "clinics.tasks.remove_unused_pictures": Work("Slet billeder, som ingen bruger", LONG),
    "clinics.tasks.stage_import": Work("Læs en liste af klinikker", LONG),
    "clinics.tasks.undo_import": Work("Rul en liste af klinikker tilbage", LONG),
    "fysfinder.accounts.tasks.purge_accounts": Work("Slet ubekræftede konti og gamle log-ins"),
}


def annotations() -> dict[str, dict[str, Any]]:
    """For CELERY_TASK_ANNOTATIONS: task → attributes that it gets, whatever its decorator says."""
    usual = {
        "autoretry_for": PASSING,
        "max_retries": 3,
        "retry_backoff": 10,  # seconds, doubled each time, and a chance part of it
        "retry_backoff_max": 10 * MINUTE,
        "default_retry_delay": 30,  # seconds after its process died
    }
    # Celery lets "*" win over a name, so that nothing may stand in both.
    return {"*": usual} | {name: _limits(work.limit) for name, work in WORK.items()}


def _limits(seconds: int) -> dict[str, int]:
    return {"soft_time_limit": seconds, "time_limit": seconds + GRACE}
