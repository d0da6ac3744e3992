"""One fact of a clinic may come from somebody else than the rest: it is told, it is licensed so, and it goes in time."""

import datetime

import pytest
import time_machine

from clinics import actions, field_sources, pin, versions
from clinics.field_sources import Origin, of_field, own_groups
from clinics.geo import Point
from clinics.models import Clinic, ClinicVersion, FieldSource, OpeningException, OpeningHours, Price, Provenance
from clinics.models.clinic import Source
from clinics.open_data.clinic_rows import batches
from clinics.sources import source_lines
from clinics.versions.words import OF_FIELD, STATUS

from .clinic_form import adam, faults, send
from .intake import filled
from .people import clinic

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)
NOVEMBER, MAY = datetime.date(2026, 11, 3), datetime.date(2026, 5, 1)


def said(made: Clinic, field: str, note: str = "Sundhedslisten", source: str = "import", on=MAY) -> FieldSource:
    return FieldSource.objects.create(clinic=made, field=field, source=source, note=note, stated_on=on)


def a_clinic(**fields) -> Clinic:
    more = {"source": "clinic", "confirmed_at": NOVEMBER, "street": "Nygade 3", "website": "https://ryggen.example"}
    return clinic("Ryggen", "Aarhus C", **more | fields)


def line(made: Clinic, group: str = "contact"):
    return source_lines(filled(made), TODAY)[group]


# --- what patients read


def test_a_fact_with_a_source_of_its_own_is_told_at_the_end():
    made = a_clinic()
    said(made, "phone")
    told = line(made)
    assert told.text == "Kilde: klinikken, oplyst 3. november 2026; telefon: Sundhedslisten, hentet 1. maj 2026"
    assert (told.source, told.stated_on) == ("clinic", NOVEMBER)


def test_facts_of_one_source_are_told_together_and_an_address_is_one():
    made = a_clinic(email="a@example.org")
    for name in ("street", "address_extra", "postcode_id", "website"):
        said(made, name)
    said(made, "email", "", "hand", None)
    assert line(made).text.endswith("; adresse og hjemmeside: Sundhedslisten, hentet 1. maj 2026; e-mail: FysFinder")


def test_where_nothing_is_left_of_the_group_the_list_is_its_source():
    made = a_clinic(has_ydernummer=True, free_physiotherapy=True)
    for name in ("has_ydernummer", "free_physiotherapy"):
        said(made, name)
    told = line(made, "referral")
    assert told.text == "Kilde: Sundhedslisten, hentet 1. maj 2026"
    assert (told.source, told.stated_on, told.note) == ("import", MAY, "Sundhedslisten")


def test_what_is_empty_has_no_source_to_tell():
    made = a_clinic(email="")
    said(made, "email")
    assert line(made).text == "Kilde: klinikken, oplyst 3. november 2026"


def test_a_lists_point_is_told_until_it_gives_way():
    made = a_clinic(location_source="list")
    said(made, "latitude", "OpenStreetMap, ODbL 1.0")
    assert line(made).text.endswith("; punktet på kortet: OpenStreetMap, ODbL 1.0, hentet 1. maj 2026")
    Clinic.objects.update(location_source="geocoder")
    assert line(made).text == "Kilde: klinikken, oplyst 3. november 2026"


def test_a_waiting_time_keeps_its_own_day():
    made = a_clinic(waiting_days=3, waiting_stated_on=MAY)
    said(made, "waiting_days")
    assert line(made, "waiting").text == "Kilde: Sundhedslisten, hentet 1. maj 2026"


def test_hours_and_prices_beside_other_facts_of_their_group():
    made = a_clinic(hours_note="Aftentider efter aftale.")
    OpeningHours.objects.create(
        clinic=made, weekday=0, opens=datetime.time(8), closes=datetime.time(9), source="import", confirmed_at=MAY
    )
    Provenance.objects.create(clinic=made, group="hours", source="register", note="Registret", stated_on=NOVEMBER)
    said(made, "opening_hours")
    assert line(made, "hours").text == (
        "Kilde: Registret, slået op 3. november 2026; åbningstider: Sundhedslisten, hentet 1. maj 2026"
    )
    Clinic.objects.update(hours_note="")
    assert line(made, "hours").text == "Kilde: Sundhedslisten, hentet 1. maj 2026"
    OpeningException.objects.create(clinic=made, first_day=TODAY, last_day=TODAY)
    assert line(made, "hours").text.startswith("Kilde: Registret")


def test_no_statement_on_a_filled_clinic(django_assert_num_queries):
    made = a_clinic()
    said(made, "phone")
    stored = filled(made)
    with django_assert_num_queries(0):
        source_lines(stored, TODAY)
        of_field(stored, "phone")


def test_the_page_tells_it(client):
    made = a_clinic()
    said(made, "phone", "Kommunens <b>liste</b>")
    text = client.get("/klinik/ryggen/").content.decode()
    assert "; telefon: Kommunens &lt;b&gt;liste&lt;/b&gt;, hentet 1. maj 2026" in text


# --- who stated a fact


def test_every_fact_of_a_group_has_a_place_and_nothing_else_has():
    """A field that comes later is in a group already (versions/words.py): here it must not be forgotten."""
    no_facts = {*field_sources.POINT, "waiting_stated_on"}
    fields = {name for name, group in OF_FIELD.items() if group != STATUS}
    assert set(field_sources.GROUP_OF) == fields - no_facts | {"latitude", "opening_hours", "prices"}


def test_the_row_then_the_group_then_the_clinic():
    made = a_clinic(source="register", confirmed_at=None)
    assert of_field(filled(made), "phone") == Origin("register")
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Listen", stated_on=NOVEMBER)
    assert of_field(filled(made), "phone") == Origin("import", "Listen", NOVEMBER)
    said(made, "phone", "", "hand", TODAY)
    assert of_field(filled(made), "phone") == Origin("hand", "", TODAY)
    assert of_field(filled(made), "email") == Origin("import", "Listen", NOVEMBER)


def test_one_row_of_the_clinics_makes_the_prices_its_own():
    made = a_clinic(source="register")
    Price.objects.create(clinic=made, kind="first", amount=500, source="import", confirmed_at=TODAY)
    assert "prices" not in own_groups(made)
    Price.objects.create(clinic=made, kind="group", amount=90, source="clinic")
    assert "prices" in own_groups(made) and "contact" not in own_groups(made)


# --- when the clinic or a moderator speaks


def test_a_clinic_that_states_a_group_is_the_source_of_all_of_it():
    made = a_clinic()
    for name in ("phone", "has_ydernummer"):
        said(made, name)
    actions.facts_stated(clinic=made, groups={"contact"}, source=Source.CLINIC)
    assert [row.field for row in made.field_sources.all()] == ["has_ydernummer"]


def test_a_clinic_that_confirms_is_the_source_of_everything(django_user_model):
    made, olga = a_clinic(), django_user_model.objects.create_user("olga")
    for name in ("phone", "has_ydernummer"):
        said(made, name)
    actions.confirm_facts(clinic=made, by=olga)  # by a moderator's hand: a list stays the source
    assert made.field_sources.count() == 2
    actions.confirm_facts(clinic=made, by=olga, source=Source.CLINIC)
    assert not made.field_sources.exists()


def test_an_example_has_no_sources_of_ours():
    made = a_clinic(is_example=True)
    field_sources.by_hand(clinic=made, fields={"phone"}, own=set())
    assert not made.field_sources.exists()


# --- a moderator's form


def test_what_a_moderator_changes_is_ours_from_today(client):
    made = a_clinic(source="register", confirmed_at=None)
    said(made, "website")
    with time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False):
        changed = {"phone": "86 12 12 12", "street": "Bygade 9", "hours_treatment_0": "8-17"}
        assert faults(send(adam(client), made, **changed)) == ""
    own = {row.field: (row.source, row.note, row.stated_on) for row in made.field_sources.all()}
    assert own.pop("website")[0] == "import"
    assert own == dict.fromkeys(("phone", "street", "opening_hours"), ("hand", "", TODAY))
    assert set(made.opening_hours.values_list("source", flat=True)) == {"hand"}
    assert "; adresse og telefon: FysFinder, slået op 21. november 2026; " in line(made).text


def test_in_a_group_of_the_clinics_own_a_moderator_writes_for_the_clinic(client):
    made = a_clinic()
    said(made, "phone")
    assert faults(send(adam(client), made, phone="86 12 12 12")) == ""
    assert not made.field_sources.exists()


# --- going back


def test_a_moderator_who_restores_says_it_now_and_nothing_else_is_lost(django_user_model):
    rita = django_user_model.objects.create_superuser("rita")
    made = a_clinic(source="register", confirmed_at=None)
    versions.begin(clinic=made)
    first = ClinicVersion.objects.get()
    Clinic.objects.update(phone="+4586121212")
    for name in ("phone", "website"):
        said(made, name)
    versions.record(clinic=made, by=None, note="Fra listen")
    versions.restore(version=first, by=rita)
    own = {row.field: row.source for row in made.field_sources.all()}
    assert own == {"phone": "hand", "website": "import"}


def test_a_member_who_restores_is_the_source(django_user_model):
    from clinics.models import Membership

    olga = django_user_model.objects.create_user("olga")
    made = a_clinic(source="register", confirmed_at=None)
    Membership.objects.create(clinic=made, user=olga, role="owner")
    versions.begin(clinic=made)
    first = ClinicVersion.objects.get()
    Clinic.objects.update(has_ydernummer=True)
    for name in ("phone", "has_ydernummer"):
        said(made, name)
    versions.record(clinic=made, by=None)
    versions.restore(version=first, by=olga)
    assert [row.field for row in made.field_sources.all()] == ["phone"]


def test_a_pin_takes_the_word_from_the_list(django_user_model):
    made = a_clinic(location_source="list", source="register")
    said(made, "latitude", "OpenStreetMap, ODbL 1.0")
    pin.place(clinic=made, by=django_user_model.objects.create_superuser("rita"), point=Point(56.158, 10.211))
    assert "punktet" not in line(made).text


# --- open data


def licence(made: Clinic) -> str:
    ((row,),) = [list(rows) for rows in batches(TODAY)]
    return row["licence"]


@pytest.mark.parametrize(
    ("field", "note", "source", "expected"),
    [
        ("phone", "OpenStreetMap, ODbL 1.0", "import", "ODbL-1.0"),
        ("phone", "Listen, CC BY 4.0", "import", "CC-BY-4.0 AND ODbL-1.0"),
        ("phone", "Sundhedslisten", "import", "see-source"),
        ("phone", "", "hand", "ODbL-1.0"),
        ("latitude", "Sundhedslisten", "import", "see-source"),
        ("postcode_id", "Sundhedslisten", "import", "see-source"),
        ("opening_hours", "Sundhedslisten", "import", "see-source"),
        ("prices", "Listen, CC BY 4.0", "import", "CC-BY-4.0 AND ODbL-1.0"),
        ("email", "Sundhedslisten", "import", "ODbL-1.0"),  # not in the files
        ("has_ydernummer", "Sundhedslisten", "import", "ODbL-1.0"),  # not stated
    ],
)
def test_the_terms_of_one_fact_are_the_terms_of_its_row(field, note, source, expected):
    made = a_clinic(location_source="list", price=500)
    OpeningHours.objects.create(clinic=made, weekday=0, opens=datetime.time(8), closes=datetime.time(9))
    said(made, field, note, source)
    assert licence(made) == expected


def test_the_terms_of_a_group_of_which_nothing_is_left_hold_no_more():
    made = a_clinic(has_ydernummer=True)
    Provenance.objects.create(clinic=made, group="referral", source="import", note="Sundhedslisten")
    assert licence(made) == "see-source"
    said(made, "has_ydernummer", "Listen, CC BY 4.0")
    assert licence(made) == "CC-BY-4.0 AND ODbL-1.0"
