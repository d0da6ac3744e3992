"""A promised mail → the message: subject, text, and HTML where the mail has it. The two never share their escaping."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template

from clinics.models import Outbox

from . import stops
from .registry import Kind, mail

LONGEST_SUBJECT = 150
_MANY_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Rendered:
    """`html` is "" for a mail of text alone."""

    subject: str
    text: str
    html: str = ""


def message(row: Outbox) -> EmailMultiAlternatives:
    """What goes to the mail server for this row. Raises whatever a broken template raises."""
    stop_url = ""
    headers = {
        "Message-ID": row.message_id,
        "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday greetings in return
        "Content-Language": "da",
    }
    if mail(row.template).kind == Kind.REMINDER:
        stop_url = f"{settings.SITE_URL}{stops.path_for(row.to)}"
        headers |= {
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        }
    rendered = render(row.template, row.context, stop_url)
    made = EmailMultiAlternatives(rendered.subject, rendered.text, to=[row.to], headers=headers)
    if rendered.html:
        made.attach_alternative(rendered.html, "text/html")
    return made


def render(template: str, context: dict[str, Any], stop_url: str = "") -> Rendered:
    """The mail with these values. `stop_url` is "" for mails that nobody can stop.

    Besides the context a template knows `site` (the address of this site, without a slash at the end), `stop_url` and, in
    HTML, `subject`.
    """
    known = context | {"site": settings.SITE_URL, "stop_url": stop_url}
    whole = text_engine().get_template(f"emails/{template}.txt").render(known).strip()
    # A value with a line break in it may stretch the first line: the subject ends at the empty line, and is one line.
    head, _, body = whole.partition("\n\n")
    subject = " ".join(head.split())[:LONGEST_SUBJECT]
    foot = text_engine().get_template("emails/_foot.txt").render(known)
    text = _MANY_EMPTY_LINES.sub("\n\n", f"{body.strip()}\n\n{foot.strip()}\n")
    try:
        page = get_template(f"emails/{template}.html")
    except TemplateDoesNotExist as error:
        if error.args != (f"emails/{template}.html",):
            raise  # one that it extends or includes
        return Rendered(subject, text)
    return Rendered(subject, text, page.render(known | {"subject": subject}))


@cache
def text_engine() -> DjangoTemplates:
    """The templates of the pages with nothing escaped: `Ryggen & Co` is no HTML in a mail of text."""
    (pages,) = settings.TEMPLATES
    return DjangoTemplates(
        {"NAME": "mail-text", "DIRS": pages["DIRS"], "APP_DIRS": True, "OPTIONS": {"autoescape": False}}
    )
