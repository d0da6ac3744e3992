"""`manage.py import_clinics` and `rollback_import`: what they say, what they leave, and how they end."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from clinics.intake import staging, working
from clinics.models import Clinic, ImportBatch, ImportRecord, Provenance

from .people import clinic, places
from .test_intake_working import Other, standing
from .worlds import kept

pytestmark = pytest.mark.django_db
LIST = """id;navn;adresse;postnummer;telefon
1;Ryggen;Nørregade 4;8000;86121201
2;Nakken;Vestergade 2;8000;86121203
3;Hoften;Åboulevarden 9;8000;86121202
4;;;8000;
5;Nakken;Vestergade 2;8000;86121203
6;Albuen;Kystvejen 3;8000;=cmd()
"""


@kept(autouse=True)
def _directory():
    places()
    clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121201")
    clinic("Hoften", "Aarhus C", street="Søgade 1", phone="+4586121202")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "Klinikker i Aarhus.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def run(*arguments, **options):
    """(what it said, what it said on the side, how it failed or "")"""
    out, err, failed = io.StringIO(), io.StringIO(), ""
    try:
        call_command(*map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        failed = str(error)
    return out.getvalue(), err.getvalue(), failed


def take(path, *arguments, format="csv"):
    return run("import_clinics", path, "--format", format, *arguments)


def reported(path, *arguments, **options):
    out, _, failed = take(path, "--report", "json", *arguments, **options)
    return json.loads(out), failed


def rows(report):
    return {one["row"]: (one["outcome"], one["decision"], one["clinic"]) for one in report["rows"]}


EXPECTED = {
    2: ("unchanged", "update", "ryggen"),
    3: ("created", "new", "nakken"),
    4: ("conflict", "person", "hoften"),
    5: ("failed", "skip", None),
    6: ("conflict", "duplicate", None),
    7: ("created", "new", "albuen"),
}


def test_everything_that_is_sure_is_applied_and_the_rest_waits(path):
    report, failed = reported(path)
    batch = ImportBatch.objects.get()
    assert rows(report) == EXPECTED
    seconds = report["summary"].pop("seconds")
    assert seconds >= 0
    assert report["summary"] == {"created": 2, "updated": 0, "unchanged": 1, "conflict": 2, "failed": 1}
    assert (report["version"], report["dry_run"], report["batch"], report["error"]) == (1, False, batch.pk, None)
    assert failed == "1 af 6 rækker kunne ikke bruges."
    third, sixth = report["rows"][3], report["rows"][5]
    assert third["error"] and sixth["error"] is None
    assert [one["field"] for one in sixth["warnings"]] == ["phone"]
    assert report["rows"][2]["score"] >= 40 and report["rows"][2]["reasons"]
    assert (batch.status, batch.name, batch.licence, batch.stated_on) == ("applied", "Klinikker i Aarhus", "", None)
    made = Clinic.objects.get(slug="nakken")
    assert (made.status, made.phone) == ("published", "+4586121203")


def test_a_dry_run_says_the_same_and_leaves_nothing(path):
    report, failed = reported(path, "--dry-run")
    assert {row: outcome for row, (outcome, *_) in rows(report).items()} == {
        row: outcome for row, (outcome, *_) in EXPECTED.items()
    }
    assert report["dry_run"] is True and report["batch"] is None and failed
    assert not ImportBatch.objects.exists() and not ImportRecord.objects.exists()
    assert Clinic.objects.count() == 2
    out, _, _ = take(path, "--dry-run")
    assert "2 oprettet, 1 uændret, 2 venter eller springes over, 1 fejlet" in out and "intet er gemt" in out


def test_a_dry_run_tells_what_would_be_updated(path):
    Clinic.objects.filter(slug="ryggen").update(phone="")
    report, _ = reported(path, "--dry-run", "--date", "2026-11-01")
    assert rows(report)[2] == ("updated", "update", "ryggen")
    report, _ = reported(path, "--date", "2026-11-01")
    assert rows(report)[2] == ("updated", "update", "ryggen")
    assert Clinic.objects.get(slug="ryggen").phone == "+4586121201"


def test_staged_only_waits_for_a_moderator(path):
    out, _, _ = take(path, "--stage-only")
    assert ImportBatch.objects.get().status == "staged" and Clinic.objects.count() == 2
    assert "kun læst, intet er indført" in out and "2 oprettet" in out


def test_in_words(path):
    out, err, failed = take(path)
    batch = ImportBatch.objects.get()
    assert (
        out.startswith("2 oprettet, 1 uændret, 2 venter eller springes over, 1 fejlet på ")
        and f"(liste {batch.pk})" in out
    )
    assert "Række 5: " in err and failed.startswith("1 af 6")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_has_one_line_for_each_step(path):
    err = Terminal()
    with pytest.raises(CommandError):
        call_command("import_clinics", str(path), format="csv", stdout=io.StringIO(), stderr=err)
    told = err.getvalue()
    assert "\r\033[KLæser og sammenligner: [" in told and "100%, 6 af 6\n" in told
    assert "\r\033[KIndfører: [" in told and "100%, 3 af 3\n" in told
    assert told.count("\n") == 4, "reading, repetitions, applying, and the row that failed"


def test_only_the_first_of_many_failures_are_named(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("navn;postnummer\n" + ";8000\n" * 50, encoding="utf-8")
    _, err, failed = take(path)
    assert err.count("Række ") == 20 and "… og 30 rækker til." in err and failed.startswith("50 af 50")


def test_what_is_said_of_the_list(path, tmp_path):
    mapping = tmp_path / "kolonner.yaml"
    mapping.write_text("kolonner:\n  Betegnelse: navn\n  Sted: adresse\n  Nr: postnummer\n", encoding="utf-8")
    path.write_text("Betegnelse;Sted;Nr\nNakken;Vestergade 2;8000\n", encoding="utf-8")
    report, failed = reported(
        path,
        "--mapping",
        mapping,
        "--name",
        "Sundhedsregistret",
        "--date",
        "2026-11-01",
        "--licence",
        "CC0",
        "--register",
    )
    assert rows(report) == {2: ("created", "new", "nakken")} and not failed
    batch = ImportBatch.objects.get()
    assert (batch.name, str(batch.stated_on), batch.licence, batch.source) == (
        "Sundhedsregistret", "2026-11-01", "CC0", "register",
    )  # fmt: skip
    here = Provenance.objects.get(clinic__slug="nakken", group="contact")
    assert (here.source, here.note, str(here.stated_on)) == ("register", "Sundhedsregistret, CC0", "2026-11-01")


def test_what_an_export_says_of_other_trades_is_passed_over_and_no_failure(tmp_path):
    path = tmp_path / "export.geojson"
    ours = {"healthcare": "physiotherapist", "name": "Nakken", "addr:postcode": "8000", "addr:street": "Vestergade 2"}
    told = [{"type": "Feature", "properties": tags, "geometry": None} for tags in ({"healthcare": "dentist"}, ours)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}))
    for more in (["--dry-run"], []):
        report, failed = reported(path, *more, format="geojson")
        assert not failed and report["summary"]["failed"] == 0
        assert rows(report)[1] == ("conflict", "skip", None) and rows(report)[2][0] == "created"
        assert "Ikke fysioterapi" in report["rows"][0]["note"] and report["rows"][0]["error"] is None


def test_an_export_from_openstreetmap_says_it_itself(tmp_path):
    path = tmp_path / "export.geojson"
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "generator": "overpass-turbo",
                "timestamp": "2026-11-20T10:00:00Z",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {
                            "@id": "node/1", "healthcare": "physiotherapist", "name": "Nakken", "addr:postcode": "8000",
                            "addr:street": "Vestergade", "addr:housenumber": "2",
                        },
                        "geometry": {"type": "Point", "coordinates": [10.2107, 56.1572]},
                    }
                ],
            }
        )
    )  # fmt: skip
    report, failed = reported(path, format="geojson")
    assert rows(report) == {1: ("created", "new", "nakken")} and not failed
    batch = ImportBatch.objects.get()
    assert (batch.name, batch.licence, str(batch.stated_on)) == ("OpenStreetMap", "ODbL 1.0", "2026-11-20")
    assert Clinic.objects.get(slug="nakken").osm_id == "node/1"
    report, _ = reported(path, "--name", "Vores udtræk", "--licence", "", format="geojson")
    assert rows(report) == {1: ("unchanged", "update", "nakken")}
    assert ImportBatch.objects.first().licence == ""


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LIST.encode())))
    report, _ = reported("-")
    assert rows(report) == EXPECTED and ImportBatch.objects.get().name == "Standard input"


@pytest.mark.parametrize(
    "what, arguments, why",
    [
        ("nothing", [], "findes ikke"),
        ("folder", [], "er en mappe"),
        ("empty", [], "Filen er tom"),
        ("blank", [], "Filen er tom"),
        ("list", ["--date", "22/11-2026"], "ikke en dato"),
        ("list", ["--date", "2126-11-22"], "fremtiden"),
        ("list", ["--name", "x" * 121], "120 tegn"),
        ("list", ["--mapping", "{nothing}"], "findes ikke"),
        ("list", ["--mapping", "{folder}"], "er en mappe"),
        ("list", ["--mapping", "{broken}"], ""),
        ("list", ["--mapping", "{binary}"], "ikke en tekstfil"),
        ("binary", [], "tekstfil"),
        ("headings", [], "ingen rækker"),
    ],
)
@pytest.mark.parametrize("report", [False, True])
def test_what_cannot_be_done_is_one_sentence(tmp_path, path, what, arguments, why, report):
    files = {
        "nothing": tmp_path / "x.csv", "folder": tmp_path / "f", "empty": tmp_path / "e.csv", "list": path,
        "broken": tmp_path / "b.yaml", "binary": tmp_path / "b.csv", "headings": tmp_path / "h.csv",
        "blank": tmp_path / "blank.csv",
    }  # fmt: skip
    files["folder"].mkdir()
    files["empty"].touch()
    files["blank"].write_text("\n\n")
    files["broken"].write_text("kolonner: [\n")
    files["binary"].write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    files["headings"].write_text("navn;postnummer\n")
    arguments = [one.format(**files) for one in arguments]
    out, _, failed = take(files[what], *arguments, *(["--report", "json"] if report else []))
    assert why in failed and failed.count("\n") == 0 and failed
    assert not ImportBatch.objects.exclude(status="failed").exists() and Clinic.objects.count() == 2
    if report:
        told = json.loads(out)
        assert told["error"] == failed and told["rows"] == []


# Stopped, and beside others


def test_killed_while_reading_and_started_again(path, monkeypatch):
    monkeypatch.setattr(staging, "BATCH", 2)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(staging.listed, "settle", interrupted)
    _, _, failed = take(path)
    assert "Afbrudt" in failed and ImportBatch.objects.get().status == "staging"
    assert not working._held
    monkeypatch.undo()
    out, err, _ = take(path, "--report", "json")
    assert rows(json.loads(out)) == EXPECTED and "gjort færdigt" in err
    assert ImportBatch.objects.get().records.count() == 6


def test_beside_a_worker_it_says_so(path):
    take(path, "--stage-only")
    batch = ImportBatch.objects.get()
    ImportBatch.objects.filter(pk=batch.pk).update(status="applying")
    with Other(batch.pk):
        _, _, failed = take(path)
        assert f"liste {batch.pk}" in failed and Clinic.objects.count() == 2
        _, _, failed = take(path, "--dry-run")
        assert f"liste {batch.pk}" in failed
    _, err, _ = take(path)
    assert "gjort færdigt" in err and Clinic.objects.count() == 4


def test_a_dry_run_does_not_go_on_with_anothers_list(path):
    take(path, "--stage-only")
    ImportBatch.objects.update(status="undoing")
    for more in ([], ["--dry-run"]):
        _, _, failed = take(path, *more)
        assert "samme fil" in failed
    assert ImportBatch.objects.get().status == "undoing"


# Back


def test_rolled_back_and_gone_again(path):
    take(path)
    batch = ImportBatch.objects.get()
    out, _, failed = run("rollback_import", batch.pk)
    batch.refresh_from_db()
    assert not failed and batch.status == "undone" and "3 rullet tilbage, 0 kun delvis" in out
    assert sorted(Clinic.objects.values_list("slug", flat=True)) == ["hoften", "ryggen"]
    _, _, failed = run("rollback_import", batch.pk)
    assert failed == "Listen er allerede rullet tilbage."


def test_what_was_changed_since_is_named(path):
    Clinic.objects.filter(slug="ryggen").update(phone="", is_example=False)
    take(path, "--date", "2026-11-01")
    batch = ImportBatch.objects.get()
    Clinic.objects.filter(slug="ryggen").update(phone="+4586129999")
    out, _, failed = run("rollback_import", batch.pk)
    assert not failed and "Række 2, Ryggen: " in out and "1 kun delvis" in out
    assert Clinic.objects.get(slug="ryggen").phone == "+4586129999"


@pytest.mark.parametrize(
    "status, why", [("staging", "bliver læst"), ("staged", "ikke indført"), ("failed", "ikke læses")]
)
def test_what_cannot_be_rolled_back_says_why(status, why):
    _, _, failed = run("rollback_import", standing(status).pk)
    assert why in failed
    _, _, failed = run("rollback_import", 4711)
    assert failed == "Der er ingen liste 4711."


def test_a_rollback_beside_another_and_after_a_killed_one():
    batch = standing("undoing")
    with Other(batch.pk):
        _, _, failed = run("rollback_import", batch.pk)
        assert failed == "Listen er ved at blive rullet tilbage."
    out, _, failed = run("rollback_import", batch.pk)
    batch.refresh_from_db()
    assert not failed and batch.status == "undone" and "0 rullet tilbage" in out
