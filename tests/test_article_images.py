"""Pictures of articles: found beside the file, kept, shown, and never an editor's loss."""

import datetime
import os
import unicodedata

import pytest
from django.core.files.storage import default_storage

from articles.actions import save_article
from articles.document import parse
from articles.images import ImageError, ImageSource, sources_of, store_image
from articles.importer import import_paths
from articles.models import Article
from articles.rendering import render_blocks
from clinics import images
from clinics.images import digest_of, file_name
from tests.pictures import photo, photo_with_place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    return settings.MEDIA_ROOT


@pytest.fixture
def folder(tmp_path):
    """An article in a folder of its own, with one picture beside it."""
    (tmp_path / "ben" / "billeder").mkdir(parents=True)
    (tmp_path / "ben" / "billeder" / "fod.jpg").write_bytes(photo(1000, 500))
    write(tmp_path, '![En fod](billeder/fod.jpg "Foto: Åge")')
    return tmp_path


def write(folder, body: str) -> None:
    (folder / "ben" / "foden.md").write_text(f"---\ntitle: Foden\n---\nFør.\n\n{body}\n\nEfter.\n", encoding="utf-8")


def bring(folder, **options):
    """The one row of the report."""
    (row,) = import_paths([folder], **options).files
    return row


def codes(row) -> list[tuple[int, str]]:
    return [(warning["line"], warning["code"]) for warning in row.warnings]


def html() -> str:
    return Article.objects.get().lead_html


# What comes in


def test_a_picture_beside_the_article_is_shown(folder, client):
    row = bring(folder, publish=True)
    assert (row.outcome, row.warnings) == ("created", [])
    image = Article.objects.get().images.get()
    assert (image.name, image.width, image.height) == ("billeder/fod.jpg", 1000, 500)
    digest = digest_of(photo(1000, 500))
    assert all(default_storage.exists(file_name(digest, width)) for width in (480, 960, 1000))
    assert html() == (
        "<p>Før.</p>\n"
        f'<figure><img src="/billeder/{digest}-960.webp"'
        f' srcset="/billeder/{digest}-480.webp 480w, /billeder/{digest}-960.webp 960w, /billeder/{digest}-1000.webp 1000w"'
        ' sizes="(min-width: 48em) 44em, 100vw" width="1000" height="500" alt="En fod" loading="lazy" decoding="async">'
        "<figcaption>Foto: Åge</figcaption></figure><p>Efter.</p>\n"
    )
    page = client.get("/ordbog/foden/").content.decode()
    assert f'src="/billeder/{digest}-960.webp"' in page
    assert client.get(f"/billeder/{digest}-960.webp").status_code == 200


def test_a_second_time_nothing_changes(folder, monkeypatch):
    bring(folder)
    monkeypatch.setattr(images, "store", None)
    assert bring(folder).outcome == "unchanged"
    assert Article.history.count() == 1


def test_another_picture_of_the_same_name_is_an_update(folder):
    bring(folder)
    (folder / "ben" / "billeder" / "fod.jpg").write_bytes(photo(300, 300))
    row = bring(folder)
    assert (row.outcome, row.warnings) == ("updated", [])
    assert digest_of(photo(300, 300)) in html() and Article.objects.get().images.count() == 1
    assert bring(folder).outcome == "unchanged"


def test_a_picture_that_comes_later_is_an_update(folder):
    picture = folder / "ben" / "billeder" / "fod.jpg"
    data = picture.read_bytes()
    picture.unlink()
    assert codes(bring(folder)) == [(6, "image_missing")]
    assert codes(bring(folder)) == [(6, "image_missing")]
    picture.write_bytes(data)
    row = bring(folder)
    assert (row.outcome, row.warnings) == ("updated", [])
    assert "<figure>" in html()


def test_a_picture_that_we_have_need_not_come_again(folder):
    bring(folder)
    (folder / "ben" / "billeder" / "fod.jpg").unlink()
    assert bring(folder).outcome == "unchanged"
    write(folder, "![En fod](billeder/fod.jpg)\n\nNyt.")
    row = bring(folder)
    assert (row.outcome, row.warnings) == ("updated", [])
    assert "<figure>" in html()


def test_a_dry_run_keeps_no_file(folder, media):
    row = bring(folder, dry_run=True)
    assert (row.outcome, row.warnings) == ("created", [])
    assert not list(media.rglob("*.webp"))
    bring(folder)
    (folder / "ben" / "billeder" / "fod.jpg").write_bytes(photo(300, 300))
    before = list(media.rglob("*.webp"))
    assert bring(folder, dry_run=True).outcome == "updated"
    assert list(media.rglob("*.webp")) == before


def test_where_a_photo_was_taken_is_not_kept(folder, media):
    (folder / "ben" / "billeder" / "fod.jpg").write_bytes(photo_with_place())
    bring(folder)
    assert all(b"Hemmeligt" not in path.read_bytes() for path in media.rglob("*.webp"))


# Which picture a name means


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("billeder/knæ.jpg", "ben/billeder/knæ.jpg"),
        ("./billeder/knæ.jpg", "ben/billeder/knæ.jpg"),
        ("billeder/kn%C3%A6.jpg", "ben/billeder/knæ.jpg"),
        (unicodedata.normalize("NFD", "billeder/å.jpg"), "ben/billeder/å.jpg"),
        ("billeder/å.jpg", unicodedata.normalize("NFD", "ben/billeder/å.jpg")),
        ("Billeder/KNÆ.JPG", "ben/billeder/knæ.jpg"),
        ("../delt/knæ.jpg", "delt/knæ.jpg"),
        ("/images/knæ.jpg", "images/knæ.jpg"),
        ("/images/knæ.jpg", "static/images/knæ.jpg"),
        ("../../images/knæ.jpg", "images/knæ.jpg"),
        ("knæ.jpg", "et/andet/sted/knæ.jpg"),
        ("https://www.fysfinder.dk/images/knæ.jpg", "images/knæ.jpg"),
        ("<billeder/to ord.jpg>", "ben/billeder/to ord.jpg"),
        ("billeder\\\\knæ.jpg", "ben/billeder/knæ.jpg"),
    ],
)
def test_a_name_is_found_however_it_was_written(folder, name, file):
    write(folder, f"![Et knæ]({name})")
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(photo(50, 50))
    assert bring(folder).warnings == []
    assert "<figure>" in html()
    assert bring(folder).outcome == "unchanged"


def test_the_nearest_of_two_is_meant(folder):
    for place, color in (("ben", "red"), (".", "blue")):
        (folder / place / "fod.jpg").write_bytes(photo(50, 50, color))
    write(folder, "![Fod](fod.jpg)")
    bring(folder)
    assert Article.objects.get().images.get().digest == digest_of(photo(50, 50, "red"))


def test_of_two_that_differ_in_case_the_one_written_so_is_meant(folder):
    for name, color in (("fod.jpg", "red"), ("Fod.jpg", "blue")):
        (folder / "ben" / name).write_bytes(photo(50, 50, color))
    write(folder, "![Fod](Fod.jpg)")
    bring(folder)
    assert Article.objects.get().images.get().digest == digest_of(photo(50, 50, "blue"))


def test_a_name_that_can_mean_two_is_not_guessed(folder):
    for place in ("a", "b"):
        (folder / place).mkdir()
        (folder / place / "tå.jpg").write_bytes(photo(50, 50))
    write(folder, "![Tå](tå.jpg)")
    row = bring(folder)
    assert codes(row) == [(6, "image_missing")]
    assert "a/tå.jpg" in row.warnings[0]["text"] and "b/tå.jpg" in row.warnings[0]["text"]
    assert "<img" not in html() and "<p>Tå</p>" in html()


def test_the_article_alone_finds_what_lies_around_it(folder):
    assert bring(folder / "ben" / "foden.md").warnings == []


@pytest.mark.parametrize("name", ["../../hemmelig.jpg", "/hemmelig.jpg", "..%2F..%2Fhemmelig.jpg", "genvej.jpg"])
def test_nothing_outside_the_folder_is_read(tmp_path, name):
    (tmp_path / "hemmelig.jpg").write_bytes(photo())
    inside = tmp_path / "mappe"
    (inside / "ben").mkdir(parents=True)
    (inside / "ben" / "genvej.jpg").symlink_to(tmp_path / "hemmelig.jpg")
    write(inside, f"![Hemmeligt]({name})")
    assert {code for _, code in codes(bring(inside))} & {"image_missing", "image_unreadable"}
    assert "<img" not in html()


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "ben" / "roer.png")
    write(folder, "![Rør](roer.png)")
    assert codes(bring(folder)) == [(6, "image_unreadable")]


# What is told


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("fod.gif", photo(form="GIF"), "image_unreadable"),
        ("fod.svg", b"<svg/>", "image_unreadable"),
        ("fod.jpg", b"hello", "image_unreadable"),
        ("fod.jpg", photo()[:-100], "image_unreadable"),
        ("fod.jpg", photo() + bytes(images.LARGEST), "image_unreadable"),
        ("andet.jpg", photo(), "image_missing"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_a_warning_and_its_words_stay(folder, media, name, data, code):
    write(folder, f"![En fod]({'fod.jpg' if code == 'image_missing' else name})\n\n![]({name})")
    (folder / "ben" / "billeder" / "fod.jpg").unlink()
    (folder / "ben" / name).write_bytes(data)
    row = bring(folder)
    assert row.outcome == "created"
    assert (6, code) in codes(row)
    assert "<p>En fod</p>" in html() and ("<img" in html()) is (code == "image_missing")
    if code == "image_unreadable":
        assert html() == "<p>Før.</p>\n<p>En fod</p>\n<p>Efter.</p>\n" and not list(media.rglob("*.webp"))
    assert bring(folder).outcome == "unchanged"


def test_a_picture_without_words_is_told(folder):
    write(folder, "![](billeder/fod.jpg)")
    assert codes(bring(folder)) == [(6, "image_alt")]
    assert 'alt=""' in html()


def test_a_picture_of_somebody_elses_is_not_fetched(folder):
    write(folder, "![En fod](https://ond.example/fod.jpg)")
    row = bring(folder)
    assert (6, "image_remote") in codes(row)
    assert "<p>En fod</p>" in html() and "ond.example" not in html()


# What editors decide


def test_the_words_of_an_editor_stand_instead_of_the_files_and_stay(folder):
    bring(folder)
    Article.objects.get().images.update(alt='Ediths "fod"', credit="Foto: <Edith>")
    write(folder, '![En anden fod](billeder/fod.jpg "Foto: Børge")')
    (folder / "ben" / "billeder" / "fod.jpg").write_bytes(photo(300, 300))
    bring(folder)
    image = Article.objects.get().images.get()
    assert (image.alt, image.credit, image.digest) == ('Ediths "fod"', "Foto: <Edith>", digest_of(photo(300, 300)))
    assert 'alt="Ediths &quot;fod&quot;"' in html()
    assert "<figcaption>Foto: &lt;Edith&gt;</figcaption>" in html()


def test_the_words_of_the_file_follow_the_file(folder):
    bring(folder)
    write(folder, '![En anden fod](billeder/fod.jpg "Foto: Børge")')
    bring(folder)
    assert 'alt="En anden fod"' in html() and "Foto: Børge" in html()


def test_the_row_says_what_the_text_says_until_an_editor_says_otherwise(folder):
    def row() -> str:
        return Article.objects.get().images.get().alt

    write(folder, "![En fod](billeder/fod.jpg)")
    bring(folder)
    assert row() == "En fod"
    write(folder, "![En anden fod](billeder/fod.jpg)")
    bring(folder)
    assert row() == "En anden fod"
    article = Article.objects.get()
    article.body = article.body.replace("En anden fod", "En tredje fod")
    save_article(article)
    assert row() == "En tredje fod" and 'alt="En tredje fod"' in html()
    article.images.update(alt="Ediths fod")
    article.body = article.body.replace("En tredje fod", "En fjerde fod")
    save_article(article)
    assert row() == "Ediths fod"


def test_a_picture_that_stands_twice_keeps_the_words_of_each_place(folder):
    write(folder, "![En fod](billeder/fod.jpg)\n\nSå.\n\n![En anden fod](billeder/fod.jpg)")
    bring(folder)
    assert Article.objects.get().images.get().alt == ""
    assert 'alt="En fod"' in html() and 'alt="En anden fod"' in html()


def test_a_picture_that_an_editor_put_in_stays(folder):
    bring(folder)
    article = Article.objects.get()
    store_image(article, "billeder/fod.jpg", photo(70, 70))
    save_article(article)
    row = bring(folder)
    assert (row.outcome, codes(row)) == ("unchanged", [(6, "image_kept")])
    assert Article.objects.get().images.get().digest == digest_of(photo(70, 70))


def test_a_conflict_leaves_the_pictures_alone(folder, media):
    bring(folder)
    article = Article.objects.get()
    article.body += "\n\nEdith."
    save_article(article)
    (folder / "ben" / "billeder" / "fod.jpg").write_bytes(photo(300, 300))
    before = set(media.rglob("*.webp"))
    assert bring(folder).outcome == "conflict"
    assert set(media.rglob("*.webp")) == before


def test_the_pictures_of_an_example_go_with_it(folder):
    import_paths([folder], demo=True, publish=True)
    write(folder, "Uden billede.")
    bring(folder)
    assert not Article.objects.get().images.exists()


# In the editor


def test_an_editor_can_store_a_picture():
    article = Article.objects.create(slug="a", title="A", body="![](fod.jpg)")
    assert "<img" not in article.lead_html
    image = store_image(article, "fod.jpg", photo(600, 300), alt="Fod", credit="Foto: Edith")
    assert (image.alt, image.credit) == ("Fod", "Foto: Edith")
    article.render()
    assert 'alt="Fod"' in article.lead_html and "<figcaption>Foto: Edith</figcaption>" in article.lead_html
    store_image(article, "fod.jpg", photo(90, 90))
    image = article.images.get()
    assert (image.width, image.alt) == (90, "Fod")


@pytest.mark.parametrize("name", ["", "a" * 300, "https://ond.example/a.jpg", "a\n.jpg", "javascript:a"])
def test_a_name_that_no_text_can_say_is_refused(name):
    article = Article.objects.create(slug="a", title="A", body="Tekst.")
    with pytest.raises(ImageError):
        store_image(article, name, photo())
    with pytest.raises(ImageError):
        store_image(article, "fod.jpg", b"hello")
    assert not article.images.exists()


def test_a_text_without_pictures_asks_for_none(django_assert_num_queries):
    article = Article.objects.create(slug="a", title="A", body="Tekst.", updated_on=datetime.date(2025, 1, 1))
    with django_assert_num_queries(0):
        assert sources_of(article) == {}


# How they are written on the page

D = "a" * 64
FOOT = ImageSource(
    f"/billeder/{D}-480.webp", f"/billeder/{D}-480.webp 480w", "(min-width: 48em) 44em, 100vw", 480, 300, "", ""
)


def rendered(text: str, source: ImageSource = FOOT) -> str:
    return render_blocks(parse(text).lead, {"fod.jpg": source})


def test_a_picture_in_a_sentence_stays_in_it():
    page = rendered('Her er ![en fod](fod.jpg "Foto: Åge") og mere.')
    assert page.startswith("<p>Her er <img ") and page.endswith("<small>Foto: Åge</small> og mere.</p>\n")
    assert "<figure>" not in page


def test_pictures_alone_are_figures_wherever_they_stand():
    assert rendered("![a](fod.jpg)\n![b](fod.jpg)").count("<figure>") == 2
    assert rendered("- ![a](fod.jpg)\n- ![b](fod.jpg)").count("<li>") == 2
    assert "<p>" not in rendered("![a](fod.jpg)")
    page = rendered("![a](fod.jpg) ![b](mangler.jpg)")
    assert "<figure>" not in page and page.startswith("<p><img") and page.endswith("b</p>\n")
    assert rendered("![](mangler.jpg)").strip() == ""


HOSTILE = '" onerror="alert(1)" x="<script>alert(1)</script>'


@pytest.mark.parametrize(
    "source",
    [
        ImageSource(HOSTILE, "", FOOT.sizes, 1, 1, "", ""),
        ImageSource("javascript:alert(1)", FOOT.srcset, FOOT.sizes, 1, 1, "", ""),
        ImageSource("https://ond.example/billeder/a.webp", FOOT.srcset, FOOT.sizes, 1, 1, "", ""),
        ImageSource(f"//ond.example/billeder/{D}-480.webp", FOOT.srcset, FOOT.sizes, 1, 1, "", ""),
        ImageSource("/media/billeder/x.svg", FOOT.srcset, FOOT.sizes, 1, 1, "", ""),
        ImageSource(FOOT.src, "https://ond.example/a.webp 480w", FOOT.sizes, 1, 1, "", ""),
        ImageSource(FOOT.src, f"{FOOT.srcset}, //ond.example 2x", FOOT.sizes, 1, 1, "", ""),
        ImageSource(FOOT.src, FOOT.srcset, HOSTILE, 1, 1, HOSTILE, HOSTILE),
    ],
)
def test_an_image_can_lead_nowhere_but_to_our_own_pictures(source):
    page = rendered(f'![{HOSTILE}](fod.jpg "&quot; onload=alert(1)")', source)
    tags = [part.partition(">")[0] for part in page.split("<")[1:]]
    assert not any("ond.example" in tag or "javascript" in tag or "script" in tag.split()[0] for tag in tags)
    assert not any(" onerror=" in tag.replace("&quot;", "\0").split('alt="')[0] for tag in tags)
    assert page.count("<img") == 1 and "<script" not in page


@pytest.mark.parametrize(
    "text",
    [
        '<img src="fod.jpg" onerror="alert(1)">',
        "<img src=x onerror=alert(1)//>",
        '<figure onclick="alert(1)"><img src="fod.jpg"></figure>',
        f'<img src="/billeder/{D}-480.webp" srcset="https://ond.example/a 1x">',
        '<picture><source srcset="https://ond.example/a"><img src="fod.jpg"></picture>',
        "![a](javascript:alert(1))",
        "![a](data:image/svg+xml;base64,PHN2Zy8+)",
        "![a](//ond.example/fod.jpg)",
        "![a](fod.jpg \"' onload=alert(1) x='\")",
        '![" onload="alert(1)](fod.jpg)',
    ],
)
def test_no_author_writes_an_attribute_of_an_image(text):
    page = rendered(f"Før.\n\n{text}\n\nEfter.")
    for tag in (part.partition(">")[0] for part in page.split("<")[1:]):
        assert tag.split()[0].strip("/") in {"p", "figure", "figcaption", "img", "small"}
        if tag.startswith("img"):
            assert tag.startswith(
                f'img src="{FOOT.src}" srcset="{FOOT.srcset}" sizes="{FOOT.sizes}" width="480" height="300" alt='
            )
            assert tag.endswith('loading="lazy" decoding="async"')
