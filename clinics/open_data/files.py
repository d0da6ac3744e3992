"""Which files there are, under which name, and what each holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from .clinic_rows import CLINICS
from .columns import Column
from .vocabulary import COLUMNS

CSV, GEOJSON, JSON = "text/csv; charset=utf-8; header=present", "application/geo+json", "application/json"


@dataclass(frozen=True)
class File:
    """`table`: a key of `vocabulary.COLUMNS`; "" for the clinics and for the whole vocabulary."""

    name: str
    content_type: str
    title: str
    columns: Sequence[Column] = ()
    table: str = ""

    @property
    def format(self) -> str:
        return {"geojson": "GeoJSON"}.get(kind := self.name.rpartition(".")[2], kind.upper())

    @property
    def is_clinics(self) -> bool:
        return self.name in (CLINICS_CSV.name, CLINICS_GEOJSON.name)


CLINICS_CSV = File("klinikker.csv", CSV, "Klinikker", CLINICS)
CLINICS_GEOJSON = File("klinikker.geojson", GEOJSON, "Klinikker til kort", CLINICS)
VOCABULARY = File("vokabular.json", JSON, "Hele vokabularet")
TABLES = (
    File(
        "tilstande.csv",
        CSV,
        "Tilstande med specialer, behandlinger og advarselstegn",
        COLUMNS["conditions"],
        "conditions",
    ),
    File("specialer.csv", CSV, "Specialer og fokusområder", COLUMNS["specialities"], "specialities"),
    File("behandlinger.csv", CSV, "Behandlingstyper", COLUMNS["treatments"], "treatments"),
    File("advarselstegn.csv", CSV, "Advarselstegn", COLUMNS["red_flags"], "red_flags"),
)
FILES: dict[str, File] = {file.name: file for file in (CLINICS_CSV, CLINICS_GEOJSON, VOCABULARY, *TABLES)}
