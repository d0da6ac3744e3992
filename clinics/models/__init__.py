"""The clinic directory: what can hurt, where places are, who treats it, and the search index over it."""

from .clinic import Clinic
from .correction import Correction
from .offer import ClinicSpeciality, ClinicTreatment
from .opening_hours import HoursKind, OpeningException, OpeningHours, Weekday
from .photo import Photo
from .place import OutOfHoursService, Place, Postcode, Region
from .practitioner import Practitioner
from .price import Price
from .provenance import Provenance
from .rate import RateCount
from .safety import WarningChange
from .search import SearchEntry, Tag
from .slug_history import SlugHistory
from .tariff import ReferralRule, Tariff
from .vocabulary import BodyRegion, Condition, ConditionMatch, RedFlag, Speciality, TreatmentType

__all__ = [
    "BodyRegion",
    "Clinic",
    "ClinicSpeciality",
    "ClinicTreatment",
    "Condition",
    "ConditionMatch",
    "Correction",
    "HoursKind",
    "OpeningException",
    "OpeningHours",
    "OutOfHoursService",
    "Photo",
    "Place",
    "Postcode",
    "Practitioner",
    "Price",
    "Provenance",
    "RateCount",
    "RedFlag",
    "ReferralRule",
    "Region",
    "SearchEntry",
    "SlugHistory",
    "Speciality",
    "Tag",
    "Tariff",
    "TreatmentType",
    "WarningChange",
    "Weekday",
]
