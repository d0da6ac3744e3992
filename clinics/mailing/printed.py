"""Mail on the screen, legible: what a development machine does instead of sending (`EMAIL_URL` is not set)."""

import sys
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as Console

LINE = "─" * 72


class EmailBackend(Console):
    """Recipient, subject and text; no headers, no encodings, no HTML."""

    def __init__(self, *args: Any, **options: Any) -> None:
        # Celery turns what a task prints into lines of the log, where links lose their queries (fysfinder/logs.py).
        options.setdefault("stream", sys.__stdout__)
        super().__init__(*args, **options)

    def write_message(self, message: EmailMessage) -> None:
        body = str(message.body).strip()
        self.stream.write(f"\n{LINE}\nMail til {', '.join(message.to)}\nEmne: {message.subject}\n\n{body}\n{LINE}\n")
