"""A hundred thousand clinics: seeded in time, indexed right, and still found through the one index."""

import datetime
import time

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from clinics import index
from clinics.asked import Asked, Ticked
from clinics.models import Clinic, Tag
from clinics.search import Search
from clinics.tags import tag_number
from tests import machine
from tests.test_search import asked

CLINICS = 100_000
# At night nobody is open, and PostgreSQL rightly looks for those few without walking from the nearest outwards.
MORNING = datetime.datetime(2026, 11, 18, 9, tzinfo=datetime.UTC)
SECONDS = 60  # on a machine as quick as the one it was measured on (tests/machine.py)


@pytest.mark.django_db
@pytest.mark.timeout(300)
@time_machine.travel(MORNING)
def test_a_hundred_thousand_clinics():
    call_command("load_places", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    before, started = machine.slowness(), time.monotonic()
    call_command("seed_demo", clinics=CLINICS, verbosity=0)
    connection.check_constraints()  # a fifth of the time: the command's commit does so, and a test has none
    took = time.monotonic() - started
    slowness = max(before, machine.slowness())
    assert Clinic.objects.count() == CLINICS
    assert index.disagreements() == []
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clinics_searchentry")  # as PostgreSQL does by itself once rows are committed
    search = Search(asked("Aarhus C", radius_km=50))
    found = search.found()
    assert len(found.hits) == 20 and found.hits[0].distance_km < 1
    city = tag_number(Tag.Kind.CITY, "aarhus")
    evening = Ticked("aaben", frozenset({tag_number(Tag.Kind.FACET, "open_evening")}), any_of=True)
    for narrowed in (
        {},
        {"open_now": True, "ticked": (evening,)},
        {"max_price": 500, "max_waiting_days": 7},
        {"city": city},
    ):
        plan = Search(asked("Aarhus C", radius_km=50, **narrowed))._nearest(50, 0)[:20].explain()
        assert "entry_loc_tags_gist" in plan and "Order By: (loc <->" in plan, plan
    assert Search(Asked()).found().total == CLINICS - 1, "one is closed"
    assert took < SECONDS * slowness, f"seeding took {took:.0f} s on a machine {slowness:.1f} times slower"
