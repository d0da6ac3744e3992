"""Every kind of page: nobody but us is asked, the policy holds, axe finds nothing, nothing is wider than the phone."""

import pytest
from playwright.sync_api import expect

from .accounts import log_in
from .conftest import WIDTHS

PAGES = {
    "home": "/",
    "articles": "/ordbog/",
    "article": "/ordbog/iskias/",
    "article with place": "/ordbog/iskias/?sted=8000",
    "gated article": "/ordbog/blodprop-i-benet-advarselstegn/?sted=8000",
    "generic article": "/ordbog/soevn-og-smerter/",
    "results": "/find/fysioterapeut/?tilstand=iskias&sted=8000",
    "results everywhere": "/find/fysioterapeut/",
    "results, many filters": "/find/fysioterapeut/?sted=8000&ydernummer=ja&adgang=niveaufri&adgang=parkering&sprog=ar&sprog=en"
    "&aaben=aften&form=hjemme&form=hold&fakta=akut&forsikring=tryg&bekraeftet=ja&pris_max=700&ventetid_max=10&radius=50",
    "results, unknown place": "/find/fysioterapeut/?tilstand=iskias&sted=8888",
    "results, ambiguous place": "/find/fysioterapeut/?sted=Nyk%C3%B8bing",
    "results, words": "/find/fysioterapeut/?q=h%C3%A6vet+l%C3%A6g&sted=2200",
    "landing": "/find/fysioterapeut/aarhus/",
    "landing of a speciality": "/find/fysioterapeut/aarhus/knae/",
    "landing, near spelling": "/find/fysioterapeut/aahrus/",
    "landing, several places": "/find/fysioterapeut/nykoebing/",
    "referral": "/henvisning/?sted=4000",
    "specialities": "/specialer/",
    "speciality": "/specialer/ryg-og-nakke/",
    "about": "/om/",
    "data": "/om/data/",
    "order": "/saadan-sorterer-vi/",
    "reviews are checked": "/saadan-kontrollerer-vi-anmeldelser/",
    "results by rating": "/find/fysioterapeut/?sted=8000&sorter=bedoemmelse&bedoemmelse_min=3",
    "privacy": "/privatliv/",
    "accessibility": "/tilgaengelighed/",
    "contact": "/kontakt/",
    "not found": "/findes-ikke/",
    "log in": "/konto/log-ind/",
    "sign up": "/konto/opret/",
    "a code to log in": "/konto/log-ind/kode/",
    "forgotten password": "/konto/glemt-adgangskode/",
}


def violations(page) -> list[str]:
    from axe_core_python.sync_playwright import Axe

    # The library's script is put in by the test, not by the page, so it may pass the page's policy. All rules are run; what
    # they have nothing against is not worked out: naming those elements took as long as finding the others.
    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
    return [f"{v['id']}: {v['help']} {[n['target'] for n in v['nodes']][:3]}" for v in found]


LOOKED_AT_TWICE = ("results", "results, many filters", "landing", "landing of a speciality")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(open_page, name):
    page = open_page(PAGES[name])
    for width, dark in (("phone", False), ("desktop", True)):
        # The second time fetched anew in a larger window: another browser context would cost as much as the page.
        if width == "desktop":
            w, h = WIDTHS[width]
            page.set_viewport_size({"width": w, "height": h})
            page.emulate_media(color_scheme="dark")
            page.reload()
        assert page.locator("h1").count() == 1, f"{name}: a page has one h1"
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} at {width}: {overflow} px wider than the window"
        assert violations(page) == [], f"{name} at {width}"
        if name in LOOKED_AT_TWICE:
            page.emulate_media(color_scheme="light" if dark else "dark")
            if page.locator(".filters > summary").is_visible():
                page.locator(".filters > summary").click()
            assert violations(page) == [], f"{name} at {width}, the other colours, filters open"


def test_the_page_of_all_reviews_is_sound(open_page):
    """Of the clinic that the most visits of are confirmed; its profile has the same part."""
    page = open_page("/find/fysioterapeut/?sorter=bedoemmelse")
    href = page.locator(".clinic-card:has(.clinic-card__rating) h3 a").first.get_attribute("href") or ""
    for width, dark in (("phone", True), ("desktop", False)):
        page = open_page(f"{href.split('?')[0]}anmeldelser/", width=width, dark=dark)
        expect(page.locator(".review").first).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_clinics_profile_is_sound(open_page):
    page = open_page("/find/fysioterapeut/?tilstand=iskias&sted=8000")
    page.locator("a[href^='/klinik/']").first.click()
    assert page.locator("h1").count() == 1
    assert violations(page) == []


def test_readers_get_no_cookie(open_page):
    for address in ("/", "/ordbog/iskias/?sted=8000", "/find/fysioterapeut/?q=ryg&sted=8000"):
        assert open_page(address).context.cookies() == []


def test_the_admin_is_sound_for_an_editor(open_page):
    from fysfinder.demo import PASSWORD

    page = open_page("/admin/", width="desktop")
    log_in(page, "edith@example.org", PASSWORD)
    page.wait_for_url("**/admin/")
    assert page.locator("a[href='/admin/articles/article/']").count() >= 1
    assert page.locator("a[href='/admin/clinics/clinic/']").count() == 0, "an editor has nothing to do with clinics"
    for address in ("/admin/articles/article/", "/admin/clinics/condition/", "/admin/clinics/redflag/"):
        page.goto(page.url.split("/admin/")[0] + address)
        assert page.locator("h1").count() >= 1
    page.goto(page.url.split("/admin/")[0] + "/admin/articles/article/")
    page.locator("#result_list tbody a").first.click()
    page.locator("textarea[name=body]").wait_for()
