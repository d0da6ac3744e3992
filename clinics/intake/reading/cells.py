"""What stands in a cell before anybody asks what it means: a spreadsheet's marks, markup, what is invisible, and “not known”."""

import html
import re

import nh3

from clinics.plain_text import plain

from .raw import shown
from .values import Told

# Says nothing about anything: no fact is stated, and none is taken away.
NOTHING = frozenset(
    {
        *(
            "",
            "-",
            "--",
            "–",
            "—",
            "?",
            "??",
            ".",
            "/",
            "x?",
            "n/a",
            "na",
            "nan",
            "null",
            "none",
            "nil",
            "(tom)",
            "(blank)",
        ),
        *(
            "ukendt",
            "ved ikke",
            "vides ikke",
            "ikke oplyst",
            "uoplyst",
            "unknown",
            "#n/a",
            "#i/t",
            "#ref!",
            "#value!",
            "#værdi!",
        ),
    }
)
_EASY = re.compile("[\\n -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u214f]*")
# Most cells: one line of such letters, which no mark of a spreadsheet and no markup can begin.
_PLAIN = re.compile("[0-9A-Za-zÀ-˿](?:[!-%'-;=?-~¡-¬®-˿‐-‧]| (?! ))*")
_AS_TEXT = re.compile(r'=\s*"((?:[^"]|"")*)"', re.S)  # how the health register keeps leading zeros in a spreadsheet
_FORMULA = re.compile(r"=|[+-](?=[^\d\s(])|\+(?=.*[^\d\s()+.,;/–-])|-(?=[\d(].*[a-zA-Z=|+!(])|@")
_APOSTROPHE = re.compile(r"'(?=[=+@\d-])")  # a spreadsheet's mark for text
_TAG = re.compile(r"<[a-zA-Z!/?]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_BREAK = re.compile(r"(?i)<(?:br|/?p|/?div|/?li|/?tr|/?h[1-6])\b[^<>]{0,200}>")
LONGEST, LONGEST_PROSE = 1_000, 40_000  # characters that are looked at; of prose with its markup
HTML_GONE = "HTML-koder er fjernet."


def read_cell(text: str, is_prose: bool = False) -> Told:
    """The cell's text on clean lines; None where it says nothing, with a note where it says something that is not taken.

    `is_prose`: markup and a dash in front are no surprise there.
    """
    text = text.strip()
    if text.casefold() in NOTHING:
        return Told()
    if len(text) > LONGEST:
        if not is_prose:
            return Told(None, f"{shown(text)} er på {len(text)} tegn. Der er plads til {LONGEST} i en celle.")
        text = text[:LONGEST_PROSE]
    if _PLAIN.fullmatch(text):
        return Told(text)
    if "\ufffd" in text:
        return Told(None, f"{shown(text)} har tegn, der ikke kan læses. Gem filen som UTF-8.")
    note = ""
    if text[0] in "=+-@'":
        if found := _AS_TEXT.fullmatch(text):
            text = found[1].replace('""', '"').strip()
        elif text.startswith("=") or (not is_prose and _FORMULA.match(text)):
            return Told(None, f"{shown(text)} er en formel og er ikke læst. Gem værdien i stedet.")
        else:
            text = _APOSTROPHE.sub("", text, count=1)
    if _TAG.search(text) or _ENTITY.search(text):
        bare = _without_markup(text)
        note = "" if is_prose or not _TAG.search(text) else HTML_GONE
        text = bare
        if _TAG.search(text):
            return Told(None, f"{shown(text)} er HTML og er ikke læst.")
    if not _EASY.fullmatch(text):
        text = plain(text)
    text = "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
    return Told(None if text.casefold() in NOTHING else text, note)


def _without_markup(text: str) -> str:
    """Twice, for what was written as entities may be markup itself."""
    for _ in range(2):
        if _TAG.search(text):
            spaced = _BREAK.sub("\n", text)
            text = nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"})
        text = html.unescape(text)
    return text
