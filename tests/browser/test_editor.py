"""Edith's way with an article: upload, look, import, write, see it at once, set a time, and there it is."""

import datetime
import re

import pytest

from .accounts import log_in
from .test_pages import violations

ADMIN = "/admin/articles/article/"
SLUG = "browserproeve-af-foden"
FILE = """---
title: "Browserprøve af foden"
---
Indledning om foden.

## Hvad er det?

En forklaring.

## Hvad kan jeg gøre?

Gå en tur.
"""


@pytest.fixture
def logged_in(open_page):
    """`logged_in(address, **how)` → a page on which Edith is logged in. What the test makes is taken away again."""
    from articles.models import Article, Upload
    from clinics.models import Condition

    def open_one(address: str = ADMIN, **how):
        page = open_page(f"/admin/login/?next={address}", **{"width": "desktop"} | how)
        log_in(page, "edith@example.org", "fysfinder-demo")
        page.wait_for_url(f"**{address}")
        return page

    yield open_one
    Article.objects.filter(slug=SLUG).delete()
    Condition.objects.filter(slug=SLUG).delete()
    Upload.objects.all().delete()


@pytest.fixture
def draft():
    from articles.models import Article

    return Article.objects.create(slug=SLUG, title="Browserprøve af foden", body=FILE.split("---\n", 2)[2])


def test_from_upload_through_preview_and_a_set_time_to_the_public_page(logged_in, open_page, site, monkeypatch):
    from clinics import clock

    page = logged_in()
    page.get_by_role("link", name="Upload filer").click()
    page.set_input_files("#id_chosen", {"name": f"{SLUG}.md", "mimeType": "text/markdown", "buffer": FILE.encode()})
    page.get_by_role("button", name="Se, hvad der vil ske").click()
    # First only a look.
    page.get_by_text("Intet er ændret endnu.").wait_for()
    page.get_by_text("Sådan er filen forstået").click()
    page.get_by_text("Hvad kan jeg gøre?").wait_for()
    page.get_by_role("button", name="Importér", exact=True).click()
    page.get_by_role("link", name=f"/ordbog/{SLUG}/").click()
    # What is written is seen at once, in the look of the public page, without being saved.
    preview = page.locator("#preview-page")
    preview.get_by_role("heading", name="Hvad er det?").wait_for()
    page.locator("#id_body").press_sequentially("\n\n## Nyt afsnit\n\nVi garanterer, at det hjælper.\n")
    preview.get_by_role("heading", name="Nyt afsnit").wait_for()
    # A finding leads to its line; mended, it is gone.
    page.locator(".findings").evaluate("one => { one.open = true }")
    finding = page.locator(".finding--error", has_text="garanterer")
    finding.get_by_role("button").click()
    selected = "one => one.value.slice(one.selectionStart, one.selectionEnd)"
    assert page.locator("#id_body").evaluate(selected) == "Vi garanterer, at det hjælper."
    page.keyboard.type("Det hjælper nogle.")
    finding.wait_for(state="detached")
    # A time: the text is saved first, and the page asks when.
    page.get_by_role("button", name="Planlæg").click()
    when = (clock.now() + datetime.timedelta(days=1)).replace(second=0, microsecond=0)
    page.fill("#id_publish_at_0", f"{when:%d.%m.%Y}")
    page.fill("#id_publish_at_1", f"{when:%H:%M}")
    page.get_by_role("button", name="Planlæg").click()
    page.get_by_text(re.compile("er nu planlagt til")).wait_for()
    # Not before its time, and then by itself.
    reader = open_page(f"/ordbog/{SLUG}/")
    assert reader.locator("h1").inner_text() != "Browserprøve af foden"
    monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + datetime.timedelta(days=1, minutes=1))
    reader.reload()
    assert reader.locator("h1").inner_text() == "Browserprøve af foden"
    assert reader.get_by_text("Det hjælper nogle.").is_visible()


def test_the_form_works_without_javascript(logged_in, draft):
    page = logged_in(f"{ADMIN}{draft.pk}/change/", javascript=False)
    page.fill("#id_body", "Ind.\n\n## Uden script\n\nTekst.\n")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Vis hele siden").click()
    opened.value.get_by_role("heading", name="Uden script").wait_for()
    page.get_by_role("button", name="Gem, og bliv her").click()
    draft.refresh_from_db()
    assert "Uden script" in draft.body


def test_text_is_not_lost_when_the_log_in_has_run_out(logged_in, draft):
    page = logged_in(f"{ADMIN}{draft.pk}/change/")
    page.fill("#id_body", "Det, jeg skrev i en time.")
    page.context.clear_cookies(name="sessionid")
    page.locator("#preview-problem", has_text="Du er logget ud").wait_for()
    page.get_by_role("button", name="Gem, og bliv her").click()
    log_in(page, "edith@example.org", "fysfinder-demo")
    offer = page.locator("#unsaved")
    offer.locator("q", has_text="Det, jeg skrev i en time.").wait_for()
    offer.get_by_role("button", name="Hent den").click()
    assert page.input_value("#id_body") == "Det, jeg skrev i en time."
    page.get_by_role("button", name="Gem, og bliv her").click()
    page.locator(".messagelist .success").wait_for()
    draft.refresh_from_db()
    assert draft.body.strip() == "Det, jeg skrev i en time."


def screens(article) -> dict[str, str]:
    from django.contrib.auth import get_user_model

    from articles.uploads import look_at_files

    edith = get_user_model().objects.get(username="edith@example.org")
    upload = look_at_files([(f"{SLUG}.md", FILE.replace("Gå", "Løb").encode()), ("tom.md", b"")], by=edith)
    base = f"{ADMIN}{article.pk}"
    version = article.history.first().pk
    return {
        "list": ADMIN,
        "form": f"{base}/change/",
        "new": f"{ADMIN}add/",
        "upload": f"{ADMIN}upload/",
        "upload report": f"{ADMIN}upload/{upload.pk}/",
        "safety": f"{base}/safety/",
        "versions": f"{base}/history/",
        "version": f"{base}/history/{version}/",
        "step": f"{base}/trin/planlaeg/",
        "address": f"{base}/adresse/",
    }


def wrong_with(page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_function("document.querySelectorAll('.select2-selection:not([aria-label])').length === 0")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return violations(page) + ([f"{overflow} px wider than the window"] if overflow > 0 else [])


def test_the_editors_screens_are_sound(logged_in, site, draft):
    page = logged_in(width="phone")
    addresses = screens(draft)
    assert not {name: wrong for name, address in addresses.items() if (wrong := wrong_with(page, site + address))}
    # In the dark on a wide screen: those with colours of their own.
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    coloured = ("list", "form", "upload report", "version")
    assert not {name: wrong for name in coloured if (wrong := wrong_with(page, site + addresses[name]))}
