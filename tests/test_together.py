"""Several small tables in one statement: what comes back is what asking for each of them gives."""

import datetime

import pytest
from django.db.models import F, Value

from clinics.models import RedFlag, Region, Tag
from clinics.together import read_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    new = Region.objects.create(slug="ny", name="Ny", valid_from=datetime.date(2027, 1, 1))
    Region.objects.create(slug="gammel", name="Gammel", valid_to=datetime.date(2026, 12, 31), successor=new)
    RedFlag.objects.create(
        key="k", group="g", urgency="112", text='Han siger "av" \\ æøå', terms=["a / b", "ø"], sources=[{"url": "x"}]
    )
    Tag.objects.create(number=3, kind="land", key="fyn")


def test_the_same_as_asking_one_by_one(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        regions, flags, tags = read_together(Region.objects.all(), RedFlag.objects.all(), Tag.objects.all())
    for found, model in ((regions, Region), (flags, RedFlag), (tags, Tag)):
        fields = [field.attname for field in model._meta.concrete_fields]
        stored = {row["pk"]: row for row in model.objects.values("pk", *fields)}
        assert {row.pk: {"pk": row.pk, **{f: getattr(row, f) for f in fields}} for row in found} == stored


def test_annotations_filters_and_empty_tables(rows):
    flags = RedFlag.objects.annotate(own=Value(True), of=F("group"))
    (flag,), none = read_together(flags, Region.objects.filter(slug="findes-ikke"))
    assert (flag.own, flag.of, none) == (True, "g", [])


def test_values_of_a_slice_beside_whole_rows(rows):
    for number in range(5):
        Tag.objects.create(number=10 + number, kind="x", key=f'"{number}\\')
    first = Tag.objects.filter(kind="x").order_by("-number").annotate(half=F("number") / 2.0)
    tags, regions, none = read_together(
        first.values_list("number", "key", "half")[1:3], Region.objects.all(), first.values_list("pk")[9:]
    )
    assert sorted(tags) == [[12, '"2\\', 6.0], [13, '"3\\', 6.5]]
    assert (len(regions), none, read_together()) == (2, [], [])


def test_one_table_alone(rows):
    assert [tag.key for tag in read_together(Tag.objects.all())[0]] == ["fyn"]
