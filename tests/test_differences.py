"""What changed between two texts, by line and by word."""

from difflib import unified_diff

from articles.differences import Part, Row, compare, from_unified


def test_the_changed_words_of_a_paragraph_are_marked():
    rows = compare("Et.\n\nRing til lægen i morgen.\n", "Et.\n\nRing til lægen med det samme.\n")
    removed, added = (next(row for row in rows if row.kind == kind) for kind in ("removed", "added"))
    assert (removed.line, added.line) == (3, 3)
    assert removed.parts == (Part("Ring til lægen", False), Part(" i morgen", True), Part(".", False))
    assert [part.text for part in added.parts if part.changed] == [" med det samme"]
    assert added.text == "Ring til lægen med det samme."


def test_lines_far_apart_leave_a_gap_between_them():
    old = "\n".join(f"linje {n}" for n in range(1, 30))
    rows = compare(old, old.replace("linje 3\n", "linje tre\n").replace("linje 20\n", "linje tyve\n"))
    assert [row.kind for row in rows].count("gap") == 2, "above the first change and between the two"
    assert [row.line for row in rows if row.kind == "added"] == [3, 20]


def test_other_lines_are_not_cut_into_words():
    removed, added = (r for r in compare("Helt andre ord her", "Noget nyt om knæ") if r.kind != "same")
    assert not any(part.changed for part in (*removed.parts, *added.parts))


def test_the_same_text_has_no_rows():
    assert compare("Et\r\nTo\r\n", "Et\nTo\n") == []


def test_a_report_s_diff_reads_the_same():
    old, new = "a\nb\nc\n", "a\nB og mere\nc\n-\n"
    text = "".join(unified_diff(old.splitlines(True), new.splitlines(True), "gammel", "ny", n=1))
    assert from_unified(text) == compare(old, new)
    assert from_unified("") == []


def test_a_line_of_dashes_is_no_header():
    rows = compare("a\n-- x\n", "a\n++ x\n")
    assert [(row.kind, row.text) for row in rows] == [("same", "a"), ("removed", "-- x"), ("added", "++ x")]


def test_very_long_lines_are_compared_in_short_time():
    rows = compare("ord " * 50_000, "ord " * 50_000 + "til")
    assert [row.kind for row in rows] == ["removed", "added"] and isinstance(rows[0], Row)
