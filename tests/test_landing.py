"""`/find/fysioterapeut/<sted>/`: the clinics of one town, and a short list of what people look for."""

import pytest
import yaml

from clinics.loading.vocabulary_files import DATA
from clinics.views.landing import COMMON

from .people import clinic, condition, places

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/aarhus/"


@pytest.fixture(autouse=True)
def denmark():
    places()


def test_common_conditions_stand_there_and_rare_ones_do_not(client):
    condition("Ondt i knæet", {"Knæ": 3})
    condition("Ondt i lænden", {"Ryg og nakke": 3})
    condition("Muskelsvind", {"Neurologi": 3})
    page = client.get(URL).content.decode()
    assert page.index("tilstand=ondt-i-laenden") < page.index("tilstand=ondt-i-knaeet")
    assert "tilstand=muskelsvind" not in page


def test_the_common_ones_are_in_the_vocabulary_without_a_gate():
    entries = {e["slug"]: e for e in yaml.safe_load((DATA / "conditions.yaml").read_text(encoding="utf-8"))}
    assert len(COMMON) == 12
    for slug in COMMON:
        assert not entries[slug].get("care_gate"), slug
        assert entries[slug]["body_region"], slug
        assert 3 in entries[slug]["specialities"].values(), slug


def test_the_nearest_is_measured_from_the_middle_of_the_town(client):
    clinic("Ryggen", "Aarhus C")
    assert "fra midten af Aarhus." in client.get(URL).content.decode()
