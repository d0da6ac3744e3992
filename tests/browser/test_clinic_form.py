"""The form of a clinic on an owner's phone, in the dark: every section open, and a day's hours in sight whole."""

import pytest

from clinics.models import Clinic

from .accounts import log_in
from .test_pages import violations


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_the_form_is_sound_on_a_phone(open_page, dark):
    from fysfinder.demo import PASSWORD

    clinic = Clinic.objects.filter(opening_hours__isnull=False, prices__isnull=False).order_by("pk").first()
    page = open_page("/admin/login/", dark=dark)
    log_in(page, "adam@example.org", PASSWORD)
    page.wait_for_url("**/admin/")
    page.goto(f"{page.url.split('/admin/')[0]}/admin/clinics/clinic/{clinic.pk}/change/")
    page.evaluate("document.querySelectorAll('details.section, details.more').forEach(one => { one.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    hours = page.locator("input[name=hours_treatment_0]")
    hours.fill("08.00–12.00, 12.30–17.00")
    assert hours.evaluate("e => e.scrollWidth <= e.clientWidth"), "two intervals are not cut off"
