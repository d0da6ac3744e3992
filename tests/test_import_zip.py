"""Zips: what is in them comes in, and what a hostile one holds costs neither memory nor time nor a good article."""

import io
import resource
import stat
import struct
import time
import tracemalloc
import zipfile
import zlib
from contextlib import suppress

import pytest

from articles.importer import import_paths, import_upload
from articles.importing import archives
from articles.models import Article
from articles.source_files import LARGEST, SourceError
from tests.article_files import FOOT
from tests.machine import slowness
from tests.pictures import photo
from tests.test_import_articles import outcomes, run

pytestmark = pytest.mark.django_db

GOOD = ("ondt-i-foden.md", FOOT)


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


def zipped(*members, **options) -> bytes:
    """A zip of (name or ZipInfo, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content, **options)
    return out.getvalue()


def upload(*members, **options):
    return import_upload(zipped(*members), "artikler.zip", **options)


def errors(report) -> dict[str, str]:
    return {row.path: row.error for row in report.files if row.error}


def member(name: str, *, mode: int = 0, flags: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.flag_bits = flags
    return info


# What comes in


def test_the_articles_of_a_zip_come_in_and_stay_as_they_are(tmp_path):
    path = tmp_path / "artikler.zip"
    path.write_bytes(zipped(("ben/", ""), (f"ben/{GOOD[0]}", FOOT), ("hoved/hovedpine.md", "# Hovedpine\n\nTekst.")))
    report, _, failed = run(path)
    assert not failed
    assert outcomes(report) == {"ondt-i-foden": "created", "hovedpine": "created"}
    assert [row["path"] for row in report["files"]] == [f"{path}/ben/ondt-i-foden.md", f"{path}/hoved/hovedpine.md"]
    assert run(path)[0]["summary"]["unchanged"] == 2
    assert outcomes(run(path, path)[0]) == {"ondt-i-foden": "unchanged", "hovedpine": "unchanged"}


def test_the_same_file_in_a_folder_is_the_same_article(tmp_path):
    assert upload(("gamle/ondt-i-foden.md", FOOT)).summary["created"] == 1
    (tmp_path / GOOD[0]).write_text(FOOT, encoding="utf-8")
    assert import_paths([tmp_path]).summary["unchanged"] == 1


def test_pictures_in_the_zip_belong_to_its_articles():
    text = "---\ntitle: Foden\n---\n![Knæ](billeder/knæ.jpg)\n"
    report = upload(("a/foden.md", text), ("a/billeder/knæ.jpg", photo()))
    assert (report.summary["created"], report.files[0].warnings) == (1, [])
    assert "<img" in Article.objects.get().lead_html


def test_what_systems_leave_behind_is_no_article():
    noise = ("__MACOSX/._ondt-i-foden.md", ".DS_Store", "a/.git/x.md", "Thumbs.db", "README.md", "a/desktop.ini")
    report = upload(GOOD, *((name, b"\0\1") for name in noise))
    assert [row.slug for row in report.files] == ["ondt-i-foden"]


@pytest.mark.parametrize(
    "raw",
    [
        "ømme-fødder-på-ærø.md".encode(),  # a Mac: UTF-8, and not a word about it
        "ømme-fødder-på-ærø.md".encode("cp850"),  # Danish Windows
        "ømme-fødder-på-ærø.md".encode("cp1252"),
    ],
)
def test_danish_names_are_read_however_they_were_packed(raw):
    placeholder = "x" * len(raw)
    data = zipped((f"{placeholder}", FOOT)).replace(placeholder.encode(), raw)
    report = import_upload(data, "a.zip")
    assert outcomes(report) == {"oemme-foedder-paa-aeroe": "created"}
    assert report.files[0].path == "a.zip/ømme-fødder-på-ærø.md"


def test_danish_names_that_say_how_they_are_written():
    assert outcomes(upload(("ømme-fødder.md", FOOT))) == {"oemme-foedder": "created"}
    name = "gåture.md".encode()
    info = zipfile.ZipInfo("g?ture.md")
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, 0) + name
    assert outcomes(upload((info, FOOT))) == {"gaature": "created"}


@pytest.mark.parametrize(
    "name, shown, outcome",
    [("a\0b.md", "a?b.md", "created"), ("a\nb\u202e.md", "a?b?.md", "created"), ("a.md\0.exe", "a.md?.exe", "failed")],
)
def test_what_no_name_can_hold_is_a_question_mark(name, shown, outcome):
    raw = name.encode()
    info = zipfile.ZipInfo("a.md")
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(raw), 1, 0) + raw
    report = upload((info, "# Ømme fødder\n\nTekst.\n"), GOOD)
    assert [(row.path, row.outcome) for row in report.files] == [
        (f"artikler.zip/{shown}", outcome),
        (f"artikler.zip/{GOOD[0]}", "created"),
    ]


def test_a_dry_run_of_a_zip_changes_nothing():
    assert upload(GOOD, dry_run=True).summary["created"] == 1
    assert not Article.objects.exists()


# What is refused, while the good article beside it comes in


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("../ude.md", FOOT, "fører ud af den"),
        ("a/../../ude.md", FOOT, "fører ud af den"),
        ("/etc/ude.md", FOOT, "fører ud af den"),
        ("..\\ude.md", FOOT, "fører ud af den"),
        ("C:\\ude.md", FOOT, "fører ud af den"),
        ("../../andre/.ssh/noegle.txt", "ssh", "fører ud af den"),
        (member("genvej.md", mode=stat.S_IFLNK | 0o777), "/etc/passwd", "genvej"),
        (member("roer.md", mode=stat.S_IFIFO | 0o777), "", "genvej"),
        ("inde.zip", zipped(GOOD), "zip-fil inde i en zip-fil"),
        ("brev.docx", b"PK\3\4", "ikke Markdown"),
        ("stor.md", b"0" * (LARGEST + 1), "fylder mere end 1 MB"),
        ("binaer.md", b"\0\1\2", "ikke tekst"),
        ("utf16.md", FOOT.encode("utf-16"), "UTF-16"),
        ("tom.md", b"", "tom"),
        ("yaml.md", b"---\na: &a [x,x]\nb: [*a,*a]\n---\nTekst.", "Oplysningerne øverst"),
    ],
)
def test_a_bad_member_is_named_and_the_good_one_comes_in(name, content, text):
    report = upload((name, content), GOOD)
    assert report.summary["created"] == 1 and report.summary["failed"] == 1
    (error,) = errors(report).values()
    assert text in error and "\n" not in error
    assert Article.objects.get().slug == "ondt-i-foden"


def test_a_locked_member_is_refused():
    data = bytearray(zipped(("laast.md", FOOT), GOOD))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1  # the first member says it is encrypted
    assert errors(import_upload(bytes(data), "a.zip")) == {
        "a.zip/laast.md": "Filen er låst med en adgangskode. Pak zip-filen uden."
    }


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_cannot_be_read_bit_by_bit_are_refused(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(*GOOD)
    (error,) = errors(import_upload(out.getvalue(), "a.zip")).values()
    assert "pakket på en måde" in error


def test_a_member_that_lies_about_its_size_is_refused():
    data = bytearray(zipped(("loegn.md", b"a" * 900_000)))
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<L", data, data.index(signature) + offset, 1000)
    (error,) = errors(import_upload(bytes(data), "a.zip")).values()
    assert "i stykker" in error


def test_two_members_of_one_name_are_not_mixed():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(GOOD, (GOOD[0], FOOT.replace("Hvil", "Bevæg")))
    report = import_upload(data, "a.zip")
    assert [row.outcome for row in report.files] == ["created", "failed"]
    assert "Hvil foden" in Article.objects.get().body


# What is refused as a whole, in one line


def test_what_is_no_zip_is_refused():
    data = zipped(GOOD)
    for broken in (b"PK\3\4hello", data[:-30], data[:40], b"PK\5\6" + b"\xff" * 18):
        report = import_upload(broken, "a.zip")
        assert errors(report) == {"a.zip": "Zip-filen er i stykker og kan ikke læses. Pak den igen."}
    assert "ikke en zip-fil" in errors(import_upload(b"hello", "a.zip"))["a.zip"]
    assert not Article.objects.exists()


def test_every_byte_of_a_zip_may_be_wrong():
    data = zipped(("a.md", "# A\n\nTekst."))
    for position in range(len(data)):
        broken = bytearray(data)
        broken[position] ^= 0xFF
        for source in archives.sources_in(io.BytesIO(broken), "a.zip"):
            with suppress(SourceError):
                source.read()


def test_too_many_members_are_refused():
    report = upload(*((f"{number}.md", "x") for number in range(archives.MOST_MEMBERS + 1)))
    assert errors(report) == {"artikler.zip": "Der er for mange filer i zip-filen: højst 5000."}


def test_a_list_of_contents_that_fills_the_memory_is_not_read():
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 60_000_000, 0, 0)
    (source,) = archives.sources_in(io.BytesIO(b"PK\1\2" + b"\0" * 60_000_000 + end), "a.zip")
    with pytest.raises(SourceError, match="for mange filer"):
        source.read()


def test_members_that_are_too_much_together_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 2_000_000)
    report = upload(*((f"{number}.md", b"0" * 900_000) for number in range(3)))
    assert list(errors(report)) == ["artikler.zip"] and "fylder for meget" in errors(report)["artikler.zip"]


def test_members_that_share_their_bytes_are_counted_as_they_are_read(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 2_000_000)
    data = zipped(*((f"{number}.md", b"# A\n\n" + b"0" * 900_000) for number in range(3)))
    archive = archives._Archive(zipfile.ZipFile(io.BytesIO(data)), "a.zip")
    sources = [archive._read(info, info.filename, LARGEST) for info in archive.archive.infolist()[:2]]
    assert sum(map(len, sources)) < 2_000_000
    with pytest.raises(SourceError, match="fylder for meget"):
        archive._read(archive.archive.infolist()[2], "2.md", LARGEST)


def zeros(name: str, claimed: int) -> bytes:
    """A zip of ten gigabytes of zeros that claims so many bytes; it weighs 10 MB itself."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = press.compress(bytes(1024**2)) + press.flush(zlib.Z_FULL_FLUSH)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, megabyte * 10 * 1024)
    data = bytearray(out.getvalue())
    for signature, method, size in ((b"PK\3\4", 8, 22), (b"PK\1\2", 10, 24)):
        start = data.rindex(signature)
        struct.pack_into("<H", data, start + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<L", data, start + size, claimed)
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "claimed", "text"),
    [
        ("nuller.md", 0xFFFFFFF0, "fylder mere end 1 MB"),
        ("nuller.md", 900_000, "i stykker"),
        ("nuller.bin", 0xFFFFFFF0, "ikke Markdown"),
    ],
)
def test_ten_gigabytes_of_zeros_cost_neither_memory_nor_time(name, claimed, text):
    data = zeros(name, claimed)
    assert len(data) < 12_000_000
    began = time.process_time()
    tracemalloc.start()
    report = import_upload(data, "a.zip")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert text in errors(report)[f"a.zip/{name}"]
    assert most < 10_000_000 and time.process_time() - began < 2 * slowness()


def test_a_picture_of_ten_gigabytes_is_a_warning():
    with zipfile.ZipFile(packed := io.BytesIO(zeros("nuller.png", 0xFFFFFFF0)), "a") as archive:
        archive.writestr("foden.md", "---\ntitle: Foden\n---\n![Fod](nuller.png)\n")
    (row,) = import_upload(packed.getvalue(), "a.zip").files
    assert (row.outcome, [warning["code"] for warning in row.warnings]) == ("created", ["image_unreadable"])


# One file that is sent


def test_an_article_that_is_sent_comes_in():
    report = import_upload(FOOT.encode(), "C:\\artikler\\ondt-i-foden.md", publish=True)
    assert (report.files[0].path, report.summary["created"]) == ("ondt-i-foden.md", 1)
    assert Article.objects.published().exists()


def test_a_zip_is_known_by_what_it_holds():
    assert import_upload(zipped(GOOD), "ondt-i-foden.md").summary["created"] == 1


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("stor.md", b"a" * 50_000_000, "for stor"),
        ("foto.jpg", photo(), "i en zip-fil sammen med sin artikel"),
        ("brev.docx", b"", "ikke Markdown"),
        ("", b"", "ikke Markdown"),
    ],
)
def test_other_files_that_are_sent_are_refused(name, data, text):
    (error,) = errors(import_upload(data, name)).values()
    assert text in error


def test_the_tree_is_told_when_it_is_asked_for():
    row = import_upload(FOOT.encode(), GOOD[0], dry_run=True, tree=True).files[0].as_json()
    assert row["lead"] is True and row["outro"] is True
    assert [(part["level"], part["kind"], part["tables"]) for part in row["tree"]] == [
        (2, "text", 1),
        (2, "text", 1),
        (2, "exercises", 0),
        (2, "self_help", 0),
        (2, "faq", 0),
    ]
    assert row["tree"][2]["heading"] == "Hvilke øvelser hjælper foden?"
    assert row["tree"][2]["items"] == ['Hvordan laver jeg "tåkrøl"?', "Hælløft"]
    assert len(row["tree"][4]["items"]) == 3
    plain = import_upload(FOOT.encode(), GOOD[0], dry_run=True).files[0].as_json()
    assert "tree" not in plain and "lead" not in plain


def test_a_file_of_fifty_megabytes_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "stor.md"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert "for stor" in errors(import_paths([path]))[str(path)]
    assert time.monotonic() - began < slowness()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
