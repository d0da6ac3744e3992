"""Which specialities and treatment types an article is about, told by its words. Method and measurements: docs/matching.md."""

from collections.abc import Iterable

from .lexicon import SPECIALITY, TREATMENT, Lexicon, forget, known_lexicon
from .reading import read
from .weighing import SuggestedMatch, weigh

__all__ = ["SPECIALITY", "TREATMENT", "SuggestedMatch", "forget", "suggest_matches"]


def suggest_matches(
    title: str, headings: Iterable[str], text: str, *, words: Lexicon | None = None
) -> list[SuggestedMatch]:
    """What a clinic for the article's subject should know and do: specialities first, each kind by falling weight.

    At most six of each kind; nothing at all when nothing is convincing, as for an article on diet. `text` is plain text
    without the headings. One statement, and the vocabulary's words once a minute; `words` are others than those.
    """
    words = words or known_lexicon()
    return weigh(read(title, headings, text, words), words)
