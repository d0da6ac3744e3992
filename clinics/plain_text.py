"""What a stranger typed, made harmless to store and to read: nothing that is invisible, turns the direction, or towers up."""

import re
import unicodedata
from collections.abc import Iterator

MOST_MARKS = 3  # on one letter; Vietnamese has two
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_EMPTY_LINES = re.compile(r"\n{3,}")
# A day of six or eight figures and four more, with nothing or a few signs between them, also across a line's end.
_CPR = re.compile(
    r"(?<!\d)(\d\d)[\s./-]{0,2}(\d\d)[\s./-]{0,2}(?:19|20)?\d\d[\s.,:_/\u2010-\u2015\u2212-]{0,3}\d\d[\s.-]?\d\d(?!\d)"
)


def plain(text: str) -> str:
    """NFC, line ends as \\n, no control or format characters, at most three marks on a letter, no more than one empty line.

    Markup is left as it was typed: it is escaped where it is shown.
    """
    text = unicodedata.normalize("NFC", "".join(_kept(_LINE_ENDS.sub("\n", text).replace("\t", " "))))
    lines = (line.strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _kept(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        # Cc: control, Cf: zero-width and direction (the joiner of emoji too: they fall into their parts), Co, Cs, Cn.
        if letter == "\n" or (category[0] != "C" and marks <= MOST_MARKS):
            yield letter


def has_cpr(text: str) -> bool:
    """Whether the text holds something that may be a CPR number: a day and a month that exist, a year, four figures.

    Replacement numbers, which hospitals give, count 60 to the day.
    """
    figures = "".join(str(unicodedata.digit(letter, letter)) for letter in unicodedata.normalize("NFKC", text))
    return any(cpr_places(figures))


def cpr_places(figures: str) -> Iterator[tuple[int, int]]:
    """From where to where `has_cpr` finds one, in a text whose figures are 0 to 9."""
    for match in _CPR.finditer(figures):
        if 1 <= int(match[1]) % 60 <= 31 and 1 <= int(match[2]) <= 12:
            yield match.span()
