"""/admin/ for somebody who looks after clinics: how they stand, what to do first, and one click that confirms."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinics import memberships
from clinics.admin.start import MOST_MISSING
from clinics.models import Claim, Clinic, DailyStatistic, ListingRequest, PendingChange, Price, Role
from fysfinder.roles import sync_roles

from . import attack
from .claims import person
from .full_clinic import a_full_clinic
from .people import clinic
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/admin/"
NOON = datetime.datetime(2026, 11, 20, 11, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 20)
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@kept(at=NOON)
def olga() -> User:
    sync_roles()
    return person("olga")


def owns(user: User, *clinics: Clinic, role: str = Role.OWNER) -> None:
    for one in clinics:
        memberships.join(clinic=one, user=user, role=role, by=user)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(pk=user.pk))
    return browser


def page_of(user: User, query: str = "") -> str:
    response = browser_of(user).get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def confirm(user: User, one: Clinic, **data):
    return browser_of(user).post(f"/admin/clinics/clinic/{one.pk}/bekraeft/", data, follow=True)


class TestOneClinic:
    def test_the_first_thing_is_to_confirm_or_to_change(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        page = page_of(olga)
        assert "<h1>Ryggen</h1>" in page
        at = [page.index(words) for words in ("Bekræft oplysninger", "Ret oplysninger", "% udfyldt", "Hjælper det?")]
        assert at == sorted(at)

    def test_what_is_missing_leads_to_its_section(self, olga):
        one = clinic("Ryggen", "Aarhus C", specialities=["Ryg"])
        owns(olga, one)
        page = page_of(olga)
        assert f'href="/admin/clinics/clinic/{one.pk}/change/?afsnit=prices#prices">Priser uden henvisning' in page
        assert page.count("?afsnit=") == MOST_MISSING
        Price.objects.create(clinic=one, kind="first", amount=500)
        assert "Priser uden henvisning" not in page_of(olga)

    def test_a_full_profile_is_thanked_for(self, olga):
        owns(olga, a_full_clinic(location_precision="address"))
        assert "udfyldt" in page_of(olga)

    @pytest.mark.parametrize(
        ("confirmed", "said", "is_due"),
        [
            (None, "I har ikke bekræftet oplysningerne endnu.", True),
            ("2026-11-03", "Bekræftet af klinikken 3. november 2026. Vi spørger igen omkring 3. maj 2027.", False),
            ("2026-05-01", "Bekræftet af klinikken 1. maj 2026. Passer de stadig?", True),
            ("2025-05-01", "Oplysningerne er over et år gamle: bekræftet af klinikken 1. maj 2025. Passer de", True),
        ],
    )
    def test_when_it_was_confirmed_and_when_we_ask_next(self, olga, confirmed, said, is_due):
        owns(olga, clinic("Ryggen", "Aarhus C", confirmed_at=confirmed))
        page = page_of(olga)
        assert said in text_of(page)
        # The button that is asked for now is the filled one.
        assert ('<button class="button" type="submit">Bekræft oplysninger' in page) is is_due

    def test_what_waits_for_approval_is_shown(self, olga):
        one, other = clinic("Ryggen", "Aarhus C"), clinic("Knæet", "Aarhus N")
        owns(olga, one)
        PendingChange.objects.create(clinic=one, subject="name", new={"name": "Nyt"})
        PendingChange.objects.create(clinic=one, subject="address", new={}, status="refused")
        PendingChange.objects.create(clinic=other, subject="title", new={})
        said = text_of(page_of(olga))
        assert "Navn , sendt 20. november" in said
        assert "Adresse, sendt" not in said and "titel" not in said

    def test_the_figures_of_the_month(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        assert "Vi har ikke talt noget endnu" in page_of(olga)
        for day, event, count in (("2026-11-02", "view", 47), ("2026-11-03", "phone", 4), ("2026-10-02", "view", 90)):
            DailyStatistic.objects.create(clinic=one, day=day, event=event, count=count)
        said = text_of(page_of(olga))
        assert "November 2026, til og med 19. november" in said
        assert "Profilvisninger 45" in said and "Tryk på telefonnummer under 5" in said
        assert "I oktober blev profilen åbnet 90 gange." in said

    def test_the_ways_on(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        page, browser = page_of(olga), browser_of(olga)
        links = re.search(r'<ul class="start__links">(.*?)</ul>', page, re.S).group(1)
        named = dict(re.findall(r'href="([^"]+)">([^<]+)<', links))
        assert list(named.values()) == [
            "Ret oplysninger",
            "Se som patient",
            "Anmeldelser",
            "Besøgskoder",
            "Medlemmer",
            "Historik",
            "Alle tal",
        ]
        assert [browser.get(url).status_code for url in named] == [200] * len(named)

    def test_se_som_patient_is_what_was_just_saved(self, olga):
        """The browser kept the page for a minute; it is neither shown again nor kept again."""
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        anybody, member = (browser.get("/klinik/ryggen/").headers for browser in (Client(), browser_of(olga)))
        assert "max-age=60" in anybody["Cache-Control"] and "max-age=0" in member["Cache-Control"]
        assert all("Cookie" in headers["Vary"] for headers in (anybody, member))

    @pytest.mark.parametrize("status", ["draft", "closed"])
    def test_what_patients_cannot_see_is_not_linked(self, olga, status):
        owns(olga, clinic("Ryggen", "Aarhus C", status=status))
        page = page_of(olga)
        assert "Patienter kan ikke se klinikken endnu." in page
        assert "Se som patient" not in page

    def test_no_promise_of_what_is_not_there(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        one.corrections.create(group="prices", text="Prisen er forkert")
        said = text_of(page_of(olga)).casefold()
        assert "prisen er forkert" not in said
        assert "Ændringer, der venter" not in said

    def test_a_name_of_markup_is_text(self, olga):
        owns(olga, clinic("Ryggen", "Aarhus C"))
        Clinic.objects.update(name="<b>Ryggen</b>")
        assert "<b>Ryggen" not in page_of(olga)


class TestConfirming:
    def test_one_click_confirms_in_the_clinics_name(self, olga):
        one = clinic("Ryggen", "Aarhus C", price=500, source="register")
        owns(olga, one)
        page = page_of(olga)
        seen = re.search(r'name="seen" value="([^"]+)"', page).group(1)
        response = confirm(olga, one, seen=seen)
        assert "Oplysningerne er bekræftet i dag. Vi spørger igen omkring 20. maj 2027." in response.content.decode()
        one.refresh_from_db()
        assert (one.confirmed_at, one.source) == (TODAY, "clinic")
        assert one.prices.get().confirmed_at == TODAY
        assert LogEntry.objects.filter(user=olga, object_id=str(one.pk), change_message__contains="Bekræftede").exists()

    def test_what_was_changed_meanwhile_is_not_confirmed_unseen(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        seen = re.search(r'name="seen" value="([^"]+)"', page_of(olga)).group(1)
        with time_machine.travel(NOON + datetime.timedelta(minutes=1), tick=False):
            one.save()
        response = confirm(olga, one, seen=seen)
        assert "Oplysningerne er ændret, siden du åbnede siden." in response.content.decode()
        one.refresh_from_db()
        assert one.confirmed_at is None

    def test_a_link_confirms_nothing(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        assert browser_of(olga).get(f"/admin/clinics/clinic/{one.pk}/bekraeft/").status_code == 405
        one.refresh_from_db()
        assert one.confirmed_at is None

    def test_another_site_cannot(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one)
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(User.objects.get(pk=olga.pk))
        assert browser.post(f"/admin/clinics/clinic/{one.pk}/bekraeft/").status_code == 403

    @pytest.mark.parametrize("who", ["olga", "stella", "erik", "per", None])
    def test_nobody_confirms_another_clinic(self, who):
        world = attack.build()
        browser = Client()
        if who:
            browser.force_login(world.people[who])
        response = browser.post(f"/admin/clinics/clinic/{world.b.pk}/bekraeft/")
        assert response.status_code in (302, 403, 404)
        world.b.refresh_from_db()
        assert world.b.confirmed_at is None

    def test_staff_of_the_clinic_may(self, olga):
        one = clinic("Ryggen", "Aarhus C")
        owns(olga, one, role=Role.STAFF)
        confirm(olga, one)
        one.refresh_from_db()
        assert one.confirmed_at == TODAY

    def test_a_moderator_leaves_the_sources_as_they_are(self):
        world = attack.build()
        Clinic.objects.filter(pk=world.a.pk).update(source="register")
        confirm(world.people["mona"], world.a)
        world.a.refresh_from_db()
        assert (world.a.confirmed_at, world.a.source) == (TODAY, "register")


@kept(at=NOON)
def chain(olga) -> list[Clinic]:
    made = [clinic(f"Klinik {number:02}", "Aarhus C" if number % 2 else "Aalborg") for number in range(50)]
    owns(olga, *made)
    return made


class TestSeveral:
    def test_a_list_that_says_where_to_begin(self, olga, chain):
        Clinic.objects.filter(pk=chain[0].pk).update(confirmed_at=TODAY)
        PendingChange.objects.create(clinic=chain[1], subject="name", new={})
        page = page_of(olga)
        said = text_of(page)
        assert "<h1>Dine klinikker</h1>" in page
        assert page.count("?klinik=") == 50
        assert "Bekræftet 20. november 2026" in said and "1 ændring venter på os" in said

    def test_each_leads_to_its_whole_page(self, olga, chain):
        page = page_of(olga, f"?klinik={chain[7].pk}")
        assert "<h1>Klinik 07</h1>" in page and "Alle dine 50 klinikker" in page

    def test_search_by_name_and_town(self, olga, chain):
        assert page_of(olga, "?q=aalborg").count("?klinik=") == 25
        assert page_of(olga, "?q=KLINIK+07").count("?klinik=") == 1
        nobody = page_of(olga, "?q=%3Cb%3Efindes+ikke%00" + "x" * 5_000)
        assert "Ingen af dine klinikker" in nobody and "<b>findes" not in nobody

    def test_anothers_clinic_cannot_be_chosen(self, olga, chain):
        other = clinic("Fremmed", "Aarhus C")
        for asked in (other.pk, "x", "-1", "٢", "9" * 50, "%00"):
            page = page_of(olga, f"?klinik={asked}")
            assert "Fremmed" not in page and "<h1>Dine klinikker</h1>" in page

    def test_the_same_number_of_statements_for_one_as_for_fifty(self, olga, chain):
        solo = person("sten")
        owns(solo, clinic("Ene", "Aarhus C", specialities=["Ryg"], price=500))
        PendingChange.objects.create(clinic=chain[1], subject="name", new={})
        asked = {}
        for name, user, query in (("one", solo, ""), ("fifty", olga, ""), ("of fifty", olga, f"?klinik={chain[3].pk}")):
            browser = browser_of(user)
            browser.get(URL)
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(URL + query).status_code == 200
            asked[name] = len(captured)
        assert max(asked.values()) <= MOST_QUERIES, asked


class TestNone:
    def asked(self, user: User) -> str:
        response = browser_of(user).get(URL)
        assert response.status_code == 403
        return text_of(response.content.decode())

    def test_without_anything(self, olga):
        said = self.asked(olga)
        assert "Du har ikke adgang til nogen klinik endnu" in said and "Det er min klinik" in said

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            ("started", "Du er begyndt"),
            ("code", "Skriv koden"),
            ("waiting", "Vi ser på det"),
            ("appealed", "Vi ser på din klage"),
            ("refused", "Se hvorfor, og hvad du kan gøre"),
        ],
    )
    def test_a_claim_on_its_way_says_how_far_it_is(self, olga, status, words):
        one = clinic("Ryggen", "Aarhus C")
        Claim.objects.create(clinic=one, user=olga, status=status, decided_at=NOON)
        said = self.asked(olga)
        assert "Ryggen" in said and words in said
        assert "Du har ikke adgang" not in said

    @pytest.mark.parametrize("status", ["withdrawn", "expired", "approved"])
    def test_what_is_over_is_not_waited_for(self, olga, status):
        Claim.objects.create(clinic=clinic("Ryggen", "Aarhus C"), user=olga, status=status, decided_at=NOON)
        assert "Ryggen" not in self.asked(olga)

    def test_an_old_no_is_not_repeated_for_ever(self, olga):
        long_ago = NOON - datetime.timedelta(days=31)
        Claim.objects.create(clinic=clinic("Ryggen", "Aarhus C"), user=olga, status="refused", decided_at=long_ago)
        assert "Ryggen" not in self.asked(olga)

    def test_the_name_of_a_draft_is_not_told(self, olga):
        Claim.objects.create(clinic=clinic("Hemmelig", "Aarhus C", status="draft"), user=olga, status="waiting")
        assert "Hemmelig" not in self.asked(olga)

    def test_anothers_claim_is_not_told(self, olga):
        Claim.objects.create(clinic=clinic("Ryggen", "Aarhus C"), user=person("sten"), status="waiting")
        assert "Ryggen" not in self.asked(olga)

    def test_a_new_clinic_that_waits(self, olga):
        ListingRequest.objects.create(kind="new", user=olga, name="Nye Ryg")
        assert "Nye Ryg" in self.asked(olga)

    def test_a_second_clinic_on_its_way_beside_the_first(self, olga):
        owns(olga, clinic("Ryggen", "Aarhus C"))
        Claim.objects.create(clinic=clinic("Knæet", "Aarhus C"), user=olga, status="waiting")
        said = text_of(page_of(olga))
        assert "Knæet" in said and "Vi ser på det" in said
