"""What `make run` makes ready: the open data. Index and articles: test_index, test_render_articles."""

import pytest

from clinics import open_data
from fysfinder import preparation


@pytest.mark.django_db
def test_the_first_make_run_makes_the_open_data_and_the_next_leaves_them(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    said = []
    preparation.make_open_data(said.append)
    assert "Filerne er lavet" in client.get("/om/data/").content.decode() and "Open data" in said[0]
    first = open_data.published()
    preparation.make_open_data(said.append)
    assert open_data.published() == first and len(said) == 2


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_does_not_keep_the_site_from_starting(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "a file"
    settings.MEDIA_ROOT.write_text("")
    said = []
    preparation.make_open_data(said.append)
    assert "not made" in said[-1]
