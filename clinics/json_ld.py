"""What every kind of structured data shares: addresses, the way to a page, and the one way to print it safely."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

SITE_NAME = "FysFinder"
CONTEXT = "https://schema.org"
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}

Data = dict[str, Any]


def absolute(address: str) -> str:
    return f"{settings.SITE_URL}{address}"


def breadcrumb_list(steps: Iterable[tuple[str, str]]) -> Data:
    """`steps`: (name, address on this site) from the front page to the page itself, as the page's own breadcrumb has them."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(address)}
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }


def as_script_text(data: Data) -> SafeString:
    """JSON that can hold no `</script>` and no comment.

    A browser never runs a block of this type, so `script-src 'self'` does not concern it and no nonce is needed.
    """
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    # No < > & is left, so nothing in it can end the element; escaping as HTML would break the JSON instead.
    return mark_safe(text)  # noqa: S308
