"""How the files of /om/data/ come into being and reach people: whole, of one moment, and told when they are old."""

import datetime
import gzip
import json
import logging
import threading
import time

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from clinics import open_data, tasks
from clinics.open_data import building, clinic_rows
from clinics.open_data.building import LOCK
from clinics.open_data.files import FILES
from clinics.open_data.latest import size

from .people import clinic

NIGHT = datetime.datetime(2026, 11, 22, 0, 15, tzinfo=datetime.UTC)  # 01.15 in Denmark
CSV = "/om/data/klinikker.csv"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "open-data"


@pytest.fixture
def built(db):
    clinic("Ryggen på havnen", "Aarhus C")
    with time_machine.travel(NIGHT, tick=False):
        return open_data.build()


def get(client, address: str = CSV, **headers: str):
    """The answer, read to its end, so that its file is closed; `data` is what came."""
    answer = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer.data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


# --- building


def test_a_build_that_fails_leaves_the_old_files_and_nothing_else(built, media, monkeypatch, client):
    before = get(client).data
    clinic("Ny", "Aarhus C")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building.vocabulary, "rows", fail)
    with pytest.raises(OSError, match="No space"):
        open_data.build()
    assert get(client).data == before
    assert {path.name for path in media.iterdir()} == {"current.json", built["folder"]}


def test_what_a_killed_builder_left_goes_with_the_next_build(built, media):
    left = media / "20261121T011500-deadbeef"
    left.mkdir()
    (left / "klinikker.csv").write_text("half a fi")
    (media / "current.json.1234.draft").write_text("{")
    made = open_data.build()
    assert {path.name for path in media.iterdir()} == {"current.json", made["folder"]}


def test_a_reader_in_the_middle_gets_the_whole_old_file(built, client):
    answer = client.get(CSV)
    chunks = iter(answer.streaming_content)
    clinic("Ny", "Aarhus C")
    made = open_data.build()
    assert "Ny" not in b"".join(chunks).decode()
    assert made["folder"] != built["folder"] and "Ny" in get(client).data.decode()


def test_a_list_that_was_replaced_between_two_looks_is_read_again(built, client, monkeypatch):
    """The view reads the list, the next build takes the files away, the view opens one."""
    real, old = open_data.published, open_data.published()
    open_data.build()
    answers = iter([old])
    monkeypatch.setattr("clinics.views.open_data.published", lambda: next(answers, None) or real())
    assert "Ryggen på havnen" in get(client).data.decode()


@pytest.mark.django_db(transaction=True)
def test_two_builders_at_once_are_one(media):
    """The second one comes while the first is in the middle, by a connection of its own."""
    clinic("Ryggen", "Aarhus C")
    inside, go_on, made = threading.Event(), threading.Event(), []
    real = clinic_rows.fill

    def slow(clinics):
        inside.set()
        assert go_on.wait(60)
        real(clinics)

    def first():
        try:
            made.append(open_data.build())
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clinic_rows, "fill", slow)
        thread = threading.Thread(target=first)
        thread.start()
        try:
            assert inside.wait(60)
            assert open_data.build() is None
            with pytest.raises(CommandError, match="somebody else"):
                call_command("build_open_data")
            assert tasks.build_open_data() == 0
        finally:
            go_on.set()
            thread.join(60)
    assert [one["files"][0]["rows"] for one in made] == [1]
    assert open_data.build() is not None, "the lock went with the first one"


@pytest.mark.django_db(transaction=True)
def test_all_files_are_of_one_moment(media):
    """What is saved while a build runs waits for the next one, in every file."""
    for name in ("A", "B", "C"):
        clinic(f"{name} klinik", "Aarhus C")
    real, seen = clinic_rows.fill, []

    def rename():
        from clinics.models import Clinic

        try:
            Clinic.objects.update(name="Ændret")
        finally:
            connection.close()

    def meanwhile(clinics):
        if not seen:
            seen.append(True)
            other = threading.Thread(target=rename)
            other.start()
            other.join(60)
        real(clinics)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clinic_rows, "BATCH", 1)
        patch.setattr(clinic_rows, "fill", meanwhile)
        made = open_data.build()
    text = (media / made["folder"] / "klinikker.csv").read_text(encoding="utf-8")
    assert seen and "Ændret" not in text and all(f"{name} klinik" in text for name in "ABC")


@pytest.mark.django_db(transaction=True)
def test_the_lock_of_a_dead_builder_holds_nobody_up(media):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        assert open_data.build() is None
    other.close()
    deadline = time.monotonic() + 60  # until the server has seen that the other end is gone
    while open_data.build() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_task_and_the_command_build(built, capsys):
    assert tasks.build_open_data() == 1
    call_command("build_open_data")
    assert "klinikker.csv: 1 rows" in capsys.readouterr().out


# --- sending


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_sent_whole_with_its_kind_and_for_every_site(built, client, name):
    answer = get(client, f"/om/data/{name}")
    (facts,) = [one for one in built["files"] if one["name"] == name]
    assert answer.status_code == 200
    assert answer["Content-Type"] == FILES[name].content_type
    assert answer["Content-Length"] == str(facts["bytes"]) and len(answer.data) == facts["bytes"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Disposition"] == f'attachment; filename="fysfinder-2026-11-22-{name}"'
    assert answer["Last-Modified"] == "Sun, 22 Nov 2026 00:15:00 GMT"
    assert answer["X-Content-Type-Options"] == "nosniff" and not answer.cookies


def test_a_program_that_takes_gzip_gets_the_twin(built, client):
    plain, packed = get(client), get(client, accept_encoding="br, gzip;q=0.8")
    assert packed["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain
    assert int(packed["Content-Length"]) == len(packed.data)
    assert gzip.decompress(packed.data) == plain.data
    assert packed["ETag"] != plain["ETag"] and "Accept-Encoding" in packed["Vary"]
    for no in ("gzip;q=0", "gzip; q=0.0", "br", "xgzip", ""):
        assert "Content-Encoding" not in get(client, accept_encoding=no), no


def test_what_somebody_has_already_is_not_sent_again(built, client):
    first = get(client)
    for held in (
        {"if_none_match": first["ETag"]},
        {"if_none_match": f'"x", W/{first["ETag"]}'},
        {"if_modified_since": first["Last-Modified"]},
    ):
        answer = get(client, **held)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", first["ETag"])
        assert answer["Access-Control-Allow-Origin"] == "*"
    clinic("Ny", "Aarhus C")
    open_data.build()
    assert get(client, if_none_match=first["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "cut"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=3-9", slice(3, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-99999999999", slice(0, None)),
        ("bytes=-99999999999", slice(0, None)),
    ],
)
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_part_of_the_file_itself(built, client, asked, cut, encoding):
    whole = get(client).data
    answer = get(client, range=asked, accept_encoding=encoding)
    start, end, _ = cut.indices(len(whole))
    assert answer.status_code == 206 and "Content-Encoding" not in answer
    assert answer.data == whole[cut]
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"
    assert answer["Content-Length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", "bytes=99999999-99999999"])
def test_a_part_that_is_not_there(built, client, asked):
    answer = get(client, range=asked)
    assert answer.status_code == 416 and answer["Content-Range"] == f"bytes */{built['files'][0]['bytes']}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=9-3", "bytes=-", "bytes=a-b", "1-2", "bytes=१-२"]
)
def test_a_part_that_nobody_understands_is_the_whole(built, client, asked):
    answer = get(client, range=asked)
    assert answer.status_code == 200 and len(answer.data) == built["files"][0]["bytes"]


def test_a_download_that_goes_on_after_a_new_build_begins_anew(built, client):
    first = get(client)
    part = {"range": "bytes=5-", "if_range": first["ETag"]}
    assert get(client, **part).status_code == 206
    assert get(client, **(part | {"if_range": first["Last-Modified"]})).status_code == 206
    clinic("Ny", "Aarhus C")
    open_data.build()
    answer = get(client, **part)
    assert answer.status_code == 200 and "Ny" in answer.data.decode()
    assert get(client, **(part | {"if_range": first["Last-Modified"]})).status_code == 200


def test_only_our_names_and_only_reading(built, client):
    for name in ("current.json", "klinikker.csv.gz", "..%2Fcurrent.json", "%2e%2e", "klinikker.CSV", "x" * 300, "a%00"):
        assert client.get(f"/om/data/{name}").status_code == 404, name
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)(CSV).status_code == 405
    answer = client.head(CSV)
    answer.close()  # the test client drops the body of a HEAD without reading it
    assert answer.status_code == 200 and answer["Content-Length"] == str(built["files"][0]["bytes"])


# --- the page


@pytest.mark.django_db
def test_before_the_first_build_the_page_says_so(client):
    text = client.get("/om/data/").content.decode()
    assert "Filerne er ikke lavet endnu" in text and "Dataset" not in text
    assert client.get(CSV).status_code == 404


def test_the_page_tells_size_day_and_digest_of_every_file(built, client):
    with time_machine.travel(NIGHT + datetime.timedelta(hours=9), tick=False):
        text = client.get("/om/data/").content.decode()
    assert "22. november 2026 kl. 01.15" in text and "dage gamle" not in text and "ingen klinikker" not in text
    for one in built["files"]:
        assert f'href="/om/data/{one["name"]}"' in text and one["sha256"] in text and size(one["bytes"]) in text


def test_the_page_tells_search_engines_of_the_datasets(built, client):
    text = client.get("/om/data/").content.decode()
    blocks = [
        json.loads(part.partition("</script>")[0]) for part in text.split('<script type="application/ld+json">')[1:]
    ]
    assert [block["@type"] for block in blocks] == ["Dataset", "Dataset"]
    files = [one for block in blocks for one in block["distribution"]]
    assert [one["contentUrl"].rpartition("/")[2] for one in files] == list(FILES)
    assert {one["sha256"] for one in files} == {one["sha256"] for one in built["files"]}


def test_a_database_of_examples_says_that_there_are_no_clinics(client, db):
    clinic("Eksempel", "Aarhus C", is_example=True)
    open_data.build()
    assert "Der er ingen klinikker i filerne endnu" in client.get("/om/data/").content.decode()


@pytest.mark.parametrize(("hours", "is_old"), [(47, False), (49, True), (24 * 9, True)])
def test_files_older_than_two_days_are_told_on_the_page_and_once_in_the_log(built, client, caplog, hours, is_old):
    with time_machine.travel(NIGHT + datetime.timedelta(hours=hours), tick=False), caplog.at_level(logging.ERROR):
        text = client.get("/om/data/").content.decode()
        get(client)
    assert (f"Filerne er {hours // 24} dage gamle" in text) == is_old
    assert [record.getMessage() for record in caplog.records] == (
        ["the open data are from 2026-11-22: do worker and beat run? (docs/open-data.md)"] if is_old else []
    )


@pytest.mark.parametrize(
    "said", ["", "{", "[]", "{}", '{"folder": 1, "made_at": 2, "files": []}', '{"folder": "x"}', "null"]
)
def test_a_list_that_cannot_be_read_is_none(built, media, client, said, caplog):
    (media / "current.json").write_text(said)
    assert "Filerne er ikke lavet endnu" in client.get("/om/data/").content.decode()
    assert client.get(CSV).status_code == 404
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 byte"), (999, "999 byte"), (1234, "1,2 kB"), (26_416_950, "26,4 MB"), (3 * 10**9, "3,0 GB")],
)
def test_sizes_as_people_read_them(number, text):
    assert size(number) == text
