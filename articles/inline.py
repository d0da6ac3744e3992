"""Text inside a paragraph, heading or cell: which tags, links and images of the source may stay."""

import html
import re
from collections.abc import Sequence
from itertools import islice
from urllib.parse import unquote

from markdown_it.token import Token

from articles.addresses import image_name, is_external, safe_address, site_address
from articles.remarks import Remark

# Tags an author may write by hand. They are printed bare: no attribute survives but the address of a link.
PLAIN_TAGS = frozenset({"a", "abbr", "b", "del", "em", "i", "ins", "kbd", "s", "small", "strong", "sub", "sup", "u"})
_TAG = re.compile(r"<(/?[a-z][a-z0-9-]*)", re.I)
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
REL = "noopener noreferrer"
_MOST_ADDRESSES = 500  # in one paragraph
_MAYBE_ADDRESS = re.compile(r"https?://|www\.", re.I)
_ADDRESS = re.compile(r"(?<![\w/@.:-])(?:https?://|www\.)[^\s<>\"'“”‘’«»`|\\^{}]{1,2000}", re.I)
_HOST = re.compile(
    r"https?://[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.[^\W\d_]{2,}(?::\d{1,5})?(?:[/?#]|$)", re.I
)
# Markdown that was meant and is none. The text stays as it is.
_LEFT_OVER = (
    ("<!--", "html", "En kommentar (<!--) er ikke lukket, så den står på siden."),
    ("](", "link_broken", "Et link eller et billede er ikke skrevet rigtigt, så tegnene [ ] ( ) står på siden."),
    ("] (http", "link_broken", "Der er et mellemrum mellem ] og (, så linket står som tekst på siden."),
    ("**", "bold_broken", "To stjerner (**) har ingen makker, så de står på siden."),
)
_CODE_TAGS = ("script", "style")
_HTML_TEXT = "HTML i teksten er fjernet; kun simple tags som <b> og <sub> bliver vist."


def plain_text(tokens: Sequence[Token] | None) -> str:
    """The words of inline tokens, with one space for each line break."""
    parts: list[str] = []
    for token in tokens or ():
        if token.type in ("text", "text_special", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or token.content == "<br>":
            parts.append(" ")
    return "".join(parts)


def clean_inline(tokens: list[Token], line: int) -> tuple[list[Token], list[Remark], list[str]]:
    """The tokens that may be rendered, remarks about the others, and the source that was left out on purpose."""
    dropped: list[str] = []
    remarks: list[Remark] = []
    kept: list[Token] = []
    refused: list[bool] = []  # for each link that is open: was it left out?
    open_tags = 0  # <a> of the author's own
    for token in _without_code(tokens, dropped):
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "text":
            remarks += [Remark(line, code, text) for sign, code, text in _LEFT_OVER if sign in token.content]
            if not refused and not open_tags and _MAYBE_ADDRESS.search(token.content):
                kept += _with_links(token)
                continue
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            refused.append(not safe_address(site_address(address)))
            if refused[-1]:
                dropped.append(address)
                remarks.append(
                    Remark(line, "link", f"Linket til {address[:80]} er fjernet: det er ikke en webadresse.")
                )
                continue
            _lead_to(token, address, dropped)
        elif token.type == "link_close":
            if refused.pop():
                continue
        elif token.type == "image":
            token, remark = _image(token, line, dropped)
            remarks += remark
        elif token.type == "html_inline":
            dropped.append(token.content)
            bare = _bare_tag(token.content)
            line += token.content.count("\n")
            if bare is None:
                remarks.append(Remark(line, "html", _HTML_TEXT))
                continue
            open_tags += bare.startswith("<a ") - (bare == "</a>" and open_tags > 0)
            token = Token("html_inline", "", 0, content=bare)
        kept.append(token)
    return _balanced(kept), remarks, dropped


def _lead_to(link: Token, address: str, dropped: list[str]) -> None:
    """Our own pages without a host; other sites learn neither the page nor the window that a reader comes from."""
    link.attrs["href"] = own = site_address(address)
    if own != address:
        dropped.append(address)
    elif is_external(own):
        link.attrs["rel"] = REL


def _with_links(text: Token) -> list[Token]:
    """The text with links where it holds a whole address: `https://…`, or a name that begins with `www.`."""
    tokens: list[Token] = []
    start = 0
    for found in islice(_ADDRESS.finditer(text.content), _MOST_ADDRESSES):
        written = _without_punctuation(found[0])
        address = written if "://" in written else f"https://{written}"
        if not safe_address(address) or not _HOST.match(address):
            continue
        opening = Token("link_open", "a", 1, attrs={"href": address}, info="auto")
        _lead_to(opening, address, [])
        tokens.append(Token("text", "", 0, content=text.content[start : found.start()]))
        tokens += [opening, Token("text", "", 0, content=written), Token("link_close", "a", -1)]
        start = found.start() + len(written)
    return [*tokens, Token("text", "", 0, content=text.content[start:])] if tokens else [text]


def _without_punctuation(address: str) -> str:
    """What follows an address in a sentence is no part of it: a full stop, or the bracket that was opened before it."""
    while address:
        last = address[-1]
        if last in ".,;:!?*_~…" or (last == ")" and address.count(")") > address.count("(")) or last in "]}":
            address = address[:-1]
        else:
            break
    return address


def _without_code(tokens: list[Token], dropped: list[str]) -> list[Token]:
    """Leave out `<script>…</script>` with what is between; one that is never closed takes no text with it."""
    names = [_tag_name(token) for token in tokens]
    if not any(name in _CODE_TAGS for name in names):
        return tokens
    last = {name: index for index, name in enumerate(names)}
    kept: list[Token] = []
    closing = ""
    for index, (token, name) in enumerate(zip(tokens, names, strict=True)):
        if not closing and name in _CODE_TAGS and last.get(f"/{name}", -1) > index:
            closing = f"/{name}"
            kept.append(token)  # the tag itself is refused, and remarked on, like any other
        elif closing and not token.nesting:  # a link or a bold word may begin inside and end outside
            dropped.append(token.content)
            closing = "" if name == closing else closing
        else:
            kept.append(token)
    return kept


def _tag_name(token: Token) -> str:
    """`"b"` and `"/b"` for raw tags, `""` for everything else."""
    match = _TAG.match(token.content) if token.type == "html_inline" else None
    return match.group(1).lower() if match else ""


def _bare_tag(source: str) -> str | None:
    """The tag without its attributes, or None for one that may not stay."""
    match = _TAG.match(source)
    name = match.group(1).lower() if match else ""
    if name == "br":
        return "<br>"
    if name == "a":
        href = _HREF.search(source)
        address = html.unescape(next(value for value in href.groups() if value is not None)) if href else ""
        address = site_address(address)
        rel = f' rel="{REL}"' if is_external(address) else ""
        return f'<a href="{html.escape(address)}"{rel}>' if address and safe_address(address) else None
    return f"<{name}>" if name.removeprefix("/") in PLAIN_TAGS else None


def _balanced(tokens: list[Token]) -> list[Token]:
    """Raw tags only in pairs, so that an open `<b>` cannot make the rest of the article bold."""
    open_at: list[tuple[str, int]] = []
    lonely: set[int] = set()
    for index, token in enumerate(tokens):
        name = _tag_name(token)
        if not name or name == "br":
            continue
        if not name.startswith("/"):
            open_at.append((name, index))
        elif open_at and open_at[-1][0] == name[1:]:
            open_at.pop()
        else:
            lonely.add(index)
    lonely.update(index for _, index in open_at)
    return [token for index, token in enumerate(tokens) if index not in lonely] if lonely else tokens


def _image(token: Token, line: int, dropped: list[str]) -> tuple[Token, list[Remark]]:
    """A picture that comes with the article: `src` its name, `content` its alternative text. Of others the words stay."""
    alt, address = _alternative_text(token), str(token.attrs.get("src", ""))
    title = str(token.attrs.get("title", ""))
    name = image_name(address)
    if name is None:
        dropped.append(f"{unquote(address)} {title}")
        text = f"Billedet {unquote(address)[:80]} følger ikke med artiklen; kun dets tekst vises: {alt[:80] or 'ingen tekst'}."
        return Token("text", "", 0, content=alt), [Remark(line, "image_remote", text)]
    if "//" in address:
        dropped.append(address)  # of the site's own address only the path stays
    attributes: dict[str, str | int | float] = {"src": name, "alt": alt}
    if title:
        attributes["title"] = title
    meta = {"line": line}
    return Token("image", "img", 0, attrs=attributes, children=[], content=alt, meta=meta), []


def _alternative_text(image: Token) -> str:
    """The words for an image. Not recursive: a hostile file nests thousands of them."""
    parts: list[str] = []
    waiting = list(reversed(image.children or []))
    while waiting:
        token = waiting.pop()
        if token.type == "image":
            waiting += reversed(token.children or [])
        else:
            parts.append(plain_text([token]))
    return "".join(parts)
