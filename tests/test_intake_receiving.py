"""A list is taken in whole or not at all, once, and comes out again as it was."""

import datetime
import io
import os

import pytest
import time_machine

from clinics import tasks
from clinics.actions import ActionError
from clinics.intake import keeping, receiving
from clinics.intake.reading.openstreetmap import said_of
from clinics.intake.receiving import StillWorkingError, opened, receive
from clinics.models import ImportBatch, ImportFile, ImportRecord

from .claims import moderator
from .test_memberships import together

CSV = b"navn;postnummer\nRyggen;8000\n"
NOON = "2026-11-22 12:00:00+01:00"


def take(content=CSV, **fields):
    fields = {"file_name": "liste.csv", "by": None, "name": "Klinikker i Aarhus"} | fields
    return receive(content=io.BytesIO(content), **fields)


@pytest.fixture
def asked(monkeypatch):
    """Batches that the worker was asked to read."""
    pks = []
    monkeypatch.setattr(tasks.stage_import, "apply_async", lambda args, **_: pks.append(*args))
    return pks


@pytest.mark.django_db
def test_a_list_is_kept_and_read_after_the_commit(asked, django_capture_on_commit_callbacks):
    rita = moderator()
    with django_capture_on_commit_callbacks(execute=True):
        batch = take(
            by=rita, file_name="/hos/mig/liste.csv", licence=" CC\u200b BY 4.0\n", source="register",
            stated_on=datetime.date(2026, 11, 1), columns={"Klinik": "name"},
        )  # fmt: skip
        assert asked == []
    assert asked == [batch.pk]
    batch.refresh_from_db()
    assert (batch.status, batch.created_by, batch.rows, batch.total) == ("staging", rita, 0, None)
    assert (batch.file_name, batch.licence, batch.columns) == ("liste.csv", "CC BY 4.0", {"Klinik": "name"})
    with opened(batch.pk) as content:
        assert content.read() == CSV


@pytest.mark.django_db
def test_a_file_of_many_pieces_comes_out_as_it_went_in(monkeypatch):
    monkeypatch.setattr(receiving, "_PIECE", 1000)
    data = os.urandom(50_000) + b"\n" * 50_000
    batch = take(data)
    with opened(batch.pk) as content:
        assert content.read(10) == data[:10] and content.read() == data[10:]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content, fields, why",
    [
        (b"", {}, "Filen er tom"),
        (CSV, {"name": " \u200b "}, "hvad listen hedder"),
        (CSV, {"name": "x" * 121}, "120 tegn"),
        (CSV, {"licence": "x" * 61}, "60 tegn"),
        (CSV, {"source": "clinic"}, "Vælg"),
        (CSV, {"format": "xlsx"}, "Vælg"),
        (CSV, {"stated_on": datetime.date(2026, 11, 23)}, "fremtiden"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(content, fields, why):
    with time_machine.travel(NOON, tick=False), pytest.raises(ActionError, match=why):
        take(content, **fields)
    assert not ImportBatch.objects.exists() and not ImportFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["LARGEST", "LARGEST_PACKED"])
def test_too_large_is_said_before_it_is_all_read(monkeypatch, limit):
    monkeypatch.setattr(receiving, limit, 1000)
    monkeypatch.setattr(receiving, "_PIECE", 512)
    content = io.BytesIO(os.urandom(200_000))
    with pytest.raises(ActionError, match="fylder for meget"):
        receive(content=content, file_name="x", by=None, name="x")
    assert content.tell() < 100_000


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["staging", "applying", "undoing"])
def test_the_same_file_waits_until_the_first_is_done_with(status):
    first = take()
    ImportBatch.objects.update(status=status)
    with pytest.raises(StillWorkingError, match=f"liste {first.pk}") as refused:
        take(name="Et andet navn")
    assert refused.value.batch == first
    take(CSV + b"Knoglen;8000\n")
    ImportBatch.objects.update(status="applied")
    assert take().pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_of_uploads_at_the_same_moment_one_is_taken(asked):
    answers = together(*[take] * 4)
    assert answers.count("") == 1 and all("samme fil" in answer for answer in answers if answer), answers
    assert ImportBatch.objects.count() == 1 and len(asked) == 1


@pytest.mark.parametrize(
    "head, day",
    [
        (b'{"type": "FeatureCollection", "generator": "overpass-turbo", "timestamp": "2026-11-20T10:00:00Z", "features"',
         datetime.date(2026, 11, 20)),
        ('{"copyright": "© OpenStreetMap contributors, ODbL", "timestamp": "i går", "features": ['.encode(), None),
        (b'{"copyright": "OpenStreetMap", "timestamp": "2126-11-20", "features": [', None),
    ],
)  # fmt: skip
def test_an_export_from_openstreetmap_says_who_it_is(head, day):
    with time_machine.travel(NOON, tick=False):
        said = said_of(head)
    assert (said.name, said.licence, said.stated_on) == ("OpenStreetMap", "ODbL 1.0", day)


@pytest.mark.parametrize(
    "head",
    [
        b"", b"\xff\x00{", b'{"type": "FeatureCollection", "generator": "QGIS", "features": []}',
        b'{"features": [{"properties": {"copyright": "OpenStreetMap"}}]}',
    ],
)  # fmt: skip
def test_other_files_do_not(head):
    assert said_of(head) is None


@pytest.mark.django_db
def test_a_year_after_the_last_step_the_file_goes_and_what_it_says_of_people():
    with time_machine.travel(NOON, tick=False) as now:
        done, working = take(), take(CSV + b"x")
        ImportBatch.objects.filter(pk=done.pk).update(status="applied", finished_at="2026-11-22T12:00+01:00")
        facts = {"name": "Ryggen", "practitioners": ["Mette Eksempel"], "text": "Vi hjælper.", "phone": "+4500000001"}
        for batch in (done, working):
            ImportRecord.objects.create(batch=batch, row=2, facts=facts, before={"phone": ""})
        now.shift(datetime.timedelta(days=365) - datetime.timedelta(seconds=1))
        assert tasks.purge_imports() == 0
        now.shift(1)
        assert tasks.purge_imports() == 1
        assert tasks.purge_imports() == 0
    assert not ImportFile.objects.filter(pk=done.pk).exists() and ImportFile.objects.filter(pk=working.pk).exists()
    row = done.records.get()
    assert (row.facts, row.before) == ({"name": "Ryggen", "phone": "+4500000001"}, {"phone": ""})
    assert working.records.get().facts == facts
    assert keeping.KEPT.days == 365
