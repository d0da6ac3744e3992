"""How often a clinic is seen and used: sums per day, nothing about anybody. docs/figures.md.

`seen` costs a request nothing but a lock: what a process has seen is written together, every few seconds.
"""

from .collecting import flush, keep_flushing, seen
from .figures import Figures, Month, Shown, figures_of, months
from .keeping import purge
from .visitors import counts

__all__ = [
    "Figures",
    "Month",
    "Shown",
    "counts",
    "figures_of",
    "flush",
    "keep_flushing",
    "months",
    "purge",
    "seen",
]
