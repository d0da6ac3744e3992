"""Rows are read, held against the clinics and against each other; nothing is changed, nothing is twice."""

import io

import pytest

from clinics.intake import listed, receiving, staging, working
from clinics.intake.receiving import receive
from clinics.models import Clinic, ImportBatch, ImportFile, ImportRecord, ListingRequest

from .people import clinic, places

pytestmark = pytest.mark.django_db
HEADINGS = "id;navn;adresse;postnummer;by;telefon;pnummer\n"


def csv(*rows: str) -> bytes:
    """Each "id;navn;adresse;postnummer;by;telefon;pnummer", from the left."""
    return (HEADINGS + "".join(f"{row}{';' * (6 - row.count(';'))}\n" for row in rows)).encode()


def read(content, **fields) -> ImportBatch:
    fields = {"file_name": "liste.csv", "by": None, "name": "Listen", "nudge": False} | fields
    batch = receive(content=io.BytesIO(content), **fields)
    staging.stage(batch.pk)
    batch.refresh_from_db()
    return batch


def told(batch):
    """(row, decision, clinic or None) of each row."""
    return [
        (one.row, str(one.decision), one.clinic.name if one.clinic else None)
        for one in batch.records.select_related("clinic")
    ]


@pytest.fixture(autouse=True)
def _towns():
    places()


def test_update_new_and_a_person():
    clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121201")
    clinic("Hoften", "Aarhus C", street="Søgade 1", phone="+4586121202")
    clinic("Skulderen", "Aarhus C", is_example=True, street="Østergade 1", phone="+4586121205")
    batch = read(
        csv(
            "1;Ryggen ApS;Nørregade 4;8000;;86121201",
            "2;Nakken;Vestergade 2;8000;;86121203",
            "3;Hoften;Åboulevarden 9;8000;;86121202",
            "4;;;8000",
            "5;Skulderen;Østergade 1;8000;;86121205",
            "6;Knæet;Kirkegade 1;;Randers;86121206",
        )
    )
    assert told(batch) == [
        (2, "update", "Ryggen"), (3, "new", None), (4, "person", "Hoften"), (5, "skip", None), (6, "new", None),
        (7, "person", None),
    ]  # fmt: skip
    assert (batch.status, batch.rows, batch.total) == ("staged", 6, 6) and batch.finished_at
    first, new, asked, fatal, _, _ = batch.records.all()
    assert first.proposed == first.decision and first.score >= 75 and "samme navn" in first.reasons
    assert first.facts["phone"] == "+4586121201" and first.external_id == "1"
    assert (new.score, new.reasons, new.others) == (0, [], [])
    assert any(reason.startswith("men ") for reason in asked.reasons)
    assert any(problem["fatal"] for problem in fatal.problems)
    assert Clinic.objects.count() == 3 and not ImportRecord.objects.exclude(state="staged").exists()


def test_who_asked_to_be_taken_off_is_left_alone():
    off = clinic("Ryggen", "Aarhus C", street="Nørregade 4", status="draft")
    ListingRequest.objects.create(kind="remove", status="approved", clinic=off, name=off.name)
    batch = read(csv("1;Ryggen;Nørregade 4;8000"))
    assert told(batch) == [(2, "skip", "Ryggen")] and "bad om det" in batch.records.get().note


def test_repetitions_in_the_list():
    clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121201")
    batch = read(
        csv(
            "1;Nakken;Vestergade 2;8000;;86121203",
            "2;Nakken I/S;Vestergade 2;8000;;86121203",  # the same as row 2
            "3;Ryggen;Nørregade 4;8000;;86121201",
            "4;Ryggen ApS;Nørregade 4;8000",  # the same clinic as row 4
            "1;Nakken;Vestergade 2;8000;;86121203",  # row 2, to the letter
            "3;Ryggen;Nørregade 4;8000;;86121209",  # row 4's id, and another telephone
            "7;Nakken;Åboulevarden 40;8000;;86121203",  # row 2, moved?
            "8;Albuen;Kystvejen 3;8000;;86121208",
        )
    )
    rows = {one.row: one for one in batch.records.all()}
    assert {row: str(one.decision) for row, one in rows.items()} == {
        2: "new", 3: "duplicate", 4: "update", 5: "duplicate", 6: "duplicate", 7: "person", 8: "person", 9: "new",
    }  # fmt: skip
    assert rows[3].note.startswith("Samme klinik som række 2: ") and rows[5].note == "Samme klinik som række 4."
    assert rows[6].note == "Samme række som række 2."
    assert rows[7].note == "Samme id som række 4, men andre oplysninger."
    assert rows[8].note.startswith("Ligner række 2: ")
    assert all(one.proposed == one.decision for one in rows.values())


def test_many_of_one_clinic_are_one(monkeypatch):
    monkeypatch.setattr(listed, "_BATCH", 7)
    batch = read(csv(*(f"{number};Nakken;Vestergade 2;8000;;86121203" for number in range(40))))
    assert [str(one.decision) for one in batch.records.all()] == ["new", *["duplicate"] * 39]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_who_was_stopped_goes_on_after_the_last_stored_row(monkeypatch, after):
    monkeypatch.setattr(staging, "BATCH", 3)
    content = csv(*(f"{number};Nakken {'abcdefghij'[number]};Vestergade {number};8000" for number in range(10)))
    batch = receive(content=io.BytesIO(content), file_name="x", by=None, name="Listen", nudge=False)

    def stop(done, total):
        assert total == 10
        if done == (after + 1) * 3:
            raise working.TimeUpError

    with pytest.raises(working.TimeUpError):
        staging.stage(batch.pk, progress=stop)
    batch.refresh_from_db()
    assert (batch.status, batch.rows, batch.records.count()) == ("staging", (after + 1) * 3, (after + 1) * 3)
    steps = []
    staging.stage(batch.pk, progress=lambda done, total: steps.append(done))
    batch.refresh_from_db()
    assert (batch.status, batch.rows, batch.total) == ("staged", 10, 10)
    assert [one.row for one in batch.records.all()] == list(range(2, 12))
    assert steps[0] == min((after + 2) * 3, 10)
    staging.stage(batch.pk)  # nothing is left to do
    assert batch.records.count() == 10


def test_half_of_the_second_step_is_nothing(monkeypatch):
    """And the end of a turn does not stop it: it would begin anew each time."""
    content = csv(*(f"{number};Nakken;Vestergade 2;8000" for number in range(5)))
    batch = receive(content=io.BytesIO(content), file_name="x", by=None, name="Listen", nudge=False)
    good = ImportRecord.objects.bulk_update

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(type(ImportRecord.objects), "bulk_update", broken)
    with pytest.raises(ZeroDivisionError):
        staging.stage(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "staging" and {one.decision for one in batch.records.all()} == {"new"}
    monkeypatch.setattr(type(ImportRecord.objects), "bulk_update", lambda self, *args, **more: good(*args, **more))

    def stop(done, total):
        raise working.TimeUpError

    staging.stage(batch.pk, progress=stop)
    assert [str(one.decision) for one in batch.records.all()] == ["new", *["duplicate"] * 4]


@pytest.mark.parametrize(
    "content, why",
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "tekstfil"),
        (HEADINGS.encode(), "ingen rækker"),
        (b"PK\x03\x04" + b"\x00" * 99, "regneark"),
    ],
)
def test_what_cannot_be_read_says_why(content, why):
    batch = read(content)
    assert batch.status == "failed" and why in batch.problem and not batch.records.exists()


def test_a_file_that_was_purged_says_so():
    batch = receive(content=io.BytesIO(csv("1;Nakken")), file_name="x", by=None, name="Listen", nudge=False)
    ImportFile.objects.all().delete()
    staging.stage(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.problem) == ("failed", staging.GONE)


def test_a_clinic_that_is_deleted_meanwhile_is_asked_for_again(monkeypatch, django_capture_on_commit_callbacks):
    here = clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121201")
    good, tries = staging.Known.of, []

    def slow(*given):
        tries.append(1)
        known = good(*given)
        if len(tries) == 1:
            raise staging.IntegrityError  # as its key would, when the rows are stored
        return known

    monkeypatch.setattr(staging.Known, "of", slow)
    assert told(read(csv("1;Ryggen;Nørregade 4;8000;;86121201"))) == [(2, "update", here.name)]
    assert len(tries) == 2


def test_who_came_while_the_list_waited_is_not_made_twice():
    batch = read(
        csv("1;Nakken;Vestergade 2;8000;;86121203", "2;Albuen;Kystvejen 3;8000;;86121208", "3;Foden;Åvej 1;8000")
    )
    assert staging.look_again(batch.pk) == 0
    came = clinic("Nakken", "Aarhus C", street="Vestergade 2", phone="+4586121203")
    clinic("Foden", "Aarhus C", street="Åvej 1", is_example=True)
    assert staging.look_again(batch.pk) == 1
    assert told(batch) == [(2, "person", "Nakken"), (3, "new", None), (4, "new", None)]
    row = batch.records.first()
    assert row.note == listed.CAME and row.score >= 75 and row.proposed == "new"
    ImportRecord.objects.filter(pk=row.pk).update(decision="update")
    batch.records.filter(row=3).update(clinic=came, made_clinic=True, state="applied")
    assert staging.look_again(batch.pk) == 0


def test_a_thousand_rows_take_a_few_statements(django_assert_max_num_queries):
    clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121201")
    rows = (f"{number};Klinik {number:x};Vestergade {number};8000;;8712{number:04}" for number in range(1500))
    batch = receive(content=io.BytesIO(csv(*rows)), file_name="x", by=None, name="Listen", nudge=False)
    with django_assert_max_num_queries(60):
        staging.stage(batch.pk)
    assert batch.records.filter(decision="new").count() > 1400


def test_a_geojson_from_openstreetmap():
    clinic("Ryggen", "Aarhus C", street="Helt anden vej 1", phone="+4586121201", osm_id="node/4711")
    feature = """{"type": "Feature", "id": "node/%d", "properties": {"@id": "node/%d", "healthcare": "physiotherapist",
      "name": "%s", "addr:street": "Nørregade", "addr:housenumber": "4", "addr:postcode": "8000"},
      "geometry": {"type": "Point", "coordinates": [10.2107, 56.1572]}}"""
    text = ",".join(feature % (number, number, name) for number, name in ((4711, "Ryggen"), (4712, "Nakken")))
    batch = read(('{"type": "FeatureCollection", "features": [' + text + "]}").encode(), format="geojson")
    assert (batch.rows, batch.total) == (2, 2)
    assert [(one.row, str(one.decision)) for one in batch.records.all()] == [(1, "update"), (2, "new")]
    assert batch.records.first().reasons[0] == "samme id i OpenStreetMap"
    assert receiving.ImportFile.objects.count() == 1


def test_nothing_that_a_row_says_stops_the_list():
    """NUL and half a letter are what the database cannot keep."""
    rows = csv(*(f"{number};Klinik {number} {'x' * 120};Vestergade {number};8000" for number in range(500)))
    batch = read(
        rows + "x\x00y;Næ\x00ste;Vester\x00gade 2;8000;;8612\x001203;\n9;Sidste;Østergade 9;8000;;;\n".encode()
    )
    assert (batch.status, batch.problem) == ("staged", "") and batch.records.filter(name="Sidste").exists()
    feature = r"""{"type": "Feature", "properties": {"@id": "node/1\ud800", "healthcare": "physiotherapist",
      "name": "Nak\ud800ken\u0000", "addr:postcode": "8000", "phone": "\udc00"},
      "geometry": {"type": "Point", "coordinates": [10.2107, 56.1572]}}"""
    batch = read(('{"type": "FeatureCollection", "features": [' + feature + "]}").encode(), format="geojson")
    assert (batch.status, batch.problem, batch.rows) == ("staged", "", 1)
