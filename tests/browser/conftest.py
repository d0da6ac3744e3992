"""A real browser against the real site: Debian's Chromium, our own articles, a small invented directory.

The site is filled once for the whole run and only read after that. Every page that a test opens is watched: a violation of
the Content-Security-Policy, a request to anybody but us or an error in the console fails the test.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Playwright's synchronous API keeps an event loop in this thread; the ORM calls of these tests are not inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

REAL_ARTICLES = Path(__file__).parents[2].parent / "shared" / "articles"
WIDTHS = {"phone": (360, 780), "desktop": (1280, 900)}


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path:
        return path
    if os.environ.get("CI"):
        pytest.fail("Chromium is missing: run `make chromium`")
    pytest.skip("Chromium is missing: run `make chromium`")


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        # Without its own sandbox, which needs rights that a container seldom has; it only ever opens our own pages.
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(django_test_environment, django_db_modify_db_settings, django_db_blocker) -> Iterator[str]:
    """The address of a running site with demo data and, where they are at hand, the five real articles.

    The database is made here: pytest-django makes one only for tests that ask for it one by one, and these share theirs.
    """
    from django.core.management import call_command
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock():
        connections["default"].settings_dict["CONN_MAX_AGE"] = 0  # a thread's open connection would keep the database
        databases = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        assert connections["default"].settings_dict["NAME"].startswith("test_"), "never the developer's own data"
        call_command("load_places", verbosity=0)
        call_command("load_vocabulary", verbosity=0)
        call_command("seed_demo", clinics=300, verbosity=0)
        if REAL_ARTICLES.is_dir():
            call_command("import_articles", str(REAL_ARTICLES), publish=True, verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        teardown_databases(databases, verbosity=0)


@pytest.fixture
def open_page(browser, site) -> Iterator[Callable]:
    """`open_page(address, width="phone", javascript=True, dark=False)` → a watched page; fails at the end if it did wrong."""
    contexts, wrong = [], []

    def open_one(address: str, *, width: str = "phone", javascript: bool = True, dark: bool = False):
        w, h = WIDTHS[width]
        context = browser.new_context(
            viewport={"width": w, "height": h},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="da-DK",
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)  # patience with a busy machine; nothing is measured by it
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda r: None if r.url.startswith((site, "data:")) else wrong.append(f"asked somebody else: {r.url}"),
        )
        page.on(
            "console",
            lambda m: wrong.append(f"console: {m.text}") if m.type == "error" and not ANSWERED.search(m.text) else None,
        )
        page.on("pageerror", lambda e: wrong.append(f"script error: {e}"))
        if javascript:
            page.expose_function("reportViolation", lambda text: wrong.append(f"policy violated: {text}"))
            page.add_init_script(
                "document.addEventListener('securitypolicyviolation',"
                " e => reportViolation([e.violatedDirective, e.blockedURI, e.sample].join(' ')))"
            )
        page.goto(site + address)
        return page

    yield open_one
    for context in contexts:
        cookies = context.cookies()
        wrong += [f"cookie for a reader: {c['name']}" for c in cookies if c["name"] not in ALLOWED_COOKIES]
        # A request that a test's own route still holds would fail in the middle of the next test, whichever that is.
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()
    assert not wrong, "\n".join(wrong)


ANSWERED = re.compile(r"status of (404|422)\b")  # a page that says what is missing, or what to mend in a form
# Only after a log-in, or on the form that leads to it.
ALLOWED_COOKIES = {"csrftoken", "sessionid"}
