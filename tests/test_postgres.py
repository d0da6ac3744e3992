"""The embedded server in ordinary life; tests/slow/ kills it, moves it and starts it twice."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from fysfinder import os_user, postgres_process
from fysfinder.postgres import PostgresError, Server, clear_away


@pytest.fixture
def data(folder) -> Path:
    return folder / "Mine børns 'fysser' på Ærø" / "var" / "postgres"


@pytest.fixture
def server(data):
    server = Server(data)
    yield server
    server.leave()


def processes(server: Server) -> list[int]:
    return postgres_process.find(server.name, os_user.server_user(server.data).pw_uid)


def test_naming_a_server_touches_nothing(data):
    server = Server(data)
    assert not data.parent.exists()
    assert not server.socket_folder.exists()


def test_a_folder_that_somebody_still_writes_to_is_cleared_away(folder):
    """What an interrupted initdb leaves running for a moment."""
    left = folder / "postgres.new"
    left.mkdir()
    script = "import pathlib, sys, time; end = time.monotonic() + 0.6; n = 0\n"
    script += "while time.monotonic() < end:\n"
    script += (
        "    n += 1; one = pathlib.Path(sys.argv[1], str(n)); one.parent.mkdir(exist_ok=True); one.mkdir(exist_ok=True)"
    )
    writer = subprocess.Popen([sys.executable, "-c", script, str(left)])
    while not any(left.iterdir()):
        time.sleep(0.01)
    writer_is_there = writer.poll() is None
    while writer.poll() is None:
        clear_away(left)
    clear_away(left)
    assert writer_is_there and not left.exists()


def test_a_folder_that_cannot_be_removed_is_named(folder, monkeypatch):
    monkeypatch.setattr(
        subprocess, "run", lambda *args, **kw: subprocess.CompletedProcess(args, 1, "", "rm: not empty")
    )
    with pytest.raises(PostgresError, match="not empty"):
        clear_away(folder, patience=0.1)


def test_danish_in_a_path_with_spaces_quotes_and_danish_letters(server):
    server.start()
    with server.connect("fysfinder") as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute(
            "SELECT lower('ÆØÅ'), 'ærø' ILIKE 'ÆRØ', word_similarity('ærø', '8760 rørig') < 0.5,"
            " to_tsvector('danish', 'ØMHED') @@ to_tsquery('danish', 'ømhed')"
        ).fetchone()
    assert row == ("æøå", True, True, True)


def test_new_databases_have_the_same_locale(server):
    server.start()
    with server.connect() as connection:
        connection.execute("CREATE DATABASE another")
    with server.connect("another") as connection:
        assert connection.execute("SELECT lower('ÆØÅ')").fetchone() == ("æøå",)


def test_only_its_owner_can_reach_it(server):
    server.start()
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert len(str(server.socket_folder / ".s.PGSQL.5432")) < 107
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_data_stay_and_the_processes_go(server):
    server.start()
    with server.connect("fysfinder") as connection:
        connection.execute("CREATE TABLE kept (word text)")
    server.leave()
    assert processes(server) == []
    server.start()
    with server.connect("fysfinder") as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_the_last_to_leave_ends_it(server):
    other = Server(server.data)
    server.start()
    other.start()
    server.leave()
    assert processes(other) != []
    other.connect().close()
    other.leave()
    assert processes(other) == []


def test_without_a_keeper_leaving_ends_it_too(server):
    server.start()
    keepers = [path for path in Path("/proc").iterdir() if path.name.isdigit() and is_keeper(path, server)]
    assert len(keepers) == 1
    os.kill(int(keepers[0].name), 9)
    while is_keeper(keepers[0], server):
        time.sleep(0.01)
    server.leave()
    assert processes(server) == []


def is_keeper(process: Path, server: Server) -> bool:
    try:
        return f"{server.data.parent}/postgres.users".encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False


def test_a_folder_that_is_not_ours_is_not_used(server):
    server.socket_folder.symlink_to("/etc")
    try:
        with pytest.raises(PostgresError, match=f"{server.socket_folder} belongs to another user"):
            server.start()
    finally:
        server.socket_folder.unlink()
    assert processes(server) == []


def test_what_is_wrong_is_one_line(tmp_path):
    (tmp_path / "var").write_text("a file where a folder should be")
    with pytest.raises(PostgresError) as caught:
        Server(tmp_path / "var" / "postgres").start()
    assert len(str(caught.value).splitlines()) == 1


def test_a_crash_of_initdb_leaves_nothing_in_the_way(server):
    (server.data.parent / "postgres.new" / "base").mkdir(parents=True)
    server.start()
    server.connect().close()


def test_after_leaving_nobody_answers(server):
    server.start()
    server.leave()
    with pytest.raises(psycopg.OperationalError):
        server.connect()
