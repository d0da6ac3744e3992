from django.apps import AppConfig
from django.contrib.admin import apps as admin


class FysFinderConfig(AppConfig):
    default = True
    name = "fysfinder"
    verbose_name = "FysFinder"

    def ready(self) -> None:
        from fysfinder import (
            celery,  # noqa: F401  so that `task.delay()` finds our broker in every process
            checks,  # noqa: F401  registers the check of the database
            work_signals,  # noqa: F401  listens to the worker
        )
        from fysfinder.accounts import mails, signals  # noqa: F401  listens

        mails.register()


class FysFinderAdminConfig(admin.AdminConfig):
    """Django's admin with our site as `admin.site`."""

    default = False  # of this module: settings name it
    default_site = "fysfinder.admin_site.FysFinderAdminSite"
