"""Do clinics' websites answer? Asked once a week by the worker, where `WEBSITE_CHECK` says so: docs/website-check.md.

`addresses` says whom a link may lead us to, `asking` looks at one website, `checking` decides which and writes down what was
seen. It hides nothing from patients: moderators and owners are told, and look themselves.
"""

from .checking import BROKEN_AFTER, broken, broken_of, check, check_some

__all__ = ["BROKEN_AFTER", "broken", "broken_of", "check", "check_some"]
