"""Versions of an article, as editors speak of them: who, when, why, and which fields."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst

from articles.differences import Row, compare
from articles.models import Article

from .words import moment

# What an editor writes, in the order of the form. Status, time and reviews are steps of their own and never restored.
WRITTEN = (
    *("title", "body", "name", "condition", "meta_title", "description"),
    *("author", "sources", "related_slugs", "published_on", "updated_on"),
)
FOLLOWED = (*WRITTEN, "slug", "status", "publish_at", "reviewer", "reviewed_at", "next_review_due")


@dataclass(frozen=True)
class Change:
    """One field of two versions, and how they differ."""

    name: str
    label: str
    rows: list[Row]


def latest_version(article: Article) -> Any | None:
    """The newest row of the article's history; None for an article without one."""
    return article.history.select_related("history_user").order_by("-history_id").first()


def changed_fields(old: Any, new: Any, names: Iterable[str] = FOLLOWED) -> list[str]:
    """Names of the fields in which two versions (or a version and an article) differ."""
    return [name for name in names if _value(old, name) != _value(new, name)]


def changes(old: Any, new: Any, names: Iterable[str] = FOLLOWED) -> list[Change]:
    """The fields in which two versions differ, each with what was removed and added."""
    found = (
        Change(name, label_of(name), compare(text_of(old, name), text_of(new, name)))
        for name in changed_fields(old, new, names)
    )
    return [change for change in found if change.rows]


def field_of(name: str) -> "models.Field[Any, Any]":
    """The field of an article's own; what others have towards it is no part of a version."""
    field = Article._meta.get_field(name)
    assert isinstance(field, models.Field)  # noqa: S101  for the type checker
    return field


def label_of(name: str) -> str:
    return capfirst(str(field_of(name).verbose_name))


def text_of(version: Any, name: str) -> str:
    """A field's value as an editor reads it."""
    value = _value(version, name)
    if value is None:
        return ""
    if name == "condition":
        return _condition(version)
    if name == "status":
        return str(Article.Status(value).label) if value in Article.Status.values else str(value)
    if name == "sources":
        return "\n".join(" | ".join(filter(None, (row.get("title", ""), row.get("url", "")))) for row in value)
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, datetime.date):
        return date_format(value, "j. F Y")
    return str(value)


def _value(version: Any, name: str) -> Any:
    value = getattr(version, field_of(name).attname)
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _condition(version: Any) -> str:
    try:
        return str(version.condition)
    except ObjectDoesNotExist:
        return "en tilstand, der er slettet siden"


@dataclass(frozen=True)
class Version:
    """A row of the history beside the one before it (None for the first)."""

    record: Any
    before: Any | None

    @property
    def when(self) -> str:
        return moment(self.record.history_date)

    @property
    def by(self) -> str:
        return str(self.record.history_user or "Systemet")

    @property
    def reason(self) -> str:
        fallback = "Oprettet" if self.record.history_type == "+" else ""
        return self.record.history_change_reason or fallback

    @property
    def labels(self) -> list[str]:
        """The fields that changed in this version, in words."""
        return [label_of(name) for name in changed_fields(self.before, self.record)] if self.before else []

    @property
    def changes(self) -> list[Change]:
        return changes(self.before, self.record) if self.before else []
