"""Lists as they come: two rows mixed up, the same list once more, a list rolled back under a later one. docs/intake.md"""

import datetime

import pytest

from clinics.claiming import channels
from clinics.intake.proposing import ANOTHERS, LISTED, UNKNOWABLE
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    FieldSource,
    ImportRecord,
    OpeningHours,
    Price,
    Provenance,
)

from .intake import batch, one, undone, week
from .people import clinic, places
from .test_intake_command import reported, rows, run

pytestmark = pytest.mark.django_db

JUNE = datetime.date(2026, 6, 1)
HEADINGS = "id;navn;adresse;postnr;telefon;p_nummer\n"


@pytest.fixture(autouse=True)
def _places():
    places()


@pytest.fixture
def take(tmp_path):
    """Reads and applies rows of "Listen" by the command, as a list of that day."""

    def took(*lines, day="2026-05-01", name="Listen"):
        path = tmp_path / "liste.csv"
        path.write_text(HEADINGS + "\n".join(lines), encoding="utf-8")
        return reported(path, "--name", name, "--date", day)[0]

    return took


def two():
    return (
        clinic(
            "Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121201", p_number="1000000001", source="register"
        ),
        clinic("Nakken", "Aarhus C", street="Havnegade 2", phone="+4586121202", source="register"),
    )


# --- another clinic's number


@pytest.mark.parametrize(
    "lines",
    [
        [";Ryggen;Nørregade 4;8000;86121202;", ";Nakken;Havnegade 2;8000;86121201;"],
        [";Nakken;Havnegade 2;8000;86121201;"],
        [";Nakken;Havnegade 2;8000;;1000000001"],
        [";Nakken;Havnegade 2;8000;86121202;1000000001"],
    ],
    ids=["swapped", "telephone", "P-number", "P-number, own telephone"],
)
def test_a_number_of_another_clinic_is_a_persons_to_sort_out(take, lines):
    before = [(one.phone, one.p_number) for one in two()]
    report = take(*lines)
    assert {row["decision"] for row in report["rows"]} == {"person"}
    assert {row["note"] for row in report["rows"]} == {ANOTHERS}
    assert list(Clinic.objects.order_by("pk").values_list("phone", "p_number")) == before


def test_neighbours_may_share_a_telephone(take):
    """In one house with one number, which one of them had not told."""
    clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121201", source="register")
    clinic("Nakken", "Aarhus C", street="Nørregade 4", phone="", source="register")
    assert rows(take(";Nakken;Nørregade 4;8000;86121201;"))[2] == ("updated", "update", "nakken")


def test_of_two_rows_for_one_clinic_the_likest_counts(take):
    ryggen, _ = two()
    report = take(";Ryggen;Nørregade 4;8000;86121299;", ";Ryggen;Nørregade 4;8000;86121201;1000000001")
    assert [row["decision"] for row in report["rows"]] == ["duplicate", "update"]
    ryggen.refresh_from_db()
    assert ryggen.phone == "+4586121201"


# --- the next version of a list


def test_an_id_is_known_again_in_the_next_version_of_the_list(take):
    lines = ("A1;Fysioterapi;Nygade 3;8000;;", "A2;Klinik for fysioterapi;;8200;86121288;")
    assert take(*lines)["summary"]["created"] == 2
    assert take(*lines, day="2026-06-01")["summary"]["unchanged"] == 2
    report = take(*lines, day="2026-07-01", name="En anden liste")
    assert {row["decision"] for row in report["rows"]} == {"person"}, "an id is the list's own"
    assert Clinic.objects.count() == 2


@pytest.mark.parametrize("line", ["A1;Nyt navn;Frederiksgade 7;8000;86121234;", "A1;Ryggen;Vestergade 9;8000;;"])
def test_whoever_has_another_name_or_place_under_the_same_id_is_asked_about(take, line):
    take("A1;Fysioterapi;Nygade 3;8000;;")
    (row,) = take(line, day="2026-06-01")["rows"]
    assert (row["decision"], row["clinic"], row["note"]) == ("person", "fysioterapi", LISTED)


def test_rows_that_are_merely_counted_change_no_clinic(take):
    """The next version has a new first row, and each clinic another number than before."""
    take("1;Ryggen;Nørregade 4;8000;86121201;", "2;Nakken;Nørregade 4;8000;86121202;")
    report = take(
        "1;Albuen;Nørregade 4;8000;86121203;",
        "2;Ryggen;Nørregade 4;8000;86121201;",
        "3;Nakken;Nørregade 4;8000;86121202;",
        day="2026-06-01",
    )
    assert rows(report)[3][1:] == ("update", "ryggen") and rows(report)[4][1:] == ("update", "nakken")
    assert rows(report)[2] == ("conflict", "person", "ryggen")


def test_an_id_of_a_list_that_was_rolled_back_is_nobodys(take):
    was = take("A1;Fysioterapi;Nygade 3;8000;;")["batch"]
    run("rollback_import", str(was))
    assert take("A1;Fysioterapi;Nygade 3;8000;;")["summary"]["created"] == 1


def test_a_row_that_could_be_anybody_is_not_made_again_and_again(take):
    for day in ("2026-05-01", "2026-06-01"):
        (row,) = take(";Fysioterapi;;8000;;", day=day)["rows"]
        assert (row["decision"], row["note"]) == ("person", UNKNOWABLE)
    assert not Clinic.objects.exists()


def test_a_column_that_we_do_not_read_is_no_failure(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("navn;adresse;postnr;Sidst rettet\nNakken;Vestergade 2;8000;12-05-2026\n")
    report, failed = reported(path)
    assert not failed and report["summary"]["failed"] == 0 and report["summary"]["created"] == 1
    assert "Sidst rettet" in report["rows"][0]["note"]


# --- rolled back under a later list


PRICES = {"first": {"amount": "500.00", "terms": ""}}


@pytest.mark.parametrize("name", ["Sundhedslisten", "En anden liste"])
def test_what_a_later_list_says_too_stays_when_the_earlier_is_rolled_back(name):
    ryggen = clinic("Ryggen", "Aarhus C", street="Nygade 3", source="register", email="")
    told = {
        "street": "Bygade 9",
        "postcode_id": "8200",
        "phone": "+4586121212",
        "prices": PRICES,
        "opening_hours": week(),
    }
    first = one(ryggen, **told, email="ryggen@klinik.dk")
    one(ryggen, batch(name, JUNE), **told)
    undone(first.batch)
    first.refresh_from_db()
    ryggen.refresh_from_db()
    assert (ryggen.phone, ryggen.street, ryggen.postcode_id) == ("+4586121212", "Bygade 9", "8200")
    assert ryggen.prices.count() == 1 and ryggen.opening_hours.count() == 5
    assert ryggen.email == "", "which the later list does not say"
    assert first.state == "kept"
    assert first.note == "En senere liste siger det, der står der nu: adresse, telefon, priser og åbningstider."


def test_a_source_never_tells_a_value_that_it_did_not_say():
    ryggen = clinic("Ryggen", "Aarhus C", source="register")
    before = ryggen.phone
    first, later = batch(), batch(stated_on=JUNE)
    one(ryggen, first, phone="+4586121212")
    one(ryggen, later, phone="+4586121212")
    undone(first)
    ryggen.refresh_from_db()
    (row,) = FieldSource.objects.all()
    assert (ryggen.phone == before) is (row.stated_on != JUNE)


def test_a_postcode_that_both_state_keeps_no_street():
    ryggen = clinic("Ryggen", "Aarhus C", street="Nygade 3", source="register")
    first = one(ryggen, street="Bygade 9", postcode_id="8000")
    one(ryggen, batch("En anden liste", JUNE), postcode_id="8000", email="ryggen@klinik.dk")
    undone(first.batch)
    ryggen.refresh_from_db()
    assert (ryggen.street, ryggen.email) == ("Nygade 3", "ryggen@klinik.dk")


# --- a way to the clinic that somebody else wrote


def test_a_contact_that_a_list_has_just_changed_proves_nothing_by_itself(time_machine):
    """Read by the command, so that no person stands in the log: anybody may write an address into OpenStreetMap."""
    time_machine.move_to("2026-06-01 12:00+00:00", tick=False)
    ryggen = clinic("Ryggen", "Aarhus C", source="register", email="ryggen@klinik.dk")
    one(ryggen, email="tyv@klinik.dk")
    assert channels.is_fresh(ryggen, "email") and not channels.is_fresh(ryggen, "phone")
    time_machine.move_to("2026-06-16 12:00+00:00", tick=False)
    assert not channels.is_fresh(ryggen, "email")


# --- lists on one clinic, rolled back in whatever order


def dumped() -> dict[str, list[str]]:
    """Every row of what lists may change, without keys of their own."""
    models = (Clinic, FieldSource, Provenance, OpeningHours, Price, ClinicSpeciality, ClinicTreatment)
    left_out = ("id", "updated_at")
    return {
        model.__name__: sorted(
            repr({name: value for name, value in row.items() if name not in left_out}) for row in model.objects.values()
        )
        for model in models
    }


def a_full_clinic() -> Clinic:
    made = clinic("Ryggen", "Aarhus C", street="Nygade 3", source="register", email="a@ryggen.dk")
    Price.objects.create(clinic=made, kind="first", amount="450", source="hand", minutes=45)
    Price.objects.create(clinic=made, kind="follow_up", amount="250", source="register", confirmed_at=None)
    OpeningHours.objects.create(clinic=made, weekday=0, opens="09:00", closes="12:00", source="register")
    Provenance.objects.create(clinic=made, group="contact", source="register", stated_on=datetime.date(2026, 1, 1))
    FieldSource.objects.create(
        clinic=made, field="email", source="import", note="Gammel", stated_on=datetime.date(2025, 1, 1)
    )
    return made


TOLD = {
    "phone": "+4586121212", "email": "ny@ryggen.dk", "street": "Bygade 9", "postcode_id": "8200", "waiting_days": 5,
    "has_ydernummer": True, "cvr": "12345678", "opening_hours": week(), "latitude": 56.194, "longitude": 10.183,
    "prices": {"first": {"amount": "500.00", "terms": ""}, "follow_up": {"amount": "300.00", "terms": ""}},
}  # fmt: skip
OTHER = TOLD | {"phone": "+4586121213", "email": "nyere@ryggen.dk", "opening_hours": week("09:00:00")}
ONLY_FIRST = {"phone": "+4586121214", "prices": {"first": {"amount": "550.00", "terms": ""}}}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first", "last"])
@pytest.mark.parametrize("name", ["Sundhedslisten", "En anden liste"])
@pytest.mark.parametrize("second", [TOLD, OTHER], ids=["same", "other"])
def test_two_lists_rolled_back_leave_what_was_before_either(order, name, second):
    ryggen = a_full_clinic()
    before = dumped()
    lists = [batch(), batch(name, JUNE)]
    one(ryggen, lists[0], **TOLD)
    one(ryggen, lists[1], **second)
    for number in order:
        undone(lists[number])
        ryggen.refresh_from_db()
        if number == 0 and order[0] == 0:
            assert ryggen.phone == second["phone"]
    assert dumped() == before


def test_three_lists_rolled_back_from_the_first():
    ryggen = a_full_clinic()
    lists = [batch(), batch(stated_on=JUNE), batch("En anden liste", datetime.date(2026, 7, 1))]
    before = dumped()
    for each, told in zip(lists, (TOLD, TOLD, OTHER), strict=True):
        one(ryggen, each, **told)
    for each in lists:
        undone(each)
    assert dumped() == before


def test_prices_of_which_a_later_list_wrote_one():
    """The other price is the first list's, and nothing of it stands twice."""
    ryggen = a_full_clinic()
    lists = [batch(), batch("En anden liste", JUNE)]
    one(ryggen, lists[0], **TOLD)
    one(ryggen, lists[1], **ONLY_FIRST)
    for each in lists:
        undone(each)
    assert sorted(ryggen.prices.values_list("kind", flat=True)) == ["first", "follow_up"]
    ryggen.refresh_from_db()
    assert ryggen.phone == "+4500001234" and ryggen.street == "Nygade 3"


def test_a_clinic_that_two_lists_state_goes_with_the_last_of_them():
    first = one(of=batch(), name="Nakken", street="Nygade 5", postcode_id="8000", phone="+4586121277")
    later = one(
        first.clinic, batch(stated_on=JUNE), name="Nakken", street="Nygade 5", postcode_id="8000", phone="+4586121277"
    )
    undone(first.batch)
    assert Clinic.objects.filter(name="Nakken").exists(), "the later list says that it is there"
    undone(later.batch)
    assert not Clinic.objects.exists()
    assert set(ImportRecord.objects.values_list("state", "clinic")) == {("kept", None), ("undone", None)}
