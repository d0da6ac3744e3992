"""What a visitor searched for (what hurts, and where somebody lives) stays out of the logs."""

import logging
import re

# From the question mark to the end of the address. A broken request may hold spaces and quotes, so only " HTTP/1.1" or
# the end of the line ends it.
QUERY = re.compile(r"(/[^\s?]*)\?.*?(?=\sHTTP/\d|$)", re.MULTILINE)
CLIENT = re.compile(r"\bip=[0-9a-fA-F.:]+")


class WithoutVisitor(logging.Filter):
    """Takes query strings and client addresses out of every line, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = CLIENT.sub("ip=-", QUERY.sub(r"\1", message))
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
