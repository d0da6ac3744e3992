"""Changes that touch trust: a clinic's owner asks, a moderator decides, and nothing shows before. docs/clinic-history.md.

All actions lock the clinic first and then the change, so that two at once take turns. All raise `ActionError`.
"""

from .asking import ask, waiting, withdraw
from .deciding import approve, refuse
from .subjects import Line, current, lines, person_of

__all__ = ["Line", "approve", "ask", "current", "lines", "person_of", "refuse", "waiting", "withdraw"]
