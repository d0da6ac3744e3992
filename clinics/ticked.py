"""The clinics that a visitor has ticked to compare: addresses in the parameter `klinik`, repeated, in the order of the ticks."""

import re
from collections.abc import Iterable

MOST_READ = 20  # of an address with hundreds; nobody ticked those
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,120}\Z")


def ticked(values: Iterable[str]) -> tuple[str, ...]:
    """What may be the address of a clinic, each once. Whether there is one is for the page that shows them to say."""
    written = list(dict.fromkeys(filter(None, map(str.strip, values))))[:MOST_READ]
    return tuple(slug for slug in written if SLUG.match(slug))
