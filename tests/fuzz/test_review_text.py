"""The properties of what is found in a review, asked of thousands of texts."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from clinics.plain_text import MOST_MARKS, has_cpr
from clinics.reviews.text_checks import check, checked, cleaned, marked
from tests.html_reader import assert_harmless
from tests.xss import VECTORS

_HIDDEN = "\u200b\u200d\u2060\ufeff\u202e\u2066\u00ad\u034f\u3164\u0336\u0301"
_LOOKS = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "i": "і", "k": "к"}
_WORDS = "Det var en god behandling af min ryg og jeg er glad for hjælpen"
_HONEST = st.lists(st.sampled_from(_WORDS.split()), max_size=9)
_tricky = st.text(
    st.one_of(
        st.sampled_from(list(_HIDDEN + "0123456789@.-()[] \n" + "dkcomaæøå" + "".join(_LOOKS.values()))),
        st.characters(),
        st.characters(categories=["Mn", "Cf", "Zs", "Nd", "No", "Sk"]),
    ),
    max_size=120,
)
_texts = st.one_of(
    _tricky,
    st.lists(
        st.one_of(_tricky, st.sampled_from(VECTORS), st.sampled_from(["86 12 12 12", "a@b.dk", "klinik.dk"])),
        max_size=6,
    ).map(" ".join),
)
_names = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["Mette Hansen", "Åse", "(", "a|b*"])), max_size=4)


@given(_texts)
def test_cleaning_twice_changes_nothing_and_leaves_nothing_hidden(text):
    once = cleaned(text)
    assert cleaned(once) == once
    assert once == once.strip() and "  " not in once and "\n\n\n" not in once
    assert unicodedata.is_normalized("NFC", once)
    marks = 0
    for letter in once:
        category = unicodedata.category(letter)
        assert letter == "\n" or (category[0] != "C" and category not in ("Zl", "Zp"))
        assert category != "Zs" or letter == " "
        marks = marks + 1 if category in ("Mn", "Me") else 0
        assert marks <= MOST_MARKS


@given(_texts, _names, st.booleans())
def test_findings_lie_in_the_text_in_order_and_apart(text, names, negative):
    once = checked(text, names=names, is_negative=negative)
    end = 0
    for finding in once.findings:
        assert end <= finding.start < finding.end <= len(once.text)
        end = finding.end
    assert list(once.findings) == check(once.text, names=names, is_negative=negative)
    groups = once.groups
    assert sum(len(group.shown) + group.more for group in groups) == len(once.findings)
    for one in once.excerpts:
        assert one.words == once.text[one.finding.start : one.finding.end]


@given(_texts, _names)
def test_marked_text_is_the_text_and_runs_nothing(text, names):
    once = checked(text, names=names, is_negative=True)
    html = str(marked(once.text, once.findings))
    assert html.count("<mark>") == html.count("</mark>") == len(once.findings)
    bare = re.sub("</?mark>", "", html)
    assert not re.search("[<>\"']", bare)
    assert_harmless(bare)


@given(
    _HONEST,
    _HONEST,
    st.text(_HIDDEN, max_size=3),
    st.sampled_from(["86 12 12 12", "86121212", "+45 86-12-12-12"]),
    st.booleans(),
)
def test_a_number_is_found_wherever_and_however_it_hides(before, after, hidden, number, fullwidth):
    if fullwidth:
        number = number.translate({ord(str(figure)): 0xFF10 + figure for figure in range(10)})
    text = " ".join([*before, hidden.join(number), *after])
    assert "phone" in [finding.kind for finding in check(text)]


@given(_HONEST, _HONEST, st.text(_HIDDEN, max_size=3), st.sets(st.sampled_from(sorted(_LOOKS))))
def test_addresses_and_names_are_found_in_letters_that_only_look_like_ours(before, after, hidden, swapped):
    for kind, words in (("email", "mie@klinik.dk"), ("url", "klinikopera.com"), ("name", "Mette Caspersen")):
        written = "".join(_LOOKS[letter] if letter in swapped else letter for letter in words)
        text = " ".join([*before, hidden.join(written), *after])
        findings = check(text, names=["Mette Caspersen"], is_negative=True)
        assert [finding.kind for finding in findings] == [kind], findings


@given(_texts)
def test_what_is_sent_holds_no_cpr_number(text):
    """What other forms of ours refuse is never let through here, but for a date with a time."""
    once = cleaned(text)
    if has_cpr(once) and not re.search(r"\d[ ,]{1,3}\d\d\.\d\d", unicodedata.normalize("NFKC", once)):
        assert any(finding.blocks for finding in check(once))
