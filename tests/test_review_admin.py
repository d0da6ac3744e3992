"""The moderators' screens of reviews and replies: what waits first, everything on one screen, and who never comes in."""

import datetime
import re

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from clinics.models import CodeSheet, Membership, Review, ReviewReply, Role
from clinics.reviews import moderating, replies, writing
from clinics.reviews.reasons import READY
from clinics.reviews.writing import Answers
from fysfinder.roles import sync_roles

from .claims import mails, moderator, owner_of, person, ryggen
from .html_reader import Page
from .people import clinic
from .reviews import reply, review
from .worlds import kept

LIST, REPLIES = "/admin/clinics/review/", "/admin/clinics/reviewreply/"
NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@kept
def rita():
    sync_roles()
    return moderator()


@pytest.fixture
def desk(rita) -> Client:
    return browser(rita)


@kept
def here():
    return ryggen()


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def screen(row) -> str:
    return reverse(f"admin:clinics_{row._meta.model_name}_change", args=[row.pk])


def words(response) -> str:
    return Page(response.content.decode()).words


def waiting(clinic, **fields) -> Review:
    return review(clinic, **{"status": "pending", "submitted_at": NOW} | fields)


LABELS = (
    "Anmeldelser",
    "Svar på anmeldelser",
    "Indsigelser mod anmeldelser",
    "Indberetninger",
    "Klager over afgørelser",
)


def counted(desk: Client) -> dict[str, int]:
    """What the front page says that waits."""
    response = desk.get("/admin/")
    lines = {one.label: one.count for one in response.context["waiting"]}
    assert all(label in words(response) for label in lines)
    return lines


def press(desk: Client, row, button: str, **typed):
    """What a moderator sends who has read the screen."""
    elements = Page(desk.get(screen(row)).content.decode()).elements
    seen = next(attributes["value"] for _, attributes in elements if attributes.get("name") == "seen")
    return desk.post(screen(row), {"seen": seen, button: ""} | typed)


def test_what_waits_longest_comes_first(desk, here):
    with time_machine.travel(NOW + datetime.timedelta(days=3), tick=False):
        waiting(
            here, text="Kom onsdag morgen og blev læst sidst af de to.", submitted_at=NOW + datetime.timedelta(hours=80)
        )
        waiting(here, text="Kom søndag og har ventet længst af dem alle.")
        review(here, text="Er vist og skal ikke afgøres af nogen lige nu.")
        review(here, text="Ingen har bekræftet, at den er sendt af nogen.", status="unconfirmed")
        page = words(desk.get(LIST))
    order = [page.index(text) for text in ("har ventet længst", "blev læst sidst", "Er vist")]
    assert order == sorted(order) and "3 dage" in page and "Ingen har bekræftet" not in page


def test_the_list_says_what_a_moderator_needs_at_a_glance(desk, here):
    with time_machine.travel(NOW + datetime.timedelta(days=3), tick=False):
        waiting(here, confirmation="email", submitted_at=NOW)
        review(here, text="Er vist og skal ikke afgøres af nogen lige nu.")
        response = desk.get(LIST)
    assert "css/admin-review" in response.content.decode(), "on a phone a row is a block"
    cells = re.findall(r'class="field-(?:waits|proof)[^"]*">([^<]*)<', response.content.decode())
    assert cells == ["3 dage", "e-mail", "", "besøgskode"]


def test_the_front_page_counts_what_waits(desk, here):
    assert [counted(desk)[label] for label in LABELS] == [0] * 5
    waiting(here)
    waiting(here)
    review(here, status="unconfirmed")
    one = review(here)
    reply(one, status="pending")
    one.reports.create(clinic=here, number="26-A", secret="a" * 64, kind="false", text="Det passer ikke.")
    one.appeals.create(clinic=here, side="author", text="Jeg er uenig.")
    hidden = review(here, status="removed")
    reply(hidden, status="pending")  # waits with its review
    assert [counted(desk)[label] for label in LABELS] == [2, 1, 0, 1, 1]
    assert f"{LIST}?status__exact=pending" in desk.get("/admin/").content.decode()
    assert words(desk.get(f"{LIST}?status__exact=pending")).count("Rolig") == 0  # a list has no nicknames


def test_one_screen_has_all_of_it(desk, here):
    here.practitioners.create(name="Mette Madsen")
    other = review(here, text="Den samme historie om trappen, parkeringen og de lange ventetider hos dem.")
    one = waiting(
        here, overall=1, premises=2, email="patient@example.net", source="f" * 64,
        text="Mette Madsen hørte ikke efter.\nJeg gik hjem igen med <b>mere</b> ondt.",
        suspicions=[{"kind": "same_text", "text": "Teksten ligner en anmeldelse af samme klinik.", "keys": [other.key, "gone"]}],
    )  # fmt: skip
    html = desk.get(screen(one)).content.decode()
    page = words(desk.get(screen(one)))
    for text in ("Venter på moderator", "Rolig Lærke", "besøg i oktober 2026", "Bekræftet besøg", "Meget dårligt (1 af 5)",
                 "Det ligner navnet på en, der arbejder på klinikken", "Teksten ligner en anmeldelse af samme klinik",
                 "Ja, forfatteren har en e-mail her endnu"):  # fmt: skip
        assert text in page, text
    assert "<mark>Mette Madsen</mark>" in html and "&lt;b&gt;mere&lt;/b&gt;" in html
    assert screen(other) in html
    for never in ("patient@example.net", "f" * 64, one.secret, one.key):
        assert never not in html


def test_the_answers(desk, here):
    one = waiting(here)
    assert press(desk, one, "_approve").status_code == 302
    one.refresh_from_db()
    assert one.status == "published"
    assert press(desk, one, "_remove", ready="nej_reklame", reason="Se sidste linje.").status_code == 302
    one.refresh_from_db()
    assert one.status == "removed" and one.reason == f"{READY['nej_reklame'].text}\n\nSe sidste linje."
    assert 'name="_remove"' not in desk.get(screen(one)).content.decode()
    for button, status in (("_ask", "changes"), ("_reject", "rejected")):
        other = waiting(here)
        assert press(desk, other, button, ready="ret_navn").status_code == 302
        other.refresh_from_db()
        assert other.status == status


def test_a_serious_allegation_is_shown_the_way(desk, here):
    one = waiting(here, email="patient@example.net")
    assert "Styrelsen for Patientsikkerhed" in words(desk.get(screen(one)))
    press(desk, one, "_ask", ready="alvorligt")
    one.refresh_from_db()
    for where in ("Styrelsen for Patientklager", "Styrelsen for Patientsikkerhed", "114"):
        assert where in one.reason


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"_reject": ""}, "Skriv en begrundelse"),
        ({"_ask": "", "reason": "  "}, "Skriv en begrundelse"),
        ({"_reject": "", "reason": "x" * 1001}, "for lang"),
        ({"_approve": "", "reason": "Men jeg er i tvivl."}, "Der står en begrundelse"),
        ({"_approve": "", "ready": "ret_navn"}, "Der står en begrundelse"),
        ({"_remove": "", "reason": "Væk."}, "ikke vist"),
        ({"reason": "Uden knap."}, "Vælg, hvad der skal ske"),
        ({"_approve": "", "seen": "gammel"}, "siden du åbnede siden"),
        ({"_approve": "", "seen": ""}, "siden du åbnede siden"),
        ({"_reject": "", "reason": "Nej.", "seen": "\x00"}, "siden du åbnede siden"),
        ({"_reject": "", "ready": "findes ikke"}, "Skriv en begrundelse"),
    ],
)
def test_a_wrong_answer_says_why_and_keeps_what_was_typed(desk, here, typed, said):
    one = waiting(here)
    response = desk.post(screen(one), {"seen": moderating.mark_of(one)} | typed)
    page = words(response)
    assert response.status_code == 422 and said in page and "Fejl: Anmeldelse af Ryggen" in page
    assert typed.get("reason", "").strip() in page
    one.refresh_from_db()
    assert one.status == "pending"


def test_an_edit_while_the_moderator_reads(desk, here):
    one = waiting(here)
    read = moderating.mark_of(one)
    answers = {name: getattr(one, name) for name in writing.ANSWERS}
    writing.edit(
        review=one, answers=Answers(**answers | {"text": "Skrevet om, mens moderatoren læste den gamle udgave."})
    )
    response = desk.post(screen(one), {"seen": read, "_approve": ""})
    assert response.status_code == 422 and "Skrevet om, mens" in words(response)


def test_what_was_asked_for_stands_beside_what_came_back(desk, rita, here):
    one = waiting(here)
    moderating.ask_change(review=one, by=rita, reason="Skriv uden navn.")
    assert "venter på, at forfatteren retter" in words(desk.get(screen(one)))
    answers = {name: getattr(one, name) for name in writing.ANSWERS}
    writing.edit(
        review=one, answers=Answers(**answers | {"text": "Nu uden navn, men med alt det andet, jeg oplevede."})
    )
    page = words(desk.get(screen(one)))
    assert "Skriv uden navn." in page and "forfatteren har rettet den siden" in page


def test_a_moderator_of_the_clinic_meets_nothing_of_it(desk, rita, here):
    """Not the list, not the screen, not the history, not the number on the front page."""
    one = waiting(here, text="Noget, som klinikkens egne aldrig må læse først.")
    answer = reply(review(here), status="pending")
    elsewhere = waiting(clinic("Foden", "Aarhus N"), text="Om et helt andet sted, som hun gerne må afgøre.")
    # A member who has the moderator's role, as somebody would who works in both places.
    Membership.objects.create(clinic=here, user=rita, role=Role.STAFF)
    page = words(desk.get(LIST))
    assert "klinikkens egne" not in page and "et helt andet sted" in page
    for row in (one, answer):
        for address in (screen(row), screen(row).replace("/change/", "/history/")):
            assert desk.get(address).status_code == 404
        assert desk.post(screen(row), {"_approve": "", "seen": "x"}).status_code == 404
    assert (counted(desk)["Anmeldelser"], counted(desk)["Svar på anmeldelser"]) == (1, 0)
    assert press(desk, elsewhere, "_approve").status_code == 302


@pytest.mark.parametrize("who", ["nobody", "owner", "staff", "stranger"])
def test_nobody_else_comes_in(rita, here, who):
    one, client = waiting(here), Client()
    answer = reply(review(here), status="pending")
    if who != "nobody":
        user = person("olga")
        if who != "stranger":
            owner_of(here, user, who)
        client.force_login(user)
    for row in (one, answer):
        for address in (LIST, REPLIES, screen(row), f"{LIST}?q=Rolig", f"{LIST}?clinic__exact={here.pk}"):
            response = client.get(address)
            assert response.status_code in (302, 403, 404) and "Rolig" not in response.content.decode()
        assert client.post(screen(row), {"_approve": "", "seen": "x"}).status_code in (302, 403, 404)
    one.refresh_from_db()
    assert one.status == "pending" and ReviewReply.objects.get().status == "pending"


@pytest.mark.parametrize(
    "asked",
    ["email__startswith=p", "secret__startswith=a", "source=x", "clinic__memberships__user=1", "sheet=1", "decided_by=1",
     "suspicions__contains=x", "sheet__source=a", "reports__email__startswith=a"],
)  # fmt: skip
def test_no_filter_asks_what_the_list_does_not_show(desk, here, asked):
    waiting(here, email="patient@example.net")
    response = desk.get(f"{LIST}?{asked}")
    assert response.status_code in (302, 400) and "patient@" not in response.content.decode()


def test_the_history_names_the_moderator_and_nothing_of_the_review(desk, rita, here):
    one = waiting(here)
    moderating.reject(review=one, by=rita, reason="Der står et navn.")
    page = words(desk.get(screen(one).replace("/change/", "/history/")))
    assert "Afviste anmeldelsen." in page and "Der står et navn." not in page
    assert LogEntry.objects.filter(object_id=str(one.pk)).get().object_repr == "Anmeldelse af Ryggen"


def test_nothing_is_made_deleted_or_done_to_many(desk, here):
    one = waiting(here)
    assert desk.get(f"{LIST}add/").status_code == 403 and desk.get(f"{LIST}{one.pk}/delete/").status_code == 403
    sent = {"action": "delete_selected", "_selected_action": one.pk, "post": "yes"}
    assert desk.post(LIST, sent).status_code == 403
    assert Review.objects.filter(pk=one.pk).exists()


def test_a_reply_is_read_beside_what_it_answers(desk, rita, here):
    one = review(here, text="Jeg ventede i to timer, og ingen sagde hvorfor.")
    answer = reply(one, text="Du var her i marts, og vi ringede til dig på 22 33 44 55.", status="pending")
    page = words(desk.get(screen(answer)))
    assert "Jeg ventede i to timer" in page and "Det ligner et telefonnummer" in page
    assert press(desk, answer, "_reject").status_code == 422
    assert press(desk, answer, "_reject", ready="patient").status_code == 302
    answer.refresh_from_db()
    assert answer.status == "rejected" and "tavshedspligt" in answer.reason
    other = reply(review(here), status="pending")
    assert desk.post(screen(other), {"_approve": "", "seen": "gammel"}).status_code == 422
    assert press(desk, other, "_approve", reason="Fin.").status_code == 422
    assert press(desk, other, "_approve").status_code == 302
    other.refresh_from_db()
    assert other.status == "published" and not replies.waiting().exists()


def test_a_reply_that_says_too_much_is_taken_down_again(desk, here):
    olga = person("olga")
    owner_of(here, olga)
    answer = reply(review(here), written_by=olga)
    assert press(desk, answer, "_remove").status_code == 422  # no reason
    mails()
    assert press(desk, answer, "_remove", ready="person").status_code == 302
    answer.refresh_from_db()
    assert answer.status == "rejected" and [to for to, _ in mails()] == ["olga@example.com"]
    assert desk.post(screen(answer), {"_remove": "", "reason": "Igen.", "seen": "x"}).status_code == 422


def test_a_reply_to_what_is_not_shown_waits(desk, rita, here):
    one = review(here)
    answer = reply(one, status="pending")
    moderating.remove(review=one, by=rita, reason="Reklame.")
    response = desk.get(screen(answer))
    assert "Svaret venter med den." in words(response) and 'name="_approve"' not in response.content.decode()


def test_a_screen_asks_as_much_of_a_busy_clinic(desk, here, django_assert_max_num_queries):
    sheet = CodeSheet.objects.create(clinic=here, size=24)
    others = [review(here, sheet=sheet) for _ in range(12)]
    keys = [one.key for one in others]
    one = waiting(here, suspicions=[{"kind": "burst", "text": "Mange.", "keys": keys[:10]}] * 3)
    for number in range(12):
        one.reports.create(clinic=here, number=f"26-{number}", secret=f"{number:064x}", kind="false", text="Nej.")
    desk.get(screen(one))
    with django_assert_max_num_queries(22):
        desk.get(screen(one))
    with django_assert_max_num_queries(14):
        desk.get(LIST)


def test_no_filter_for_what_the_list_never_has(desk, here):
    page = desk.get(f"{LIST}?status__exact=pending").content.decode()
    assert "?status__exact=pending" in page and "status__exact=unconfirmed" not in page
    assert "status__exact=unconfirmed" not in desk.get(f"{LIST}?_facets=True").content.decode()
