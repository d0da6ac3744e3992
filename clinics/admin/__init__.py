"""The directory in the admin, in Danish."""

from . import clinic, correction, money, place, vocabulary, warnings

__all__ = ["clinic", "correction", "money", "place", "vocabulary", "warnings"]
