"""The directory in the admin, in Danish."""

from . import clinic, place, vocabulary

__all__ = ["clinic", "place", "vocabulary"]
