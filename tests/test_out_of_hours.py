"""A safety number never disappears: not on 1 January 2027, not in 2030, not for a place nobody knows."""

import datetime

import pytest
import time_machine

from clinics.loading.safety import load_out_of_hours
from clinics.loading.safety_files import read_numbers
from clinics.models import OutOfHoursService, Region
from clinics.out_of_hours import CHECK_NUMBER, number_note, on_call, services_for

from .worlds import kept

pytestmark = pytest.mark.django_db

LAST_DAY = datetime.date(2026, 12, 31)
FIRST_DAY = datetime.date(2027, 1, 1)
LATER = datetime.date(2030, 6, 1)
DAYS = [datetime.date(2026, 4, 1), LAST_DAY, FIRST_DAY, LATER]

NUMBERS = {
    "hovedstaden": "1813",
    "sjaelland": "1818",
    "syddanmark": "70110707",
    "midtjylland": "70113131",
    "nordjylland": "70150300",
}


@kept(autouse=True)
def regions() -> dict[str, Region]:
    new = Region.objects.create(slug="oestdanmark", name="Region Østdanmark", valid_from=FIRST_DAY)
    made = {"oestdanmark": new}
    for slug, name in [("hovedstaden", "Hovedstaden"), ("sjaelland", "Sjælland")]:
        made[slug] = Region.objects.create(slug=slug, name=f"Region {name}", valid_to=LAST_DAY, successor=new)
    for slug in ("syddanmark", "midtjylland", "nordjylland"):
        made[slug] = Region.objects.create(slug=slug, name=f"Region {slug.title()}")
    load_out_of_hours()
    return made


def phones(slugs, day) -> list[str]:
    return [service.phone for service in services_for(slugs, day)]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("slug", "phone"), NUMBERS.items())
def test_each_region_has_its_number_on_every_day(slug, phone, day):
    assert phones([slug], day) == [phone]


def test_a_postcode_in_two_regions_shows_both_numbers():
    assert phones(["sjaelland", "hovedstaden"], LAST_DAY) == ["1818", "1813"]
    assert phones(["sjaelland", "hovedstaden"], FIRST_DAY) == ["1818", "1813"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("slugs", [[], ["groenland"]])
def test_an_unknown_region_lists_all_of_them(slugs, day):
    assert phones(slugs, day) == list(NUMBERS.values())


def test_the_full_list_names_regions_and_large_towns(regions):
    listed = {number.phone: number for number in on_call((), LAST_DAY)}
    assert listed["1813"].region_name == "Region Hovedstaden (København, Hillerød, Helsingør og Bornholm)"
    assert listed["70110707"].region_name == "Region Syddanmark (Odense, Esbjerg, Kolding og Sønderborg)"
    assert listed["70110707"].phone_display == "70 11 07 07"
    assert listed["1818"].phone_display == "1818"


def test_a_known_region_is_named_without_its_towns():
    (number,) = on_call(["midtjylland"], LAST_DAY)
    assert (number.name, number.region_name) == ("Lægevagten", "Region Midtjylland")
    assert number.hours == "Hverdage kl. 16–8 og hele døgnet i weekender og på helligdage"


def test_from_new_year_the_old_region_is_named_beside_the_new():
    (number,) = on_call(["sjaelland"], FIRST_DAY)
    assert number.region_name == "Region Østdanmark, før Region Sjælland"
    assert number.phone == "1818"


def test_someone_in_the_new_region_gets_the_numbers_of_both_old_ones():
    assert phones(["oestdanmark"], FIRST_DAY) == ["1813", "1818"]


class TestWhenTheNewRegionHasANumber:
    def number(self, regions, **fields) -> OutOfHoursService:
        return OutOfHoursService.objects.create(
            region=regions["oestdanmark"], name="Akuttelefonen", phone="1800", valid_from=FIRST_DAY, **fields
        )

    def test_it_stands_beside_the_old_ones_until_someone_has_verified_it(self, regions):
        self.number(regions)
        assert phones(["hovedstaden"], FIRST_DAY) == ["1813", "1800"]
        assert phones(["oestdanmark"], FIRST_DAY) == ["1800", "1813", "1818"]

    def test_verified_it_replaces_them(self, regions):
        self.number(regions, verified_at=LAST_DAY)
        assert phones(["hovedstaden"], FIRST_DAY) == ["1800"]
        assert phones(["sjaelland", "hovedstaden"], FIRST_DAY) == ["1800"]
        assert phones(["oestdanmark"], FIRST_DAY) == ["1800"]
        assert phones([], FIRST_DAY) == ["1800", "70110707", "70113131", "70150300"]

    def test_not_a_day_too_early(self, regions):
        self.number(regions, verified_at=LAST_DAY)
        assert phones(["hovedstaden"], LAST_DAY) == ["1813"]


def test_a_number_that_starts_later_is_better_than_none(regions):
    OutOfHoursService.objects.filter(region=regions["nordjylland"]).update(valid_from=LATER)
    assert phones(["nordjylland"], FIRST_DAY) == ["70150300"]
    assert on_call(["nordjylland"], FIRST_DAY)[0].note == CHECK_NUMBER


@pytest.mark.parametrize(
    ("verified", "day", "note"),
    [
        (None, LAST_DAY, CHECK_NUMBER),
        (LAST_DAY, LAST_DAY, ""),
        (LAST_DAY, FIRST_DAY, CHECK_NUMBER),  # past its date
        (None, LATER, CHECK_NUMBER),
    ],
)
def test_the_note_stands_until_verified_and_again_after_its_date(verified, day, note, regions):
    service = OutOfHoursService.objects.get(region=regions["hovedstaden"])
    service.verified_at = verified
    assert number_note(service, day) == note


def test_nothing_in_the_committed_file_claims_to_be_verified():
    assert [row["region"] for row in read_numbers() if row["verified_at"]] == []


def test_every_row_has_a_source_and_hours():
    rows = list(read_numbers())
    assert {row["region"]: row["phone"] for row in rows} == NUMBERS
    assert all(row["source"].startswith("https://") and row["hours"] for row in rows)


@pytest.mark.parametrize(
    ("moment", "region"),
    [
        ("2026-12-31 22:59:59+00:00", "Region Hovedstaden"),  # a second before midnight in Denmark
        ("2026-12-31 23:00:00+00:00", "Region Østdanmark, før Region Hovedstaden"),
    ],
)
def test_the_year_turns_at_midnight_in_denmark(moment, region):
    with time_machine.travel(datetime.datetime.fromisoformat(moment), tick=False):
        assert on_call(["hovedstaden"])[0].region_name == region


@pytest.mark.parametrize("slugs", [[], ["hovedstaden"], ["sjaelland", "hovedstaden"], ["nowhere"]])
def test_one_query_whatever_is_asked(slugs, django_assert_num_queries):
    with django_assert_num_queries(1):
        on_call(slugs, FIRST_DAY)


def test_an_empty_table_gives_an_empty_list():
    OutOfHoursService.objects.all().delete()
    assert on_call(["hovedstaden"], FIRST_DAY) == []
