"""Asking other people's servers, in the worker alone: in turn (`turns`), and never for longer than was said (`calls`)."""

from django.conf import settings

__all__ = ["user_agent"]


def user_agent() -> str:
    """Who asks, and where one finds out more."""
    return f"FysFinder/1 (+{settings.SITE_URL})"
