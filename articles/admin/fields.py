"""What an editor writes: Markdown, and lists as lines (sources, articles to read next)."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator

_NO_NUL = ProhibitNullCharactersValidator()  # the database takes none
_SEPARATOR = re.compile(r"[\s,;]+")
MOST_SOURCES = 100
LONGEST_TEXT = 1_000_000  # bytes of Markdown, as for a file; the longest real article has 30 000


class MarkdownField(forms.CharField):
    """At most 1 MB of text with plain line ends: browsers send others, and that alone is no change."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"strip": False})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value.encode(errors="replace")) > LONGEST_TEXT:
            raise ValidationError("Teksten fylder over 1 MB. Del den i flere artikler.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial).strip() != self.to_python(data).strip()


class SourcesField(forms.Field):
    """One source a line, “Titel | https://…”; the value is `[{"title", "url"}]` as the model keeps it."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value  # what was typed, as it was typed
        return "\n".join(" | ".join(filter(None, (row.get("title", ""), row.get("url", "")))) for row in value)

    def to_python(self, value: Any) -> list[dict[str, str]]:
        _NO_NUL(value or "")
        lines = [(number, line.strip()) for number, line in enumerate((value or "").splitlines(), start=1)]
        rows = [self._source(number, line) for number, line in lines if line]
        if len(rows) > MOST_SOURCES:
            raise ValidationError(f"Der er plads til {MOST_SOURCES} kilder.")
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True

    def _source(self, number: int, line: str) -> dict[str, str]:
        title, _, address = (part.strip() for part in line.rpartition("|"))
        if not title and not _is_address(address):
            title, address = address, ""
        if address and not _is_address(address):
            raise ValidationError(f"Linje {number}: “{address[:80]}” er ikke en adresse, der begynder med https://.")
        return {"title": title or address, "url": address}


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", text)


class SlugsField(forms.Field):
    """Addresses of articles, one a line or with commas between them; whole links to our articles are understood too."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        _NO_NUL(value or "")
        words = _SEPARATOR.split((value or "").strip())
        return list(dict.fromkeys(_slug(word) for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != self.to_python(data)
        except ValidationError:
            return True


def _slug(word: str) -> str:
    """`"https://…/ordbog/iskias/#oevelser"` → `"iskias"`."""
    return re.sub(r"^.*/ordbog/", "", re.split(r"[?#]", word)[0]).strip("/").casefold()
