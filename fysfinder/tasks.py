"""Where Celery looks for this app's tasks."""

from .accounts.tasks import purge_accounts

__all__ = ["purge_accounts"]
