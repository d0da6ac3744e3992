"""The sheet for the visit is one A4 page, however much there is to warn of."""

import re

import pytest

from clinics.care import care_cards
from clinics.models import Clinic, Condition

from .test_pages import violations


@pytest.fixture
def sheet(site):
    """The address of the fullest sheet there is: most warnings, three clinics beside the one."""
    slugs = list(Clinic.objects.published().order_by("pk").values_list("slug", flat=True)[:4])

    def warnings(condition):
        cards = care_cards(condition=condition, region_slugs=["midtjylland"])
        return sum(len(flag.text) for card in cards if card.stands_first for flag in card.flags)

    condition = max(Condition.objects.filter(merged_into=None), key=warnings)
    others = "&".join(f"klinik={slug}" for slug in slugs[1:])
    return f"/klinik/{slugs[0]}/besoegsark/?tilstand={condition.slug}&{others}"


def test_one_page_of_paper(open_page, sheet):
    page = open_page(sheet, width="desktop")
    page.emulate_media(media="print")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))) == 1
    assert page.locator(".sheet__stop").is_visible()
    assert not page.locator(".site-header").is_visible()


def test_it_fits_a_phone_and_is_accessible(open_page, sheet):
    page = open_page(sheet)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
