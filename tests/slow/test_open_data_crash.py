"""`kill -9` of whoever makes the open data: the old files stay whole, nobody waits for the dead, nothing is left lying."""

import hashlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from clinics import open_data
from tests.people import clinic

BASE_DIR = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds, for a machine that has other things to do


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(400)
def test_killed_half_way(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    clinic("A klinik", "Aarhus C")
    before = open_data.build()
    clinic("B klinik", "Aarhus C")
    builder = subprocess.Popen(
        [sys.executable, "-m", "tests.slow.open_data_builder", connection.settings_dict["NAME"], str(tmp_path)],
        cwd=BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert builder.stdout.readline() == "half way\n"
        folders = {path.name for path in (tmp_path / "open-data").iterdir() if path.is_dir()}
        assert len(folders) == 2 and before["folder"] in folders
        assert open_data.build() is None, "one at a time"
        builder.send_signal(signal.SIGKILL)
        assert builder.wait(PATIENCE) == -signal.SIGKILL
    finally:
        builder.kill()
        builder.communicate()

    for one in before["files"]:
        data = (tmp_path / "open-data" / before["folder"] / one["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == one["sha256"]
    assert open_data.published().clinics == 1

    deadline = time.monotonic() + PATIENCE
    while (made := open_data.build()) is None:  # until the database has seen that the other end is gone
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert made["files"][0]["rows"] == 2
    assert {path.name for path in (tmp_path / "open-data").iterdir()} == {"current.json", made["folder"]}
