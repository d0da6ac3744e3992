"""Self-help that a sentence recommends: which kind, unless the sentence warns of it. The words stand in wording.yaml.

In doubt it counts as recommended. The card of the flag then stands above it, which is never wrong.
"""

import re

from .clauses import Tokens, padded, tokens_of, words_of
from .wording import phrases, wording

_BESIDE = 4  # words between "hævelse" and a "varme" that is a sign too
_REACH = 8  # words after the self-help in which it can still be taken back
_NEVER = frozenset({"ikke", "aldrig"})
_STARTS_A_CLAUSE = frozenset({",", "og", "saa", "samt"})
_STOPS = frozenset(";:–—.!?()")


def recommended(text: str) -> set[str]:
    """The names of the kinds of self-help that the sentence recommends to its reader."""
    tokens = tokens_of(text)
    if " laege" in padded(tokens) and _says(padded(words_of(tokens)), "doctor_first"):
        return set()
    kinds = wording().selfhelp
    return {name for name in kinds if any(not _is_warned_of(tokens, at) for at in _places(name, tokens))}


def warns(text: str) -> bool:
    """Whether a sentence warns of something at all."""
    words = padded(words_of(tokens_of(text)))
    return _says(words, "avoid") or _says(words, "not")


def _places(name: str, tokens: Tokens) -> list[int]:
    """Where in the tokens the self-help is named as something to do; a professional's treatment is not self-help."""
    kind, text = wording().selfhelp[name], padded(tokens)
    other = [match.span() for match in phrases(kind.unless).finditer(text)]
    places = []
    for match in phrases(kind.words).finditer(text):
        at = text.count(" ", 0, match.start()) - 1
        meant = not any(start < match.end() and match.start() < end for start, end in other)
        if meant and not _is_sign(kind.beside, tokens, at) and not _is_a_professionals(tokens, at):
            places.append(at)
    return places


def _is_sign(beside: tuple[str, ...], tokens: Tokens, at: int) -> bool:
    """Whether the word is one of several signs: "hævelse, rødme og varme". Not when it is used: "brug varme"."""
    if not beside or any(_is(word, "recommends") for word in tokens[max(at - 2, 0) : at]):
        return False
    before, after = words_of(tokens[:at])[-_BESIDE:], words_of(tokens[at + 1 :])[:_BESIDE]
    return bool(phrases(beside).search(padded(before + after)))


def _is_a_professionals(tokens: Tokens, at: int) -> bool:
    text = padded(words_of(tokens))
    return _says(text, "professionals") and not _says(text, "reader") and not _is(tokens[at], "recommends")


def _is_warned_of(tokens: Tokens, at: int) -> bool:
    end = next((i for i in range(at + 1, len(tokens)) if _ends_advice(tokens[i])), len(tokens))
    after = words_of(tokens[at:end])[:_REACH]
    if not _NEVER.isdisjoint(after[1:3]) or _says(padded(after), "afterwards"):  # "massér slet ikke"
        return True
    if but_not := _find(padded(words_of(tokens[at:])), "but_not"):
        return _says(but_not.string[but_not.end() :], "signs")
    for start in range(at, -1, -1):
        word, following = tokens[start], (*tokens, "")[start + 1]
        if start < at and _ends_advice(word):
            return False
        if (
            _is(word, "recommends")
            and (start == 0 or tokens[start - 1] in _STARTS_A_CLAUSE)
            and following not in _NEVER
        ):
            return False
        if _begins(tokens, start, "avoid") and not _is_a_purpose(tokens, start, at):
            return True
        if _is(word, "not") and not _is(following, "not_dangerous"):
            return not _ends_at_comma(tokens, start, at)
        if word == "uden" and at - start <= 2:
            return True
    return False


def _ends_advice(word: str) -> bool:
    return word in _STOPS or _is(word, "turns")


def _is_a_purpose(tokens: Tokens, start: int, at: int) -> bool:
    """ "For at undgå kramper kan du massere": what is to be avoided stands right after, and the advice after that."""
    return tokens[max(start - 2, 0) : start] in (("for", "at"), ("og", "at")) and at - start > 3


def _ends_at_comma(tokens: Tokens, start: int, at: int) -> bool:
    """ "Hvis det ikke hjælper, kan massage …": what a subordinate clause denies, it denies up to its comma."""
    clause = max((i for i in range(start) if tokens[i] == ","), default=-1) + 1
    return "," in tokens[start:at] and any(_is(word, "subordinate") for word in tokens[clause:start])


def _begins(tokens: Tokens, start: int, name: str) -> bool:
    """Whether one of the phrases begins at the token."""
    return bool(wording().warning[name].match(padded(tokens[start : start + 3]), 1))


def _is(word: str, name: str) -> bool:
    return _says(f" {word} ", name)


def _says(text: str, name: str) -> bool:
    return bool(_find(text, name))


def _find(text: str, name: str) -> re.Match[str] | None:
    return wording().warning[name].search(text)
