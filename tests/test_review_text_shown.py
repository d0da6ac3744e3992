"""A review's text as it is stored, and as writers and moderators are shown what was found in it; and how long that takes."""

import re

import pytest
from django.template.loader import render_to_string

from clinics.reviews.text_checks import Finding, check, checked, cleaned, marked
from tests.html_reader import assert_harmless
from tests.machine import moment, seconds
from tests.xss import VECTORS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Godt \r\n\r\n\r\n\r\nog   blidt\t. ", "Godt\n\nog blidt ."),
        ("a\u202eb\u2066c\u200bd\ufeffe\u00adf", "abcdef"),
        ("x" + "\u0301" * 10_000 + "y", "xy"),
        ("e\u0301" + "\u0335" * 10, "é"),
        ("b̸l̸å̸", "blå"),
        ("𝐆𝐨𝐝 Ｋｌｉｎｉｋ Ⓐ", "God Klinik A"),
        ("Klіnіk", "Klinik"),
        ("Дякую", "Дякую"),
        ("Işık Nguyễn Thị Đào", "Işık Nguyễn Thị Đào"),
        ("a\u3164b\u2800c\u115fd", "abcd"),
        ("en\u2003to\u3000tre\u00a0fire", "en to tre fire"),
        ("½ m² … “citat” – ™ ❤️", "½ m² … “citat” – ™ ❤️"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\ud800x", "x"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("ที่นี่ดีมาก", "ที่นี่ดีมาก"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_cleaning(typed, kept):
    assert cleaned(typed) == kept == cleaned(kept)


def test_marked_text_is_escaped():
    text = "<b>Ring 86 12 12 12</b> & skriv"
    assert marked(text, check(text)) == "&lt;b&gt;Ring <mark>86 12 12 12</mark>&lt;/b&gt; &amp; skriv"
    here = [Finding("x", 0, 4, "", False), Finding("y", 2, 6, "", False), Finding("z", 5, 5, "", False)]
    assert marked("abcdefgh", here) == "<mark>abcd</mark><mark>ef</mark>gh"
    assert marked("", []) == "" and marked("a\nb", []) == "a\nb"


@pytest.mark.parametrize("vector", VECTORS)
def test_no_text_runs_anything(vector):
    text = f"{vector} 86 12 12 12 {vector}"
    findings = check(text)
    assert_harmless(re.sub("</?mark>", "", marked(cleaned(text), findings)))


def test_excerpts_show_the_words_around():
    shown = checked(
        "Første besøg var fint, men så skulle jeg ringe på 86 12 12 12 for at få en ny tid, og det gik ikke."
    ).excerpts
    assert [(one.before, one.words, one.after) for one in shown] == [
        ("… men så skulle jeg ringe på ", "86 12 12 12", " for at få en ny tid, og det …")
    ]


def test_the_list_names_each_kind_once_what_blocks_first():
    text = "Mette kom for sent. Mette gik tidligt. Mette sagde, at jeg kunne ringe på 86 12 12 12. Mette, Mette!"
    told = checked(text, names=["Mette Hansen"], is_negative=True)
    html = render_to_string("clinics/reviews/_findings.html", {"checked": told})
    assert html.count("navnet på en") == 1 and "Og 2 steder mere." in html
    assert html.index("telefonnummer") < html.index("navnet på en")
    assert "<mark>86 12 12 12</mark>" in html and "Ret det her, før du sender:" in html
    assert "Se lige på det her" in render_to_string(
        "clinics/reviews/_findings.html", {"checked": checked("KOM ALDRIG HER")}
    )
    assert not render_to_string("clinics/reviews/_findings.html", {"checked": checked("Godt.")}).strip()


@pytest.mark.parametrize("vector", VECTORS[::5])
def test_the_list_escapes_what_it_shows(vector):
    html = render_to_string(
        "clinics/reviews/_findings.html", {"checked": checked(f"{vector[:20]} 86 12 12 12 {vector[:20]}")}
    )
    shown = re.search(r'<p class="review-findings__place" dir="auto">(.*?)</p>\s*\n', html, re.DOTALL)
    assert_harmless(re.sub("</?mark>", "", shown[1]))


def test_the_names_of_more_people_than_any_clinic_has_take_no_time_worth_speaking_of():
    """A patient with a slow telephone waits for the answer while typing."""
    text = "Jeg kom med ondt i ryggen, og behandleren tog sig god tid; kl. 13.30 var vi 2-3 på holdet. " * 16
    names = [f"Navn{place} Efternavn{place}" for place in range(40)]
    check(text, names=names, is_negative=True)  # patterns are made once
    assert seconds(lambda: check(text, names=names, is_negative=True), 3) < 200 * moment()


@pytest.mark.parametrize(
    "piece",
    ["a.", "a-", "1 ", "1-", "en ", "@", "a@", "(a) ", "a at ", "M.", " . ", "0101", "!"],
)
def test_four_times_the_text_takes_no_more_than_four_times_the_time(piece):
    """With slack on top; what grows with the square of the text would take sixteen times."""
    names = ["Mette Hansen", "A Aa"]
    for _attempt in range(4):  # another process may have been in the way
        small, large = (
            seconds(lambda size=size: check((piece * size)[:size], names=names, is_negative=True), 2)
            for size in (2_000, 8_000)
        )
        if large < 9 * max(small, 0.003):
            return
    pytest.fail(f"{small:.3f} s for 2 000 characters, {large:.3f} s for 8 000")
