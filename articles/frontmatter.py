"""The lines between `---` and `---` at the top of an article file: title, dates and descriptions, read strictly.

Every value stays the text that stands in the file: YAML by itself makes a date of `2025-10-12`, a number of `2025` and
False of `nej`. Aliases, tags and deep nesting are refused, so a hostile file is small in memory too.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from articles.markdown import INVISIBLE
from articles.remarks import Remark

# How real files write the name of each field, in lower case and without - and _.
_FIELDS = {
    "title": "title",
    "metatitle": "meta_title",
    "datepublished": "published_on",
    "published": "published_on",
    "lastupdated": "updated_on",
    "updated": "updated_on",
    "datemodified": "updated_on",
    "description": "description",
    "metadescription": "description",
    "author": "author",
    "sources": "sources",
    "related": "related",
    "relatedarticles": "related",
}
_DAY_FIRST = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LONGEST = {"title": 200, "meta_title": 200, "description": 300, "author": 150}
_DEEPEST = 20
OLDEST = datetime.date(1990, 1, 1)  # no article on the web is older: a year before it is a slip of the keyboard
_MOST_RELATED = 20
_LABELS = {"title": "Titlen", "meta_title": "metaTitle", "description": "Beskrivelsen", "author": "Forfatterens navn"}


class FrontmatterError(Exception):
    """The front matter cannot be read. `line` is the line of the file; the text is a Danish sentence for editors."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text

    def __str__(self) -> str:
        return f"linje {self.line}: {self.text}"


@dataclass
class FrontMatter:
    """What the file says about its article; an empty text or None where it says nothing.

    `body` is the Markdown below, which starts on line `body_line` of the file. `extra` holds the other fields as they
    are, `lines` the line of each field that was read; `sources` are `{"title", "url"}`, the address possibly empty.
    `related` names other articles as somebody wrote them: by title, address or file.
    """

    title: str = ""
    meta_title: str = ""
    description: str = ""
    author: str = ""
    sources: list[dict[str, str]] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    published_on: datetime.date | None = None
    updated_on: datetime.date | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    lines: dict[str, int] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def read(text: str) -> FrontMatter:
    """Split a file into front matter and body. Raises FrontmatterError; unknown or missing fields are no error."""
    handler = YAMLHandler()
    before = _leading_newlines(text)
    if not handler.detect(text[before:]):
        return FrontMatter(body=text.strip("\n"), body_line=1 + before)
    try:
        source, body = handler.split(text[before:])
    except ValueError:
        raise FrontmatterError(1 + before, "Oplysningerne øverst mangler den afsluttende linje med ---.") from None
    result = FrontMatter(body=body.strip("\n"))
    result.body_line = 1 + text.count("\n", 0, len(text) - len(body) + _leading_newlines(body))
    first_line = 1 + text.count("\n", 0, text.find(source, before + 3))
    _fill(result, _load(source, first_line))
    return result


def parse_date(text: str) -> datetime.date | None:
    """`12/10/2025`, `2/1/2025`, `12-10-2025` (the day comes first) or `2025-10-12`; None for anything else or before 1990."""
    text = text.strip()
    if match := _DAY_FIRST.fullmatch(text):
        day, _, month, year = match.groups()
    elif match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    else:
        return None
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:  # 31 February
        return None
    return date if date >= OLDEST else None


def _leading_newlines(text: str) -> int:
    return len(text) - len(text.lstrip("\n"))


def _fill(result: FrontMatter, values: dict[str, tuple[int, Any]]) -> None:
    for key, (line, value) in values.items():
        name = _FIELDS.get(re.sub(r"[\s_-]", "", key).lower())
        if name:
            result.lines[name] = line
        if name is None:
            result.extra[key] = value
            if value not in ("", [], {}):
                result.remarks.append(
                    Remark(line, "unknown_field", f"Feltet “{key[:60]}” bruges ikke og er ikke læst.")
                )
        elif name == "sources":
            result.sources = _sources(value, line)
        elif name == "related":
            result.related = list(_related(value))
        elif not isinstance(value, str):
            raise FrontmatterError(line, f"“{key}” skal være en tekst på én linje.")
        elif name in ("published_on", "updated_on"):
            date = parse_date(value)
            setattr(result, name, date)
            if date is None and value:
                text = f"Datoen “{value[:40]}” findes ikke eller kan ikke læses, så feltet er tomt. Skriv den fx som 28/02/2026."
                result.remarks.append(Remark(line, "date_unknown", text))
        elif len(value) > _LONGEST[name]:
            raise FrontmatterError(line, f"{_LABELS[name]} er på {len(value)} tegn; der er plads til {_LONGEST[name]}.")
        else:
            setattr(result, name, value)
    if result.published_on and result.updated_on and result.updated_on < result.published_on:
        text = "Artiklen er opdateret, før den er udgivet. Tjek de to datoer."
        result.remarks.append(Remark(result.lines["updated_on"], "date_order", text))


def _sources(value: Any, line: int) -> list[dict[str, str]]:
    """A list of texts, or of `title` with `url`; an address that is none is refused like any broken front matter."""
    sources: list[dict[str, str]] = []
    for entry in value if isinstance(value, list) else [value]:
        source = entry if isinstance(entry, dict) else {"title": entry}
        title, url = source.get("title") or source.get("url") or "", source.get("url", "")
        if not isinstance(title, str) or not isinstance(url, str):
            raise FrontmatterError(line, "Kilderne skal stå som en liste med “title” og “url”.")
        if url and not re.match(r"https?://\S+$", url):
            raise FrontmatterError(line, f"Kildens adresse “{url[:80]}” skal begynde med https://.")
        if title:
            sources.append({"title": title, "url": url})
    return sources


def _related(value: Any) -> Iterator[str]:
    """One text for each article named: in a list, as `slug`, `url`, `path` or `title` of an entry, or as one line."""
    if isinstance(value, list):
        for entry in value[:_MOST_RELATED]:
            yield from _related(entry)
    elif isinstance(value, dict):
        yield from _related(
            next((value[key] for key in ("slug", "url", "path", "href", "title") if value.get(key)), "")
        )
    elif isinstance(value, str):
        parts = [part.strip() for part in value.split(",")]
        # A title may hold commas; addresses and names of files hold no spaces.
        yield from filter(None, parts if all(" " not in part for part in parts) else [value])


class _Loader(yaml.BaseLoader):
    """Texts, lists and mappings only: BaseLoader makes nothing of dates, numbers, `nej` or `!!python/object`."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.depth += 1
        if self.check_event(yaml.AliasEvent) or self.depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="alias or depth", problem_mark=self.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _is_simple(source: str) -> bool:
    """Whether YAML's own parser in C (ten times as fast, but with poorer marks) reads it, and nothing in it is refused."""
    if not yaml.__with_libyaml__:
        return False
    depth = 0
    try:
        for event in yaml.parse(source, Loader=yaml.CBaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth >= _DEEPEST:
                return False
    except yaml.YAMLError:
        return False
    return True


def _load(source: str, first_line: int) -> dict[str, tuple[int, Any]]:
    """The fields with their lines. The last of two equal keys counts, as in every YAML reader."""
    try:
        loader = yaml.CBaseLoader(source) if _is_simple(source) else _Loader(source)
        node = loader.get_single_node()
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            line = first_line + node.start_mark.line
            raise FrontmatterError(line, "Oplysningerne øverst i filen skal stå som linjer med “navn: tekst”.")
        return {
            str(_clean(loader.construct_object(key, deep=True))): (
                first_line + key.start_mark.line,
                _clean(loader.construct_object(value, deep=True)),
            )
            for key, value in node.value
        }
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if "quoted scalar" in (getattr(error, "context", None) or ""):
            mark = error.context_mark  # type: ignore[attr-defined]  # where the quotation begins, not where the text ends
        line = mark.line if mark else source.count("\n", 0, getattr(error, "position", 0) or 0)
        text = "Oplysningerne øverst i filen kan ikke læses her. Tjek anførselstegn, kolon og indrykning."
        raise FrontmatterError(first_line + line, text) from error


def _clean(value: Any) -> Any:
    """Without line breaks and what no database or page can hold (YAML writes NUL as "\\0")."""
    if isinstance(value, dict):
        return {str(_clean(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    value = INVISIBLE.sub("", re.sub(r"[\0-\x1f\x7f-\x9f]", " ", value))
    visible = "".join(letter for letter in value if unicodedata.category(letter) != "Cs")
    return unicodedata.normalize("NFC", " ".join(visible.split()))
