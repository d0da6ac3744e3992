"""The web server, on a development machine and in production alike; the command line wins over what stands here."""

import os

from gunicorn.glogging import Logger
from gunicorn.http import message

from fysfinder.logs import WithoutVisitor

wsgi_app = "fysfinder.wsgi"
bind = f"127.0.0.1:{os.environ.get('PORT', '').strip() or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY", "").strip() or 2)
# Threads keep a slow visitor from blocking a worker, and each keeps its connection to the database.
worker_class = "gthread"
threads = 4
preload_app = True  # loaded once, before the port answers
control_socket_disable = True  # it would need a home folder
SHARED_MEMORY = "/dev/shm"  # noqa: S108  gunicorn makes its file there safely
worker_tmp_dir = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None  # a heartbeat on disk can stall a worker

# A form sent with GET carries 10 000 letters as up to 60 000 bytes: a kind answer of ours, instead of a bare 414.
# gunicorn caps this number at 8190 unless the cap moves too.
limit_request_line = message.MAX_REQUEST_LINE = 131_072

forwarder_headers = ""  # nobody before us may say under which address we are mounted

accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)s ms"  # no query, no referrer, no address, no browser


class VisitorFreeLogger(Logger):
    """gunicorn's own error lines quote the request."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            handler.addFilter(WithoutVisitor())


logger_class = VisitorFreeLogger


def post_worker_init(worker):
    """What a process reads once is read before the first visitor comes, who then asks the database for his own page only."""
    from django.db import DatabaseError, connection

    from clinics import filters, tags
    from clinics.models import Tag

    try:
        filters.terms()
        tags.tag_number(Tag.Kind.FACET, "")
        tags.region_numbers(())
    except DatabaseError:  # not there yet: the first visitor reads it
        connection.close()


def worker_exit(server, worker):
    """What this process has seen and not written is written before it goes."""
    from clinics import statistics

    statistics.flush()
