"""A sentence as its words and stops, in clauses: what one clause advises, another may take back."""

import re
from functools import lru_cache

from clinics.text import fold

_RANGE = re.compile(r"(?<=\d)\s?[–—]\s?(?=\d)")  # "2–6 uger"
_TOKEN = re.compile(r"[^\W_]+|[;:,.!?()–—/-]")
_SPLITTERS = frozenset({";", "–", "—", "men", "mens"})
STOPS = frozenset(";:,.!?()–—/-")

Tokens = tuple[str, ...]


def tokens_of(text: str) -> Tokens:
    """Folded words and single stops, in order: `"Søg læge!"` → `("soeg", "laege", "!")`."""
    return tuple(_fold(token) for token in _TOKEN.findall(_RANGE.sub("-", text.casefold())))


def clauses_of(text: str) -> list[Tokens]:
    """The tokens, parted at semicolons, dashes and “men”. A dash inside a word or a number parts nothing."""
    clauses: list[list[str]] = [[]]
    for token in tokens_of(text):
        if token in _SPLITTERS:
            clauses.append([])
        else:
            clauses[-1].append(token)
    return [tuple(clause) for clause in clauses if clause]


def words_of(tokens: Tokens) -> Tokens:
    return tuple(token for token in tokens if token not in STOPS)


def padded(words: Tokens) -> str:
    """The words with a space before and after each."""
    return f" {' '.join(words)} "


@lru_cache(maxsize=20_000)
def _fold(token: str) -> str:
    return token if token.isascii() else fold(token) or token
