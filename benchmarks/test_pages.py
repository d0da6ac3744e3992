"""What a page costs this process, as a multiple of a view that says "ok", and what it weighs."""

import gzip
import re
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.test import Client, override_settings

from clinics.models import Clinic

from .measure import cpu, statements, wall

HELLO = "/healthz"
PAGES = {
    "front page": "/",
    "articles A–Å": "/ordbog/",
    "article": "/ordbog/iskias/",
    "article with a place": "/ordbog/iskias/?sted=8000",
    "results, 20 cards": "/find/fysioterapeut/?tilstand=iskias&sted=8000",
    "results, speciality and ydernummer": "/find/fysioterapeut/?speciale=skulder&ydernummer=ja&sted=8000",
    "results without a place": "/find/fysioterapeut/?tilstand=iskias",
    "landing page": "/find/fysioterapeut/aarhus/",
}
CLINICS, ROUNDS = 600, 21


def test_pages(databases, report, tmp_path):
    databases.use(CLINICS)
    stored = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": stored}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages, WHITENOISE_AUTOREFRESH=False):
        call_command("collectstatic", verbosity=0, interactive=False)
        measure(report, tmp_path)


def measure(report, static: Path) -> None:
    client = Client(raise_request_exception=True)
    pages = PAGES | {"profile": Clinic.objects.published().order_by("pk")[0].get_absolute_url()}
    work = {name: partial(client.get, address) for name, address in ({"ok": HELLO} | pages).items()}
    for get in work.values():
        assert get().status_code == 200
    times, elapsed = cpu(work, ROUNDS), wall(work, 5)
    rows, weights = [], []
    for name in pages:
        body = work[name]().content
        rows.append(
            [
                name,
                f"{times[name] / times['ok']:.0f} ×",
                f"{times[name]:.1f}",
                f"{elapsed[name]:.1f}",
                str(len(statements(work[name]))),
            ]
        )
        sheets = re.findall(rb'href="/static/([^"]+\.css)"', body)
        css = [static / sheet.decode() for sheet in sheets]
        packed = [sheet.with_name(f"{sheet.name}.gz") for sheet in css]
        weights.append(
            [
                name,
                kilobytes(len(body)),
                kilobytes(len(gzip.compress(body, 6))),
                f"{len(css)}",
                kilobytes(sum(sheet.stat().st_size for sheet in css)),
                kilobytes(sum(sheet.stat().st_size for sheet in packed)),
            ]
        )
    columns = ["page", "× ok", "CPU ms", "wall ms", "queries"]
    notes = (
        f"Django's test client, all middleware, warm, {CLINICS} clinics. “× ok” is CPU time of this process (without the\n"
        f"database's) over that of `{HELLO}`, which took {times['ok']:.2f} ms."
    )
    report.add("pages", "Pages", columns, rows, notes)
    columns = ["page", "HTML kB", "gzip", "style sheets", "CSS kB", "gzip"]
    report.add(
        "pages", "What they weigh", columns, weights, "Style sheets have a hash in their name and are fetched once."
    )


def kilobytes(number: int) -> str:
    return f"{number / 1000:.1f}"
