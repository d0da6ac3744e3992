"""What a clinic said, each time a person changed it: versions, their differences, and going back. docs/clinic-history.md.

Whoever changes a clinic calls `begin` before (the first change keeps what was there) and `record` after it, in one transaction.
"""

from .erasing import forget_person, purge, speciality_moved
from .recording import begin, begin_all, newest, record, record_all
from .restoring import Plan, plan_for, restore
from .words import Difference, changed, differences

__all__ = [
    "Difference",
    "Plan",
    "begin",
    "begin_all",
    "changed",
    "differences",
    "forget_person",
    "newest",
    "plan_for",
    "purge",
    "record",
    "record_all",
    "restore",
    "speciality_moved",
]
