"""The WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")

application = get_wsgi_application()

from clinics import statistics  # noqa: E402  models need the settings

statistics.keep_flushing()
