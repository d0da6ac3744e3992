"""The private link: its holder sees what became of the review and may change it; nobody else, and no scanner of mail, may."""

import datetime

import pytest
import time_machine
from django.test import Client

from clinics.models import Appeal, Outbox, Review
from clinics.reviews import moderating, tokens

from .claims import moderator
from .html_reader import Page
from .people import clinic
from .review_writing import TEXT, changed, code_of, fields, mailed_link
from .reviews import rating, reply, review
from .worlds import kept
from .xss import HTML

pytestmark = pytest.mark.django_db
TOKEN = tokens.token_of("a test")
OWN = f"/anmeldelse/{TOKEN}/"
PAGES = ("", "ret/", "slet/", "data/", "klag/")
NOON = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)


@kept
def ryggen():
    return clinic("Ryggen", "Aarhus C")


def own(here, status: str = "published", stars: int = 4, **other) -> Review:
    """A review that `OWN` opens."""
    decided = {"reason": "Skriv hellere “behandleren”.", "decided_at": datetime.datetime.now(datetime.UTC)}
    given = decided if status in ("changes", "rejected", "removed") else {}
    return review(here, stars, status=status, secret=tokens.digest(TOKEN), **given | other)


def words(response) -> str:
    return " ".join(Page(response.content.decode()).words.split())


@pytest.mark.parametrize(
    ("status", "told", "can_edit"),
    [
        ("unconfirmed", "Bekræft din anmeldelse", False),
        ("pending", "Vi læser din anmeldelse", True),
        ("changes", "Vil du rette din anmeldelse?", True),
        ("published", "Din anmeldelse er vist", True),
        ("rejected", "Vi viser ikke din anmeldelse", True),
        ("removed", "Din anmeldelse er taget ned", False),
    ],
)
def test_every_status_in_words(ryggen, client, status, told, can_edit):
    created = {"created_at": datetime.datetime.now(datetime.UTC)}
    one = own(ryggen, status, **created)
    page = client.get(OWN)
    assert page.status_code == 200 and told in words(page) and one.text in words(page)
    assert ("Skriv hellere" in words(page)) == (status in ("changes", "rejected", "removed"))
    assert (f"{OWN}ret/" in page.content.decode()) == can_edit == (client.get(f"{OWN}ret/").status_code == 200)
    assert (f"{OWN}klag/" in page.content.decode()) == (status in ("rejected", "removed"))
    assert f"{OWN}slet/" in page.content.decode()
    assert ("rette eller slette" in words(page)) == (can_edit and status != "unconfirmed"), "it promises what it can do"
    is_decided = status in ("rejected", "removed")
    assert ("DSA-tilsynet" in words(page)) == is_decided == ("vores regler" in words(page))
    assert "Oktober" not in words(page) and "oktober 2026" in words(page)


def test_the_address_is_told_to_nobody(ryggen, client):
    own(ryggen)
    for page in PAGES:
        answer = client.get(OWN + page)
        assert answer["Referrer-Policy"] == "no-referrer" and answer["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer["Cache-Control"] and not answer.cookies


@pytest.mark.parametrize("token", ["x" * 43, "x", "x" * 5000, "%00", "..", "%C3%A6" * 43, TOKEN[:-1]])
@pytest.mark.parametrize("page", PAGES)
def test_other_links(ryggen, client, token, page):
    own(ryggen)
    for answer in (client.get(f"/anmeldelse/{token}/{page}"), client.post(f"/anmeldelse/{token}/{page}")):
        assert answer.status_code in (404, 405)
    assert Review.objects.get().status == "published"


def test_neither_key_nor_digest_is_a_link(ryggen, client):
    one = own(ryggen)
    for wrong in (one.key, one.secret, str(one.pk)):
        assert client.get(f"/anmeldelse/{wrong}/").status_code == 404


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("status", Review.Status.values)
def test_looking_changes_nothing(ryggen, client, method, status):
    own(ryggen, status, created_at=datetime.datetime.now(datetime.UTC))
    before = Review.objects.values().get()
    for page in PAGES:
        assert getattr(client, method)(OWN + page).status_code in (200, 302)
    assert Review.objects.values().get() == before and not Appeal.objects.exists()


def test_an_email_is_confirmed_by_a_press(ryggen):
    client = Client(enforce_csrf_checks=True)
    client.post("/klinik/ryggen/skriv-anmeldelse/", fields(ryggen, email="per@example.org"))
    link = mailed_link()
    assert client.head(link).status_code == 200 and Review.objects.get().status == "unconfirmed"
    assert f'action="{link}"' in client.get(link).content.decode()
    answer = client.post(link)
    assert answer["Location"] == f"{link}?sendt=ja" and Review.objects.get().status == "pending"
    assert "Tak for din anmeldelse" in words(client.get(answer["Location"]))
    assert client.post(link).status_code == 302 and Review.objects.get().status == "pending"


def test_too_late_to_confirm(ryggen, client):
    with time_machine.travel(NOON, tick=False) as clock:
        own(ryggen, "unconfirmed", created_at=NOON)
        clock.shift(datetime.timedelta(hours=48, seconds=1))
        assert client.get(OWN).status_code == client.post(OWN).status_code == 404
        assert "to døgn" in words(client.get(OWN))


def test_pressing_confirm_publishes_nothing(ryggen, client):
    for status in ("rejected", "removed", "changes"):
        one = own(ryggen, status)
        client.post(OWN)
        assert Review.objects.get().status == status
        one.delete()


# --- correcting


def test_a_correction(ryggen, client):
    one = own(ryggen, stars=2)
    form = client.get(f"{OWN}ret/").content.decode()
    assert one.text in form and 'name="samlet" value="2" checked' in form and 'value="2026-10" selected' in form
    answer = client.post(f"{OWN}ret/", changed(samlet="5"))
    assert answer["Location"] == f"{OWN}?sendt=rettet"
    stored = Review.objects.get()
    assert (stored.status, stored.overall, stored.text) == ("pending", 5, TEXT) and rating(ryggen)[0] == 0
    assert "skjult" in words(client.get(answer["Location"]))


def test_the_form_sent_back_as_it_was_changes_nothing(ryggen, client):
    own(ryggen)
    page = Page(client.get(f"{OWN}ret/").content.decode())
    one = Review.objects.get()
    given = {tag[1]["name"]: tag[1]["value"] for tag in page.elements if tag[0] == "input" and "checked" in tag[1]}
    given |= {"maaned": f"{one.visited_in:%Y-%m}", "tekst": one.text, "kaldenavn": one.nickname}
    answer = client.post(f"{OWN}ret/", given)
    assert answer["Location"] == f"{OWN}?sendt=uaendret" and Review.objects.get().status == "published"
    assert "ikke ændret noget" in words(client.get(answer["Location"]))


@pytest.mark.parametrize(
    "other",
    [
        {"tekst": "kort"},
        {"samlet": "9"},
        {"maaned": "1999-01"},
        {"kaldenavn": ""},
        {"tekst": TEXT + " Ring 86 12 12 12."},
        {"tekst": TEXT + " 010203-1234"},
    ],
)
def test_a_correction_is_checked_as_the_first(ryggen, client, other):
    own(ryggen)
    before = Review.objects.values().get()
    answer = client.post(f"{OWN}ret/", changed(**other))
    assert answer.status_code == 422 and "Fejl:" in answer.content.decode().partition("</title>")[0]
    assert Review.objects.values().get() == before


def test_an_old_month_may_stay(ryggen, client):
    own(ryggen, visited_in=datetime.date(2020, 2, 1))
    assert 'value="2020-02" selected' in client.get(f"{OWN}ret/").content.decode()
    assert client.post(f"{OWN}ret/", changed(maaned="2020-02")).status_code == 302
    assert client.post(f"{OWN}ret/", changed(maaned="2020-01")).status_code == 422


def test_a_correction_changes_nothing_else(ryggen, client):
    """Fields that the form does not have: sent all the same, and not read."""
    one = own(ryggen, "pending")
    stranger = {"status": "published", "confirmation": "email", "clinic": "1", "is_counted": "on", "email": "x@y.dk"}
    client.post(f"{OWN}ret/", changed(**stranger))
    stored = Review.objects.get()
    assert (stored.status, stored.confirmation, stored.clinic, stored.email) == ("pending", "visit", ryggen, "")
    assert stored.key == one.key and not stored.is_counted


# --- taking back, taking along


def test_it_is_erased_after_a_question(ryggen, client):
    own(ryggen)
    assert "Det kan ikke fortrydes" in words(client.get(f"{OWN}slet/")) and Review.objects.exists()
    answer = client.post(f"{OWN}slet/")
    assert answer.status_code == 200 and "er slettet" in words(answer)
    assert not Review.objects.exists() and rating(ryggen)[0] == 0
    assert client.get(OWN).status_code == client.post(f"{OWN}slet/").status_code == 404


def test_the_data_are_a_file(ryggen, client):
    own(ryggen, email="per@example.org")
    answer = client.get(f"{OWN}data/")
    assert answer["Content-Type"] == "application/json" and "attachment" in answer["Content-Disposition"]
    assert answer.json()["e-mail"] == "per@example.org" and "æ" in answer.content.decode()
    assert client.post(f"{OWN}data/").status_code == 405


# --- what is decided


def test_a_decision_can_be_appealed_once(ryggen, client):
    one = review(ryggen, status="pending", secret=tokens.digest(TOKEN))
    moderating.reject(review=one, by=moderator(), reason="Den nævner en person.")
    assert "Den nævner en person." in words(client.get(f"{OWN}klag/"))
    short = client.post(f"{OWN}klag/", {"tekst": "nej"})
    assert short.status_code == 422 and not Appeal.objects.exists()
    answer = client.post(f"{OWN}klag/", {"tekst": "Der står ikke noget navn i min anmeldelse."})
    assert answer["Location"] == f"{OWN}?sendt=klage"
    stored = Appeal.objects.get()
    assert (stored.review, stored.side, stored.status) == (one, "author", "waiting")
    page = client.get(answer["Location"])
    assert "Vi har fået din klage" in words(page) and f"{OWN}klag/" not in page.content.decode()
    assert client.get(f"{OWN}klag/").status_code == 302
    assert client.post(f"{OWN}klag/", {"tekst": "En gang til, tak."}).status_code == 422


def test_a_reply_is_shown_when_all_can_see_it(ryggen, client):
    one = own(ryggen)
    waiting = reply(one, "Tak for dine ord, siger klinikken.", status="pending")
    assert "siger klinikken" not in words(client.get(OWN))
    waiting.status = "published"
    waiting.save()
    assert "siger klinikken" in words(client.get(OWN))


@pytest.mark.parametrize("text", HTML)
def test_markup_is_text(ryggen, client, text):
    own(ryggen, "rejected", text=text, nickname=text[:40], reason=text)
    for path in PAGES:
        page = Page(client.get(OWN + path).content.decode()) if path != "data/" else Page("")
        assert not any(page.scripts)
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert not [tag for tag, _ in page.elements if tag in ("img", "iframe", "object", "math")]


def test_a_link_outlives_a_change_of_the_key(ryggen, client, settings):
    client.post("/klinik/ryggen/skriv-anmeldelse/", fields(ryggen, kode=code_of(ryggen), email="per@example.org"))
    link = mailed_link()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, [settings.SECRET_KEY]
    assert client.get(link).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(link).status_code == 404


def test_the_mail_without_a_button_to_confirm(ryggen, client, mailoutbox):
    from clinics import outbox

    client.post("/klinik/ryggen/skriv-anmeldelse/", fields(ryggen, kode=code_of(ryggen), email="per@example.org"))
    client.post("/klinik/ryggen/skriv-anmeldelse/", fields(ryggen, email="ida@example.org"))
    outbox.deliver_waiting()
    sent = {mail.to[0]: mail for mail in mailoutbox}
    assert "Bekræft" in sent["ida@example.org"].subject and "Tryk" not in sent["per@example.org"].body
    for mail in mailoutbox:
        assert "Ryggen" not in mail.subject, "a locked screen shows subjects"
        assert "/anmeldelse/" in mail.body and TEXT not in mail.body
    assert not Outbox.objects.exclude(context={}).exists(), "the link is nowhere else"
