"""When beat asks the worker for what, in Danish time. What each does, and how to see that it runs: docs/operations.md."""

from typing import Any

from celery.schedules import crontab

TIMETABLE: dict[str, dict[str, Any]] = {
    "lapse-old-facts": {"task": "clinics.tasks.lapse", "schedule": crontab(hour=0, minute=1)},
    "check-search-index": {"task": "clinics.tasks.check_search_index", "schedule": crontab(hour=3, minute=30)},
    "check-ratings": {"task": "clinics.tasks.check_ratings", "schedule": crontab(hour=3, minute=20)},
    "render-stale-articles": {"task": "articles.tasks.render_stale", "schedule": crontab(minute="*/5")},
    "purge-counters": {"task": "clinics.tasks.purge_counters", "schedule": crontab(minute=20)},
    "purge-reviews": {"task": "clinics.tasks.purge_reviews", "schedule": crontab(minute=50)},
    "build-open-data": {"task": "clinics.tasks.build_open_data", "schedule": crontab(hour=1, minute=15)},
    "expire-claims": {"task": "clinics.tasks.expire_claims", "schedule": crontab(hour=2, minute=40)},
    "remove-unused-pictures": {"task": "clinics.tasks.remove_unused_pictures", "schedule": crontab(hour=4, minute=10)},
    "deliver-mail": {"task": "clinics.tasks.deliver_mail", "schedule": crontab(minute="*/2")},
    "geocode-missing": {"task": "clinics.tasks.geocode_missing", "schedule": crontab(minute="3-59/5")},
    "check-websites": {"task": "clinics.tasks.check_websites", "schedule": crontab(minute="6-59/10")},
    "continue-imports": {"task": "clinics.tasks.continue_imports", "schedule": crontab(minute="4-59/5")},
    "purge-imports": {"task": "clinics.tasks.purge_imports", "schedule": crontab(hour=4, minute=45)},
    "remind-clinics": {"task": "clinics.tasks.remind_clinics", "schedule": crontab(hour=9, minute=5)},
    "purge-versions": {"task": "clinics.tasks.purge_versions", "schedule": crontab(hour=4, minute=25)},
    "purge-figures": {"task": "clinics.tasks.purge_figures", "schedule": crontab(hour=4, minute=30)},
    "purge-failed-work": {"task": "clinics.tasks.purge_failed_work", "schedule": crontab(hour=4, minute=35)},
    "purge-mail": {"task": "clinics.tasks.purge_mail", "schedule": crontab(hour=4, minute=20)},
    "purge-accounts": {"task": "fysfinder.accounts.tasks.purge_accounts", "schedule": crontab(hour=4, minute=40)},
    "purge-uploads": {"task": "articles.tasks.purge_uploads", "schedule": crontab(hour=3, minute=45)},
}
