from django.apps import AppConfig


class FysFinderConfig(AppConfig):
    name = "fysfinder"
    verbose_name = "FysFinder"

    def ready(self) -> None:
        from fysfinder import (
            celery,  # noqa: F401  so that `task.delay()` finds our broker in every process
            checks,  # noqa: F401  registers the check of the database
        )
