"""Where the links of an article lead, and names of clinics that it should not hold."""

import pytest

from articles.models import Article
from clinics.models import SlugHistory

from .linting import article, codes
from .people import clinic, speciality

pytestmark = pytest.mark.django_db

TARGETS = [
    ("/ordbog/iskias/", None),
    ("/ordbog/iskias", None),
    ("https://www.fysfinder.dk/ordbog/iskias/", None),
    ("/ordbog/iskias/?sted=8000#hvad", None),
    ("../iskias/", None),
    ("/ordbog/", None),
    ("/", None),
    ("/find/fysioterapeut/?sted=8000", None),
    ("/find/fysioterapeut/aarhus/", None),
    ("/specialer/ryg/", None),
    ("#hvad-er-det", None),
    ("https://www.sundhed.dk/findes-ikke", None),
    ("/ordbog/findes-ikke/", ("error", "link_broken")),
    ("/ordbog/kladde/", ("warning", "link_draft")),
    ("/ordbog/gammel/", ("advice", "link_old")),
    ("/specialer/findes-ikke/", ("error", "link_broken")),
    ("/findes/slet-ikke", ("error", "link_broken")),
    ("#findes-ikke", ("warning", "link_anchor")),
    ("/klinik/nord/", ("warning", "link_clinic")),
]


@pytest.mark.parametrize(("address", "expected"), TARGETS)
def test_where_a_link_leads(address, expected):
    iskias = article(slug="iskias", title="Iskias", status="published")
    article(slug="kladde", title="Kladde")
    SlugHistory.objects.create(kind="article", slug="gammel", object_id=iskias.pk)
    speciality("Ryg")
    body = f"Et.\n\n## Hvad er det?\n\nTo\ntre [her]({address})."
    wanted = [(*expected, 6)] if expected else []
    codes_of_links = ("link_broken", "link_draft", "link_old", "link_anchor", "link_clinic")
    assert codes(article(body), *codes_of_links) == wanted
    Article.objects.filter(slug="proeve").delete()
    assert codes(article(body.replace(f"[her]({address})", f'<a href="{address}">her</a>')), *codes_of_links) == wanted


def test_related_articles_that_do_not_exist():
    article(slug="iskias", title="Iskias")
    assert codes(article(related_slugs=["iskias", "findes-ikke"]), "related_unknown") == [
        ("warning", "related_unknown", 0)
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Vi kender Fysioterapi Nord fra byen.", True),
        ("Gå til “Fysioterapi Nord”.", True),
        ("Gå til Fysioterapi Nord, Aarhus.", True),
        ("Der er fysioterapi nord for byen.", False),
        ("Fysioterapi. Nord er en retning.", False),
        ("Klinikken Syd er lukket.", False),
        ("Bevægelse hjælper.", False),  # a name of one word is a word
    ],
)
def test_names_of_clinics(text, named):
    clinic("Fysioterapi Nord", "Aarhus C")
    clinic("Klinikken Syd", "Odense C", status="closed")
    clinic("Bevægelse", "Randers")
    assert codes(article(text), "clinic_name") == ([("warning", "clinic_name", 1)] if named else [])
