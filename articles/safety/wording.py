"""`wording.yaml`: how articles write about danger and self-help."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from clinics.text import fold
from clinics.yaml_files import read_yaml

_FILE = Path(__file__).with_name("wording.yaml")


@dataclass(frozen=True)
class SelfHelp:
    """One kind of self-help: the words that name it, the same words with another meaning, and words that make them a sign."""

    words: tuple[str, ...]
    unless: tuple[str, ...]
    beside: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """`signs` and `subjects`: flag key → terms; `forbids`: flag key → names of self-help; `only_about`: flag key → words.

    `advice` and `warning`: name → what finds one of its phrases in folded words with a space before and after each.
    """

    signs: dict[str, list[str]]
    signs_only: list[str]
    not_signs: list[str]
    subjects: dict[str, list[str]]
    forbids: dict[str, list[str]]
    only_about: dict[str, list[str]]
    other_parts: list[str]
    selfhelp: dict[str, SelfHelp]
    advice: dict[str, re.Pattern[str]]
    warning: dict[str, re.Pattern[str]]


@cache
def wording() -> Wording:
    data: dict[str, Any] = read_yaml(_FILE.read_text(encoding="utf-8"))
    data["selfhelp"] = {
        name: SelfHelp(*(tuple(row.get(part, ())) for part in ("words", "unless", "beside")))
        for name, row in data["selfhelp"].items()
    }
    for group in ("advice", "warning"):
        data[group] = {name: phrases(tuple(words)) for name, words in data[group].items()}
    return Wording(**data)


@cache
def version() -> str:
    """Changes whenever the file does."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()[:8]


@cache
def phrases(texts: tuple[str, ...]) -> re.Pattern[str]:
    """What finds one of the phrases; `*` is the rest of a word, or any word when it stands alone. Without phrases, nothing."""
    return re.compile(f"(?<= )(?:{'|'.join(map(_phrase, texts))})(?= )" if texts else r"(?!)")


def _phrase(phrase: str) -> str:
    words = (r"\w*".join(re.escape(fold(piece)) for piece in word.split("*")) for word in phrase.split())
    return " ".join(r"\w+" if word == r"\w*" else word for word in words)
