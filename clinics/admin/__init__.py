"""The directory in the admin, in Danish."""

from . import clinic, place, vocabulary, warnings

__all__ = ["clinic", "place", "vocabulary", "warnings"]
