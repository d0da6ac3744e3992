"""What is missing, in the order in which it helps; that each fact counts, and that all of them are everything."""

import pytest

from clinics import completeness
from clinics.completeness import FACTS, missing, percent, summary
from clinics.models import Clinic
from clinics.whole import fill

from .people import clinic, speciality, treatment

pytestmark = pytest.mark.django_db

PICTURE = {"digest": "a" * 64, "width": 10, "height": 10, "alt": "Indgangen"}
# Key of a fact → what states it: fields of the clinic, or rows.
FIELDS = {
    "phone": {"phone": "+4586121212"},
    "ydernummer": {"has_ydernummer": False},
    "street": {"street": "Havnegade 1"},
    "point": {"location_precision": "address"},
    "step_free": {"step_free": False},
    "waiting": {"waiting_days": 0},
    "website": {"booking_url": "https://klinik.dk/tid"},
    "home": {"home_visits": False},
    "online": {"online": True},
    "lift": {"lift": False},
    "toilet": {"accessible_toilet": False},
    "parking": {"parking": True},
    "loop": {"hearing_loop": False},
    "acute": {"acute_appointments": False},
    "plan": {"assessment_plan": True},
    "free": {"free_physiotherapy": False},
    "insurance": {"danmark_insurance": False},
    "languages": {"languages": ["da"]},
    "about": {"about": "Vi er tre."},
    "exercise": {"approach_exercise": "a"},
    "manual": {"approach_manual": "b"},
    "follow_up": {"approach_follow_up": "c"},
}
ROWS = {
    "specialities": lambda one: one.specialities.create(speciality=speciality("Knæ")),
    "price_first": lambda one: one.prices.create(kind="first", amount=500),
    "price_next": lambda one: one.prices.create(kind="follow_up", amount=400),
    "hours": lambda one: one.opening_hours.create(weekday=0, opens="08:00", closes="16:00"),
    "treatments": lambda one: one.treatments.create(treatment=treatment("Styrke")),
    "people": lambda one: one.practitioners.create(name="Mette"),
    "photos": lambda one: one.photos.create(**PICTURE),
}


def empty(name: str = "Tom", **fields) -> Clinic:
    return clinic(name, "Aarhus C", **({"phone": ""} | fields))


def state(one: Clinic, key: str) -> None:
    if key in FIELDS:
        Clinic.objects.filter(pk=one.pk).update(**FIELDS[key])
    else:
        ROWS[key](one)


def read(one: Clinic) -> Clinic:
    fresh = Clinic.objects.get(pk=one.pk)
    fill([fresh])
    return fresh


def test_the_shares_are_everything_and_the_most_helpful_comes_first():
    assert sum(fact.share for fact in FACTS) == 100
    shares = [fact.share for fact in FACTS]
    assert shares[:2] == [12, 12] and min(shares) == 1
    assert [fact.key for fact in FACTS][:6] == [
        "phone",
        "specialities",
        "price_first",
        "price_next",
        "hours",
        "ydernummer",
    ]
    assert {*FIELDS, *ROWS} == {fact.key for fact in FACTS}, "a new fact is stated here"


@pytest.mark.parametrize("key", [*FIELDS, *ROWS])
def test_each_fact_raises_it_by_its_share(key):
    one = empty()
    before = percent(read(one))
    state(one, key)
    assert percent(read(one)) == before + completeness.BY_KEY[key].share
    assert key not in {each.key for each in missing(read(one))}


def test_nothing_is_none_and_everything_is_all():
    one = empty()
    assert (percent(read(one)), len(missing(read(one)))) == (0, len(FACTS))
    for key in (*FIELDS, *ROWS):
        state(one, key)
    assert (percent(read(one)), missing(read(one))) == (100, [])
    assert summary(read(one)) == "100 % · alt er udfyldt"


def test_in_words():
    one = empty()
    assert summary(read(one)) == "0 % · mangler: telefonnummer, specialer og 27 mere"
    for key in {*FIELDS, *ROWS} - {"price_first"}:
        state(one, key)
    assert summary(read(one)) == "90 % · mangler: priser uden henvisning"


def test_what_is_suggested_is_not_stated():
    one = empty()
    one.specialities.create(speciality=speciality("Knæ"), basis="suggested")
    one.photos.create(**PICTURE, kind="logo")
    one.opening_hours.create(kind="phone", weekday=0, opens="08:00", closes="16:00")
    assert percent(read(one)) == 0


def test_what_is_stated_is_never_named_as_missing():
    """One name for each fact: a toilet that was said not to be there is not missing because the lift is."""
    one = read(empty(accessible_toilet=False, parking=True, home_visits=True, location_precision="address"))
    named = {each.key for each in missing(one)}
    assert not named & {"toilet", "parking", "home", "point"}
    assert named >= {"lift", "loop", "online", "street"}
    labels = {fact.key: fact.label for fact in FACTS}
    assert (labels["lift"], labels["toilet"], labels["parking"]) == ("elevator", "handicaptoilet", "parkering")
    assert not any(" og " in labels[key] for key in ("lift", "toilet", "parking", "loop", "home", "online", "acute"))


def test_the_database_says_the_same():
    """A filter of the list and the percentage beside it never disagree."""
    clinics = [empty("Tom")]
    for key in (*FIELDS, *ROWS):
        clinics.append(empty(f"Kun {key}"))
        state(clinics[-1], key)
    suggested = empty("Foreslået")
    suggested.specialities.create(speciality=speciality("Knæ"), basis="suggested")
    everything = [read(one) for one in (*clinics, suggested)]
    for fact in FACTS:
        stated = set(Clinic.objects.filter(fact.stated_q).values_list("pk", flat=True))
        assert stated == {one.pk for one in everything if fact.stated(one)}, fact.key
        lacking = set(Clinic.objects.exclude(fact.stated_q).values_list("pk", flat=True))
        assert lacking == {one.pk for one in everything} - stated, fact.key


def test_a_filled_clinic_is_asked_nothing(django_assert_num_queries):
    one = read(empty())
    with django_assert_num_queries(0):
        summary(one)


def test_the_form_says_it_with_links_to_the_sections(admin_client):
    one = empty(name="Tom", phone="+4586121212")
    page = admin_client.get(f"/admin/clinics/clinic/{one.pk}/change/").content.decode()
    assert "12 % udfyldt" in page
    assert '<a href="?afsnit=prices#prices" data-section="prices">Priser uden henvisning</a>' in page
    sections = {fact.section for fact in FACTS}
    assert all(f'<details class="section" id="{key}"' in page for key in sections)
