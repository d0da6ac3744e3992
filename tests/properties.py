"""What must hold of every text, whatever it is; asked a little in the suite and at length in tests/fuzz."""

import re
from collections import Counter

from articles.document import parse
from articles.images import SIZES, ImageSource
from articles.rendering import render
from tests.html_reader import assert_harmless, html_of, words_of

_FILE = f"/billeder/{'0' * 64}-480.webp"
PICTURE = ImageSource(src=_FILE, srcset=f"{_FILE} 480w", sizes=SIZES, width=480, height=320, alt="", credit="")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Remarks that own up to words that are not shown.
_GONE = {
    "text_lost",
    "html",
    "link",
    "image",
    "image_remote",
    "heading_link",
    "faq_twice",
    "references_twice",
    "too_complex",
}


def assert_no_word_lost(markdown: str) -> None:
    """Every word stands on the page as often as in the source, unless a remark says otherwise."""
    document = parse(markdown)
    names = [image.name for image in document.images]
    page = render(document, images=dict.fromkeys(names, PICTURE))
    shown = " ".join([document.title, words_of(page), *names]).casefold()
    told = " ".join(remark.text for remark in document.remarks if remark.code in _GONE).casefold()
    if told.count(",") >= 4 and "text_lost" in {remark.code for remark in document.remarks}:
        return  # it names five
    markdown = re.sub(r"https?://(?:www\.)?fysfinder\.dk", "", markdown.casefold())  # a link of our own needs no host
    for word, times in Counter(_WORD.findall(markdown)).items():
        assert word in told or shown.count(word) >= times, (word, times, document.remarks)


def assert_sound(text: str) -> None:
    """It can be read and rendered, the HTML is harmless, ids are unique, and remarks name a line that exists."""
    document = parse(text)
    page = render(document)
    html = assert_harmless(html_of(page))
    ids = html.ids + Counter(entry["id"] for entry in page["contents"])
    ids += Counter(item["id"] for item in (page["faq"] or {"items": []})["items"])
    for section in page["sections"]:
        ids += Counter(item["id"] for item in (*section["exercises"], *section["subsections"]))
    assert max(ids.values(), default=1) == 1, ids
    lines = 1 + len(re.findall(r"\r\n|\r|\n", text))
    assert all(1 <= remark.line <= lines for remark in document.remarks), document.remarks
    assert all(1 <= sentence.line <= lines and sentence.text for sentence in document.sentences())
    assert all(image.name and 1 <= image.line <= lines for image in document.images)
