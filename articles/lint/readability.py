"""Is the text easy to read? LIX, long sentences, long paragraphs; hardest on what describes danger.

LIX (läsbarhetsindex; C.-H. Björnsson, Läsbarhet, Liber, Stockholm 1968) is the number of words per sentence plus the
percentage of words with more than six letters. Below 35 reads easily, 35–44 is average, 45–54 hard, from 55 very hard.
Tables and headings are no sentences and are left out.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from articles.lint.finding import Finding, Level, quote
from articles.lint.passages import Reading
from articles.sentences import Sentence

TARGET = 45
VERY_HARD = 55
LONG_SENTENCE, TOO_LONG_SENTENCE = 25, 35  # words
LONG_PARAGRAPH = 120  # words
_LONG_WORD = 6  # letters
_FEWEST_SENTENCES, _FEWEST_WORDS = 3, 12  # of less, LIX says little

_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
# A sentence that tells the reader to get help, or how fast; not one that only promises to say when (“hvornår du bør …”).
_DANGER = re.compile(
    r"\b(?:112|lægevagt\w*|skadestue\w*|akutmodtagelse\w*|lægehjælp|lægevurdering|vurderes (?:akut|hurtigt|straks)"
    r"|akut(?:te?)? (?:hjælp|vurdering|læge\w*)|læge(?:n)? (?:akut|straks|hurtigst|med det samme)|ring\w* til"
    r"|kræver (?:\w+ ){0,2}(?:vurdering|undersøgelse|hjælp|kontakt)"
    r"|(?:søg\w*|kontakt\w*) (?:\w+ ){0,3}?(?:læge|lægen|hjælp|fagperson|sundhedsvæsenet))\b",
    re.I,
)
_ONLY_SAYS_WHEN = re.compile(r"\bhvornår (?:du|man) (?:bør|skal)\b", re.I)


def words(text: str) -> list[str]:
    """`"Hold i 20–30 sekunder"` → five words: numbers count, signs do not."""
    return _WORD.findall(text)


def lix(sentences: Iterable[str]) -> float:
    """The LIX of some sentences; 0 for none."""
    counted = [words(sentence) for sentence in sentences]
    counted = [sentence for sentence in counted if sentence]
    every = [word for sentence in counted for word in sentence]
    if not every:
        return 0.0
    long = sum(1 for word in every if sum(letter.isalpha() for letter in word) > _LONG_WORD)
    return len(every) / len(counted) + 100 * long / len(every)


def describes_danger(sentence: str) -> bool:
    return bool(_DANGER.search(sentence)) and not _ONLY_SAYS_WHEN.search(sentence)


def check(reading: Reading, flagged: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """`flagged`: sentences that are known to describe a red flag, besides those that say where to get help."""
    dangers = {one for one in reading.prose if one.text in flagged or describes_danger(one.text)}
    yield from _article(reading)
    for _, group in groupby(reading.prose, key=lambda sentence: (sentence.section_id, sentence.item_id)):
        yield from _danger([sentence for sentence in group if sentence in dangers])
    for _, group in groupby(reading.prose, key=lambda sentence: sentence.section_id):
        yield from _section(reading, [sentence for sentence in group if sentence not in dangers])
    for sentence in reading.prose:
        yield from _length(sentence, danger=sentence in dangers)
    for block in reading.blocks:
        if block.kind == "paragraph" and (count := len(words(block.text))) > LONG_PARAGRAPH:
            text = (
                f"Afsnittet er på {count} ord. Del det: mere end {LONG_PARAGRAPH} ord er svære at læse på en telefon."
            )
            yield Finding("advice", "long_paragraph", block.line, text)


def _article(reading: Reading) -> Iterator[Finding]:
    value = round(lix(sentence.text for sentence in reading.prose))
    if value >= TARGET:
        level: Level = "warning" if value >= VERY_HARD else "advice"
        text = f"Hele teksten har LIX {value}. Under {TARGET} læses let af de fleste: kortere sætninger, kortere ord."
        yield Finding(level, "lix", 0, text)


def _danger(sentences: list[Sentence]) -> Iterator[Finding]:
    value = round(lix(sentence.text for sentence in sentences))
    if value >= TARGET and sum(len(words(sentence.text)) for sentence in sentences) >= _FEWEST_WORDS:
        text = (
            f"Det, der står om faresignaler her, har LIX {value}; målet er under {TARGET}: {quote(sentences[0].text)}"
            " Skriv det, så også den, der er bange, forstår det."
        )
        yield Finding("warning", "lix_danger", sentences[0].line, text)


def _section(reading: Reading, sentences: list[Sentence]) -> Iterator[Finding]:
    if len(sentences) < _FEWEST_SENTENCES:
        return
    value = round(lix(sentence.text for sentence in sentences))
    if value >= VERY_HARD:
        name = quote(reading.section_name(sentences[0]) or "Indledningen")
        yield Finding("advice", "lix_section", sentences[0].line, f"{name} har LIX {value} og er meget svær at læse.")


def _length(sentence: Sentence, *, danger: bool) -> Iterator[Finding]:
    count = len(words(sentence.text))
    if count > LONG_SENTENCE:
        level: Level = "warning" if danger or count > TOO_LONG_SENTENCE else "advice"
        text = f"Sætningen er på {count} ord. Del den: {quote(sentence.text)}"
        yield Finding(level, "long_sentence", sentence.line, text)
