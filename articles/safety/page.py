"""What a page does about its places: the cards above them, and where their words are not repeated."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.utils.html import strip_tags

from articles.parts import Document
from articles.sentences import Sentence
from clinics.text import normalise

if TYPE_CHECKING:
    from articles.models import Article

LEAD, OUTRO = "lead", "outro"

LONGEST_LEAD = 800  # letters that fit above the cards, with a title of two lines
_TALL = ("<table", "<img", "<figure", "<ul", "<ol", "<pre", "<blockquote", "<h")

Places = Sequence[dict[str, Any]]


def mark(page: dict[str, Any], places: Places) -> None:
    """Write into a page (shape: rendering.render) above which of its parts a card stands.

    `warned_by` of a section or a question: keys of the flags, in the order of the text. `lead_warned_by`,
    `outro_warned_by` and, for what stands above the first question, `warned_by` of the FAQ are the same.
    """
    faq = page["faq"]
    questions = {item["id"] for item in faq["items"]} if faq else set()

    def keys(part: str) -> list[str]:
        return list(dict.fromkeys(place["flag"] for place in places if _stands_in(place, questions) == part))

    page["lead_warned_by"], page["outro_warned_by"] = keys(LEAD), keys(OUTRO)
    for part in (*page["sections"], *([faq, *faq["items"]] if faq else ())):
        part["warned_by"] = keys(part["id"])


def warned_flags(page: dict[str, Any]) -> set[str]:
    """The keys of all flags whose card stands inside a page."""
    faq = page.get("faq") or {"items": []}
    parts: Iterable[dict[str, Any]] = (*page.get("sections", ()), faq, *faq["items"])
    inside = chain.from_iterable(part.get("warned_by", ()) for part in parts)
    return {*inside, *page.get("lead_warned_by", ()), *page.get("outro_warned_by", ())}


def has_long_lead(article: "Article") -> bool:
    """Whether title and lead would push the first card further down than one and a half screens of a phone (360 × 740)."""
    lead = article.lead_html
    return any(tag in lead for tag in _TALL) or len(article.title) * 3 + len(strip_tags(lead)) > LONGEST_LEAD


def hidden_passages(article: "Article") -> set[str]:
    """What must not be repeated without its card: the sentences, and the ids of the questions whose answer holds one."""
    faq = article.document.get("faq") or {"items": []}
    questions = {item["id"] for item in faq["items"] if item.get("warned_by")}
    return {place["sentence"] for place in article.safety} | questions


def searchable_text(document: Document, sentences: Iterable[Sentence], places: Places) -> str:
    """The words of the page as plain text, without the sentences of the places: a line for each line of the file.

    What belongs to one row of a table must not be read into the next, so an excerpt shows where a line ends. The headings
    come last: an excerpt then shows what is said before it shows what is asked.
    """
    parts = [part for part in (*document.sections, document.faq, document.references) if part]
    items = chain.from_iterable(part.items for part in (*document.sections, document.faq) if part)
    references = (block.text for block in document.references.blocks) if document.references else ()
    captions = (table.caption for table in document.tables if not table.hidden)
    headings = (*(part.heading for part in parts), *(item.heading for item in items), *captions)
    return "\n".join(filter(None, (*_lines(sentences, _hidden(places)), *references, *headings)))


def _lines(sentences: Iterable[Sentence], hidden: set[tuple[int, str]]) -> Iterator[str]:
    """The text of each line and of each row of a table; where a sentence is hidden, another line begins."""
    line: list[str] = []
    before: Sentence | None = None
    for sentence in sentences:
        is_open = not hidden or (sentence.line, normalise(sentence.text)) not in hidden
        if before and (not is_open or sentence.part == "table" or before[1:] != sentence[1:]):
            yield " ".join(line)
            line = []
        if is_open:
            line.append(sentence.text)
        before = sentence if is_open else None
    yield " ".join(line)


def quotable_lead(document: Document, places: Places) -> str:
    """The lead without the sentences of the places: what a description may be made of."""
    if not any(place["part"] == "lead" for place in places):
        return document.lead_text
    hidden = _hidden(places)
    sentences = (s for s in document.sentences() if s.part == "lead")
    return " ".join(s.text for s in sentences if (s.line, normalise(s.text)) not in hidden)


def _stands_in(place: dict[str, Any], questions: set[str]) -> str:
    """The id of the part above which the card stands: a question, a section, or LEAD or OUTRO, which have none."""
    if place["item"] in questions:
        return str(place["item"])
    return place["section"] or (OUTRO if place["part"] == "outro" else LEAD)


def _hidden(places: Places) -> set[tuple[int, str]]:
    return {(place["line"], normalise(place["sentence"])) for place in places}
