"""The clinic directory: what can hurt, where places are, who treats it, and the search index over it."""

from .claim import Claim
from .clinic import Clinic
from .correction import Correction
from .intake import FieldSource, ImportBatch, ImportFile, ImportRecord
from .membership import Invitation, Membership, Role
from .offer import ClinicSpeciality, ClinicTreatment
from .opening_hours import HoursKind, OpeningException, OpeningHours, Weekday
from .outbox import MailStop, Outbox
from .photo import Photo
from .place import OutOfHoursService, Place, Postcode, Region
from .practitioner import Practitioner
from .price import Price
from .provenance import Provenance
from .rate import RateCount
from .report import Appeal, Contest, Report
from .request import ListingRequest, PendingChange
from .review import STARS, CodeSheet, Rating, Review, ReviewReply, VisitCode
from .safety import WarningChange
from .search import SearchCard, SearchEntry, Tag
from .slug_history import SlugHistory
from .statistic import DailyStatistic
from .tariff import ReferralRule, Tariff
from .version import ClinicVersion
from .vocabulary import BodyRegion, Condition, ConditionMatch, RedFlag, Speciality, TreatmentType
from .worker import FailedTask, GeocodedAddress, WebsiteCheck

__all__ = [
    "STARS",
    "Appeal",
    "BodyRegion",
    "Claim",
    "Clinic",
    "ClinicSpeciality",
    "ClinicTreatment",
    "ClinicVersion",
    "CodeSheet",
    "Condition",
    "ConditionMatch",
    "Contest",
    "Correction",
    "DailyStatistic",
    "FailedTask",
    "FieldSource",
    "GeocodedAddress",
    "HoursKind",
    "ImportBatch",
    "ImportFile",
    "ImportRecord",
    "Invitation",
    "ListingRequest",
    "MailStop",
    "Membership",
    "OpeningException",
    "OpeningHours",
    "OutOfHoursService",
    "Outbox",
    "PendingChange",
    "Photo",
    "Place",
    "Postcode",
    "Practitioner",
    "Price",
    "Provenance",
    "RateCount",
    "Rating",
    "RedFlag",
    "ReferralRule",
    "Region",
    "Report",
    "Review",
    "ReviewReply",
    "Role",
    "SearchCard",
    "SearchEntry",
    "SlugHistory",
    "Speciality",
    "Tag",
    "Tariff",
    "TreatmentType",
    "VisitCode",
    "WarningChange",
    "WebsiteCheck",
    "Weekday",
]
