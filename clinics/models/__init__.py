"""The clinic directory: what can hurt, where places are, who treats it, and the search index over it."""

from .clinic import Clinic, ClinicSpeciality, ClinicTreatment
from .place import OutOfHoursService, Place, Postcode, Region
from .price import Price
from .safety import WarningChange
from .search import SearchEntry, Tag
from .slug_history import SlugHistory
from .vocabulary import BodyRegion, Condition, ConditionMatch, RedFlag, Speciality, TreatmentType

__all__ = [
    "BodyRegion",
    "Clinic",
    "ClinicSpeciality",
    "ClinicTreatment",
    "Condition",
    "ConditionMatch",
    "OutOfHoursService",
    "Place",
    "Postcode",
    "Price",
    "RedFlag",
    "Region",
    "SearchEntry",
    "SlugHistory",
    "Speciality",
    "Tag",
    "TreatmentType",
    "WarningChange",
]
