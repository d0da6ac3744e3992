"""CSV of every make: what is read of it, and what is said where it goes wrong."""

import csv
import gzip
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.intake.reading import csv_rows, lines, raw
from clinics.intake.reading.files import Raw, UnreadableError, rows_of
from clinics.intake.reading.template import template

FORMATS = ("csv", "geojson")


def read(text: str | bytes, columns: dict[str, str] | None = None) -> list[Raw]:
    content = text.encode() if isinstance(text, str) else text
    return list(rows_of(io.BytesIO(content), format="csv", columns=columns or {}))


def names(text: str | bytes) -> list[str]:
    return [one.cells.get("name", one.problem) for one in read(text)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_make_of_csv(encoding, end, delimiter):
    told = [["navn", "by"], ["Ærø Øst Å", "Tønder"], ["Ryg", "Aarhus C"]]
    text = end.join(delimiter.join(row) for row in told) + end
    assert [(one.row, one.cells) for one in read(text.encode(encoding))] == [
        (2, {"name": "Ærø Øst Å", "town": "Tønder"}),
        (3, {"name": "Ryg", "town": "Aarhus C"}),
    ]


def test_windows_letters_that_come_late_and_two_lists_put_together():
    head = "navn;by\n" + "Ryg;Odense\n" * 200_000
    rows = [
        one.cells["town"]
        for one in read(head.encode()[: 8 + 11 * 1000] + "Knæ;Tønder\n".encode("cp1252") + "Hæl;Ærø\n".encode())
    ]
    assert rows[-2:] == ["Tønder", "Ærø"]


def test_the_template_is_read_back():
    rows = read(template())
    assert len(rows) == 1 and rows[0].external_id and not rows[0].problem
    example = next(csv.DictReader(io.StringIO(template().decode("utf-8-sig")), delimiter=";"))
    assert set(rows[0].cells.values()) | {rows[0].external_id} == {text for text in example.values() if text}


def test_quoted_newlines_and_the_number_of_the_first_line():
    rows = read('navn;tekst\nA;"en\nto\n\ntre"\n\nB;"fire"\n')
    assert [(one.row, one.cells["text"]) for one in rows] == [(2, "en\nto\n\ntre"), (7, "fire")]


def test_excels_own_first_line():
    assert names("sep=,\nnavn,by\nA,Odense\n") == ["A"]


def test_headings_by_mapping_and_by_themselves():
    columns = {"Fornavn": "name", "Efternavn": "name", "Vej": "address", "Nr": "address", "by": "ingen"}
    (row,) = read("Efternavn,Fornavn,Vej,Nr,tlf,by\nHansen,Mette,Nørregade,5 B,33232565,Odense\n", columns)
    assert row.cells == {"name": "Hansen Mette", "address": "Nørregade 5 B", "phone": "33232565"}


def test_of_two_columns_for_one_fact_the_mapped_one_counts_and_else_the_first_that_says_something():
    (row,) = read("navn,telefon,mobil\nA,,33232565\n")
    assert row.cells["phone"] == "33232565"
    (row,) = read("navn,telefon,Nummer\nA,11111111,33232565\n", {"Nummer": "phone"})
    assert row.cells["phone"] == "33232565"
    (row,) = read("navn,adresse,vej\nA,Nørregade 5,Nørregade\n")
    assert row.cells["address"] == "Nørregade 5"


def test_headings_are_complained_about_once():
    rows = read("navn,x,telefon,telefon,y\nA,1,33232565,44444444,2\nB,1,,,2\n", {"mangler": "cvr"})
    assert [one.row for one in rows] == [1, 2, 3]
    assert rows[0].fatal and all(word in rows[0].problem for word in ("“x” og “y”", "“telefon”", "“mangler”"))
    assert rows[1].cells["phone"] == "33232565" and not rows[1].problem


def test_many_unknown_headings_are_not_all_named():
    rows = read("navn," + ",".join(f"felt{number}" for number in range(500)) + "\nA\n")
    assert len(rows[0].problem) < 400 and "492 til" in rows[0].problem


def test_empty_rows_and_repeated_headings_are_no_rows():
    assert names("navn,by\n,\n\n  , \nA,Odense\nnavn,by\nB,Ribe\n") == ["A", "B"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "tom"),
        (b"\xef\xbb\xbf\r\n \n", "tom"),
        (b"\x00" * 100, "tom"),
        (b"hej,verden\n1,2\n", "overskrifterne"),
        (b"Klinik A,8000\nKlinik B,9000\n", "overskrifterne"),
        (b"a," * 1_000_000 + b"\n1\n", "Første linje er for lang"),
        (b"a;" * 1_500 + b"\n1\n", "1501 kolonner"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "regneark"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 navn}", "tekstdokument"),
        (b"navn,by\n\x00\x01\x02\x03", "ikke en tekstfil"),
        ("navn,by\nA,B\n".encode("utf-32"), "UTF-32"),
        (gzip.compress(b"navn,by\n", mtime=0), "gzip"),
    ],
)
def test_files_of_which_nothing_can_be_read(content, word):
    with pytest.raises(UnreadableError) as raised:
        read(content)
    assert word in raised.value.text


def test_a_spreadsheet_is_told_what_to_do():
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(UnreadableError, match="Gem den som CSV"):
        read(book.getvalue())


def test_a_quote_never_closed_takes_no_other_row_with_it():
    rows = read('navn;by\nA;Ribe\nB;"Odense\nC;Aarhus C\nD;"Tønder"\n')
    assert [(one.row, one.cells.get("name", "")) for one in rows] == [(2, "A"), (3, ""), (4, "C"), (5, "D")]
    assert rows[1].problem == csv_rows.UNCLOSED and rows[1].fatal
    rows = read('navn;by\n"A;Odense\n"B";Ribe\nC;Vejle\n')  # the next row's quote would close it, with as many cells
    assert [one.cells.get("name", "") for one in rows] == ["", "B", "C"]


def test_a_quote_never_closed_in_a_long_file():
    rows = read('navn;by\n"A;Odense\n' + "B;Ribe\n" * 30_000)
    assert len(rows) == 30_001 and rows[0].problem == csv_rows.UNCLOSED and rows[-1].row == 30_002


def test_thousands_of_unclosed_quotes_do_not_read_the_file_thousands_of_times():
    counted = {"lines": 0}

    class Counting(csv_rows._Source):
        def __next__(self):
            counted["lines"] += 1
            return super().__next__()

    source = csv_rows._Source
    try:
        csv_rows._Source = Counting
        rows = read("navn;by\n" + 'a"b;"c\n' * 20_000)
    finally:
        csv_rows._Source = source
    assert len(rows) >= 10_000 and counted["lines"] < 20_000 * 40


@pytest.mark.parametrize("tail", ["B;Odense C;332325", 'B;"Odense', "B;Od", "B"])
def test_a_truncated_file_says_so_and_keeps_what_came_before(tail):
    rows = read(f"navn;by;telefon;email\nA;Ribe;33232565;a@klinik.dk\n{tail}")
    assert [one.cells.get("name", "") for one in rows] == ["A", ""]
    assert rows[1].row == 3 and rows[1].fatal and rows[1].problem == csv_rows.CUT_OFF


def test_a_last_row_without_a_line_end_is_whole_where_nothing_is_missing():
    assert names("navn;by\nA;Ribe\nB;Odense") == ["A", "B"]
    assert names("navn;by;tlf\nA;Ribe\nB;Odense") == ["A", "B"]  # the others are as short


def test_a_file_cut_within_a_letter():
    assert names("navn;by\nÆrø;Ribe\nÅby;Tønd".encode() + b"\xc3")[-1] == "Åby"


def test_a_shifted_row_is_not_taken():
    (row,) = read("navn,adresse,by\nA,Nørregade 5, 2. tv.,Odense\n")
    assert row.fatal and not row.cells and "4 felter" in row.problem and "komma" in row.problem
    assert names("navn,by\nA,Ribe,,,\n") == ["A"]


def test_quotes_within_a_cell_that_nobody_doubled():
    rows = read('navn;by\n"Klinik "Ryg" ApS";Ribe\n5" rør;Odense\n')
    assert rows[0].problem == csv_rows.MISQUOTED and rows[1].cells["name"] == '5" rør'


def test_a_space_behind_a_quote_is_no_mistake():
    assert names('"navn" ; "by"\n"A, B" ;"Ribe"\n') == ["A, B"]


def test_a_heading_on_two_lines():
    (row,) = read('"Pris\nførste",navn\n450,A\n')
    assert (row.row, row.cells) == (3, {"price_first": "450", "name": "A"})
    (row,) = read('"Pris,navn\n450,A\n', {"Pris,navn 450,A": "name"}) or [None]
    assert row is None


@pytest.mark.parametrize("cell", ["x" * 5_000_000, '"' + "x" * 5_000_000 + '"', "a;" * 1_000_000])
def test_a_row_that_is_far_too_long(cell):
    rows = read(f"navn;by\nA;Ribe\n{cell};Odense\nB;Vejle\n")
    assert [(one.row, one.cells.get("name", "")) for one in rows] == [(2, "A"), (3, ""), (4, "B")]
    assert rows[1].problem == csv_rows.TOO_LONG


def test_the_limit_of_pythons_reader_is_left_alone():
    before = csv.field_size_limit()
    read("navn;by\n" + "x" * 200_000 + ";Ribe\n")
    assert csv.field_size_limit() == before > csv_rows.LONGEST_ROW


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(csv_rows, "MOST_ROWS", 3)
    rows = read("navn;by\n" + "A;Ribe\n" * 5)
    assert [one.row for one in rows] == [2, 3, 4, 5] and rows[-1].problem == csv_rows.TOO_MANY
    assert [one.problem for one in read("navn;by\n" + "A;Ribe\n" * 3)] == ["", "", ""]


def test_too_much_when_unpacked(monkeypatch):
    monkeypatch.setattr(lines, "MOST_BYTES", 100_000)
    content = gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(b"navn;by\n" + b"A;Ribe\n" * 1_000_000)))
    rows = list(rows_of(content, format="csv", columns={}))
    assert rows[-1].fatal and "større end" in rows[-1].problem and len(rows) < 100_000
    assert [one.row for one in rows] == sorted({one.row for one in rows})


class Endless(io.RawIOBase):
    """A stream that can neither be sought nor be held: only read, and only a piece at a time."""

    def __init__(self, rows: int) -> None:
        self.left, self.longest = rows, 0

    def read(self, size=-1):
        assert 0 < size <= 1 << 20
        told = b"navn;by\n" if self.left == 30_000 else b""
        some = min(self.left, 1000)
        self.left -= some
        return told + b"Fysioterapi i byen;Odense C\n" * some


def test_rows_come_while_the_file_is_still_being_read():
    content = Endless(30_000)
    rows = rows_of(content, format="csv", columns={})
    next(rows)
    assert content.left > 20_000
    assert sum(1 for _ in rows) == 29_999


@settings(max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(FORMATS), st.booleans())
def test_no_bytes_at_all_crash_it(content, format, headed):
    head = b"navn;by;tekst\n" if format == "csv" else b'{"type": "FeatureCollection", "features": ['
    _harmless(head + content if headed else content, format)


@settings(max_examples=150)
@given(st.text(alphabet='navn;by,"\n\r\t \\[]{}:tru1e-"=+@æøå\x00', max_size=200), st.sampled_from(FORMATS))
def test_no_text_of_signs_that_mean_something_crashes_it(text, format):
    head = "navn;by;tekst\n" if format == "csv" else '{"features": ['
    _harmless((head + text).encode(), format)


def _harmless(content: bytes, format: str) -> None:
    try:
        rows = list(rows_of(io.BytesIO(content), format=format, columns={}))
    except UnreadableError as error:
        assert error.text
        return
    numbers = [one.row for one in rows]
    assert numbers == sorted(set(numbers)) and all(number > 0 for number in numbers)
    assert all(one.problem or one.cells for one in rows) and all(one.problem for one in rows if one.fatal)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
            .map(str.strip)
            .filter(bool),
            st.text(alphabet='ab;," \n', max_size=12).map(str.strip),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(";,\t"),
)
def test_whatever_a_spreadsheet_writes_is_read_back(rows, delimiter):
    told = io.StringIO()
    writer = csv.writer(told, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(["navn", "tekst"])
    writer.writerows(rows)
    expected = [
        {"name": name} | ({"text": text} if text else {}) for name, text in rows if (name, text) != ("navn", "tekst")
    ]
    assert [one.cells for one in read(told.getvalue())] == expected


def test_a_sentence_shows_a_cell_harmlessly():
    assert raw.shown("a\n\x00b\u202e " + "x" * 100) == "“a b " + "x" * 35 + "…”"
