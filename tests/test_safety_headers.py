"""What every answer carries, whatever was asked: pages, files, redirects and refusals."""

import pytest
from django.test import Client

from .people import clinic, places

pytestmark = pytest.mark.django_db

HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/om/", 200),
        ("/static/css/base.css", 200),
        ("/find/fysioterapeut", 301),
        ("/findes-ikke/", 404),
        ("/klinik/%00/", 404),
        ("/ordbog/%FF/", 404),
        ("/find/fysioterapeut/?" + "&".join(f"p{n}=1" for n in range(1500)), 400),
        ("/healthz", 200),
        ("/admin/", 302),
    ],
)
def test_every_answer_to_a_reader_has_the_headers_and_no_cookie(client, path, status):
    response = client.get(path)
    response.close()
    assert response.status_code == status
    assert all(header in response for header in HEADERS)
    assert not response.cookies


def test_an_error_of_ours_has_them_too_and_says_nothing_about_itself(monkeypatch):
    from clinics.models import Clinic

    monkeypatch.setattr(Clinic.objects, "published", lambda: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert all(header in response for header in HEADERS)
    assert "ZeroDivision" not in response.content.decode() and not response.cookies


@pytest.mark.parametrize("path", ["/", "/om/", "/find/fysioterapeut?q=hemmeligt"])
def test_somebody_elses_host_is_refused_in_words(client, path):
    response = client.get(path, headers={"host": "ond.example"})
    assert response.status_code == 400
    assert "Vi forstod ikke adressen" in response.content.decode()
    assert "ond.example" not in response.content.decode()
    assert all(header in response for header in HEADERS)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_to_read_take_nothing_in(method):
    places()
    clinic("Ryggen", "Aarhus C")
    for path in ("/", "/om/", "/find/fysioterapeut/", "/klinik/ryggen/", "/ordbog/", "/healthz"):
        assert getattr(Client(), method)(path, {}).status_code == 405


@pytest.mark.parametrize("path", ["/admin/login/", "/find/fysioterapeut/"])
def test_an_expired_form_is_explained_on_a_page_of_ours(path):
    response = Client(enforce_csrf_checks=True).post(path, {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert all(header in response for header in HEADERS)
    assert "formular udløbet" in response.content.decode()
    assert "<style" not in response.content.decode()
