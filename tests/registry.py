"""The committed red flags as unsaved rows, and an article's text as a document: for tests that need no database."""

from functools import cache

from articles.document import parse
from articles.parts import Document
from clinics.loading.safety_files import read_flags
from clinics.models import RedFlag

FIELDS = ("key", "group", "urgency", "kind", "text", "terms", "order")


@cache
def flags() -> tuple[RedFlag, ...]:
    return tuple(RedFlag(**{name: record[name] for name in FIELDS}) for record in read_flags())


@cache
def keys_of(condition: str) -> frozenset[str]:
    """The keys of the flags that the file gives a condition."""
    return frozenset(record["key"] for record in read_flags() if condition in record["conditions"])


def flag(key: str) -> RedFlag:
    return next(one for one in flags() if one.key == key)


def document(text: str) -> Document:
    return parse(text)
