"""Where pictures under the map may come from: nowhere, unless the settings name a server, and then from there alone."""

import pytest

from fysfinder.map_tiles import hosts

from .people import clinic
from .test_settings import checkout, settings_of, start

__all__ = ["checkout"]

TILES = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    ("template", "allowed"),
    [
        ("", []),
        ("/kort/{z}/{x}/{y}.png", []),
        (TILES, ["https://tiles.example"]),
        ("https://tiles.example:8443/a/{z}/{y}/{x}.webp?key=1", ["https://tiles.example:8443"]),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", ["https://*.tiles.example"]),
    ],
)
def test_a_server_is_let_through_by_its_name(template, allowed):
    assert hosts(template) == allowed


@pytest.mark.parametrize(
    "template",
    [
        "https://tiles.example/",
        "http://tiles.example/{z}/{x}/{y}.png",
        "//tiles.example/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://{h}/{z}/{x}/{y}.png",
        "https://tiles.example; script-src */{z}/{x}/{y}.png",
        "https://me:secret@tiles.example/{z}/{x}/{y}.png",
        "data:{z}{x}{y}",
    ],
)
def test_anything_that_would_open_the_policy_is_refused(template):
    with pytest.raises(ValueError, match=r"\{z\}|neither"):
        hosts(template)


def test_the_policy_lets_pictures_through_from_there_and_nothing_else(checkout):
    without = settings_of(checkout)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    with_tiles = settings_of(checkout, MAP_TILE_URL=TILES)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert without["img-src"] == ["'self'", "data:"]
    assert with_tiles == without | {"img-src": ["'self'", "data:", "https://tiles.example"]}


def test_a_wrong_address_stops_the_start_in_one_line(checkout):
    result = start(checkout, {"MAP_TILE_URL": "http://tiles.example/{z}/{x}/{y}.png"})
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "MAP_TILE_URL is neither an https address nor a path on this site" in result.stderr


@pytest.mark.django_db
def test_the_page_names_tiles_or_our_own_outline_never_both(client, settings):
    clinic("Ryggen", "Aarhus C")
    text = client.get("/find/fysioterapeut/").content.decode()
    assert "map/denmark.geojson" in text and "data-tiles" not in text
    assert "Natural Earth" in text
    settings.MAP_TILE_URL, settings.MAP_TILE_ATTRIBUTION = TILES, "© <b>Kort & Co</b>"
    text = client.get("/find/fysioterapeut/").content.decode()
    assert f'data-tiles="{TILES}"' in text and "denmark.geojson" not in text
    assert 'data-tile-attribution="© &lt;b&gt;Kort &amp; Co&lt;/b&gt;"' in text
    assert "groft omrids" not in text


@pytest.mark.django_db
def test_who_made_the_outline_is_said(client):
    text = client.get("/om/data/").content.decode()
    assert "Natural Earth" in text and "vises ikke her" not in text and "Leaflet" in text


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["sted=8888", "pris_max=abc", "sted=8000&pris_max=1&ydernummer=ja"])
def test_there_is_no_map_of_nothing_and_none_of_what_has_to_be_mended(client, query):
    assert "data-map" not in client.get(f"/find/fysioterapeut/?{query}").content.decode()


@pytest.mark.django_db
def test_the_map_asks_for_the_search_of_its_page(client):
    clinic("Ryggen", "Aarhus C", has_ydernummer=True, step_free=True, languages=["ar", "en"])
    query = "ydernummer=ja&adgang=niveaufri&sprog=ar&sprog=en&x=1&pris_max="
    text = client.get(f"/find/fysioterapeut/?{query}").content.decode()
    asked = "has_ydernummer=true&amp;access=niveaufri&amp;language=ar&amp;language=en"
    assert f'data-url="/api/v1/clinics.geojson?{asked}"' in text
