"""The steps of the workflow in the admin: what each asks, who may take it, and the medical review."""

import datetime

import pytest

from articles.models import SignOff
from clinics import clock
from clinics.models import RedFlag
from fysfinder.roles import ADMINISTRATOR, MEDICAL_REVIEWER

from .editors import CHANGELIST, MILD, TEXT, address, article, edith, form_of, messages_of, save, seen_of, staff, unsafe

pytestmark = pytest.mark.django_db


def test_a_step_saves_first_and_is_then_taken():
    one = article()
    assert save(edith(), one, body="Nyt.", _step="review").status_code == 302
    one.refresh_from_db()
    assert (one.body, one.status) == ("Nyt.", "review")


def test_text_with_mistakes_takes_no_step():
    one = article()
    assert save(edith(), one, title="", _step="review").status_code == 200
    one.refresh_from_db()
    assert one.status == "draft"


def test_a_time_is_asked_for_and_read_as_danish():
    one, browser = article(), edith()
    response = save(browser, one, _step="planlaeg")
    page = address(one, "trin", "planlaeg")
    assert response["Location"] == page
    values = {"seen": seen_of(one), "publish_at_0": "03.12.2099", "publish_at_1": "08:00"}
    assert browser.post(page, values).status_code == 302
    one.refresh_from_db()
    assert one.status == "ready"
    assert one.publish_at == datetime.datetime(2099, 12, 3, 7, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [("03.12.2020", "08:00", "Tidspunktet er passeret"), ("i morgen", "8", "Indtast en gyldig"), ("", "", "påkrævet")],
)
def test_a_time_that_cannot_be_is_refused_kindly(day, time, sentence):
    one = article()
    response = edith().post(
        address(one, "trin", "planlaeg"), {"seen": seen_of(one), "publish_at_0": day, "publish_at_1": time}
    )
    assert response.status_code == 200 and sentence in response.content.decode()
    one.refresh_from_db()
    assert one.status == "draft"


def test_publishing_what_a_red_flag_is_against_asks_for_the_reason():
    one, browser = unsafe(), edith()
    page = address(one, "trin", "published")
    assert save(browser, one, _step="published")["Location"] == page
    assert f"“{MILD}”" in browser.get(page).content.decode()
    assert "påkrævet" in browser.post(page, {"seen": seen_of(one)}).content.decode()
    answer = {"seen": seen_of(one), "reason": "Gælder efter lægens ja.", "place": one.safety[0]["fingerprint"]}
    assert f'name="place" value="{answer["place"]}"' in browser.get(page).content.decode()
    assert browser.post(page, answer).status_code == 302
    one.refresh_from_db()
    assert one.status == "published" and SignOff.objects.get().reason == "Gælder efter lægens ja."


def test_a_reason_counts_only_for_the_places_that_were_shown():
    one, browser = (
        unsafe(body=f"Ind.\n\n## Hvad nu?\n\n{MILD} Kontakt en fysioterapeut, hvis du er lam i armen.\n"),
        edith(),
    )
    page = address(one, "trin", "published")
    shown = [place["fingerprint"] for place in browser.get(page).context["places"]]
    RedFlag.objects.create(key="lam", group="lam", urgency="112", text="er lam", terms=["lam i armen"], sources=[])
    answer = {"seen": seen_of(one), "reason": "Set på det ene sted.", "place": shown}
    response = browser.post(page, answer)
    said = response.content.decode()
    assert "Der er kommet nye steder til" in said and "lam i armen" in said
    one.refresh_from_db()
    assert one.status == "draft" and not SignOff.objects.exists()
    answer["place"] = [place["fingerprint"] for place in response.context["places"]]
    assert len(answer["place"]) == 2 and browser.post(page, answer).status_code == 302
    one.refresh_from_db()
    assert one.status == "published" and SignOff.objects.count() == 2


@pytest.mark.parametrize(("role", "to"), [(ADMINISTRATOR, "archived"), (MEDICAL_REVIEWER, "draft")])
def test_a_form_that_is_out_of_date_takes_no_step_and_loses_no_text(role, to):
    one, browser = article(status="ready"), edith()
    form = form_of(browser.get(address(one, "change")))
    answer = {"seen": seen_of(one), "reason": "Forkert dosis."}
    assert staff("nina", role).post(address(one, "trin", to), answer).status_code == 302
    response = browser.post(address(one, "change"), form | {"body": "Ediths.", "_step": "published"}, follow=True)
    one.refresh_from_db()
    assert (one.status, one.body) == (to, "Ediths.")
    assert response.redirect_chain[0][0] == address(one, "trin", "published")
    assert "Din tekst er gemt, men trinnet er ikke taget." in messages_of(response)[-1]


def test_the_form_says_what_waits_for_an_answer_and_leads_there():
    one, browser = unsafe(), edith()
    said = browser.get(address(one, "change")).content.decode()
    assert "1 sted er mildere end de røde flag" in said and f'href="{address(one, "safety")}"' in said
    assert MILD in browser.get(address(one, "safety")).content.decode()
    assert "Kræver opmærksomhed" not in browser.get(address(article(), "change")).content.decode()


def test_a_flag_that_came_after_the_page_was_made_is_asked_about_too():
    one, browser = article(body=f"Ind.\n\n## Hvad nu?\n\n{MILD}\n"), edith()
    RedFlag.objects.create(
        key="blodprop",
        group="DVT",
        urgency="doctor_now",
        text="det ene ben er hævet",
        terms=["hævet + ben"],
        sources=[],
    )
    response = browser.post(
        address(one, "change"), form_of(browser.get(address(one, "change"))) | {"_step": "published"}
    )
    page = address(one, "trin", "published")
    assert response["Location"] == page and MILD in browser.get(page).content.decode()


def test_a_step_of_an_article_that_changed_meanwhile_is_refused():
    one, browser = article(), edith()
    seen = seen_of(one)
    save(staff("adam", ADMINISTRATOR), one, body="Adams.")
    response = browser.post(address(one, "trin", "published"), {"seen": seen})
    assert "Artiklen er ændret, siden du åbnede den" in response.content.decode()


@pytest.mark.parametrize("part", ["change", "preview", "history", "trin/published", "adresse", "history/1"])
def test_an_article_that_is_not_there(part):
    browser = edith()
    for key in (4711, 10**30):
        page = f"{CHANGELIST}{key}/{part}/"
        assert {browser.get(page).status_code, browser.post(page).status_code} <= {302, 404, 405}


def test_a_step_without_what_was_seen_is_refused():
    one = article()
    assert "Siden er for gammel" in edith().post(address(one, "trin", "published"), {}).content.decode()
    one.refresh_from_db()
    assert one.status == "draft"


def test_a_step_that_is_not_there_says_so():
    one, browser = article(), edith()
    said = browser.get(address(one, "trin", "ophaev"), follow=True)
    assert messages_of(said) == ["Det trin kan ikke tages nu. Måske har en anden taget det imens."]
    assert browser.get(address(one, "trin", "noget")).status_code == 404


def test_a_review_is_registered_and_taken_back_by_who_may():
    one = article()
    assert edith().get(address(one, "gennemgang")).status_code == 403
    adam = staff("adam", ADMINISTRATOR)
    today = clock.today()
    values = {"seen": seen_of(one), "name": "Rikke Lund, fysioterapeut"}
    values |= {"on": f"{today:%d.%m.%Y}", "next_due": f"{today + datetime.timedelta(days=300):%d.%m.%Y}"}
    assert adam.post(address(one, "gennemgang"), values).status_code == 302
    one.refresh_from_db()
    assert one.is_reviewed
    assert "Rikke Lund" in adam.get(address(one, "change")).content.decode()
    withdrawal = {"withdraw": "1", "withdraw-seen": seen_of(one), "withdraw-reason": "Forkert artikel."}
    assert adam.post(address(one, "gennemgang"), withdrawal).status_code == 302
    one.refresh_from_db()
    assert not one.is_reviewed


def test_a_medical_reviewer_reads_approves_and_changes_nothing():
    one, frida = article(status="review"), staff("frida", MEDICAL_REVIEWER)
    said = frida.get(address(one, "change")).content.decode()
    assert "Hvad er det?" in said and "Gem" not in said.split("submit-row")[1][:200]
    assert f'href="{address(one, "trin", "ready")}"' in said
    assert frida.post(address(one, "change"), {"body": "Mit."}).status_code == 403
    assert frida.post(address(one, "preview"), {"body": "Mit."}).status_code == 403
    assert frida.post(address(one, "trin", "ready"), {"seen": seen_of(one)}).status_code == 302
    one.refresh_from_db()
    assert (one.status, one.body) == ("ready", TEXT)
