"""What an article says about danger: which red flags it describes, where it is too mild, and what editors said to that.

How it reads a text, and what it cannot: docs/red-flags.md.
"""

from .check import MOST_PLACES, Check, added, attention, unsigned
from .decisions import (
    SafetyError,
    accept_suggestions,
    checked_reason,
    refresh_attention,
    refuse_suggestions,
    sign_off,
    update_suggestions,
)
from .findings import Suggestion, collisions, fingerprint, suggest_flags, urgent_subject
from .page import has_long_lead, hidden_passages, warned_flags

__all__ = [
    "MOST_PLACES",
    "Check",
    "SafetyError",
    "Suggestion",
    "accept_suggestions",
    "added",
    "attention",
    "checked_reason",
    "collisions",
    "fingerprint",
    "has_long_lead",
    "hidden_passages",
    "refresh_attention",
    "refuse_suggestions",
    "sign_off",
    "suggest_flags",
    "unsigned",
    "update_suggestions",
    "urgent_subject",
    "warned_flags",
]
