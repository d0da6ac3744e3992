"""A clinic's people cannot see, guess or influence a review that is not shown, nor learn who wrote it. docs/review-owners.md.

The strongest thing that can be asked: every address of the site is fetched by everybody who might look for one, then hidden
reviews come in, in every state, with replies, contests, reports and appeals on them, and every answer is the same as before.
The addresses come from the site itself, so that a page which is made later is asked too.
"""

import pytest
from django.contrib import admin
from django.db import transaction

from clinics.models import (
    Contest,
    Rating,
    Report,
    Review,
    ReviewReply,
)
from clinics.reporting import making as reporting
from clinics.reviews import aggregate

from . import attack
from .reviews import review as made
from .secrecy import (
    ANYBODY,
    HIDDEN,
    KEY,
    MOST_KEYS,
    NOON,
    OF_REVIEWS,
    SECRET,
    addresses,
    admin_addresses,
    differences,
    hide,
    told,
    undone,
    world,
)

pytestmark = pytest.mark.django_db

__all__ = ["undone", "world"]  # fixtures


@pytest.mark.parametrize("who", ["olga", "mia", "bent", ANYBODY])
def test_no_address_answers_otherwise_for_a_review_that_is_hidden(world, who):
    assert differences(world, who, addresses(world)) == []


@pytest.mark.parametrize("who", ["olga", "stella", "erik", "edith", "mia"])
def test_no_screen_of_the_admin_does(world, who):
    urls = ["/admin/", "/admin/clinics/", "/admin/jsi18n/", *admin_addresses(world)]
    assert len(urls) > 40 and differences(world, who, urls) == []


def test_the_admin_has_screens_of_reviews_to_attack():
    assert {Review, ReviewReply, Contest} <= set(admin.site._registry)


# Influence

POSTED = {
    "svar": "Tak, fordi du skrev. Vi vil gerne lære af det.", "indsigelse": "Anmeldelsen nævner en ansat ved navn.",
    "alligevel": "ja", "tekst": "Det her er ikke rigtigt, siger vi.", "sag": f"review-{MOST_KEYS + 1}",
    "kind": "false", "kode": "ABCDEFGHJK", "_approve": "1", "_reject": "1", "_remove": "1", "_refuse": "1", "_ask": "1",
    "reason": "Fordi.", "seen": "x", "status": "rejected", "overall": "5", "post": "yes",
}  # fmt: skip


@pytest.mark.parametrize("who", ["olga", "erik", "mia", ANYBODY])
def test_nobody_of_the_clinic_changes_one(world, who):
    hide(world)
    tables = [model._meta.db_table for model in (*OF_REVIEWS, Rating)]
    own = [url for url in addresses(world) if any(f"{KEY}{n}" in url or str(MOST_KEYS + n) in url for n in range(6))]
    before = attack.state_of(tables)
    for url in own + ([] if who == ANYBODY else admin_addresses(world)):
        response = world.browsers[who].post(url, POSTED)
        said = response.content.decode(errors="replace")
        assert SECRET in url or SECRET not in said, (who, url)
    assert attack.state_of(tables) == before


@pytest.mark.parametrize("who", ["olga", "stella"])
def test_the_key_of_a_hidden_review_is_as_good_as_any(world, who):
    """Sent to everything that takes one, the answer is that to a key which never was."""
    hide(world)
    browser = world.browsers[who]
    for route in ("", "svar/", "svar/fjern/", "indsigelse/"):
        page = f"/for-klinikker/anmeldelser/{world.a.slug}/{{}}/{route}"
        answers_ = []
        for key in (*(f"{KEY}{number}" for number in range(6)), "nosuchkeynosuchkeynosu", "kortnoegle"):
            response = browser.post(page.format(key), POSTED) if route else browser.get(page.format(key))
            answers_.append((response.status_code, response.content.decode().replace(key, "")))
        assert len(set(answers_)) == 1 and answers_[0][0] == 404, route


@pytest.mark.parametrize("decided", [False, True])
def test_whoever_reported_a_review_does_not_learn_in_which_way_it_went(world, decided):
    """An owner reports it, keeps the private link, and looks: rewritten, refused, taken down and erased are all the same."""
    told_ = {}
    for status in (*HIDDEN[1:], "erased"):
        with transaction.atomic():
            one = made(world.a, 1, key=f"{KEY}7", published_at=NOON)
            row, token = reporting.report(
                clinic=world.a, review=one, kind="false", text="Det er ikke rigtigt, siger vi."
            )
            Report.objects.filter(pk=row.pk).update(number="26-QQQQQQ")
            if decided:
                Report.objects.filter(pk=row.pk).update(status="refused", decided_at=NOON, reason="Nej.")
            aggregate.take_away(one)
            Review.objects.filter(pk=one.pk).update(status=status if status != "erased" else "removed")
            if status == "erased":
                one.delete()
            code, _, text = told(world.browsers["olga"], f"/indberetning/{token}/")
            told_[status] = (code, text.replace(token, ""))
            transaction.set_rollback(True)
    assert {code for code, _ in told_.values()} == {200}
    assert len(set(told_.values())) == 1, told_.keys()
