"""What lies ready: the files of the last build, how old they are, and what the page tells of them."""

import datetime
import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.urls import reverse

from clinics import clock, danish
from clinics.json_ld import CONTEXT, Data, absolute

from .building import CURRENT, root
from .clinic_rows import CLINICS
from .files import FILES, File

logger = logging.getLogger(__name__)

OLD = datetime.timedelta(days=2)
TOLD_EVERY = 3600  # seconds between two lines in the log about the same
UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))


@dataclass(frozen=True)
class Ready:
    """One file as it lies there; `rows` without the line of names."""

    file: File
    rows: int
    bytes: int
    gz_bytes: int
    sha256: str

    @property
    def url(self) -> str:
        return reverse("clinics:open_data_file", args=[self.file.name])

    @property
    def size(self) -> str:
        return size(self.bytes)

    @property
    def count(self) -> str:
        return danish.count(self.rows, "række", "rækker")


@dataclass(frozen=True)
class Published:
    """All files of one build, in the order of `FILES`."""

    folder: Path
    made_at: datetime.datetime
    files: tuple[Ready, ...]

    @property
    def day(self) -> str:
        return danish.day(self.made_at.date())

    @property
    def clock(self) -> str:
        return f"{self.made_at:%H.%M}"

    @property
    def days_old(self) -> int:
        return max(0, (clock.today() - self.made_at.date()).days)

    @property
    def is_old(self) -> bool:
        return clock.now() - self.made_at > OLD

    @property
    def clinics(self) -> int:
        return next((one.rows for one in self.files if one.file.is_clinics), 0)

    def find(self, name: str) -> Ready | None:
        return next((one for one in self.files if one.file.name == name), None)


def published() -> Published | None:
    """The last build, None when there is none (yet). Says so in the log, once an hour, when it is too old."""
    try:
        said = json.loads((root() / CURRENT).read_text(encoding="utf-8"))
        made = Published(root() / said["folder"], _moment(said["made_at"]), tuple(_files(said["files"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        logger.exception("the list of the open data cannot be read")
        return None
    if made.is_old and cache.add("open-data-is-old", time.time(), TOLD_EVERY):
        logger.error("the open data are from %s: do worker and beat run? (docs/open-data.md)", made.made_at.date())
    return made


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).astimezone(clock.COPENHAGEN)


def _files(said: list[dict[str, Any]]) -> list[Ready]:
    """Those that this version knows of, which need not be those of the version that made them."""
    by_name = {one["name"]: one for one in said}
    return [
        Ready(file, one["rows"], one["bytes"], one["gz_bytes"], one["sha256"])
        for name, file in FILES.items()
        if (one := by_name.get(name))
    ]


class OnPage:
    """What the template of /om/data/ shows. Read when a page is made; `latest` is None before the first build."""

    def __init__(self) -> None:
        self.latest = published()

    @property
    def json_ld(self) -> list[Data]:
        return json_ld(self.latest)

    clinic_columns = CLINICS


def size(number: int) -> str:
    """`1234` → `"1,2 kB"`."""
    for unit, name in UNITS:
        if number >= unit:
            return f"{number / unit:.1f} {name}".replace(".", ",")
    return f"{number} byte"


def json_ld(made: Published | None) -> list[Data]:
    """For search engines of data: two datasets, each with the files it is in. None when nothing lies ready."""
    if made is None:
        return []
    page = absolute(reverse("pages:data"))
    parts = (
        (
            "klinikker",
            "Fysioterapeuter i Danmark",
            "Klinikker på FysFinder: adresse, specialer, priser, adgang og åbningstider, med kilde, dato og vilkår i hver række.",
            [one for one in made.files if one.file.is_clinics],
        ),
        (
            "vokabular",
            "FysFinders vokabular",
            "Tilstande, der gør ondt, med specialer, behandlingstyper og advarselstegn.",
            [one for one in made.files if not one.file.is_clinics],
        ),
    )
    return [
        {
            "@context": CONTEXT,
            "@type": "Dataset",
            "@id": f"{page}#{anchor}",
            "name": name,
            "description": text,
            "url": page,
            "inLanguage": "da",
            "isAccessibleForFree": True,
            "license": f"{page}#vilkaar",
            "creator": {"@type": "Organization", "name": "FysFinder", "url": absolute("/")},
            "dateModified": made.made_at.isoformat(),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": one.file.title,
                    "contentUrl": absolute(one.url),
                    "encodingFormat": one.file.content_type.partition(";")[0],
                    "contentSize": str(one.bytes),
                    "sha256": one.sha256,
                }
                for one in files
            ],
        }
        for anchor, name, text, files in parts
    ]
