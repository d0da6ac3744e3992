"""The directory's pages."""

from .images import image
from .landing import landing
from .profile import profile
from .results import results
from .specialities import specialities, speciality

__all__ = ["image", "landing", "profile", "results", "specialities", "speciality"]
