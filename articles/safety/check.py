"""One article checked against the registry: what `Article.render` keeps of it."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from articles.document import parse
from articles.parts import Document
from articles.sentences import Sentence, split_sentences
from clinics.models import Condition
from clinics.registry import registry_for

from . import page as pages
from .findings import Reading, Suggestion
from .wording import version

if TYPE_CHECKING:
    from articles.models import Article


MOST_PLACES = 500  # of one article that are stored; more are in no text that anybody wrote


class Check:
    """What a document says about danger, on the page of an article about the condition. One query."""

    def __init__(self, document: Document, condition: Condition | None) -> None:
        self.document = document
        self.registry = registry_for(condition)
        self.reading = Reading(document, self.registry.flags)
        self.places = self.reading.places(self.registry.in_force)

    def forbids(self, text: str) -> bool:
        """Whether a text that others repeat, such as the description, says what would be a place on the page."""
        sentences = [Sentence(one, 1, "", "lead") for _, one in split_sentences(text)]
        return bool(self.reading.places_in(sentences, self.registry.in_force))

    @cached_property
    def suggested(self) -> dict[str, Suggestion]:
        """By key: the flags that the text describes and the condition does not have."""
        found = (one for one in self.reading.suggestions() if one.flag.pk)
        return {one.flag.key: one for one in found if one.flag.key not in self.registry.attached}

    @cached_property
    def quotable_lead(self) -> str:
        """What a description may be made of."""
        return pages.quotable_lead(self.document, self.places)

    @property
    def searchable_text(self) -> str:
        return pages.searchable_text(self.document, self.reading.sentences, self.places)

    def mark(self, page: dict[str, Any]) -> dict[str, Any]:
        """The page with the cards that stand inside it, and with what it was checked against."""
        pages.mark(page, self.places)
        return page | {"registry": f"{self.registry.version} {version()}"}


def attention(article: "Article") -> bool:
    """Whether the text has a place that nobody has signed off, or a suggested flag that nobody has answered.

    At most two queries, none for an article that is not stored yet.
    """
    if article.pk is None:
        return bool(article.safety)
    return bool(unsigned(article)) or article.flag_suggestions.filter(state="pending").exists()


def added(article: "Article", body: str, condition: Condition | None) -> list[dict[str, Any]]:
    """The places that nobody has signed off and that the article only gets with this text and condition."""
    now = {place["fingerprint"] for place in article.safety}
    found = [place for place in Check(parse(body), condition).places if place["fingerprint"] not in now]
    if not found:
        return []
    # As the flags are today: what they say of the text that is there already is no doing of the new one.
    now = {place["fingerprint"] for place in Check(parse(article.body), article.condition).places}
    now.update(article.sign_offs.values_list("fingerprint", flat=True))
    return [place for place in found if place["fingerprint"] not in now]


def unsigned(article: "Article") -> list[dict[str, Any]]:
    """The places that no editor has given a reason for. One query, none when there are no places."""
    if not article.safety:
        return []
    signed = set(article.sign_offs.values_list("fingerprint", flat=True)) if article.pk else set()
    return [place for place in article.safety if place["fingerprint"] not in signed]
