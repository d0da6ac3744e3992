"""A moderator, and a list of clinics that was read: what tests of the intake's screens start from."""

import datetime
import gzip
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from clinics.models import ImportBatch, ImportFile, ImportRecord
from clinics.ownership import MODERATOR
from fysfinder.roles import sync_roles

from .people import places

BATCHES, RECORDS = "/admin/clinics/importbatch/", "/admin/clinics/importrecord/"
FACTS_OF_ONE = {"name": "Åens Fysioterapi", "street": "Åboulevarden 1", "postcode_id": "8000", "phone": "+4586121299"}
FILE = "navn;postnr\nÅens Fysioterapi;8000\n"


def mona_with(client: Any) -> Any:
    """Mona moderates, and is logged in."""
    sync_roles()
    user = get_user_model().objects.create_user("mona@example.org", email="mona@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=MODERATOR))
    client.force_login(user)
    client.user = user
    return client


def staged() -> ImportBatch:
    """A list without rows, with its file."""
    places()
    one = ImportBatch.objects.create(
        name="Byens liste", file_name="liste.csv", status=ImportBatch.Status.STAGED, digest="0" * 64,
        stated_on=datetime.date(2026, 11, 1),
    )  # fmt: skip
    ImportFile.objects.create(batch=one, content=gzip.compress(FILE.encode()))
    return one


def record(batch: ImportBatch, row: int = 2, *, facts: dict[str, Any] | None = None, **fields: Any) -> ImportRecord:
    told = FACTS_OF_ONE if facts is None else facts
    proposed = fields.get("decision", ImportRecord.Decision.PERSON)
    fields = {"name": told.get("name", ""), "proposed": proposed} | fields
    return ImportRecord.objects.create(batch=batch, row=row, facts=told, **fields)


def all_of(batch: ImportBatch) -> Any:
    return ImportRecord.objects.filter(batch=batch)


def shown(page: Any) -> str:
    return page.content.decode()


def rows_shown(mona: Any, asked: str) -> list[int]:
    answer = mona.get(f"{RECORDS}?{asked}")
    assert answer.status_code == 200, answer.get("Location")
    return [one.row for one in answer.context["cl"].result_list]
