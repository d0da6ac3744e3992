"""What a browser calls itself → what its owner calls it: “Chrome på Android”. No library: the common ones, or honesty."""

import re

# The order is that of the lies: Edge says it is Chrome, Chrome says it is Safari.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"OPR/", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrom(e|ium)/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"CrOS", "Chromebook"),
    (r"Linux|X11", "Linux"),
)


def name(user_agent: str) -> str:
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} på {system}"
    return browser or system or "Ukendt enhed"


def _first(words: tuple[tuple[str, str], ...], text: str) -> str:
    return next((word for pattern, word in words if re.search(pattern, text)), "")
