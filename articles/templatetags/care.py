"""`{% cards_above care section.warned_by section.id %}`: the cards of what a part of the text is too mild about."""

from collections.abc import Iterable
from typing import Any

from django import template

from clinics.care import PageCare

register = template.Library()


@register.inclusion_tag("components/care_cards.html")
def cards_above(care: PageCare | None, keys: Iterable[str] | None, at: str, level: int = 2) -> dict[str, Any]:
    """`keys` are the flags, `at` the id of the part, `level` that of its heading. Nothing without keys."""
    return {"cards": care.above(keys, at, level) if care and keys else [], "inside": True}
