"""Text inside a paragraph, heading or cell: which tags, links and images of the source may stay."""

import html
import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from articles.remarks import Remark

# Tags an author may write by hand. They are printed bare: no attribute survives but the address of a link.
PLAIN_TAGS = frozenset({"a", "abbr", "b", "del", "em", "i", "ins", "kbd", "s", "small", "strong", "sub", "sup", "u"})
_TAG = re.compile(r"<(/?[a-z][a-z0-9-]*)", re.I)
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_INVISIBLE = re.compile(
    r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]"
)  # browsers skip some of them in a scheme
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


def safe_address(address: str) -> bool:
    """Whether a link may lead there: another page of ours, or http(s). Never a scheme that runs or opens something."""
    try:
        parts = urlsplit(_INVISIBLE.sub("", unquote(address)).replace("\\", "/"))
    except ValueError:  # "http://[": an address that no browser understands either
        return False
    if parts.scheme:
        return parts.scheme in ("http", "https") and bool(parts.netloc)
    return not parts.netloc and ":" not in parts.path.partition("/")[0]


def clean_inline(tokens: list[Token], line: int) -> tuple[list[Token], list[Remark], list[str]]:
    """The tokens that may be rendered, remarks about the others, and the source that was left out on purpose."""
    dropped: list[str] = []
    remarks: list[Remark] = []
    kept: list[Token] = []
    refused: list[bool] = []  # for each link that is open: was it left out?
    for token in _without_code(tokens, dropped):
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            refused.append(not safe_address(address))
            if refused[-1]:
                dropped.append(address)
                remarks.append(
                    Remark(line, "link", f"Linket til {address[:80]} er fjernet: det er ikke en webadresse.")
                )
                continue
        elif token.type == "link_close":
            if refused.pop():
                continue
        elif token.type == "image":
            alt = _alternative_text(token)
            dropped.append(f"{token.attrs.get('src', '')} {token.attrs.get('title', '')}")
            remarks.append(Remark(line, "image", f"Billedet er ikke med, kun dets tekst: {alt[:80] or 'ingen tekst'}."))
            token = Token("text", "", 0, content=alt)
        elif token.type == "html_inline":
            dropped.append(token.content)
            bare = _bare_tag(token.content)
            if bare is None:
                remarks.append(Remark(line, "html", _HTML_TEXT))
                continue
            token = Token("html_inline", "", 0, content=bare)
        elif token.type == "text" and "<!--" in token.content:
            remarks.append(Remark(line, "html", "En kommentar (<!--) er ikke lukket, så den står på siden."))
        kept.append(token)
    return _balanced(kept), remarks, dropped


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
        return f'<a href="{html.escape(address)}">' if address and safe_address(address) else None
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
