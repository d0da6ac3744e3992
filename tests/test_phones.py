"""Phone numbers and websites in every notation that an owner types, and what is never stored."""

import pytest

from clinics import danish
from clinics.phones import PhoneError, read_phone
from clinics.websites import WebsiteError, read_website


@pytest.mark.parametrize(
    "text",
    [
        "86121212", "86 12 12 12", "8612 1212", "861 21 212", "86-12-12-12", "86.12.12.12", "86/12 12 12",
        "(86) 12-12-12", "+45 86121212", "+4586121212", "+45 8612 1212", "(+45) 86 12 12 12", "0045 86 12 12 12",
        "45 86 12 12 12", "tlf. 86121212", "Tlf.: 86 12 12 12", "Telefon 86121212", "Tlf nr. 86 12 12 12",
        "  86 12 12 12  ", "86\u00a012\u00a012\u00a012", "８６１２１２１２",
    ],
)  # fmt: skip
def test_a_danish_number_in_any_notation(text):
    assert read_phone(text) == "+4586121212"
    assert danish.phone(read_phone(text)) == "86 12 12 12"


@pytest.mark.parametrize(
    ("text", "stored"),
    [("+46 8 123 456 78", "+46812345678"), ("0046 8 123 456 78", "+46812345678"), ("+49 461 14 14 0", "+4946114140")],
)
def test_a_foreign_number_needs_its_country(text, stored):
    assert read_phone(text) == stored


def test_nothing_is_no_number():
    assert read_phone("") == read_phone("   ") == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("ring til os", "uden bogstaver"),
        ("86 12 12 1A", "uden bogstaver"),
        ("1-800-FYSIO", "uden bogstaver"),
        ("tlf.", "skrives med tal"),
        ("86 12 12 1", "otte cifre"),
        ("112", "otte cifre"),
        ("1813", "otte cifre"),
        ("86 12 12 12 3", "Vi kender ikke"),
        ("86 12 12 12 / 86 13 13 13", "kun ét"),
        ("86 12 12 12 og 86 13 13 13", "kun ét"),
        ("00 00 00 00", "Vi kender ikke"),
        ("12 34 56 78", "Vi kender ikke"),
        ("+45", "Vi kender ikke"),
        ("+", "skrives med tal"),
        ("+999 12 34 56 78", "Vi kender ikke"),
        ("90 12 12 12", "koster ekstra"),
        ("+45 00 00 12 34", "Vi kender ikke"),
        ("86121212;ext=1", "uden bogstaver"),
        ("86121212\r\nBcc: x@y.dk", "uden bogstaver"),
        ("8" * 5000, "kun ét nummer"),
        ("\0", "uden bogstaver"),
        ("<script>", "uden bogstaver"),
    ],
)
def test_what_is_no_number_gets_one_sentence(text, word):
    with pytest.raises(PhoneError) as error:
        read_phone(text)
    assert word in error.value.text and error.value.text.endswith(".")


def test_only_an_invented_clinic_has_a_number_that_nobody_has():
    assert read_phone("+45 00 00 12 34", example=True) == "+4500001234"
    assert read_phone("86 12 12 12", example=True) == "+4586121212"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("klinik.dk", "https://klinik.dk"),
        ("www.klinik.dk/priser?a=1#top", "https://www.klinik.dk/priser?a=1#top"),
        ("http://klinik.dk", "http://klinik.dk"),
        ("HTTPS://Klinik.dk", "https://Klinik.dk"),
        ("//klinik.dk", "https://klinik.dk"),
        ("fysioterapi-ærø.dk", "https://fysioterapi-ærø.dk"),
        ("klinik.dk/tid?tel=86:12", "https://klinik.dk/tid?tel=86:12"),
        ("  klinik.dk ", "https://klinik.dk"),
        ("", ""),
    ],
)
def test_a_website_needs_no_scheme(text, stored):
    assert read_website(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)", "\x01javascript:x",
        "data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "ftp://klinik.dk", "mailto:a@klinik.dk",
        "tel:86121212", "javascript://klinik.dk/%0aalert(1)", "https:klinik.dk", "klinik .dk", "https://klinik.dk/a b",
        "localhost", "http://localhost/", "http://127.0.0.1", "127.0.0.1", "http://127.1", "http://0x7f.1", "http://2130706433",
        "http://[::1]/", "http://klinik.localhost", "http://printer.local", "intranet", "klinik.dk:8080", "https://klinik.dk:22",
        "https://bruger:kode@klinik.dk", "https://klinik.dk@ond.example", "https://klinik.dk\\@ond.example", "https://",
        "https://.dk", "a@klinik.dk", "klinik.dk\r\nSet-Cookie: x", "https://kli\u202enik.dk", "https://[klinik.dk", "<b>.dk",
        'https://klinik.dk/"onclick="x', "klinik.dk/" + "a" * 300, "\0",
    ],
)  # fmt: skip
def test_what_a_link_must_not_lead_to(text):
    with pytest.raises(WebsiteError) as error:
        read_website(text)
    assert error.value.text.endswith(".")
