"""Are two descriptions of a clinic the same clinic? docs/likeness.md

`likeness` adds up what two descriptions share, `decide` weighs it against what speaks against it; neither asks anybody.
`candidates` reads the directory for one description, `candidates_of` for a list of any length.
"""

from .asking import MOST, WORDS, Candidate, candidates
from .deciding import Decision, Verdict, decide
from .described import Described, Read, described, read
from .directory import Directory, Match, Proposal, candidates_of, proposal
from .evidence import SHOWN, SURE, Likeness, likeness
from .names import core, names_alike
from .places import house, same_house, same_site

__all__ = [
    "MOST",
    "SHOWN",
    "SURE",
    "WORDS",
    "Candidate",
    "Decision",
    "Described",
    "Directory",
    "Likeness",
    "Match",
    "Proposal",
    "Read",
    "Verdict",
    "candidates",
    "candidates_of",
    "core",
    "decide",
    "described",
    "house",
    "likeness",
    "names_alike",
    "proposal",
    "read",
    "same_house",
    "same_site",
]
