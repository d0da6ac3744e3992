"""What a patient's words say all in all: what hurts, where, what is asked of the clinic, and who is called so.

A known phrase as a whole and a whole name are nothing else besides. From any other text the place is taken out, then what
can be ticked, and the rest is read again.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from clinics.care import Registry
from clinics.choice_words import Chosen, choices_in
from clinics.danger_words import FILLERS
from clinics.geo import Point
from clinics.names import COMMON, Named, NameSearch
from clinics.place_words import PlaceInWords, Stands, place_in
from clinics.text import fold, folds, normalise
from clinics.together import read_together
from clinics.vocabulary import Resolution, every_name, resolve

from .body_parts import Known, conditions_of_part

# Words that say nothing of what hurts, where or what is asked for.
_SAYING_NOTHING = """
med der kan som er en et min mit mine min god gode dag idag dygtig bedste billig søger find finde tak og eller samt sprog
behandling behandlinger tid tider time tilbyder tilbud aftale klinikker nærheden området by har om
"""
FILLING = FILLERS | COMMON | {key for word in _SAYING_NOTHING.split() for key in folds(word)}


@dataclass(frozen=True)
class Meaning:
    """`subject` is what hurts or is searched for: the text, without its place when that is certain. `resolution` is of it.

    `chosen`: what can be ticked; `rest`: what the words beside it mean, and `says_more`: whether they say anything at all.
    `place`: what may be one; `place_is_certain`: and may be searched at without asking.
    """

    subject: str
    resolution: Resolution
    rest: Resolution
    chosen: tuple[Chosen, ...] = ()
    says_more: bool = False
    named: Named = field(default_factory=Named)
    place: PlaceInWords | None = None
    place_is_certain: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is one known phrase for what hurts or what is done, whatever is asked for besides."""
        return self.rest.exact and names_something(self.rest)

    @property
    def ticks_are_certain(self) -> bool:
        """Whether they may be ticked without asking: beside them stands nothing, or one known phrase."""
        return bool(self.chosen) and not self.named and (self.is_exact or not self.says_more)

    @property
    def parts(self) -> list[Known]:
        """The conditions of the part of the body that it is."""
        return [] if names_something(self.resolution) else conditions_of_part(_without_filling(self.subject))


def meaning_of(text: str, near: Point | None) -> tuple[Meaning, Registry | None]:
    """`near`: where clinics of a name are looked for first. One statement while the vocabulary and the places are remembered,
    and none for a term of ours. The same statement reads the red flags, which the page of what means no single term needs."""
    whole = resolve(text)
    if whole.exact and names_something(whole):
        return Meaning(text, whole, whole), None
    search = NameSearch(text, near, whole=bool(whole))
    rows = read_together(*search.queries, *Registry.queries())
    names, registry = rows[: len(search.queries)], Registry.of(*rows[len(search.queries) :])
    return _meaning(text, whole, search.named(names)), registry


def _meaning(text: str, whole: Resolution, named: Named) -> Meaning:
    if named.exact:
        return Meaning(text, whole, whole, says_more=True, named=named)
    place = place_in(text, _words_in(every_name()))
    if place:
        meaning = replace(_read(place.rest, resolve(place.rest), bare=True), place=place, named=named)
        if _is_certain(place, meaning):
            return replace(meaning, place_is_certain=True)
    return replace(_read(text, whole), place=place, named=named)


def _read(subject: str, resolution: Resolution, *, bare: bool = False) -> Meaning:
    """What hurts and what can be ticked, in a text without a place. `bare`: the words around what hurts do not count."""
    if resolution.exact and names_something(resolution):
        return Meaning(subject, resolution, resolution)
    chosen, left = choices_in(subject, FILLING)
    rest = resolve(_without_filling(left)) if chosen or bare else resolution
    return Meaning(subject, resolution, rest, chosen, says_more=not says_nothing(left))


def _is_certain(place: PlaceInWords, meaning: Meaning) -> bool:
    if place.doubtful or place.stands is Stands.ELSEWHERE:
        return False
    if not meaning.says_more:
        return True
    if place.everyday:  # "ondt i knæet i Skive", but not "faldt på vejen"
        return place.stands is Stands.LED and meaning.is_exact
    if place.stands is not Stands.LAST:
        return True
    return not meaning.named  # "Havtorn Ebeltoft" may be what a clinic is called


def names_something(resolution: Resolution) -> bool:
    return bool(resolution.conditions or resolution.specialities or resolution.treatments)


def says_nothing(text: str) -> bool:
    return all(FILLING.intersection(folds(word)) for word in normalise(text).split())


def _without_filling(text: str) -> str:
    """Without the words at both ends that say nothing: `"fysioterapeut til ondt i ryggen med"` → `"ondt i ryggen"`."""
    words = normalise(text).split()
    while words and says_nothing(words[-1]):
        words.pop()
    while words and says_nothing(words[0]):
        words.pop(0)
    return " ".join(words)


@lru_cache(maxsize=2)
def _words_in(names: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Folded, of every name and synonym."""
    return frozenset(word for name, _ in names for word in fold(name).split())
