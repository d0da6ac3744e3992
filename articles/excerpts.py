"""The few lines of an article in which the words stand that somebody searched for, with the words marked."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import F, Func, IntegerField, Value
from django.db.models.functions import Coalesce, Greatest, NullIf, Substr
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# How much of an article is read for it, from a little before the first of the words: to read all of it would take most
# of the time of a search.
WINDOW, BEFORE = 1000, 200
# Of many words these decide, in the order of a search too: what it takes grows faster than their number.
MOST_TELLING = 6
# Words with the same stem that mean something else: the first one, and what does not follow it where it is meant.
FALSE_FRIENDS = {"læg": "e"}  # the calf of the leg is no doctor


def _in_one_line(text: str) -> str:
    """A row of a table says nothing about the next one, nor one point of a list: where a line ends, " … " stands."""
    lines = (" ".join(line.split()).strip("… ") for line in text.splitlines())
    return " … ".join(filter(None, lines))


def _delimiter() -> str:
    """A word that nobody can have written: new for each search, and only ever seen by this process."""
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Excerpt:
    """The excerpt that shows these words (normalised), found in the database by a query for them.

    It begins by the first of the most telling words, which come first.
    """

    words: Sequence[str]
    start: str = field(default_factory=_delimiter)
    stop: str = field(default_factory=_delimiter)

    def expression(self, query: SearchQuery) -> SearchHeadline:
        """What to select of an article."""
        return SearchHeadline(
            self._window(),
            query,
            config="danish",
            start_sel=self.start,
            stop_sel=self.stop,
            max_fragments=2,
            max_words=22,
            min_words=10,
            fragment_delimiter=" … ",
        )

    def html(self, selected: str, otherwise: str) -> SafeString:
        """What was selected as safe HTML with `<mark>`; the text `otherwise` when none of the words stands in it."""
        for word in set(self.words) & set(FALSE_FRIENDS):
            false = f"{self.start}({word}{FALSE_FRIENDS[word]}.*?){self.stop}"
            selected = re.sub(false, r"\1", selected, flags=re.IGNORECASE | re.DOTALL)
        if self.start not in selected:
            return escape(otherwise)
        text = _in_one_line(selected).lstrip("?!.,;:)–… ")
        before = "" if text.removeprefix(self.start)[:1].isupper() else "… "
        after = "" if text.removesuffix(self.stop)[-1:] in ".!?" else " …"
        parts = re.split(f"{self.start}(.*?){self.stop}", text)
        tags = [f"<mark>{escape(part)}</mark>" if number % 2 else escape(part) for number, part in enumerate(parts)]
        # Every part is escaped, and the only tags are the two above.
        return mark_safe("".join([before, *tags, after]))  # noqa: S308

    def _window(self) -> Substr:
        telling = ([word for word in self.words if len(word) > 2] or self.words)[:MOST_TELLING]
        whole = [f"{word}(?!{FALSE_FRIENDS[word]})" if word in FALSE_FRIENDS else word for word in telling]
        begun = [word[: max(3, len(word) - 3)] for word in telling]
        first = Coalesce(NullIf(_Where(whole), 0), NullIf(_Where(begun), 0), 1)
        return Substr("search_text", Greatest(first - BEFORE, 1), WINDOW)


class _Where(Func):
    """Where the first word with one of these beginnings stands in the text; 0 when none does."""

    function = "regexp_instr"
    template = "%(function)s(%(expressions)s, 1, 1, 0, 'i')"
    output_field = IntegerField()

    def __init__(self, beginnings: Sequence[str]) -> None:
        super().__init__(F("search_text"), Value(rf"\m({'|'.join(beginnings)})"))
