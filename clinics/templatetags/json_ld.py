"""`{% json_ld blocks %}`: structured data on a page. The one place where it is printed."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from clinics.json_ld import Data, as_script_text

register = template.Library()


@register.simple_tag
def json_ld(blocks: Iterable[Data] | None) -> SafeString:
    """Each block in a `<script type="application/ld+json">` of its own; nothing for none."""
    return format_html_join(
        "\n",
        '<script type="application/ld+json">{}</script>',
        ((as_script_text(block),) for block in blocks or ()),
    )
