"""The opening hours on a profile."""

import pytest
from django.template.loader import render_to_string

from clinics.models import Clinic, OpeningException, OpeningHours
from clinics.opening import hours_part, hours_text, phone_state, state, states_of, week_lines
from clinics.together import read_together
from clinics.whole import fill

from .html_reader import Page
from .opening import at, change, week
from .people import clinic

pytestmark = pytest.mark.django_db

OFFICE = week("ma-to 8.00-12.00 13.00-16.00", "fr 8.00-14.00")


def made(*rows, name="Klinik Et", **fields) -> Clinic:
    """A filled clinic with these hours and exceptions."""
    one = clinic(name, "Aarhus C", **fields)
    for row in rows:
        model = OpeningException if hasattr(row, "first_day") else OpeningHours
        model.objects.create(clinic=one, **{**row._asdict(), "clinic_id": one.pk})
    fill([one])
    return one


def page(one: Clinic, moment: str) -> str:
    return render_to_string("clinics/_profile_hours.html", {"hours": hours_part(one, at(moment))})


def text_of(html: str) -> str:
    return " ".join(Page(html).words.split())


def test_the_week_with_today_marked():
    part = hours_part(made(*OFFICE, *week("ma-fr 8.00-9.00", kind="phone")), at("2026-11-20 8.30"))
    assert [row.name for row in part.week] == ["Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"]
    assert part.week[0].treatment == (("8.00–12.00", False), ("13.00–16.00", False))
    assert part.week[4].phone == (("8.00–9.00", False),)
    assert part.week[5].treatment == part.week[5].phone == ()
    assert [row.today for row in part.week] == ["", "", "", "", "i dag", "", ""]
    assert part.state.text == "Åbent til kl. 14.00"
    assert part.phone_state.text == "Telefontid til kl. 9.00"


@pytest.mark.parametrize(
    ("moment", "closed_on_holidays", "mark"),
    [
        ("2026-11-20 0.00", None, "i dag"),
        ("2026-12-24 10.00", True, "i dag, juleaften"),
        ("2026-12-25 10.00", None, "i dag, helligdag"),
        ("2026-12-25 10.00", True, "i dag, helligdag"),
        ("2026-12-25 10.00", False, "i dag"),
        ("2026-12-31 10.00", None, "i dag, andre tider"),
        ("2026-07-15 10.00", None, "i dag lukket"),
        ("2026-11-19 10.00", None, "i dag, andre tider"),  # no telephone hours
        ("2026-11-21 10.00", None, "i dag"),
    ],
)
def test_a_row_that_does_not_hold_today_says_so(moment, closed_on_holidays, mark):
    changes = [
        change("2026-07-13", "2026-07-26"),
        change("2026-12-31", times="9.00-10.00"),
        change("2026-11-19", kind="phone"),
    ]
    one = made(*OFFICE, *week("ma-fr 8.00-9.00", kind="phone"), *changes, closed_on_holidays=closed_on_holidays)
    assert [row.today for row in hours_part(one, at(moment)).week if row.today] == [mark]


def test_a_night_says_that_it_ends_in_the_morning():
    one = made(*week("to 9.00-9.00", "fr 22.00-2.00", "lø 18.00-0.00", "sø 0.00-0.00"))
    text = text_of(page(one, "2026-11-18 10.00"))
    assert "Torsdag Lukket Fredag 22.00–2.00 (næste morgen) Lørdag 18.00–24.00 Søndag hele døgnet" in text


def test_what_will_be_different():
    one = made(
        *OFFICE,
        change("2026-07-13", "2026-07-26", note="Sommerferie"),
        change("2026-06-29", "2026-07-10", note="IT-flytning", kind="phone"),
        change("2026-06-12", times="13.00-14.00"),
        change("2026-06-12", times="9.00-11.00"),
        change("2026-06-15", "2026-06-19", kind="training"),
        change("2026-07-31", note="Kursus"),  # 60 days from 1 June
        change("2026-08-01"),  # 61
        change("2026-05-31"),  # yesterday
        change("2026-05-04", "2026-06-01", times="22.00-2.00"),
    )
    assert hours_part(one, at("2026-06-01 10.00")).changes == (
        "Åbent 4. maj–1. juni kl. 22.00–2.00 (næste morgen)",
        "Åbent fredag 12. juni kl. 9.00–11.00 og 13.00–14.00",
        "Ingen træning på egen hånd 15.–19. juni",
        "Ingen telefontid 29. juni–10. juli: IT-flytning",
        "Lukket 13.–26. juli: sommerferie",
        "Lukket fredag 31. juli: kursus",
    )


@pytest.mark.parametrize(
    ("closed_on_holidays", "eve", "day"),
    [(None, "ring først", "ring først"), (True, "ring først", "lukket"), (False, "ring først", "åbent som normalt")],
)
def test_holidays_of_the_next_fourteen_days(closed_on_holidays, eve, day):
    one = made(*OFFICE, change("2026-12-31"), closed_on_holidays=closed_on_holidays)
    assert hours_part(one, at("2026-12-18 10.00")).holidays == (
        f"Torsdag 24. december, juleaften: {eve}",
        f"Fredag 25. december, juledag: {day}",  # the 26th is a Saturday; the 31st stands among the changes
        f"Fredag 1. januar, nytårsdag: {day}",
    )
    assert hours_part(one, at("2026-12-10 10.00")).holidays == (f"Torsdag 24. december, juleaften: {eve}",)
    assert hours_part(one, at("2026-12-09 10.00")).holidays == ()


def test_telephone_hours_of_their_own():
    one = made(*OFFICE, *week("ma-fr 8.00-9.00 12.00-12.30", kind="phone"), change("2026-11-20", kind="phone"))
    assert phone_state(one, at("2026-11-19 9.00")).text == "Næste telefontid: i dag kl. 12.00"
    assert phone_state(one, at("2026-11-19 12.30")).text == "Næste telefontid: mandag kl. 8.00"
    assert phone_state(one, at("2026-11-20 8.30")).text == "Næste telefontid: mandag kl. 8.00"
    assert state(one, at("2026-11-20 8.30")).text == "Åbent til kl. 14.00"
    assert phone_state(one, at("2026-12-24 8.30")) is None  # juleaften: nobody knows
    assert phone_state(made(*OFFICE, name="Uden telefontid"), at("2026-11-19 9.00")) is None


def test_a_week_in_few_words():
    one = made(*OFFICE, *week("ma-fr 6.00-22.00", "lø 8.00-0.00", "sø 8.00-0.00", kind="training"))
    assert week_lines(one) == ["mandag–torsdag 8.00–12.00 og 13.00–16.00", "fredag 8.00–14.00"]
    assert hours_part(one, at("2026-11-20 8.30")).training == (
        "Mandag–fredag 6.00–22.00",
        "Lørdag og søndag 8.00–24.00",
    )
    assert hours_text(one)[4] == (("08:00", "14:00"),)
    assert hours_text(one)[0] == (("08:00", "12:00"), ("13:00", "16:00"))
    assert list(hours_text(one)) == [0, 1, 2, 3, 4]
    assert hours_text(made(name="Tom")) == {} and week_lines(made(name="Tom to")) == []


def test_nothing_stated():
    text = text_of(page(made(), "2026-11-20 10.00"))
    assert text == "Åbningstider Åbningstider ikke oplyst. Ring for åbningstider."


def test_only_telephone_hours():
    text = text_of(page(made(*week("ma-fr 8.00-9.00", kind="phone")), "2026-11-20 10.00"))
    assert "Ring for åbningstider" in text and "Åbningstider for behandling er ikke oplyst." in text
    assert "Mandag 8.00–9.00" in text and "Lukket" not in text


def test_what_a_clinic_writes_is_text():
    one = made(*OFFICE, change("2026-11-27", note="<b>x</b>"), hours_note="<script>alert(1)</script> Efter aftale")
    html = page(one, "2026-11-20 10.00")
    assert "<script>" not in html and "<b>" not in html
    assert "&lt;script&gt;" in html and "Efter aftale" in html


def test_the_page_asks_nothing_and_says_what_the_list_says(django_assert_num_queries):
    one, other = made(*OFFICE, change("2026-11-18"), change("2026-11-20")), made(name="Klinik To")
    moment = at("2026-11-20 10.00")
    with django_assert_num_queries(0):
        page(one, "2026-11-20 10.00")
        alone = {one.pk: state(one, moment), other.pk: state(other, moment)}
    with django_assert_num_queries(1):
        rows = read_together(OpeningHours.objects.all(), OpeningException.objects.all())
    assert states_of(*rows, {one.pk: one.closed_on_holidays, other.pk: None}, moment) == alone
    assert alone[one.pk].text == "Lukket til mandag kl. 8.00"
