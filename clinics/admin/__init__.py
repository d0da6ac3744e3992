"""The directory in the admin, in Danish."""

from . import claim, clinic, correction, listing, money, outbox, pending, place, vocabulary, warnings

__all__ = ["claim", "clinic", "correction", "listing", "money", "outbox", "pending", "place", "vocabulary", "warnings"]
