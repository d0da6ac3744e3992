"""Hidden reviews of a clinic, and everybody who would like to know of them: what tests/test_review_secrecy.py stands on.

Olga owns clinic A, Stella is its staff, Erik once was; Bent owns another; Edith edits; Mona moderates; Mia does too, and is
staff of A.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from clinics.models import (
    Appeal,
    Clinic,
    CodeSheet,
    Contest,
    Membership,
    Report,
    Review,
    ReviewReply,
    Role,
    VisitCode,
)
from clinics.reviews import codes

from . import attack
from .attack import World
from .memory import forget, shared_rows
from .reviews import review as made

NOON = datetime.datetime(2026, 11, 20, 11, tzinfo=datetime.UTC)
LONG_AGO = datetime.datetime(2026, 9, 7, 10, 34, tzinfo=datetime.UTC)
ANYBODY = "anonymous"
# The clinic's owner and staff, a former one, another clinic's owner, an editor, and a moderator who belongs to the clinic.
WHO = ("olga", "stella", "erik", "bent", "edith", "mia", ANYBODY)
HIDDEN = ("unconfirmed", "pending", "changes", "rejected", "removed")
KEY = "QQQQQQQQQQQQQQQQQQQQQ"  # and one letter more
SECRET = "gribbehemmelig"  # in every word of a hidden review, and nowhere else
OF_REVIEWS = (Review, ReviewReply, Contest, Report, Appeal)
MOST_KEYS = 9_000_000  # of the hidden rows: no other row of the tests has such a number


def secret(word: str = "") -> str:
    return f"{SECRET} {word}".strip()


def address(name: str) -> str:
    return f"{name}@{SECRET}.example"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with shared_rows(django_db_blocker), time_machine.travel(NOON, tick=False):
        here = attack.build()
        mia = attack.person("mia@example.org", attack.MODERATOR, attack.STAFF)
        Membership.objects.create(clinic=here.a, user=mia, role=Role.STAFF)
        Membership.objects.create(clinic=here.a, user=here.people["erik"], ended_at=NOON)
        here.people["mia"] = mia
        for stars, name in ((5, "Glad Gran"), (2, "Træt Trane")):
            made(here.a, stars, nickname=name, published_at=NOON - datetime.timedelta(days=20))
        _, here.codes = codes.make_sheet(clinic=here.a, by=here.people["olga"], source="a" * 64)  # type: ignore[attr-defined]
        for who in (*WHO, "mona"):
            here.browsers[who] = Client()
            if who != ANYBODY:
                here.browsers[who].force_login(here.people[who])
        yield here


@pytest.fixture(autouse=True)
def undone(world: World) -> Iterator[None]:
    with time_machine.travel(NOON, tick=False), transaction.atomic():
        yield
        transaction.set_rollback(True)


def hide(world: World) -> list[Review]:
    """Reviews of A that nobody may know of, one in each state, and one that was shown until its author changed it."""
    hidden = []
    for number, status in enumerate((*HIDDEN, "pending")):
        was_shown = number >= len(HIDDEN) or status == "removed"
        one = made(
            world.a, 1, pk=MOST_KEYS + number, status=status, key=f"{KEY}{number}", text=secret("oplevelse"),
            nickname=secret(), email=address("patient"), source="c" * 64, created_at=LONG_AGO,
            submitted_at=LONG_AGO, published_at=NOON - datetime.timedelta(hours=9) if was_shown else None,
            reason=secret(), suspicions=[{"kind": "burst", "text": secret(), "keys": []}],
            visited_in=datetime.date(2026, 9, 1), sheet=CodeSheet.objects.get(clinic=world.a),
        )  # fmt: skip
        hang = {"pk": one.pk, "review": one, "clinic": world.a}
        ReviewReply.objects.create(**hang, text=secret("svar"), status="published")
        Contest.objects.create(**hang, text=secret("indsigelse"))
        Report.objects.create(
            **hang, about_review=True, was=secret(), kind="false", text=secret(), number=f"26-Q{number}",
            secret=f"{number:064}", email=address("indberet"), status="approved", decided_at=NOON,
        )  # fmt: skip
        Appeal.objects.create(**hang, side="author", text=secret(), created_for=NOON)
        hidden.append(one)
    VisitCode.objects.filter(clinic=world.a).update(is_used=True)
    return hidden


# Every address

PARAMETER = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>")
QUERIES = (
    "/klinik/{slug}/indberet/?anmeldelse={key}", "/klinik/{slug}/anmeldelser/?side=2", "/klinik/{slug}/?tilstand=x",
    "/for-klinikker/anmeldelser/{slug}/?vis=ubesvarede", "/for-klinikker/anmeldelser/{slug}/?side=2",
    "/find/fysioterapeut/?sted=8000&sorter=bedoemmelse", "/find/fysioterapeut/?sted=8000&bedoemmelse_min=3",
    "/find/fysioterapeut/?q=havnens", "/find/forslag/?q=hav", "/find/fysioterapeut/?q=" + SECRET, "/ordbog/?q=" + SECRET,
    "/api/v1/clinics/?place=8000&sort=rating", "/api/v1/clinics/?min_rating=1", "/api/v1/clinics/?min_rating=4",
    "/api/v1/clinics.geojson?bbox=9,55,11,58&zoom=12", "/sammenlign/?klinik={slug}&klinik=foden", "/indberet/?q=havnens",
    "/admin/?klinik={clinic}", "/admin/clinics/clinic/?q=" + SECRET, "/admin/clinics/clinic/?o=1",
    "/admin/clinics/clinic/{clinic}/change/", "/admin/clinics/clinic/{clinic}/history/",
    "/admin/clinics/clinic/{clinic}/tal/",
)  # fmt: skip

# Passwords, codes and keys: django-allauth's own, of which test_accounts* are full.
STEPS_OF_ACCOUNTS = (
    *("konto/totrin/", "konto/bekraeft", "konto/log-ind/", "konto/log-ud", "konto/glemt", "konto/adgangskode/"),
    *("konto/email", "konto/enheder/log"),
)


def routes() -> list[str]:
    """Of the site without the admin, as Django writes them. An address by expression alone needs a line here."""

    def walk(patterns: Any, before: str = "") -> Iterator[str]:
        for one in patterns:
            route = before + str(one.pattern)
            if route.startswith("admin/") or "billeder" in route or route.startswith(STEPS_OF_ACCOUNTS):
                continue  # the admin's are asked below; a picture's name is its own contents
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, route)
            else:
                assert "(?P" not in route, f"{route}: tests/test_review_secrecy.py cannot fill it"
                yield f"/{route}"

    return list(walk(get_resolver().url_patterns))


def filled(world: World, route: str, number: int) -> str:
    values = {
        "slug": world.a.slug, "key": f"{KEY}{number}", "token": f"{KEY}{number}", "pk": MOST_KEYS + number, "speciality": "ryg",
        "rest": "reviews/", "name": "klinikker", "number": 1, "clinic": world.a.pk,
    }  # fmt: skip
    if unknown := set(PARAMETER.findall(route)) - set(values):
        raise AssertionError(
            f"{route}: tests/test_review_secrecy.py does not know what {', '.join(unknown)} stands for"
        )
    return PARAMETER.sub(lambda match: str(values[match[1]]), route)


def addresses(world: World) -> list[str]:
    found = []
    for route in routes():
        states = range(len(HIDDEN) + 1) if "key" in PARAMETER.findall(route) else (1,)
        found += [filled(world, route, number) for number in states]
    for query in QUERIES:
        found.append(query.format(slug=world.a.slug, key=f"{KEY}1", clinic=world.a.pk))
    return found


def admin_addresses(world: World) -> list[str]:
    """The screens of reviews and of what hangs on them, with the numbers of hidden ones; the lists, and the ways round them."""
    found = []
    for model in OF_REVIEWS:
        if model not in admin.site._registry:
            continue
        for route in attack.routes_of(admin.site, model):
            found.append(attack.PARAMETER.sub(str(MOST_KEYS + 1), route))  # one that waits
        kind = ContentType.objects.get_for_model(model).pk
        found.append(f"/admin/r/{kind}/{MOST_KEYS + 1}/")
        name = model._meta.model_name
        found += [f"/admin/clinics/{name}/?q={SECRET}", f"/admin/clinics/{name}/?clinic__exact={world.a.pk}"]
        found.append(f"/admin/autocomplete/?app_label=clinics&model_name={name}&field_name=clinic&term=")
        found.append(f"/admin/autocomplete/?app_label=clinics&model_name=contest&field_name=review&term={SECRET}")
    relations = [field.name for field in Clinic._meta.get_fields() if field.is_relation]
    found += [f"/admin/clinics/clinic/?{relation}__isnull=0" for relation in relations]
    found += ["/admin/clinics/clinic/?reviews__text__contains=z", "/admin/clinics/clinic/?rating__shown__gt=2"]
    return sorted(set(found))


RANDOM = re.compile(
    r'name="(?:csrfmiddlewaretoken|bevis|ark|kaldenavn)"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="kaldenavn"'
)


def told(browser: Client, url: str) -> tuple[int, str, str]:
    """What an answer tells, without what differs by chance: tokens of forms and a suggested nickname."""
    response = browser.get(url)
    said = b"".join(response) if response.streaming else response.content
    text = RANDOM.sub("", said.decode(errors="replace"))
    return response.status_code, response.get("Location", ""), text


def differences(world: World, who: str, urls: list[str]) -> list[str]:
    """Addresses whose answer is another once there are hidden reviews."""
    browser = world.browsers[who]
    forget()
    before = {url: told(browser, url) for url in urls}
    hide(world)
    forget()
    changed = []
    for url in urls:
        after = told(browser, url)
        assert SECRET in url or SECRET not in f"{after[1]} {after[2]}", (who, url)
        if after != before[url]:
            changed.append(f"{who} {url}: {before[url][0]} → {after[0]}")
    return changed
