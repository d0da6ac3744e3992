"""Reading files ahead in a second process: it changes how long an import takes, and nothing that comes of it."""

import os
import signal

import pytest

from articles.importer import import_paths
from articles.importing import ahead, candidate
from articles.models import Article, FlagSuggestion
from clinics.models import Condition

from .cramps import MASSAGE, red_flags

pytestmark = pytest.mark.django_db

COUNT = ahead.FEWEST


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(ahead.threading, "active_count", lambda: 1)  # what runs the tests may have more
    monkeypatch.setattr(ahead.os, "sched_getaffinity", lambda pid: {0, 1})
    red_flags()
    for number in range(COUNT):
        (tmp_path / f"ondt-i-foden-{number:02}.md").write_text(
            f"---\ntitle: Ondt i foden {number}\n---\nDu har ondt, og det gør ondt {number} steder.\n\n"
            f"## Hvornår skal du til læge?\n\nKontakt en fagperson, hvis benet er hævet, rødt og varmt.\n\n{MASSAGE}\n\n"
            "| Øvelse | Gange |\n|---|---|\n| Tåhævning | 10 |\n",
            encoding="utf-8",
        )
    return tmp_path


@pytest.fixture
def must_be_read_ahead(monkeypatch):
    def parse(text):
        raise AssertionError("The document was not read ahead.")

    monkeypatch.setattr(candidate, "parse", parse)


def rows():
    found = list(Article.objects.order_by("slug").values())
    for row in found:
        for name in ("terms", "made_from"):  # they name keys, which differ
            del row["document"][name]
        for name in ("id", "condition_id", "imported_at"):
            del row[name]
    return found


def told(report):
    return [result.as_json() for result in report.files]


def test_the_same_comes_in(folder, must_be_read_ahead, monkeypatch):
    read_ahead = import_paths([folder], publish=True, ahead=True)
    with_it = rows()
    assert read_ahead.summary["created"] == COUNT
    assert with_it[0]["document"]["tables"]
    assert with_it[0]["safety"]
    assert FlagSuggestion.objects.count() >= COUNT

    Article.objects.all().delete()
    Condition.objects.all().delete()
    monkeypatch.undo()
    assert told(import_paths([folder], publish=True)) == told(read_ahead)
    assert rows() == with_it


def test_what_cannot_be_read_is_told_as_ever(folder):
    (folder / "a-er-ikke-tekst.md").write_bytes(b"\0")
    (folder / "ondt-i-foden-03.md").write_text("---\ntitle: [\n---\nTekst", encoding="utf-8")
    without = import_paths([folder], dry_run=True)
    assert without.summary["failed"] == 2
    assert told(import_paths([folder], dry_run=True, ahead=True)) == told(without)


@pytest.mark.parametrize("dies_at", [0, COUNT // 2])
def test_a_second_process_that_is_killed_costs_nothing_but_time(folder, monkeypatch, dies_at):
    mother, read = os.getpid(), ahead.read_front
    seen = []

    def read_front(text):
        seen.append(text)
        if os.getpid() != mother and len(seen) > dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(text)

    monkeypatch.setattr(ahead, "read_front", read_front)
    assert import_paths([folder], ahead=True).summary["created"] == COUNT


def test_an_import_that_is_broken_off_leaves_no_process(folder):
    def progress(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths([folder], ahead=True, progress=progress)
    assert not ahead.multiprocessing.active_children()


def test_what_is_stored_already_is_not_read(folder, must_be_read_ahead):
    import_paths([folder], ahead=True)
    (folder / "ny.md").write_text("# Ny\n\nTekst.", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidate, "parse", ahead.parse)  # a single new file is read here
        report = import_paths([folder], ahead=True)
    assert (report.summary["created"], report.summary["unchanged"]) == (1, COUNT)
