"""What no form of the admin sends, sent to it by a colleague all the same: a sentence, never an error of ours."""

import pytest
from django.test import Client

from articles.models import Article
from clinics import warnings
from clinics.weakening import Weakening

from .editors import CHANGELIST, address, edith, form_of, unsafe

pytestmark = pytest.mark.django_db

LONG = "9" * 5000
BIG = "9" * 30
AUTOCOMPLETE = {"app_label": "articles", "model_name": "article", "field_name": "condition"}


@pytest.fixture
def browser() -> Client:
    browser = edith()
    browser.raise_request_exception = False
    return browser


@pytest.mark.parametrize(
    "parts, sent, status",
    [
        (["change"], {"_step": "a b"}, 404),
        (["change"], {"_step": "\0"}, 404),
        (["change"], {"condition": "x"}, 400),
        (["change"], {"condition": LONG}, 400),
        (["change"], {"condition": BIG}, 200),
        (["change"], {"body": "Tekst\0"}, 200),
        (["change"], {"no\0field": ""}, 302),
        (["change"], {"base_version": LONG}, 200),
        (["change"], {"base_version": BIG}, 302),
        (["safety"], {"accept": LONG}, 302),
        (["safety"], {"accept": "²"}, 302),
        (["safety"], {"refuse": LONG}, 302),
        (["safety"], {"sign_off": "\0"}, 302),
        (["safety"], {"clinics": "", "match": LONG}, 302),
        (["trin", "published"], {"seen": "\0"}, 200),
        (["adresse"], {"slug": "\0"}, 200),
    ],
)
def test_what_is_sent_about_an_article(browser, parts, sent, status):
    one = unsafe()
    before = form_of(browser.get(address(one, "change"))) if parts == ["change"] else {}
    assert browser.post(address(one, *parts), before | sent).status_code == status
    one.refresh_from_db()
    assert one.title == "Farlig" and not one.sign_offs.exists()


@pytest.mark.parametrize("path", [f"{LONG}/history", f"{BIG}/history", "²/history", f"{BIG}/safety", "1%00/change"])
def test_an_address_with_no_article(browser, path):
    unsafe()
    assert browser.get(f"{CHANGELIST}{path}/", follow=True).status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "path, asked, status",
    [
        (CHANGELIST, {"status__exact": "\0"}, 400),
        (CHANGELIST, {"q": "\0"}, 200),
        (CHANGELIST + "add/", {"condition": "x"}, 400),
        ("/admin/articles/linkterm/add/", {"article": "x"}, 400),
        ("/admin/clinics/condition/add/", {"merged_into": "x"}, 400),
        ("/admin/autocomplete/", AUTOCOMPLETE | {"term": "\0"}, 400),
        ("/admin/autocomplete/", AUTOCOMPLETE | {"page": LONG}, 404),
    ],
)
def test_what_an_address_asks_for(browser, path, asked, status):
    assert browser.get(path, asked).status_code == status


@pytest.mark.parametrize("chosen, status", [("x", 400), (LONG, 400), (BIG, 302)])
def test_the_rows_that_were_ticked(browser, chosen, status):
    one = unsafe()
    sent = {"action": "publish", "_selected_action": [one.pk, chosen], "index": "0", "select_across": "1"}
    assert browser.post(CHANGELIST, sent).status_code in (302, status)
    assert browser.post(CHANGELIST, sent | {"select_across": "0"}).status_code == status
    assert Article.objects.get().status == "draft"


def test_the_answer_to_a_colleagues_change(browser):
    leg = unsafe().condition
    leg.care_gate = "Kun efter lægens ja."
    leg.save()
    by = browser.get("/admin/").wsgi_request.user
    change = warnings.propose(row=leg, weakening=Weakening("gate", after={"care_gate": ""}), reason="en grund", by=by)
    sent = {"refuse": "", "answer": "\0"}
    response = browser.post(f"/admin/clinics/warningchange/{change.pk}/change/", sent)
    assert response.status_code == 400
    assert "Intet er gemt" in response.content.decode()


def test_another_error_of_ours_is_not_hidden(monkeypatch, browser):
    def broken(*args, **kwargs):
        raise ValueError("something else")

    one = unsafe()
    monkeypatch.setattr("articles.admin.flags._passages", broken)
    assert browser.get(address(one, "safety")).status_code == 500
