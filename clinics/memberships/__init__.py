"""Who looks after a clinic: joining, inviting, changing roles, leaving. Each is logged, and nobody is shut out in silence.

Every action locks the clinic first and then what it changes, so two at once take turns and no rule (one membership, at most
`settings.CLINIC_OWNERS` owners, never a role nobody gave) can be slipped between them. All raise `ActionError`.
"""

from .access import sync_access
from .invitations import accept, find, invite, invite_to_claim, is_for, revoke
from .joining import change_role, end, join, leave_all
from .people import has_owner, may_manage, members, name_of, owners, with_owner

__all__ = [
    "accept",
    "change_role",
    "end",
    "find",
    "has_owner",
    "invite",
    "invite_to_claim",
    "is_for",
    "join",
    "leave_all",
    "may_manage",
    "members",
    "name_of",
    "owners",
    "revoke",
    "sync_access",
    "with_owner",
]
