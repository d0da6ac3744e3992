"""“Sikkerhed”, the one screen on which editors answer; and clinics that wait for them.

Edith edits, Frida reviews and changes nothing, Sam has no rights.
"""

import pytest

from articles.models import Article, SignOff
from clinics.models import Condition, ConditionMatch, Speciality, WarningChange
from clinics.warnings import ChangeError, accept_clinics

from .cramps import MASSAGE, article, cramps_condition, pending, red_flags
from .people import clinic, condition, places
from .staff import staff
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def flags():
    return red_flags()


@kept
def leg(flags):
    return cramps_condition(flags)


@kept
def cramps(leg):
    return article(leg)


@kept
def edith():
    return staff()["edith"]


def screen(client, user, one: Article) -> str:
    client.force_login(user)
    return client.get(f"/admin/articles/article/{one.pk}/safety/").content.decode()


def answer(client, user, one: Article, **data) -> str:
    client.force_login(user)
    return client.post(f"/admin/articles/article/{one.pk}/safety/", data, follow=True).content.decode()


def test_one_screen_asks_everything(client, cramps, edith):
    page = screen(client, edith, cramps)
    assert "Kontakt en fagperson, hvis benet er hævet, rødt og varmt." in page
    assert "Hast ifølge teksten: Fysioterapeut. Hast i registret: Ring til læge nu." in page
    assert MASSAGE in page
    assert page.count(">Behold sætningen med denne begrundelse</button>") == 3
    assert "Godkend alle 1" in page


def test_the_most_urgent_suggestion_stands_first_and_every_line_leads_to_the_form(client, cramps, edith):
    cramps.body += "\n\nRing 112 ved åndenød.\n"
    cramps.save()
    page = screen(client, edith, cramps)
    assert page.index("(lungeemboli)") < page.index("(dvt)")
    line = cramps.flag_suggestions.get(flag__key="dvt").line
    assert f'<a href="/admin/articles/article/{cramps.pk}/change/#linje-{line}">Linje {line}</a>' in page


def test_what_to_leave_alone_reads_as_such(client, cramps, edith):
    page = screen(client, edith, cramps)
    assert "<li>Undgå: at massere benet, hvis det er hævet</li>" in page


def test_accepting_all_and_refusing_one(client, cramps, edith, leg, flags):
    cramps.body += "\n\nRing 112 ved åndenød.\n"
    cramps.save()
    row = cramps.flag_suggestions.get(flag=flags["lungeemboli"])
    assert "er afvist" in answer(client, edith, cramps, refuse=row.pk)
    assert pending(cramps) == ["dvt"]
    assert "står nu på siderne" in answer(client, edith, cramps, accept="all")
    assert flags["dvt"] in leg.red_flags.all()
    assert flags["lungeemboli"] not in leg.red_flags.all()
    assert pending(cramps) == []


def test_a_reason_is_kept_with_a_name(client, cramps, edith):
    place = cramps.safety[0]
    assert "Skriv en begrundelse" in answer(client, edith, cramps, sign_off=place["fingerprint"], reason="")
    page = answer(client, edith, cramps, sign_off=place["fingerprint"], reason="Kortet står lige over.")
    assert "Begrundet af edith@example.org: Kortet står lige over." in page
    assert cramps.sign_offs.get().by == edith


@pytest.mark.parametrize(
    "data", [{"accept": "x"}, {"accept": "999999999"}, {"refuse": "1' OR 1=1"}, {"sign_off": "æ"}, {}]
)
def test_nonsense_changes_nothing(client, cramps, edith, data):
    answer(client, edith, cramps, **data, reason="En begrundelse.")
    assert pending(cramps) == ["dvt"]
    assert not SignOff.objects.exists()


def test_who_may_see_and_who_may_answer(client, cramps):
    people = staff()
    address = f"/admin/articles/article/{cramps.pk}/safety/"
    client.force_login(people["frida"])
    assert client.get(address).status_code == 200
    assert "Behold sætningen" not in client.get(address).content.decode()
    assert client.post(address, {"accept": "all"}).status_code == 403
    client.force_login(people["sam"])
    assert client.get(address).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302
    assert pending(cramps) == ["dvt"]


# A condition that waits for an editor


@kept
def waiting(flags):
    places()
    clinic("Vener Aarhus", "Aarhus C", specialities=["Vener"])
    made = condition("Blodprop", {"Vener": 3}, awaits_acceptance=True)
    ConditionMatch.objects.update(origin="suggested")
    made.red_flags.add(flags["dvt"])
    return made


def test_an_editor_lets_the_clinics_in(client, waiting, edith):
    one = article(waiting, "Kort.", slug="blodprop", title="Blodprop")
    match = waiting.matches.get()
    assert "Godkend klinikker" in screen(client, edith, one)
    assert "Vælg mindst ét match" in answer(client, edith, one, clinics="", gate="Først lægen.")
    assert "Skriv en betingelse" in answer(client, edith, one, clinics="", match=match.pk)
    page = answer(client, edith, one, clinics="", match=match.pk, gate="Først når lægen siger ja.")
    assert "viser nu klinikker" in page
    waiting.refresh_from_db()
    assert (waiting.awaits_acceptance, waiting.care_gate) == (False, "Først når lægen siger ja.")
    assert waiting.matches.get().origin == "editor"
    shown = client.get("/ordbog/blodprop/?sted=8000").content.decode()
    assert "/klinik/vener-aarhus/" in shown
    assert "Først når lægen siger ja." in shown


def test_no_gate_takes_a_reason_and_a_match_that_is_wrong_goes(waiting, edith):
    wrong = ConditionMatch.objects.create(
        condition=waiting, speciality=Speciality.objects.create(slug="x", name="X"), origin="suggested"
    )
    right = waiting.matches.exclude(pk=wrong.pk).get()
    with pytest.raises(ChangeError, match="hvorfor"):
        accept_clinics(condition=waiting, matches=[right.pk], gate=" ", without_gate="ok", by=edith)
    accept_clinics(condition=waiting, matches=[right.pk], gate="", without_gate="Lægen har set den.", by=edith)
    assert [(row.pk, row.origin) for row in waiting.matches.all()] == [(right.pk, "editor")]
    with pytest.raises(ChangeError, match="allerede godkendt"):
        accept_clinics(condition=waiting, matches=[right.pk], gate="x", without_gate="", by=edith)


def test_who_has_no_right_lets_no_clinics_in(waiting):
    with pytest.raises(ChangeError, match="ikke ret"):
        accept_clinics(condition=waiting, matches=[], gate="", without_gate="", by=staff()["sam"])


def test_accepting_keeps_a_gate_that_was_there(waiting, edith):
    Condition.objects.filter(pk=waiting.pk).update(care_gate="Den gamle.")
    accept_clinics(condition=waiting, matches=[waiting.matches.get().pk], gate="Den nye.", without_gate="", by=edith)
    waiting.refresh_from_db()
    assert waiting.care_gate == "Den gamle."
    assert not WarningChange.objects.exists()
