"""Addresses of the net in a text: e-mail, web pages and profiles, also written around ("mette snabel-a klinik punktum dk").

Works on the `letters` of a `Reading`. Danish has words that are top domains too (de, nu, se, no), and people forget the space
after a full stop: "god behandling.De er søde" is no address.
"""

import re
from collections.abc import Iterator

_OPEN, _CLOSE = r"[(\[{<]\s?", r"\s?[)\]}>]"
_AT_WORD = rf"{_OPEN}(?:snabel[ -]?a|snabel|at|a|@){_CLOSE}|\bsnabel[ -]?a\b|\bkrøllet a\b"
_AT = re.compile(rf"(?i) {{0,2}}(?:@|{_AT_WORD}) {{0,2}}|(?<=\w)[ ]at[ ](?=[\w-]+ ?(?:\.|punktum|prik|dot))")
_DOT_WORD = rf"(?:{_OPEN}(?:dot|punktum|prik|\.){_CLOSE}|\b(?:dot|punktum|prik)\b)"
_DOT = rf"(?: ?\. ?| {{0,2}}{_DOT_WORD} {{0,2}})"
_LABEL = r"[\wæøåÆØÅ][\w+\-]{0,62}"
_LOCAL = re.compile(rf"(?i)(?:{_LABEL}(?:\.|{_DOT})){{0,3}}{_LABEL}$")
_DOMAIN = re.compile(rf"(?i){_LABEL}(?:\.{_LABEL}){{0,3}}(?:{_DOT}[a-z]{{2,12}}\b)?")
_NEAR = 140  # characters before and after a sign of an address

# Top domains that are no Danish words, and those that are: these count where no sentence goes on behind them.
_SURE = "dk|com|net|org|eu|biz|io|uk|ly|xyz|gg|app|clinic|health|fi|pl|es|nl|ch|ru"
_DANISH = "de|nu|se|no|it|me|to|is|at|be|so|in|co|ai|tv|info|online|shop|link|page|site|store|live|care|club|fitness|gl|fo|fr|us"
# What an " at " or "(a)" needs behind it: "at skrive. Det hjalp", "at bestille. App'en", "at sige.De" are two sentences.
_HAS_DOT = re.compile(
    rf"(?i)(?:{_LABEL}\.){{0,3}}{_LABEL}(?:(?:\.| {{0,2}}{_DOT_WORD} {{0,2}})(?:{_SURE})| ?\. ?(?:dk|com))\b"
)
_SCHEME = re.compile(
    r"(?i)\b(?:h(?:tt|xx)ps? ?:? ?//|ftp://|www ?\. ?(?=\w)|www (?=[\w-]+ (?:dk|com|punktum|prik|dot)\b))\S*"
)
_HOST = re.compile(
    rf"(?i)(?<![\w@.])(?:[a-z0-9æøå][a-z0-9æøå-]{{0,62}}\.){{1,4}}(?:(?P<sure>{_SURE})|(?P<danish>{_DANISH}))(?![\w-])(?P<path>/\S*|[:?#]\w\S*)?"
)
_WRITTEN = re.compile(
    rf"(?i)(?<![\w@.])[a-z0-9æøå][a-z0-9æøå-]{{1,62}} {{0,2}}{_DOT_WORD} {{0,2}}(?:dk|com|net|org|eu|nu)\b(?:/\S*)?"
)
_SPACED = re.compile(r"(?<![\w@.])[A-Za-z0-9æøåÆØÅ][\w-]{1,62}(?: \. ?| ?\. )(?:dk|com)\b(?:/\S*)?")
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-zæøåÆØÅ_][\w.]{2,40}")
_ENDS = re.compile(r"(?:[.!?)\]\"”»]|$)(?!\w)|\s*\n")

# Where Danes look things up. Saying so is no advertising, and leads nobody to a stranger.
_KNOWN = frozenset(
    f"{prefix}{name}.dk"
    for prefix in ("", "www.")
    for name in ("fysfinder", "sundhed", "borger", "stps", "stpk", "sygeforsikring", "fysio", "patienterstatningen")
)


def emails(letters: str) -> Iterator[tuple[int, int]]:
    """Where an e-mail address stands, whole."""
    last = 0  # where the one before ended
    for match in _AT.finditer(letters):
        before = _LOCAL.search(letters[max(match.start() - _NEAR, last) : match.start()])
        after = _DOMAIN.match(letters, match.end(), match.end() + _NEAR)
        if not before or not after:
            continue
        sure = match[0] == "@" or re.search(r"(?i)snabel|krøllet", match[0])
        if sure or _HAS_DOT.match(after[0]):
            last = after.end()
            yield match.start() - len(before[0]), last


def web_addresses(letters: str) -> Iterator[tuple[int, int]]:
    """Where the address of a page or a profile stands. Those of the public services that everybody knows are left alone."""
    for match in _SCHEME.finditer(letters):
        if not _is_known(match[0]):
            yield match.span()
    for match in _HOST.finditer(letters):
        if not _is_known(match[0]) and (match["path"] or _is_meant(match, letters)):
            yield match.span()
    for pattern in (_WRITTEN, _SPACED, _HANDLE):
        for match in pattern.finditer(letters):
            yield match.span()


def _is_known(address: str) -> bool:
    return address.lower().rstrip("/.,;:!?)").removeprefix("https://").removeprefix("http://") in _KNOWN


def _is_meant(match: re.Match[str], letters: str) -> bool:
    """Whether it is a domain, and not two sentences without a space between them."""
    if sure := match["sure"]:
        return sure.islower() or sure.lower() in ("dk", "com") or match[0].isupper()
    return match["danish"].islower() and bool(_ENDS.match(letters, match.end()))
