"""A clinic's page: in the order in which somebody in pain asks, and honest about what nobody has stated."""

import datetime
import itertools
import re

import pytest
import time_machine

from clinics.models import (
    Clinic,
    ClinicSpeciality,
    Practitioner,
    Price,
    Provenance,
    Speciality,
)

from .full_clinic import MONDAY, STATED, URL, a_full_clinic, html, in_order, main
from .html_reader import Page
from .people import clinic, places, speciality

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(db):
    places()
    with time_machine.travel(MONDAY, tick=False):
        yield a_full_clinic()


def headings(page: str) -> list[tuple[int, str]]:
    found = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", main(page), re.DOTALL)
    return [(int(level), re.sub(r"<[^>]+>", "", text).strip()) for level, text in found]


def part(page: str, anchor: str) -> str:
    """What a part says, with its source line."""
    said = page[page.index(f'<h2 id="{anchor}"') :]
    end = said.find('<div class="profile__group">')
    return " ".join(Page(said[: end if end > 0 else said.index("<section")].replace("<", " <")).words.split())


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
    # And the contact; not the reviews, which are nobody's word but their authors'.
    assert page.count('class="source small soft"') == groups - 1 + 1
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
    assert [text for level, text in headings(page) if level == 2] == [
        "Kontakt",
        "Anmeldelser",
        "Ikke oplyst",
        "Kilder og rettelser",
    ]
    assert "profile__contents" not in page
    assert not re.search(r"\bNej\b", words), "unknown is never a no"
    assert "Kilde: offentligt register. Dato ikke oplyst." in words


def test_unknown_facts_of_a_part_that_is_shown_are_not_stated(client):
    clinic("Ryggen", "Aarhus C", step_free=True)
    page = html(client)
    access = page[page.index('id="adgang"') :]
    facts = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", access, re.DOTALL)
    told = {label: re.sub(r"<[^>]+>", "", value) for label, value in facts}
    assert told["Adgang uden trin"] == "Ja"
    unknown = ("Elevator", "Sprog", "Behandling hjemme hos dig", "Behandling online")
    assert {told[label] for label in unknown} == {"Ikke oplyst"}


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        (None, "Ikke oplyst"),
        ([], "Ingen oplyst ud over dansk"),
        (["ar", "fa", "en", "fo", "da"], "Dansk, engelsk, arabisk, farsi/dari og færøsk"),
    ],
)
def test_languages(client, codes, text):
    clinic("Ryggen", "Aarhus C", lift=True, languages=codes)
    page = html(client)
    assert re.search(rf"<dt>Sprog</dt><dd>(<[^>]+>)?{text}", page)


@pytest.mark.parametrize(
    ("days", "stated", "text"),
    [
        (
            3,
            datetime.date(2026, 11, 14),
            "3 dage. Akutte tider Ikke oplyst Kilde: klinikken, oplyst 14. november 2026.",
        ),
        (0, datetime.date(2026, 11, 14), "Ingen ventetid. Akutte"),
        (3, datetime.date(2026, 9, 1), "3 dage. Det kan være ændret. Ring og spørg, hvad ventetiden er nu."),
        (3, None, "nu. Akutte tider Ikke oplyst Kilde: klinikken. Dato ikke oplyst."),
    ],
)
def test_a_waiting_time_has_its_date_once(client, days, stated, text):
    with time_machine.travel(MONDAY, tick=False):
        clinic("Ryggen", "Aarhus C", source="clinic", confirmed_at=STATED, waiting_days=days, waiting_stated_on=stated)
        words = part(html(client), "ventetid")
    assert text in words
    assert words.count("14. november") <= 1 and words.count("entetid") <= 3


def test_acute_appointments_stand_with_the_waiting_time(full, client):
    Clinic.objects.update(acute_appointments=True)
    page = html(client)
    assert "Akutte tider Ja" in part(page, "ventetid") and "Akutte tider" not in part(page, "svar")
    Clinic.objects.update(waiting_days=None, waiting_stated_on=None)
    assert part(html(client), "ventetid").startswith("Ventetid Ikke oplyst. Ring og spørg. Akutte tider Ja")


# --- The head ---


def test_what_was_checked_has_its_date(full, client):
    words = Page(html(client)).words
    assert "Autorisation kontrolleret 3. november 2026" in words
    assert "Bekræftet af klinikken 3. november 2026" in words
    Practitioner.objects.create(clinic=full, name="Per Eksempel")
    assert "Autorisation kontrolleret for 1 af 2 behandlere 3. november 2026" in Page(html(client)).words


def test_a_tick_stands_only_at_what_was_checked_of_all(full, client):
    def ticks() -> int:
        page = html(client)
        badges = page[page.index('class="profile__badges"') :]
        return badges[: badges.index("</ul>")].count("badge--checked")

    assert ticks() == 1, "the authorisation; a ydernummer is the clinic's own word"
    Practitioner.objects.create(clinic=full, name="Per Eksempel")
    assert ticks() == 0


@pytest.mark.parametrize(
    ("fields", "row", "text"),
    [
        ({"source": "clinic"}, {}, "Har ydernummer (oplyst af klinikken)"),
        ({"source": "register"}, {}, "Har ydernummer (kilde: offentligt register)"),
        ({"source": "clinic"}, {"source": "import", "note": "Regionens liste"}, "Har ydernummer (kilde: Regionens liste)"),
        ({"source": "example"}, {}, "Har ydernummer (oplyst af klinikken)"),
    ],
)  # fmt: skip
def test_whose_word_a_ydernummer_is(client, fields, row, text):
    made = clinic("Ryggen", "Aarhus C", has_ydernummer=True, **fields)
    if row:
        Provenance.objects.create(clinic=made, group="referral", **row)
    assert text in Page(html(client)).words


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
    page = main(html(client))
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
        if tag == "script"
        and attributes != {"type": "application/ld+json"}
        and not attributes.get("src", "").startswith("/static/")
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
