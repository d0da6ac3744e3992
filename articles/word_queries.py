"""What one word or name of a text asks PostgreSQL's full-text search for, in any form and spelling."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models.signals import post_delete, post_save

from articles.inflection import forms
from articles.models import Article
from clinics.remembered import Remembered
from clinics.spelling import is_slip
from clinics.vocabulary import every_name

VOWELS = "aeiouyæøå"
# Words with a short stem that PostgreSQL leaves out of texts and queries (danish.stop): nothing that begins with them is meant.
_STOP_WORDS = (
    "ikke hans eller alle kunne være noget ville deres efter denne dette under have anden mine meget sine disse været"
)
_LEFT_OUT = frozenset(_STOP_WORDS.split())


class WordQuery(SearchQuery):
    """A `tsquery` as SQL. Django works through a tree of `SearchQuery` wherever it stands, and in one search each stands ten
    times: half the time of a search went on that."""

    def __init__(self, sql: str, parameters: tuple[str, ...]) -> None:
        super().__init__("")
        self.sql = sql
        self.parameters = parameters

    @classmethod
    def of(cls, text: str, config: str, function: str) -> "WordQuery":
        return cls(f"{function}('{config}', %s)", (text,))

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        return self.sql, list(self.parameters)

    def _combine(self, other: Any, connector: str, reversed: bool) -> "WordQuery":  # what `&` and `|` ask
        return WordQuery(f"({self.sql} {connector} {other.sql})", self.parameters + other.parameters)


def word_query(word: str, weight: str = "") -> WordQuery:
    """The word (normalised) in any form, also if it was typed without æ, ø and å; with "A" in the title only."""
    spellings = sorted({word, word.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")})
    stems, as_typed = [], []
    for spelling in spellings:
        # Of a word with a short stem ("benet") only as it was typed: "ben" begins "benytter" too.
        short = begins(spelling) and _has_short_stem(spelling)
        # And of a slip ("lænen") not the stem either, which is that of another word ("læn dig frem").
        if not (short and is_slip(spelling, known_names(), forms(spelling[:3]))):
            stems.append(f"{spelling}:{'*' * (begins(spelling) and not short)}{weight}".rstrip(":"))
        if short:
            as_typed.append(f"{spelling.removesuffix('n').removesuffix('t')}:*{weight}")
    queries = (
        WordQuery.of(" | ".join(some), config, "to_tsquery")
        for some, config in ((stems, "danish"), (as_typed, "simple"))
        if some
    )
    return reduce(or_, queries)


def phrase_query(name: str) -> WordQuery:
    return WordQuery.of(name, "danish", "phraseto_tsquery")


def begins(word: str) -> bool:
    """Whether it is looked for as the beginning of longer words too. Not a short one: "læg" would find every "lægehus".

    But one on a vowel: to PostgreSQL "knæet" is no form of "knæ".
    """
    return len(word) > 3 or (len(word) == 3 and word[-1] in VOWELS)


def _has_short_stem(word: str) -> bool:
    return len(word) > 3 and word[2] not in VOWELS and word not in _LEFT_OUT and word in forms(word[:3])


def _titles() -> tuple[tuple[str, str], ...]:
    """The published articles' own titles, each with the name of its article."""
    named = Article.objects.published().order_by("pk").values_list("title", "name")
    return tuple(named)


titles = Remembered(_titles)
forget = titles.forget
for signal in (post_save, post_delete):
    signal.connect(forget, sender=Article)


def known_names() -> Iterable[tuple[str, str]]:
    """What a typo may be nearly: all names and synonyms, and the articles' own titles."""
    return (*every_name(), *titles())
