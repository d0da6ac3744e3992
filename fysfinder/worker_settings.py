"""How the worker and beat are set up (docs/operations.md); what the worker does stands in `task_rules`, when in `timetable`.

All that needs no environment; fysfinder/settings.py takes every name of it.
"""

from pathlib import Path
from typing import Any

from fysfinder import geocoder_settings, task_rules, timetable, website_settings

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True  # counted: what kills its process each time is given up, and told
CELERY_TASK_SOFT_TIME_LIMIT = task_rules.USUAL  # seconds, where task_rules names no other
CELERY_TASK_TIME_LIMIT = task_rules.USUAL + task_rules.GRACE
CELERY_TASK_ANNOTATIONS = task_rules.annotations()
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = timetable.TIMETABLE
WORK = task_rules.WORK

# What the worker asks of others, and how politely

GEOCODER_PAUSE = geocoder_settings.PAUSE
GEOCODER_TIMEOUT: float = geocoder_settings.TIMEOUT
WEBSITE_CHECK_PAUSE = website_settings.PAUSE
WEBSITE_CHECK_TIMEOUT: float = website_settings.TIMEOUT
WEBSITE_CHECK_PORTS = website_settings.PORTS
WEBSITE_CHECK_INSIDE = website_settings.INSIDE


def transport(broker: str, var: Path) -> dict[str, Any]:
    """Options of a broker's address. `var`: the folder of what is made while running."""
    if broker.startswith("filesystem:"):
        return {
            "data_folder_in": var / "broker",
            "data_folder_out": var / "broker",
            "control_folder": var / "broker" / "control",
            "polling_interval": 0.2,  # seconds
        }
    return {
        "visibility_timeout": 2 * task_rules.LONGEST,  # or a long task runs twice
        "socket_connect_timeout": 2,  # seconds a request waits for a broker that is away; beat sweeps what it left
    }
