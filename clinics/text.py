"""Danish text for comparing: folding of what people type, and slugs.

`unaccent` is wrong for Danish (it never turns å into aa, and it turns ø into o only), so the folding is our own.
"""

import re
import unicodedata

from django.utils.text import slugify

_LONG = str.maketrans({"å": "aa", "ø": "oe", "æ": "ae", "ö": "oe", "ä": "ae", "ü": "y", "é": "e", "ß": "ss"})
_SHORT = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "ö": "o", "ä": "a", "ü": "u", "é": "e", "ß": "ss"})
_NOT_WORD = re.compile(r"[\W_]+")
# What people paste along: soft hyphens, zero-width characters, byte order marks.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SOME_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")


def normalise(text: str) -> str:
    """NFC, lower case, single spaces for punctuation, nothing invisible: `"DK-8000, Århus"` → `"dk 8000 århus"`."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    text = unicodedata.normalize("NFKC", text)
    if _SOME_INVISIBLE.search(text):  # translating takes longer than all the rest
        text = text.translate(_INVISIBLE)
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text.casefold())).strip()


def fold(text: str) -> str:
    """The long fold, one spelling for storing and comparing: å→aa, ø→oe, æ→ae (`"Østerbro"` → `"oesterbro"`)."""
    return _folded(normalise(text), _LONG)


def folds(text: str) -> tuple[str, ...]:
    """Both ways Danes write without æøå: the long fold, and the short one (å→a, ø→o) where it differs.

    `"Århus"` → `("aarhus", "arhus")`; `"Odense"` → `("odense",)`.
    """
    normal = normalise(text)
    return tuple(dict.fromkeys(_folded(normal, table) for table in (_LONG, _SHORT)))


def slugify_da(text: str) -> str:
    """A slug with Danish letters readable: `"Ondt i lænden"` → `"ondt-i-laenden"` (Django's alone: `ondt-i-lnden`)."""
    return slugify(unicodedata.normalize("NFC", text).casefold().translate(_LONG))


def typos_between(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, changed or swapped with a neighbour; `most + 1` for more than `most`.

    `typos_between("aahrus", "aarhus", 2)` is 1. (The optimal string alignment distance, stopped early.)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return min(above[-1], most + 1)


def typos_allowed(word: str) -> int:
    """In three letters nothing can be guessed, and nobody writes a name of more than forty."""
    length = len(word)
    return 0 if length < 4 or length > 40 else 1 if length < 8 else 2


def _folded(normal: str, table: dict[int, str]) -> str:
    """Danish letters by the table, then every other letter without its marks; ǿ is both."""
    translated = normal
    for letter in "åøæ":  # most texts have no others, and translating takes ten times as long
        translated = translated.replace(letter, table[ord(letter)])
    if translated.isascii():
        return translated
    translated = translated.translate(table)
    decomposed = unicodedata.normalize("NFD", translated)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).translate(table)
