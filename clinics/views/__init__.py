"""The directory's pages."""

from .claim import (
    claim,
    claim_appeal,
    claim_ask,
    claim_code,
    claim_confirm,
    claim_invitation,
    claim_moderator,
    claim_withdraw,
    objection,
)
from .comparison import comparison
from .correction import correction
from .counted import counted
from .for_clinics import for_clinics
from .images import image
from .landing import landing
from .mail_stop import mail_stop
from .members import (
    invitation,
    member_end,
    member_invite,
    member_resend,
    member_revoke,
    member_role,
    members,
)
from .new_clinic import new_clinic, new_clinic_withdraw
from .profile import profile
from .referral import referral
from .removal import removal
from .results import results
from .specialities import specialities, speciality
from .visit_sheet import visit_sheet

__all__ = [
    "claim",
    "claim_appeal",
    "claim_ask",
    "claim_code",
    "claim_confirm",
    "claim_invitation",
    "claim_moderator",
    "claim_withdraw",
    "comparison",
    "correction",
    "counted",
    "for_clinics",
    "image",
    "invitation",
    "landing",
    "mail_stop",
    "member_end",
    "member_invite",
    "member_resend",
    "member_revoke",
    "member_role",
    "members",
    "new_clinic",
    "new_clinic_withdraw",
    "objection",
    "profile",
    "referral",
    "removal",
    "results",
    "specialities",
    "speciality",
    "visit_sheet",
]
