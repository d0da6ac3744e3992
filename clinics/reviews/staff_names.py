"""Where a text names the people of a clinic: whole names and parts of them, bent, spelled apart, with aa for å.

Danish first names are words too ("Per" gang, "Bo", "Liv"), and surnames nouns ("Lund", "lange" ventetider). Such a part counts
only with a capital letter inside a sentence, or beside another part of the same name.
"""

import re
from collections.abc import Iterator, Sequence

_MOST = 200  # names that are looked for; the largest clinics have some forty people
_SHORT = 3  # letters: shorter parts are words more often than not
_PARTICLES = (
    "af",
    "al",
    "abu",
    "bin",
    "da",
    "de",
    "del",
    "den",
    "der",
    "di",
    "du",
    "el",
    "ibn",
    "la",
    "le",
    "van",
    "von",
    "zu",
)
# Given names and surnames that are Danish words, or other things with a capital letter: months, towns, streets.
_GIVEN = (
    "alfa an april ask august bent birk bjørn bo bror dag dan due ea eg eller falk fie fred fri gro grøn hans held ja jo juli"
    " juni lilje line lis liv lærke lykke mai maj mand mark my mø ove per perle pil ravn rosa rose sig silke sol stig sten"
    " stjerne storm svane svend tage tim time tom tor tue vibe vilje villa viol vår"
)
_FAMILY = (
    "aarhus bach bang berg bjerg blok bro brun busk dal dam eksempel falster fog frost fyn gade gammel glad gran hede holm holt"
    " hvid høj jul krog kruse kær lange lille lind lund løve mose munk møller nord ny odense palm post præst rask ring ris sand"
    " skov skriver smed snor sommer sort stage stor strand tang toft top torp træ ulv ung vang vest vind vinter vist øst"
)
_WORDS = frozenset(f"{_GIVEN} {_FAMILY}".split())
_SPELLINGS = (("aa", "å"), ("ae", "æ"), ("oe", "ø"))
_GENITIVE = r"(?:['’´]?s|['’])?"
_APART = r"[ .*_\-]"
_SENTENCE_ENDS = re.compile(r"(?:^\W*|[.!?:\n]\W*|[-•*]\s*)$")


def named(letters: str, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the text names any of these people, in no order; places may lie in each other. Both are `letters` of a `Reading`."""
    for name in dict.fromkeys(names[:_MOST]):
        parts = [part for part in re.split(r"[\s.]+", name) if len(part) > 1 and part.lower() not in _PARTICLES]
        if not parts:
            continue
        if len(parts) > 1:
            yield from _whole(letters, parts)
        for part in parts:
            yield from _part(letters, part)
        if len(parts[0]) > _SHORT:  # M e t t e, M.E.T.T.E
            apart = rf"{_APART}{{1,2}}".join(map(_letter, parts[0]))
            for match in re.finditer(rf"(?i)(?<!\w){apart}(?!\w)", letters):
                yield match.span()


def _whole(letters: str, parts: list[str]) -> Iterator[tuple[int, int]]:
    """First name and any other part of the name, with what may stand between them: however it is written."""
    rest = "|".join(map(_pattern, parts[1:]))
    whole = re.compile(
        rf"(?i)(?<!\w){_pattern(parts[0])}(?:[ .\-]{{1,2}}[\w.]{{1,15}})?[ .\-]{{1,2}}(?:{rest}){_GENITIVE}(?!\w)"
    )
    for match in whole.finditer(letters):
        if match[0][0].isupper() or parts[0].lower() not in _WORDS:
            yield match.span()


def _part(letters: str, part: str) -> Iterator[tuple[int, int]]:
    is_word = part.lower() in _WORDS or len(part) < _SHORT
    for match in re.finditer(rf"(?i)(?<!\w){_pattern(part)}{_GENITIVE}(?!\w)", letters):
        if not is_word or (match[0][0].isupper() and not _begins(letters, match.start())):
            yield match.span()


def _begins(letters: str, start: int) -> bool:
    """Whether a sentence begins here, where every word has a capital letter."""
    return bool(_SENTENCE_ENDS.search(letters[max(start - 8, 0) : start]))


def _pattern(part: str) -> str:
    """A pattern for one part of a name: aa or å, a hyphen or a space."""
    part = part.lower()
    for two, one in _SPELLINGS:
        part = part.replace(two, one)
    return "".join("[ -]" if letter == "-" else _letter(letter) for letter in part)


def _letter(letter: str) -> str:
    """A pattern for one letter, with the way that old names spell it."""
    letter = letter.lower()
    for two, one in _SPELLINGS:
        if letter == one:
            return f"(?:{one}|{two})"
    return re.escape(letter)
