"""What a browser would make of some HTML, read by Python's own parser: independent of the code that made it safe."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote

_WORDS_ONLY = "abbr b blockquote br code del em figcaption figure i ins kbd p pre s small strong sub sup u"
_WORDS_ONLY += " ul"
# Element → attributes that the HTML of an article may have.
ALLOWED: dict[str, set[str]] = {name: set() for name in _WORDS_ONLY.split()} | {
    "a": {"href", "title", "id", "aria-label", "rel"},
    "caption": {"id", "class"},
    "div": {"class", "role", "tabindex", "aria-labelledby"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "li": {"id"},
    "ol": {"start", "class"},
    **{name: {"role"} for name in ("table", "tbody", "thead", "tr")},
    "td": {"class", "role", "data-label"},
    "th": {"scope", "class", "role"},
}
ADDRESSES = {
    *("action", "background", "cite", "code", "data", "formaction", "href", "icon", "longdesc", "manifest", "ping"),
    *("poster", "src", "srcset", "xlink:href"),
}


class Page(HTMLParser):
    """Elements with their attributes, in order; the words a reader sees; the texts of the scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.scripts: list[str] = []
        self.comments: list[str] = []
        self.unknown: list[str] = []  # declarations and the like
        self._in_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {tag} {attrs}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._in_script = tag in ("script", "style")
        if self._in_script:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._in_script = False

    def handle_data(self, data):
        if self._in_script:
            self.scripts[-1] += data
        else:
            self.words += data

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_decl(self, decl):
        self.unknown.append(decl)

    handle_pi = unknown_decl = handle_decl

    @property
    def ids(self) -> Counter[str]:
        return Counter(attributes["id"] for _, attributes in self.elements if "id" in attributes)

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """(element, address) of all that leads or loads somewhere."""
        return [
            (tag, value) for tag, attributes in self.elements for name, value in attributes.items() if name in ADDRESSES
        ]


def leads_to_a_page(address: str) -> bool:
    """Whether a browser would go to http(s) or to a page of ours, seen as browsers read addresses."""
    address = re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(33)))))
    if re.match(r"[\\/]{2}", address):
        return False
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", address)
    return scheme is None or (scheme[1].lower() in ("http", "https") and address[scheme.end() :].startswith("//"))


def assert_harmless(html: str) -> Page:
    """The HTML of an article's part holds nothing but what is written above."""
    page = Page(html)
    assert not page.scripts and not page.comments and not page.unknown, html
    for tag, attributes in page.elements:
        assert tag in ALLOWED, f"<{tag}>"
        assert attributes.keys() <= ALLOWED[tag], f"<{tag} {attributes}>"
        for name in ("class", "role", "scope", "rel"):
            assert re.fullmatch(r"(?:[a-z-]+ ?)*", attributes.get(name, "")), attributes
    for tag, address in page.addresses:
        if tag == "img":
            assert re.match(r"/billeder/[0-9a-f]{64}-\d+\.webp", address), address
        else:
            assert leads_to_a_page(address), address
            assert tag == "a"
    return page


def html_of(page: object) -> str:
    """All HTML of a rendered document, part after part."""
    if isinstance(page, dict):
        return "".join(value if key.endswith("html") else html_of(value) for key, value in page.items())
    return "".join(map(html_of, page)) if isinstance(page, list) else ""


def words_of(page: object, key: str = "") -> str:
    """All that a reader of a rendered document sees or can have read aloud, and where its links lead."""
    if isinstance(page, dict):
        # The same words again, for other places than the page.
        again = ("lead_text", "text", "contents", "images", "id", "level", "kind", "links", "tables")
        return " ".join(words_of(value, name) for name, value in page.items() if name not in again)
    if isinstance(page, list):
        return " ".join(words_of(part, key) for part in page)
    if not key.endswith("html"):
        return str(page)
    html = Page(str(page))
    values = [attributes.get(name, "") for _, attributes in html.elements for name in ("href", "title", "alt")]
    return " ".join([html.words, *map(unquote, values)])
