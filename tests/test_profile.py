"""A clinic's page: in the order in which somebody in pain asks, and honest about what nobody has stated."""

import datetime
import itertools
import re

import pytest
import time_machine

from articles.models import Article
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    ConditionMatch,
    OpeningHours,
    Photo,
    Practitioner,
    Price,
    Provenance,
    Speciality,
)

from .html_reader import Page
from .people import clinic, condition, places, speciality, treatment

pytestmark = pytest.mark.django_db

URL = "/klinik/ryggen/"
MONDAY = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)  # 11 o'clock in Denmark
STATED = datetime.date(2026, 11, 3)


def a_full_clinic(**fields) -> Clinic:
    """One of which every part knows something."""
    everything = {
        "street": "Eksempelvej 12B",
        "address_extra": "2. tv.",
        "email": "ryggen@example.org",
        "website": "https://ryggen.example/",
        "booking_url": "https://ryggen.example/bestil",
        "about": "Vi undersøger dig og lægger en plan.",
        "has_ydernummer": True,
        "free_physiotherapy": False,
        "danmark_insurance": True,
        "home_visits": True,
        "online": False,
        "assessment_plan": True,
        "step_free": True,
        "lift": False,
        "parking": True,
        "languages": ["da", "en"],
        "access_note": "Indgang fra gården. Bus 1A standser ved døren.",
        "waiting_days": 3,
        "waiting_stated_on": datetime.date(2026, 11, 14),
        "approach_exercise": "Du får tre øvelser med hjem.",
        "source": "clinic",
        "confirmed_at": STATED,
    }
    made = clinic("Ryggen", "Aarhus C", specialities=["Ryg", "Knæ"], treatments=["Taping"], **everything | fields)
    mette = Practitioner.objects.create(
        clinic=made, name="Mette Eksempel", authorisation_id="09YM8", authorisation_checked_on=STATED
    )
    ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Ryg"), practitioner=mette)
    ClinicTreatment.objects.create(
        clinic=made, treatment=treatment("Holdtræning"), format="group", group_topic=speciality("Ryg")
    )
    Price.objects.create(clinic=made, kind="first", amount=550, minutes=45, confirmed_at=STATED)
    Price.objects.create(clinic=made, kind="follow_up", amount=420, minutes=30, confirmed_at=STATED)
    Price.objects.create(clinic=made, kind="package", amount=3800, sessions=10, valid_months=12, confirmed_at=STATED)
    Photo.objects.create(clinic=made, digest="a" * 64, width=960, height=640, alt="Indgangen fra gården")
    Photo.objects.create(clinic=made, digest="b" * 64, width=320, height=320, alt="Logo", kind="logo")
    for day in range(5):
        OpeningHours.objects.create(clinic=made, weekday=day, opens=datetime.time(8), closes=datetime.time(18))
    return made


@pytest.fixture
def full(db):
    places()
    with time_machine.travel(MONDAY, tick=False):
        yield a_full_clinic()


def html(client, query: str = "") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def in_order(page: str, *texts: str) -> None:
    at = [page.index(text) for text in texts]
    assert at == sorted(at), list(zip(texts, at, strict=True))


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def headings(page: str) -> list[tuple[int, str]]:
    found = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", main(page), re.DOTALL)
    return [(int(level), re.sub(r"<[^>]+>", "", text).strip()) for level, text in found]


# --- Order and outline ---


def test_the_parts_stand_in_the_order_of_a_patients_questions(full, client):
    page = main(html(client))
    order = ["behandler", "priser", "henvisning", "behandlere", "holdtraening", "ventetid", "aabningstider", "adgang"]
    in_order(
        page, "<h1>Ryggen</h1>", 'id="kontakt"', *(f'id="{one}"' for one in [*order, "billeder", "svar", "kilder"])
    )


def test_the_outline_has_one_title_and_skips_no_level(full, client):
    levels = [level for level, _ in headings(html(client))]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels)), headings(html(client))


def test_the_list_of_parts_leads_to_each_of_them(full, client):
    page = html(client)
    nav = page[page.index('class="profile__contents') :]
    links = re.findall(r'href="#([^"]+)"', nav[: nav.index("</nav>")])
    assert links[:2] == ["behandler", "priser"] and len(links) >= 8
    ids = Page(page).ids
    assert all(ids[one] == 1 for one in links), [one for one in links if ids[one] != 1]


def test_no_id_stands_twice(full, client):
    assert [one for one, count in Page(html(client)).ids.items() if count > 1] == []


def test_every_part_ends_with_its_source_and_date(full, client):
    Provenance.objects.create(
        clinic=full, group="access", source="register", stated_on=datetime.date(2025, 1, 2), note="God Adgang"
    )
    page = main(html(client))
    groups = page.count('<div class="profile__group">')
    assert groups >= 8
    assert page.count('class="source small soft"') == groups + 1  # and the contact
    access = page[page.index('id="adgang"') :]
    assert "Kilde: God Adgang, slået op 2. januar 2025." in access
    assert access.index("Over et år gammelt") < access.index('class="profile__group"')


# --- What is not known ---


def test_a_clinic_that_says_nothing_has_a_short_and_honest_page(client):
    clinic("Ryggen", "Aarhus C", phone="")
    page = html(client)
    words = Page(main(page)).words
    assert "Telefon ikke oplyst" in words and "Oplysningerne er ikke bekræftet af klinikken" in words
    for part in ("priser", "ventetid", "åbningstider", "adgangsforhold", "behandlere", "specialer"):
        assert part in words[words.index("Klinikken har ikke oplyst") :]
    assert [text for level, text in headings(page) if level == 2] == ["Kontakt", "Ikke oplyst", "Kilder og rettelser"]
    assert "profile__contents" not in page
    assert not re.search(r"\bNej\b", words), "unknown is never a no"
    assert "Kilde: offentligt register. Dato ikke oplyst." in words


def test_unknown_facts_of_a_part_that_is_shown_are_not_stated(client):
    clinic("Ryggen", "Aarhus C", step_free=True)
    page = html(client)
    access = page[page.index('id="adgang"') :]
    facts = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", access, re.DOTALL)
    told = {label: re.sub(r"<[^>]+>", "", value) for label, value in facts}
    assert told["Niveaufri adgang"] == "Ja"
    assert told["Elevator"] == told["Sprog"] == told["Behandling hjemme hos dig"] == "Ikke oplyst"


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        (None, "Ikke oplyst"),
        ([], "Ingen oplyst ud over dansk"),
        (["da", "en", "ar"], "Dansk, engelsk og arabisk"),
    ],
)
def test_languages(client, codes, text):
    clinic("Ryggen", "Aarhus C", lift=True, languages=codes)
    page = html(client)
    assert re.search(rf"<dt>Sprog</dt><dd>(<[^>]+>)?{text}", page)


@pytest.mark.parametrize(
    ("days", "stated", "text"),
    [
        (3, datetime.date(2026, 11, 14), "Ventetid 3 dage (oplyst 14. november)"),
        (0, datetime.date(2026, 11, 14), "Ingen ventetid (oplyst 14. november)"),
        (3, datetime.date(2026, 9, 1), "kan være ændret). Ring og spørg, hvad den er nu."),
        (3, None, "dato ikke oplyst, kan være ændret). Ring og spørg"),
    ],
)
def test_a_waiting_time_has_its_date(client, days, stated, text):
    with time_machine.travel(MONDAY, tick=False):
        clinic("Ryggen", "Aarhus C", waiting_days=days, waiting_stated_on=stated)
        assert text in html(client)


# --- The head ---


def test_what_was_checked_has_its_date(full, client):
    words = Page(html(client)).words
    assert "Autorisation kontrolleret 3. november 2026" in words
    assert "Ydernummer" in words and "Bekræftet af klinikken 3. november 2026" in words
    Practitioner.objects.create(clinic=full, name="Per Eksempel")
    assert "Autorisation kontrolleret for 1 af 2 behandlere 3. november 2026" in Page(html(client)).words


def test_old_facts_are_called_old(full, client):
    Clinic.objects.update(confirmed_at=datetime.date(2025, 11, 1))
    assert "Oplysningerne er over et år gamle: bekræftet af klinikken 1. november 2025" in html(client)


def test_ways_to_the_clinic_say_whose_page_they_open(full, client):
    page = html(client)
    assert 'href="tel:+4500001234"' in page
    assert "Eksempelvej 12B, 2. tv.,<br>8000\u00a0Aarhus\u00a0C" in page, "postcode and town stay together"
    for address in ("https://ryggen.example/", "https://ryggen.example/bestil"):
        link = re.search(rf'<a href="{re.escape(address)}"([^>]*)>(.*?)</a>', page)
        assert "noopener" in link[1] and "nofollow" in link[1]
        assert "åbner klinikkens egen side" in link[2]


def test_its_logo_and_its_pictures(full, client):
    page = html(client)
    in_order(page, "/billeder/" + "b" * 64, "<h1>Ryggen</h1>", 'id="kontakt"', "/billeder/" + "a" * 64)
    assert 'alt="Indgangen fra gården"' in page


def test_whether_it_is_open_now(full, client):
    assert "Åben til kl. 18" in html(client).replace("Åbent", "Åben")
    with time_machine.travel(MONDAY + datetime.timedelta(hours=12), tick=False):
        assert "Åben til kl. 18" not in html(client).replace("Åbent", "Åben")


def test_no_page_with_an_open_state_is_kept_by_others(full, client):
    control = client.get(URL)["Cache-Control"]
    assert "private" in control and "public" not in control
    assert int(re.search(r"max-age=(\d+)", control)[1]) <= 60


def test_nothing_says_open_where_no_hours_are_stated(client):
    clinic("Ryggen", "Aarhus C")
    assert "profile__open" not in html(client)


@pytest.mark.parametrize(
    ("query", "precision", "text"),
    [
        ("?sted=8200", "address", "4,4 km</span> i luftlinje fra 8200 Aarhus N"),
        ("?sted=8200", "postcode", "ca. 4,4 km</span> i luftlinje fra 8200 Aarhus N"),
        ("?sted=8000", "address", "under 100 m"),
        ("?sted=findesikke", "address", None),
        ("", "address", None),
    ],
)
def test_the_distance_when_a_place_is_known(full, client, query, precision, text):
    Clinic.objects.update(location_precision=precision)
    page = main(html(client, query))
    contact = page[: page.index('class="profile__main"')]
    assert "luftlinje" not in contact if text is None else text in contact


# --- The visitor's condition, and its gate ---


def test_what_the_visitor_came_for_is_marked(full, client):
    condition("Ondt i lænden", {"Ryg": 3})
    page = html(client, "?tilstand=ondt-i-laenden&sted=8200")
    offers = page[page.index('id="behandler"') : page.index('id="priser"')]
    assert re.search(r'class="fits"[^>]*>\s*Ryg', offers)
    assert "ondt i lænden" in offers.lower()
    assert not re.search(r'class="fits"[^>]*>\s*Knæ', offers)
    assert 'class="fits"' not in html(client)


def test_the_way_back_keeps_the_search(full, client):
    condition("Ondt i lænden", {"Ryg": 3})
    page = html(client, "?tilstand=ondt-i-laenden&sted=8200").replace("&amp;", "&")
    assert 'href="/find/fysioterapeut/?tilstand=ondt-i-laenden&sted=8200">Tilbage til klinikkerne' in page
    assert "/klinik/ryggen/besoegsark/?tilstand=ondt-i-laenden&sted=8200" in page
    assert 'name="sted" value="8200"' in page, "the sum of a course keeps it too"


def test_a_gate_and_its_warnings_stand_above_everything(full, client):
    clinic("Knæet", "Aarhus C", specialities=["Ryg"])
    condition("Blodprop", {"Ryg": 3}, care_gate="Ring først til din læge.")
    page = main(html(client, "?tilstand=blodprop&sted=8000"))
    in_order(page, "<h1>", "Ring først til din læge.", 'id="ring-112"', 'id="kontakt"', 'href="tel:+45')
    assert "Andre klinikker i nærheden" not in page
    assert "Andre klinikker i nærheden" in html(client)


# --- Ways on ---


def article(name: str, weights: dict[str, int], status="published", **fields) -> Article:
    about = condition(name, weights, **fields)
    return Article.objects.create(slug=about.slug, title=name, condition=about, status=status, body="Indledning.")


def test_articles_on_what_it_treats_the_most_serious_first(full, client):
    article("Ondt i lænden", {"Ryg": 3})
    article("Diskusprolaps", {"Ryg": 3, "Knæ": 2})
    article("Akut rygsmerte", {"Ryg": 3}, care_gate="Ring først til din læge.")
    article("Hovedpine", {"Nakke": 3})
    article("Kun lidt ryg", {"Ryg": 1})
    article("Kladden", {"Ryg": 3}, status="draft")
    article("Taget ned", {"Ryg": 3}, status="archived")
    page = html(client, "?sted=8000")
    read = page[page.index('id="laes-mere"') : page.index('id="kilder"')]
    assert re.findall(r'href="/ordbog/([a-z-]+)/\?sted=8000"', read) == [
        "akut-rygsmerte",
        "diskusprolaps",
        "ondt-i-laenden",
    ]
    for number in range(6):
        article(f"Ryg {number}", {"Ryg": 3})
    assert len(re.findall(r'href="/ordbog/[a-z0-9-]+/"', html(client))) == 5


def test_a_suggestion_counts_only_where_no_editor_has_matched(full, client):
    edited = article("Ondt i lænden", {"Hofte": 3}).condition
    ConditionMatch.objects.create(
        condition=edited, speciality=speciality("Ryg"), weight=3, origin=ConditionMatch.Origin.SUGGESTED
    )
    assert 'id="laes-mere"' not in html(client)


def test_the_others_are_the_nearest_by_the_rule_that_is_written(full, client):
    clinic("Langt væk", "Randers", specialities=["Ryg"])
    clinic("Nabo", "Aarhus C", specialities=["Knæ"])
    clinic("Nord", "Aarhus N", specialities=["Ryg"])
    clinic("Viby", "Viby J", specialities=["Ryg", "Knæ"])
    clinic("Noget andet", "Aarhus C", specialities=["Hofte"])
    clinic("Over vandet", "Kalundborg", specialities=["Ryg"])
    clinic("Kladden", "Aarhus C", specialities=["Ryg"], status="draft")
    clinic("Opdigtet", "Aarhus C", specialities=["Ryg"], is_example=True)
    page = html(client, "?sted=8200")
    box = page[page.index('id="andre"') : page.index("</aside>", page.index('id="andre"'))]
    assert re.findall(r'href="/klinik/([a-z-]+)/\?sted=8200"', box) == ["nabo", "nord", "viby"]
    assert "mindst ét af de samme specialer, inden for 50 km på samme side af vandet" in box
    assert "Ingen kan betale" in box
    assert page.index('id="kilder"') < page.index('id="andre"'), "below everything"


def test_a_clinic_that_states_no_speciality_has_the_nearest_of_all(client):
    clinic("Ryggen", "Aarhus C")
    clinic("Nabo", "Aarhus C", specialities=["Hofte"])
    page = html(client)
    assert "/klinik/nabo/" in page and "De nærmeste andre klinikker, inden for 50 km" in page


def test_correct_it_or_own_it(full, client):
    page = html(client)
    assert 'href="/klinik/ryggen/ret/">' in page and 'href="/klinik/ryggen/ret/?fra=klinik">' in page


# --- Nobody's word, nobody's harm ---


def test_a_suggested_speciality_is_not_shown(full, client):
    ClinicSpeciality.objects.create(clinic=full, speciality=speciality("Hjernerystelse"), basis="suggested")
    assert "Hjernerystelse" not in html(client)


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_markup_in_every_text_is_text(client):
    with time_machine.travel(MONDAY, tick=False):
        made = a_full_clinic(
            **dict.fromkeys(("street", "address_extra", "about", "access_note", "hours_note", "insurers_note"), EVIL),
            approach_exercise=EVIL,
            approach_manual=EVIL,
        )
        Clinic.objects.update(name=EVIL)
        Practitioner.objects.update(name=EVIL, title=EVIL)
        Price.objects.update(terms=EVIL)
        Speciality.objects.update(name=EVIL)
        Provenance.objects.create(clinic=made, group="prices", source="import", note=EVIL)
        page = Page(html(client))
    assert not [
        attributes
        for tag, attributes in page.elements
        if tag == "script" and attributes != {"type": "application/ld+json"}
    ]
    assert "alert(1)" in page.words
    assert not [tag for tag, attributes in page.elements if tag == "img" and attributes.get("src") == "x"]


def test_an_example_says_that_it_is_one(client):
    clinic("Ryggen", "Aarhus C", is_example=True)
    page = html(client)
    assert "opdigtet klinik" in page and '<meta name="robots" content="noindex">' in page
    assert "application/ld+json" not in page


def test_nothing_is_asked_of_anybody_else(full, client):
    page = Page(html(client))
    loads = [value for tag, value in page.addresses if tag in ("img", "script", "link", "iframe", "form", "source")]
    assert all(value.startswith(("/", "#")) or "testserver" in value or "127.0.0.1" in value for value in loads), loads
    assert not [1 for _, attributes in page.elements if "style" in attributes]
    assert not client.get(URL).cookies
