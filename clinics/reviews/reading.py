"""What a stranger wrote, as it is stored (`cleaned`), and as a reader would read it aloud (`Reading`).

A telephone number in Cyrillic or circled letters is one to a person and not to a pattern. What is stored stays as it was written
wherever that is honest Danish or any other language; what is searched is folded letter by letter, and knows where each stood.
"""

import re
import unicodedata
from collections.abc import Iterator

from clinics.plain_text import plain

# Letters that stand for nothing and are not of a category that `plain` takes away: fillers of Hangul, the empty cell of Braille.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d")
# Marks that stand on Latin letters. Those that belong to a letter are one with it after NFC; the rest only towers or strikes out.
_LOOSE_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20df\u20e1\u20e4-\u20ff\ufe20-\ufe2f]")
_SPACES = re.compile(r"[^\S\n]+")
_STYLED = ("<font>", "<wide>", "<narrow>", "<circle>")  # the same letters, drawn differently
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")

# Cyrillic, Greek and small capitals that look like our letters. Never part of a Latin word, so they may be put right there.
_LOOK_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХѴавеѕіјкмонрстухѵԁԛԝһӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχϲ" + "ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "ABESIJKMHOPCTYXVabesijkmohpctyxvdqwhl" + "ABEZHIKMNOPTYXaBeikvoptuxc" + "abcdefghijklmnoprstuvwyz",
)
# Latin letters of other languages, such as the Turkish i without a dot: theirs to write, and read as ours.
_FOREIGN = str.maketrans("ıɑɡƖǃ", "iagll")
_DASHES = "‐‑‒–—―−⁃﹘﹣➖"
_DOTS = "·∙‧•。․｡"
_SIGNS = str.maketrans(_DASHES + _DOTS, "-" * len(_DASHES) + "." * len(_DOTS))


def cleaned(text: str) -> str:
    """The text as it is stored, shown and searched: `plain`, and without what only hides something.

    No loose marks, no invisible letters, one space between words, drawn letters (𝐌, Ｍ, Ⓜ) as letters, and no word of letters
    from two alphabets. Doing it twice changes nothing.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(map(_undrawn, _LOOSE_MARKS.sub("", text)))
    text = _SPACES.sub(" ", plain(text))
    # `plain` may have joined what it stood between.
    text = _LOOSE_MARKS.sub("", unicodedata.normalize("NFC", _WORD.sub(_of_one_alphabet, text)))
    return plain(_SPACES.sub(" ", text))


def _undrawn(letter: str) -> str:
    """Another letter, a space for any kind of space, or nothing for one that cannot be seen."""
    if letter.isascii():
        return letter
    if letter in _INVISIBLE:
        return ""
    if unicodedata.category(letter) == "Zs":
        return " "
    if unicodedata.decomposition(letter).startswith(_STYLED):
        same = unicodedata.normalize("NFKC", letter)
        return same if len(same) == 1 and same not in _INVISIBLE else letter
    return letter


def _of_one_alphabet(match: re.Match[str]) -> str:
    word = match[0]
    return word.translate(_LOOK_ALIKE) if not word.isascii() and _LATIN.search(word) else word


class Reading:
    """`text` is cleaned, `letters` what it reads like; `place` says where in `text` something of `letters` stands.

    In `letters` a figure is an ASCII figure, a dash "-", a raised or ideographic dot ".", a space " ", what looks like a Latin
    letter is one, and none but å has a mark on it. Words wholly in another alphabet are folded too: only searched, never shown.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        folded = list(_folded(text))
        self.letters = "".join(letter for letter, _ in folded)
        self._at = [place for _, place in folded]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """From where to where in `text`, given the same of `letters`; `start < end`."""
        return self._at[start], self._at[end - 1] + 1


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """Each letter of the reading with the place in the text that it comes from; one may give several, or none."""
    for place, letter in enumerate(text):
        if letter.isascii() or letter in "æøåÆØÅ":
            yield letter, place
        elif unicodedata.category(letter) not in ("Mn", "Me"):
            for one in _plainest(letter):
                figure = unicodedata.digit(one, None)
                yield (one if figure is None else str(figure)), place


def _plainest(letter: str) -> str:
    """What it looks like, without accents: `"é"` → `"e"`, a Cyrillic `"а"` → `"a"`, `"⁸"` → `"8"`, `"–"` → `"-"`."""
    parts = unicodedata.normalize("NFKD", letter.translate(_SIGNS)).translate(_SIGNS)
    return "".join(
        part.translate(_LOOK_ALIKE).translate(_FOREIGN)
        for part in parts
        if unicodedata.category(part) not in ("Mn", "Me")
    )
