"""Sentence by sentence: what a text says is offered, and not what it says is not, once was, or is somebody else's."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from clinics.text import fold

from .offer_words import Meaning, OfferWords

LONGEST = 4_000  # characters that are read
REACH = 14  # words between "vi behandler" and the last of what is treated
_SENTENCE = re.compile(r"[.!?;\n\r•·|]+(?=\s|$|[A-ZÆØÅ])|\n")
_CLAUSE = re.compile(r"\b(?:men|derimod|dog|til gengæld|hvorimod|mens)\b|\s[–—-]\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+|[&+]")
# What looks like a no and is none.
_NO_REAL_NO = re.compile(
    r"\b(?:ikke (?:kun|alene|blot|bare|mindst|desto mindre)|(?:uden|ingen|kræver ikke|ikke brug for|ikke nødvendigt med"
    r"|behøver ikke|behøver ingen) (?:en )?(?:lægehenvisning|henvisning|ventetid|ventetider|tidsbestilling|binding)"
    r"|uden for normal åbningstid)\b",
    re.IGNORECASE,
)
_NO = frozenset(
    (
        "ikke",
        "ingen",
        "intet",
        "hverken",
        "uden",
        "undtagen",
        "undtaget",
        "aldrig",
        "ej",
        "nej",
        "stoppet",
        "ophoert",
        "udgaaet",
    )
)
_ELSEWHERE = re.compile(  # a sentence about somebody else, another time, or animals
    r"\b(?:soeger|ansoeg\w*|henviser|henvise|henvist|viderehenvis\w*|samarbejd\w*|anbefal\w*|tidligere|nabo\w*|snart|overvej\w*"
    r"|forskning\w*|studier|foredrag|udlej\w*|hest|heste|hestene|hund|hunde|hundene|dyr|dyrene|kat|katte|legetoej|legehjoerne"
    r"|venteliste|planlaegger|hvis du har faaet|laes mere om|tandlaege\w*|kontraindik\w*|gamle dage|hobby|fritid\w*)\b"
)
_CUES = re.compile(
    r"(?:tilbyd|behandl|special|ekspert|erfar|fokus|genoptraen|hjaelp|traening|traener|undersoeg|udred|kompetence|fysioterapi$"
    r"|holdtraen|hold$|forloeb|certificer|uddannet|uddannelse)"
)
_CUES_BEHIND = re.compile(r"(?:special|ekspert)")


class Word(NamedTuple):
    start: int
    end: int
    folded: str


class Hit(NamedTuple):
    """What was found: the words as they are written, from `first` up to `last` of the words around them."""

    meaning: Meaning
    said: str
    first: int
    last: int


def offered(text: str, words: OfferWords) -> Iterator[Hit]:
    """What the text says that the clinic offers, in its order."""
    for sentence in _SENTENCE.split(text[:LONGEST]):
        known = any(words.begins(_folded(word)) for word in _WORD.findall(sentence))
        if not known or _ELSEWHERE.search(fold(sentence)):
            continue
        for clause in _CLAUSE.split(sentence):
            yield from _clause(clause, words)


def hits(said: str, read: list[Word], words: OfferWords) -> list[Hit]:
    """Every word and phrase of the vocabulary, the longest at each place; sayings take theirs and are left out."""
    found: list[Hit] = []
    said_as = tuple(word.folded for word in read)
    at = 0
    meaning: Meaning | None
    while at < len(read):
        word = said_as[at]
        for phrase, means in words.phrases.get(word, ()):
            if said_as[at : at + len(phrase)] == phrase:
                size, meaning = len(phrase), means
                break
        else:
            size, meaning = 1, words.meaning(word)
        if meaning and meaning.targets:
            found.append(Hit(meaning, said[read[at].start : read[at + size - 1].end], at, at + size))
        at += size if meaning else 1
    return found


def words_in(text: str) -> list[Word]:
    return [Word(one.start(), one.end(), _folded(one.group())) for one in _WORD.finditer(text)]


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return "og" if word in "&+" else fold(word)


def _clause(clause: str, words: OfferWords) -> Iterator[Hit]:
    read = words_in(clause)
    found = hits(clause, read, words)
    if not found:
        return
    allowed = _before_a_no(clause, read)
    for hit in found:
        if read[hit.last - 1].end <= allowed and (hit.meaning.strong or _is_offer(read, hit)):
            yield hit


def _before_a_no(clause: str, read: list[Word]) -> int:
    """Up to which character the clause says yes: "massage, ikke akupunktur" up to the comma, "tilbyder ikke massage" nowhere."""
    harmless = [one.span() for one in _NO_REAL_NO.finditer(clause)]
    for word in read:
        if word.folded in _NO and not any(start <= word.start < end for start, end in harmless):
            before = clause[: word.start].rstrip()
            return word.start if before.endswith((",", "(", ":")) or re.search(r",\s*(?:og|eller)$", before) else 0
    return len(clause)


def _is_offer(read: list[Word], hit: Hit) -> bool:
    """Whether words shortly before a weak one say that it is treated, or that it is a speciality shortly after."""
    before = read[max(0, hit.first - REACH) : hit.first]
    behind = read[hit.last : hit.last + 5]
    return any(_CUES.match(one.folded) for one in before) or any(_CUES_BEHIND.match(one.folded) for one in behind)
