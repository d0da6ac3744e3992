"""The form of a clinic, whose thirty rows have ninety drop-downs with 1 300 options, drawn quickly and its choices read once.

Drawn by Django, with a template for each field and each option, and asked for row by row, the page took twice as long.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

_INPUTS = {
    f"django/forms/widgets/{kind}.html" for kind in ("input", "text", "number", "hidden", "date", "time", "email")
}
_CHECKBOX = "django/forms/widgets/checkbox.html"
_SELECT = "django/forms/widgets/select.html"


class _Drawing(DjangoTemplates):
    """Fields of one line and drop-downs as Django's templates write them, without the templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name in _INPUTS or template_name == _CHECKBOX:
            return _input(context["widget"])
        if template_name == _SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    attrs = flatatt(widget["attrs"])
    return mark_safe(f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{value}{attrs}>')  # noqa: S308  # escaped


def _select(widget: dict[str, Any]) -> SafeString:
    lines = [f'<select name="{escape(widget["name"])}"{flatatt(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        lines += [f'<optgroup label="{escape(str(group))}">'] if group else []
        for one in options:
            selected = " selected" if one["selected"] else ""
            lines.append(f'<option value="{escape(str(one["value"]))}"{selected}>{escape(str(one["label"]))}</option>')
        lines += ["</optgroup>"] if group else []
    return mark_safe("\n".join([*lines, "</select>"]))  # noqa: S308  # each part is escaped above


DRAWING = _Drawing()


class _ReadOnce(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        read: list[Any] = self.field.read  # type: ignore[attr-defined]
        if not read:
            read.append(list(super().__iter__()))
        yield from read[0]


class SharedChoiceField(forms.ModelChoiceField):
    """Each row of a form has a copy of the field, and all copies share what was read. Made anew for each request."""

    iterator = _ReadOnce

    def __init__(self, *args: Any, **options: Any) -> None:
        self.read: list[Any] = []
        super().__init__(*args, **options)
