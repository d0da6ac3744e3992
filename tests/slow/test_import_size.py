"""Five hundred articles: how long they take to come in, and how much memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from tests import machine
from tests.many_articles import write_articles

BASE_DIR = Path(__file__).resolve().parents[2]
COUNT = 500
# Seconds, for a machine with two cores that is as quick as the one it was measured on (tests/machine.py).
LIMIT, LIMIT_UNCHANGED = 15, 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_five_hundred_articles(tmp_path):
    call_command("load_vocabulary", verbosity=0)
    write_articles(tmp_path, COUNT)
    before = machine.slowness()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_run", connection.settings_dict["NAME"], str(tmp_path)],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert (found["created"], found["unchanged"]) == (COUNT, COUNT)
    slowness = max(before, machine.slowness())
    assert found["seconds"] < LIMIT * slowness, (found, slowness)
    assert found["again"] < LIMIT_UNCHANGED * slowness, (found, slowness)
    assert found["megabytes"] < 250
