"""The directory's pages."""

from .landing import landing
from .profile import profile
from .results import results
from .specialities import specialities, speciality

__all__ = ["landing", "profile", "results", "specialities", "speciality"]
