"""Addresses → points, in the worker alone: docs/geocoding.md.

`asked` trims an address, `geocoders` know whom to ask and `adapter` how, `judging` refuses what cannot be right, `looking` is
the one function over all of them, `placing` moves a clinic's point.
"""

from .looking import NotNowError
from .placing import follow, left_to_beat, missing, place, place_missing

__all__ = ["NotNowError", "follow", "left_to_beat", "missing", "place", "place_missing"]
