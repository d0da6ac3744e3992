"""The box "Find en fysioterapeut" on an article's page, asked with places of every size."""

import pytest

from articles.models import Article
from clinics.models import Place
from clinics.text import folds, slugify_da

from .people import clinic, condition, places

pytestmark = pytest.mark.django_db

URL = "/ordbog/ondt-i-laenden/"


@pytest.fixture(autouse=True)
def article():
    places()
    back = condition("Ondt i lænden", {"Ryg og nakke": 3})
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    Article.objects.create(
        slug="ondt-i-laenden",
        title="Ondt i lænden",
        body="Kort.\n\n## Hvad\n\nSvar.\n",
        status="published",
        condition=back,
    )


def test_near_a_town_it_shows_the_nearest(client):
    page = client.get(URL, {"sted": "8000"}).content.decode()
    assert "Nærmest 8000 Aarhus C" in page and "/klinik/ryggen/" in page


@pytest.mark.parametrize(("name", "kind", "postcodes"), [("Danmark", "country", []), ("Jylland", "region", ["8000"])])
def test_of_a_country_or_a_region_there_is_no_nearest_but_a_list(client, name, kind, postcodes):
    Place.objects.create(
        slug=slugify_da(name), name=name, kind=kind, postcodes=postcodes, keys=list(folds(name)),
        latitude=56.15, longitude=9.3, land="",
    )  # fmt: skip
    page = client.get(URL, {"sted": name}).content.decode()
    assert "/klinik/ryggen/" not in page and "Nærmest" not in page
    assert f">Se klinikker i {'hele ' if kind == 'country' else ''}{name}</a>" in page
    assert f"/find/fysioterapeut/?tilstand=ondt-i-laenden&amp;sted={name}" in page
