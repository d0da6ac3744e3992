"""From what an article says to what it should lead to."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from clinics.models import ConditionMatch

from .lexicon import GENERIC, SPECIALITY, TREATMENT, Lexicon, Stems, Target
from .reading import Said

MOST = 6  # of each kind
COMPANY = 0.5  # what conditions of the same speciality lead to besides is worth this much of it
OFFICIAL = 0.9  # an official speciality stands behind its focus areas: few clinics have the title …
BELONGS = 0.45  # … but belongs to the strongest of them
FEW = 8  # focus areas; one with more of them is so broad that it says little
# The best must stand out from all that was said, by the root of the worth of all phrases; one word alone is not enough.
CONVINCING, LEAST = 0.47, 1.4
# Weight by the part of the best one's score. Below the last, nothing: every match makes a clinic match.
PARTS = {SPECIALITY: ((3, 0.8), (2, 0.45), (1, 0.2)), TREATMENT: ((2, 0.6), (1, 0.35))}
PASSING = 0.05  # what has less of all that was said is mentioned in passing; in a long article more is
STRANGER = 0.4  # the part of the best one's score that needs no connection with it
CLEARLY = (
    0.3  # how much a phrase in title or heading must say for a speciality that nothing else connects with the best
)


@dataclass(frozen=True)
class SuggestedMatch:
    """One speciality or treatment type. `weight` as in ConditionMatch; `score` only compares within one article."""

    kind: str
    slug: str
    name: str
    weight: int
    score: float = 0.0

    @property
    def target(self) -> Target:
        return self.kind, self.slug


def weigh(said: Mapping[Stems, Said], words: Lexicon) -> list[SuggestedMatch]:
    """The suggestions for an article that says these phrases; none when nothing is convincing.

    Besides the winners only what conditions of the winners lead to as well, or what title or headings say: every text
    mentions something in passing ("massér ikke benet, hvis det kan være en blodprop").
    """
    scores = score(said, words)
    specialities = _ranked(scores, SPECIALITY)
    best = specialities[0][0] if specialities else 0.0
    everything = sum(one.worth for one in said.values())
    if best <= scores.get(GENERIC, 0.0) or best < max(LEAST, CONVINCING * math.sqrt(1 + everything)):
        return []
    winners = [match.target for match in _weighted(specialities, words) if match.weight == ConditionMatch.PRIMARY]
    company = {target for winner in winners for target in words.companions.get(winner, ())}
    headed = {
        target
        for stems, one in said.items()
        if one.prominent
        for target, much in words.meanings[stems].items()
        if much >= CLEARLY
    }
    near = {*winners, *company, *headed}
    strong = [one for one in specialities if one[0] >= (PASSING * everything if one[1] in near else STRANGER * best)]
    chosen = _weighted(strong, words)
    return chosen + _weighted([one for one in _ranked(scores, TREATMENT) if one[1] in company], words)


def score(said: Mapping[Stems, Said], words: Lexicon) -> dict[Target, float]:
    """How much the article says for each target."""
    own: dict[Target, float] = defaultdict(float)
    for stems, one in said.items():
        for target, much in words.meanings[stems].items():
            own[target] += one.worth * much * words.prior.get(target, 1.0)
    scores = defaultdict(float, own)
    for target, much in own.items():
        for other, share in words.companions.get(target, {}).items():
            scores[other] += COMPANY * share * much * words.prior.get(other, 1.0)
    for official, focus_areas in words.children.items():
        narrow = min(1.0, FEW / len(focus_areas))
        strongest = max(focus_areas, key=lambda area: (scores[area], area))
        scores[strongest] = max(scores[strongest], scores[official] * narrow)
        most = scores[strongest] * narrow
        scores[official] = min(max(scores[official], BELONGS * most), OFFICIAL * most)
    return dict(scores)


def _ranked(scores: Mapping[Target, float], kind: str) -> list[tuple[float, Target]]:
    found = [(much, target) for target, much in scores.items() if target[0] == kind and much > 0]
    return sorted(found, key=lambda one: (-one[0], one[1]))


def _weighted(ranked: list[tuple[float, Target]], words: Lexicon) -> list[SuggestedMatch]:
    chosen = []
    for much, (kind, slug) in ranked[:MOST]:
        part = much / ranked[0][0]
        if weight := next((weight for weight, least in PARTS[kind] if part >= least), 0):
            chosen.append(SuggestedMatch(kind, slug, words.names[kind, slug], weight, round(much, 2)))
    return chosen
