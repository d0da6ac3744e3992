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
from .clinic_decisions import clinic_decisions
from .clinic_reviews import clinic_review, clinic_reviews, review_contest, review_reply, review_reply_remove
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
from .open_data import open_data_file
from .profile import profile
from .referral import referral
from .removal import removal
from .report import report, report_entry
from .report_own import report_own
from .results import results
from .review import review_check, review_write
from .review_own import review_appeal, review_data, review_edit, review_erase, review_own
from .reviews import reviews
from .specialities import specialities, speciality
from .visit_codes import visit_codes, visit_codes_revoke
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
    "clinic_decisions",
    "clinic_review",
    "clinic_reviews",
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
    "open_data_file",
    "profile",
    "referral",
    "removal",
    "report",
    "report_entry",
    "report_own",
    "results",
    "review_appeal",
    "review_check",
    "review_contest",
    "review_data",
    "review_edit",
    "review_erase",
    "review_own",
    "review_reply",
    "review_reply_remove",
    "review_write",
    "reviews",
    "specialities",
    "speciality",
    "visit_codes",
    "visit_codes_revoke",
    "visit_sheet",
]
