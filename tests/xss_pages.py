"""A vector in every field of an article file, through the import, to the public pages: what may stand there."""

import json
import re
from collections import Counter
from pathlib import Path

from articles.importer import import_paths
from tests.html_reader import ALLOWED, Page, leads_to_a_page
from tests.xss import PLACES

HARMLESS = "ord"
_SLUG = re.compile(r"artikel-\d+")
# Elements whose number is the template's alone, whatever an article says.
_FIXED = {
    *(
        "html",
        "head",
        "body",
        "title",
        "main",
        "header",
        "footer",
        "h1",
        "script",
        "style",
        "link",
        "meta",
        "base",
        "form",
    ),
    *(
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "input",
        "button",
        "select",
        "textarea",
        "math",
        "video",
        "audio",
    ),
    *("template", "noscript", "marquee", "source", "track", "portal", "dialog", "slot"),
}


def article_file(vector: str) -> str:
    """An article with the vector in every field of its front matter and in every place of its body."""
    address = "https://x.example/" + re.sub(r"[\s\x00-\x1f]", "", vector)
    fields = {
        "title": f"{vector}",
        "metaTitle": vector,
        "description": vector,
        "author": vector[:150],
        "datePublished": "13/09/2025",
        "related": [vector],
        "sources": [{"title": vector, "url": address}],
        "farve": vector,
    }
    front = "\n".join(f"{name}: {json.dumps(value)}" for name, value in fields.items())  # JSON is YAML
    body = "\n\n".join(template.replace("{}", vector) for template in PLACES.values())
    return f"---\n{front}\n---\n\n{body}\n"


def import_vectors(folder: Path, vectors: list[str]) -> dict[str, str]:
    """Import and publish one article for each vector, and a harmless one; gives vector → address of its page."""
    addresses = {}
    for number, vector in enumerate([HARMLESS, *vectors]):
        (folder / f"artikel-{number}.md").write_bytes(article_file(vector).encode("utf-8", "replace"))
        addresses[vector] = f"/ordbog/artikel-{number}/"
    report = import_paths([folder], publish=True)
    assert report.summary["failed"] == 0, [row.error for row in report.files if row.error]
    return addresses


def assert_like(page: Page, harmless: Page) -> None:
    """The page has what the harmless one has, and what an article may have besides; nothing runs, nothing leads astray."""
    usual = {(tag, name) for tag, attributes in harmless.elements for name in attributes}
    tags = {tag for tag, _ in harmless.elements} | ALLOWED.keys()
    for tag, attributes in page.elements:
        assert tag in tags, f"<{tag}>"
        for name in attributes:
            assert (tag, name) in usual or name in ALLOWED.get(tag, ()), f"<{tag} {name}>"
            assert not name.startswith("on") and name not in ("style", "srcdoc", "formaction"), f"<{tag} {name}>"
    count, expected = (Counter(tag for tag, _ in one.elements if tag in _FIXED) for one in (page, harmless))
    assert count == expected
    assert [a.get("src") for t, a in page.elements if t == "script"] == [
        a.get("src") for t, a in harmless.elements if t == "script"
    ]
    known = {(tag, _SLUG.sub("artikel", address)) for tag, address in harmless.addresses}
    for tag, address in page.addresses:
        assert (tag, _SLUG.sub("artikel", address)) in known or (tag == "a" and leads_to_a_page(address)), (
            f"<{tag}> {address}"
        )
    assert len(page.comments) == len(harmless.comments)
    assert page.unknown == harmless.unknown
    assert max(page.ids.values()) == 1, page.ids.most_common(3)
    for text in page.scripts:
        if text.strip():
            json.loads(text)
            assert not re.search(r"[<>&\u2028\u2029]", text)


def metadata(page: Page) -> list[tuple[str, str]]:
    """What the head of a page says about it to others, by name only."""
    return [
        (tag, attributes.get("name", attributes.get("property", attributes.get("rel", ""))))
        for tag, attributes in page.elements
        if tag in ("meta", "link")
    ]
