"""What the environment makes of the settings: development without any, production with either of two names."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parent.parent
COMPLETE = {
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "fysfinder.example,www.fysfinder.example",
    "DATABASE_URL": "postgres://anna:p%40ss@db.example:5433/site",
}
PRINT = """
import json
from django.conf import settings
names = [name for name in dir(settings) if name.isupper()]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


@pytest.fixture
def checkout(tmp_path):
    """A folder with our settings in it, and nothing made while running yet."""
    shutil.copytree(BASE_DIR / "fysfinder", tmp_path / "fysfinder", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def start(checkout: Path, environment: dict[str, str], code: str = PRINT) -> subprocess.CompletedProcess:
    clean = {"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "fysfinder.settings", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, env=clean | environment, capture_output=True, text=True, check=False
    )


def settings_of(checkout: Path, **environment: str) -> dict:
    result = start(checkout, environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_nothing_set_is_a_development_machine(checkout):
    settings = settings_of(checkout)
    assert settings["PRODUCTION"] is False
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["DATABASES"]["default"]["HOST"].startswith("/tmp/fysfinder-")  # a Unix socket
    assert settings["SESSION_COOKIE_SECURE"] is False


def test_the_development_key_is_made_once_and_private(checkout):
    first = settings_of(checkout)["SECRET_KEY"]
    assert len(first) >= 50
    assert settings_of(checkout)["SECRET_KEY"] == first
    assert (checkout / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (checkout / "var").iterdir()] == ["secret_key"]  # nothing else: no database either


def test_two_processes_at_once_get_the_same_key(checkout):
    command = [sys.executable, "-c", "from django.conf import settings; print(settings.SECRET_KEY)"]
    environment = {"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "fysfinder.settings"}
    both = [subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
    assert len({process.communicate()[0] for process in both}) == 1


def test_empty_values_count_as_not_set(checkout):
    settings = settings_of(checkout, SECRET_KEY="", DATABASE_URL=" ", REDIS_URL="", DEBUG="", TRUSTED_PROXIES="")
    assert settings["PRODUCTION"] is False
    assert settings["CACHES"]["default"]["BACKEND"].endswith("DatabaseCache")


@pytest.mark.parametrize("missing", COMPLETE)
def test_production_names_what_is_missing_in_one_line(checkout, missing):
    given = {name: value for name, value in COMPLETE.items() if name != missing}
    result = start(checkout, given)
    assert result.returncode == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert f"production needs {missing} " in result.stderr
    assert COMPLETE["SECRET_KEY"] not in result.stderr


def test_production_names_all_that_is_missing(checkout):
    assert "production needs SECRET_KEY, ALLOWED_HOSTS " in start(checkout, {"DATABASE_URL": "postgres:///x"}).stderr


def test_complete_production(checkout):
    settings = settings_of(
        checkout, **COMPLETE, SITE_URL="https://fysfinder.example/", REDIS_URL="redis://cache:6379/1"
    )
    assert settings["PRODUCTION"] is True
    assert settings["DEBUG"] is False
    assert settings["SECRET_KEY"] == COMPLETE["SECRET_KEY"]
    assert settings["ALLOWED_HOSTS"] == ["fysfinder.example", "www.fysfinder.example"]
    database = settings["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"], database["PASSWORD"]) == ("db.example", 5433, "p@ss")
    assert settings["SITE_URL"] == "https://fysfinder.example"
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["CACHES"]["default"]["BACKEND"].endswith("RedisCache")
    assert not (checkout / "var").exists()


def test_only_postgresql(checkout):
    result = start(checkout, COMPLETE | {"DATABASE_URL": "sqlite:///x.db"})
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert "PostgreSQL" in result.stderr


def test_debug_in_production_only_when_asked_for(checkout):
    assert settings_of(checkout, **COMPLETE, DEBUG="1")["DEBUG"] is True


@pytest.mark.parametrize(("proxies", "redirects"), [("0", False), ("1", True)])
def test_plain_http_is_redirected_only_behind_a_proxy_that_says_how_the_visitor_came(checkout, proxies, redirects):
    settings = settings_of(checkout, **COMPLETE, SITE_URL="https://fysfinder.example", TRUSTED_PROXIES=proxies)
    assert bool(settings.get("SECURE_SSL_REDIRECT")) is redirects


def test_importing_the_settings_starts_no_database(checkout):
    settings_of(checkout)
    assert not (checkout / "var" / "postgres").exists()


def test_query_strings_never_reach_the_log(checkout):
    code = """
import logging
from django.conf import settings
from django.utils.log import configure_logging
configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
logging.getLogger("django.server").info('"%s" %s', "GET /find/?q=ondt i l\u00e6nden&sted=8000 HTTP/1.1", "200")
logging.getLogger("django.request").warning("Not Found: %s", "/find/?q=hemmeligt")
logging.getLogger("gunicorn.error").error("Error handling request %s %s", "GET", "/find/?sted=8000&q='x' y")
logging.getLogger("gunicorn.access").info("GET /ordbog/kladde/4:1xUnDD:DvqTQNUH/ 200")
logging.getLogger("gunicorn.error").warning("Invalid request from ip=192.0.2.7: Invalid HTTP Version: 'hemmeligt HTTP/1.1'")
"""
    shown = start(checkout, {}, code).stderr
    assert shown.count("/find/") == 3
    assert "GET /ordbog/kladde/…/ 200" in shown
    for secret in ("4:1xUnDD", "DvqTQNUH", "lænden", "8000", "hemmeligt", "192.0.2.7"):
        assert secret not in shown


def test_danish_and_the_policy(settings):
    assert (settings.LANGUAGE_CODE, settings.TIME_ZONE, settings.USE_TZ) == ("da", "Europe/Copenhagen", True)
    assert "unsafe" not in json.dumps(settings.CONTENT_SECURITY_POLICY)
