"""Pictures in the text: under which name each is known, wherever it stands."""

import pytest

from articles.document import parse
from articles.parts import ImageUse
from articles.rendering import render
from tests.html_reader import html_of


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("knæ.png", "knæ.png"),
        ("kn%C3%A6.png", "knæ.png"),
        ("kna\u030a.png", "knå.png"),
        ("kn%61%CC%8A.png", "knå.png"),
        ("./billeder/knæ.png", "billeder/knæ.png"),
        (".//././a.png", "a.png"),
        ("../billeder/a.png", "../billeder/a.png"),
        ("/images/a.png", "/images/a.png"),
        ("billeder\\a.png", "billeder/a.png"),
        ("a.png?w=300#x", "a.png"),
        ("<mit billede.png>", "mit billede.png"),
        ("mit%20billede.png", "mit billede.png"),
        ("a%0Ab.png", "ab.png"),
        ("https://www.fysfinder.dk/img/kn%C3%A6.png", "/img/knæ.png"),
        ("a%FF.png", "a\ufffd.png"),
    ],
)
def test_the_name_of_a_picture(address, name):
    document = parse(f"Se ![Et knæ]({address} 'Foto: Ida') her.", first_line=9)
    assert document.images == [ImageUse(name, "Et knæ", "Foto: Ida", 9)]
    assert document.remarks == []


@pytest.mark.parametrize(
    "address",
    [
        "https://eksempel.dk/a.png",
        "//eksempel.dk/a.png",
        "data:image/png;base64,AAAA",
        "javascript:x",
        "x" * 256,
        "#",
        "http://[",
    ],
)
def test_a_picture_that_lies_elsewhere_leaves_its_words(address):
    document = parse(f"Første.\n\nSe ![fodens knogler]({address}) her.")
    assert document.images == []
    assert document.lead[1].text == "Se fodens knogler her."
    assert [(remark.line, remark.code) for remark in document.remarks] == [(3, "image_remote")]
    assert "fodens knogler" in document.remarks[0].text


def test_pictures_are_found_wherever_they_stand_in_the_order_of_the_page():
    document = parse(
        "![1](1.png)\n\n## A\n- ![2](2.png)\n\n> ![3](3.png)\n\n| ![4](4.png) | b |\n|--|--|\n| ![5](5.png) | d |\n\n"
        "### Del\n[![6](6.png)](/x) **![7](7.png)**\n\n## FAQ\n### Q?\nJa.\n\n![8](8.png)\n\nSlut ![9](9.png)\n\n"
        "## Kilder\n- ![10](10.png)[^1]\n\n[^1]: ![11](11.png)"
    )
    assert [image.alt for image in document.images] == [str(number) for number in range(1, 12)]
    assert [image.line for image in document.images] == [1, 4, 6, 8, 10, 13, 13, 19, 21, 24, 26]


def test_a_paragraph_of_pictures_alone_is_kept_though_it_has_no_words():
    document = parse("## A\n![](a.png)\n![b](b.png)\n\nTekst.")
    assert [block.kind for block in document.sections[0].blocks] == ["image", "paragraph"]
    assert document.text == "A\nTekst."


def test_the_words_of_a_picture_are_no_sentence_and_no_answer():
    document = parse("## FAQ\n### Q?\n![Ring til os](a.png) Nej.")
    assert document.faq.items[0].text == "Nej."
    assert [sentence.text for sentence in document.sentences()] == ["Nej."]


def test_a_picture_that_nobody_has_shows_its_words():
    assert html_of(render(parse("Se ![et knæ](a.png) her."))) == "<p>Se et knæ her.</p>\n"


def test_pictures_within_the_words_of_a_picture_are_words():
    assert parse("![a ![b](b.png) c](d.png)").images == [ImageUse("d.png", "a b c", "", 1)]
