"""`/for-klinikker/`: what it is, and “Find din klinik” by whatever a clinic knows of itself."""

import pytest

from clinics.listing.finding import SHOWN, find_yours
from clinics.models import Clinic

from .claims import owner_of, person
from .html_reader import Page
from .people import clinic
from .worlds import kept

URL = "/for-klinikker/"
pytestmark = pytest.mark.django_db


@kept
def some():
    clinic("Ryggen Fysioterapi", "Aarhus C", street="Nørregade 4", phone="+4586121212")
    clinic("Åens Knæ & Hofte", "Aarhus N", street="Gl. Kongevej 12B", phone="+4586121213")
    clinic("Fysioterapien", "Ebeltoft", street="Torvet 1", phone="+4586121214")
    clinic("Ryggen Skjult", "Aarhus C", status="draft", phone="+4586121215")
    clinic("Ryggen Lukket", "Aarhus C", status="closed")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Ryggen", ["Ryggen Fysioterapi"]),
        ("ryggen fys", ["Ryggen Fysioterapi"]),
        ("Ryggen Aarhus", ["Ryggen Fysioterapi"]),
        ("fysioterapi ryggen", ["Ryggen Fysioterapi"]),
        ("aaens knae", ["Åens Knæ & Hofte"]),
        ("Fysioterapien", ["Fysioterapien"]),
        ("Nørregade 4", ["Ryggen Fysioterapi"]),
        ("Nørregade 4, 8000 Aarhus", ["Ryggen Fysioterapi"]),
        ("gl. kongevej", ["Åens Knæ & Hofte"]),
        ("86 12 12 12", ["Ryggen Fysioterapi"]),
        ("+45 86121213", ["Åens Knæ & Hofte"]),
        ("86121215", []),
        ("8000", ["Ryggen Fysioterapi"]),
        ("8200 hofte", ["Åens Knæ & Hofte"]),
        ("8200 ryggen", []),
        ("Ebeltoft", ["Fysioterapien"]),
        ("Skjult", []),
        ("", []),
        (" \u200b ", []),
        ("'", []),
        ("' | 'zz", []),
        ("\\ & ! %", []),
        ("x" * 10_000, []),
        ("1" * 10_000, []),
        ("ry\0ggen", ["Ryggen Fysioterapi"]),
    ],
)
def test_found(some, typed, names, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert [one.name for one in find_yours(typed).clinics] == names


def test_the_page_says_what_it_is_and_sets_no_cookie(client):
    page = client.get(URL)
    said = Page(page.content.decode()).words
    assert page.status_code == 200 and not page.cookies
    assert "gratis" in said and "Ingen kan betale for en plads" in said
    html = page.content.decode()
    assert 'href="/saadan-sorterer-vi/"' in html and 'href="/for-klinikker/opret/"' in html
    assert "noindex" not in html and 'rel="canonical"' in html


def test_claimed_and_not_claimed_have_their_own_way_on(some, client):
    owner_of(Clinic.objects.get(name="Ryggen Fysioterapi"), person("olga"))
    page = client.get(URL, {"q": "8000"}).content.decode()
    assert "Klinikken passer selv sin profil." in page and "Bed om at være med" in page
    page = client.get(URL, {"q": "hofte"}).content.decode()
    assert "Ingen passer profilen endnu." in page and "Det er min klinik" in page
    assert (
        'href="/for-klinikker/overtag/aens-knae-hofte/"' in page
        or 'href="/for-klinikker/overtag/aaens-knae-hofte/"' in page
    )
    assert "noindex" in page, "a search is nobody's page"
    assert "/for-klinikker/fjern/" in page and "?fra=klinik" in page


def test_nothing_found_leads_to_a_new_one(client):
    page = client.get(URL, {"q": "Findes Ikke"})
    assert "Vi fandt ingen" in page.content.decode() and 'href="/for-klinikker/opret/"' in page.content.decode()


def test_more_than_are_shown(client):
    for number in range(SHOWN + 2):
        clinic(f"Ryggen nummer{number}", "Aarhus C")
    found = find_yours("ryggen")
    assert len(found.clinics) == SHOWN and found.more
    assert "Der er flere." in client.get(URL, {"q": "ryggen"}).content.decode()


def test_markup_in_the_field_is_text(client):
    page = Page(client.get(URL, {"q": '"><script>alert(1)</script>'}).content.decode())
    assert not any(page.scripts)


def test_every_page_and_the_sitemap_lead_here(some, client):
    for address in ("/", "/klinik/ryggen-fysioterapi/", "/kontakt/", "/saadan-sorterer-vi/"):
        assert 'href="/for-klinikker/"' in client.get(address).content.decode(), address
    assert "/for-klinikker/</loc>" in client.get("/sitemap-sider-1.xml").content.decode()
