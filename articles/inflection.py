"""The forms that a Danish word takes in a text, so that “blodprop” is found in “blodpropperne” and “krampe” in “kramper”.

Made by rule, without a dictionary: some forms that come out are no words at all, which costs nothing.
"""

from functools import lru_cache

_ENDINGS = ("e", "en", "et", "er", "ene", "erne")
_VOWELS = frozenset("aeiouyæøå")
_SHORTEST = 3  # letters; shorter words are particles and abbreviations


@lru_cache(maxsize=10_000)
def forms(word: str) -> frozenset[str]:
    """The word (lower case) and its definite, plural and genitive forms: `"prop"` → prop, proppen, propperne, props …

    A word in the plural has its singular too: `"kramper"` → krampe, krampen.
    """
    made = {word}
    if len(word) >= _SHORTEST and word.isalpha() and not word.endswith(("ene", "erne")):
        stem = word[:-1] if word.endswith("e") else word
        made |= {f"{stem}{ending}" for ending in _ENDINGS}
        if word.endswith("er"):
            stem = word[:-2]
            made |= {f"{stem}{ending}" for ending in ("", *_ENDINGS)} | {f"{word}ne", _single(stem)}
        elif word[-1] not in _VOWELS and word[-2] in _VOWELS:  # often doubled before an ending
            made |= {f"{word}{word[-1]}{ending}" for ending in _ENDINGS}
    return frozenset(made | {f"{form}s" for form in made if not form.endswith("s")})


def same_word(one: str, other: str) -> bool:
    """Whether one of two words (lower case) is a form of the other."""
    return one in forms(other) or other in forms(one)


def _single(stem: str) -> str:
    return stem[:-1] if len(stem) > _SHORTEST and stem[-1] == stem[-2] else stem
