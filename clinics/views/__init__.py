"""The directory's pages."""

from .comparison import comparison
from .correction import correction
from .images import image
from .landing import landing
from .profile import profile
from .referral import referral
from .results import results
from .specialities import specialities, speciality
from .visit_sheet import visit_sheet

__all__ = [
    "comparison",
    "correction",
    "image",
    "landing",
    "profile",
    "referral",
    "results",
    "specialities",
    "speciality",
    "visit_sheet",
]
