"""What a visitor searched for (what hurts, and where somebody lives) and links to drafts stay out of the logs."""

import logging
import re

# From the question mark to the end of the address. A broken one may hold spaces and quotes, so only " HTTP/1.1" or the
# end of the line ends it.
QUERY = re.compile(r"(/[^\s?]*)\?.*?(?=\sHTTP/\d|$)", re.MULTILINE)
# Whoever has this address may read a draft for a week (articles/preview.py), stop somebody's reminders (clinics/mailing/), use
# an invitation, object to a claim, read the answer to a report, or change a review.
PREVIEW = re.compile(
    r"(?i)(/ordbog/kladde/+|/mails/stop/+|/indberetning/+|/anmeldelse/+|/for-klinikker/(?:invitation|indsigelse)/+)[^\s/?]+"
)
# gunicorn quotes whatever it did not understand of a request, and says from where it came.
NOT_UNDERSTOOD = re.compile(r"(Invalid request from) ip=.*", re.DOTALL)


class WithoutVisitor(logging.Filter):
    """Takes query strings, the tokens of preview links and clients' addresses out of every line, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = NOT_UNDERSTOOD.sub(r"\1 somebody", PREVIEW.sub(r"\1…", QUERY.sub(r"\1", message)))
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
