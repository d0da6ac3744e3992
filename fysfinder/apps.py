from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.staticfiles import apps as staticfiles


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


class FysFinderStaticFilesConfig(staticfiles.StaticFilesConfig):
    """Without what the packages bring along and no page of ours asks for: to compress it was half the time of a first start."""

    default = False
    ignore_patterns = [
        *staticfiles.StaticFilesConfig.ignore_patterns,
        "rest_framework",  # its browsable pages; we answer JSON alone
        *("draw", "leaflet-src*", "htmx-4*", "htmax*"),
    ]
