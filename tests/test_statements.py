"""A results page takes four statements, and six when its words or its filters had to be relaxed; seven for both at once."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from clinics import counting, inquiry, remembered
from clinics.models import Clinic, Practitioner, RedFlag

from .people import condition
from .scattered import query, scatter
from .test_article_search import written_article
from .worlds import kept

pytestmark = pytest.mark.django_db

FIND = "/find/fysioterapeut/"

WORDS = [
    *("ondt i ryggen", "hævet læg", "hævet læg og ondt i ryggen", "trapper om natten", "smerter når jeg løber"),
    *("asdfgh", "qwerty zxcvb asdfgh", "løberknæe", "mette hanssen", "Mette", "Havtorn Fysioterapi", "K7", "%_' --"),
    *("ondt i ryggen i Aarhus", "trapper i Randers", "ydernummer", "noget arabisk ved sengen", "Søvnn", "ø"),
]


@kept
def directory():
    scatter(random.Random(3), 60)
    Clinic.objects.filter(name="K3").update(name="Havtorn Fysioterapi")
    for number, clinic in enumerate(Clinic.objects.all()[:20]):
        Practitioner.objects.create(clinic=clinic, name=f"Mette {'Hansen' if number % 2 else 'Juul'}")
    leg = condition("Blodprop i benet", {"Sport": 2}, synonyms=["DVT"])
    for number in range(3):
        flag = {"key": f"prop-{number}", "group": "Blodprop", "text": "det ene ben er hævet", "terms": ["hævet læg"]}
        leg.red_flags.add(RedFlag.objects.create(urgency="doctor_now", **flag))
    written_article("blodprop", "Blodprop i benet", "En vene er lukket.", condition=leg)
    written_article("soevn", "Søvn og smerter", "Smerter vækker mange. Trapper kan gøre ondt om natten.")


def number_and_page(client, asked: QueryDict) -> tuple[int, dict]:
    """How many statements the list takes where the visitor ends, once what can be remembered is; 0 for a page of another kind."""
    client.get(FIND, asked, follow=True)
    with CaptureQueriesContext(connection) as counted:
        response = client.get(FIND, asked)
    if response.status_code == 302:
        assert len(counted) <= 2, asked
        if not response["Location"].startswith(FIND):
            return 0, {}
        with CaptureQueriesContext(connection) as counted:
            response = client.get(response["Location"])
    return len(counted), response.context


def relaxed(context) -> int:
    """How many of the two are not as asked for: no article has all the words, no clinic nearby all that was chosen."""
    found = context.get("found")
    words = found is not None and (found.some_words or not found.total)
    return words + (bool(context.get("notices")) or not context.get("total"))


def test_four_and_six_when_something_was_relaxed(directory, client, monkeypatch):
    """For words of every kind, with and without a place, alone and with filters at random."""
    # On a slow machine these would be read again in the middle.
    for module, name in ((remembered, "SECONDS"), (inquiry, "PLACES_SECONDS"), (counting, "KEPT_SECONDS")):
        monkeypatch.setattr(module, name, 3600)
    draw = random.Random(7)
    seen: Counter[int] = Counter()
    for text in WORDS:
        for asked in (QueryDict("sted=8000", mutable=True), query(draw), query(draw)):
            asked["q"] = text
            number, context = number_and_page(client, asked)
            seen[relaxed(context)] += 1
            assert number <= (4, 6, 7)[relaxed(context)], (number, asked.urlencode())
    assert min(seen[0], seen[1], seen[2]) > 2
