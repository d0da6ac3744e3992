"""Who is counted: people who look for help. A modest rule, written down in docs/figures.md; it knows nothing about anybody."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest

# What programs call themselves when they are honest: crawlers, previews of links, libraries, monitors, headless browsers.
# Cubot makes telephones.
ROBOT = re.compile(
    r"(?<!cu)bot\b|bots|crawl|spider|slurp|scrap|archiv|preview|fetch|monitor|uptime|pingdom|lighthouse|headless|phantom|"
    r"curl|wget|python|java/|okhttp|go-http|node|axios|libwww|perl|ruby|php/|http-?client|feed|facebookexternalhit|"
    r"whatsapp|embed|validator|checker|scan",
    re.IGNORECASE,
)
LONGEST_NAME = 1_000  # characters of a browser's name; no browser needs half of it
AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
FETCHED_AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)


def counts(request: HttpRequest) -> bool:
    """Whether this request is a person's who looks for help. No statement for somebody who is not logged in."""
    return request.method in ("GET", "POST") and not is_robot(request.META) and not is_at_work(request)


def is_robot(headers: Any) -> bool:
    """What names itself, what fetches ahead of a person, and what accepts no language: people's browsers do."""
    name = headers.get("HTTP_USER_AGENT", "")
    if not name or len(name) > LONGEST_NAME or ROBOT.search(name):
        return True
    if not headers.get("HTTP_ACCEPT_LANGUAGE", "").strip():
        return True
    return any(FETCHED_AHEAD.search(headers.get(header, "")) for header in AHEAD)


def is_at_work(request: HttpRequest) -> bool:
    """Members of clinics, and those who work here. Asked only of a browser that brings a log-in along."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and bool(getattr(request.user, "is_staff", False))
