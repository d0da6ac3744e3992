"""Nobody reaches what is not theirs: every address of the admin, tried by everybody whose it is not.

The addresses come from the site itself, so that a screen that is registered later is attacked too (tests/attack.py).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.test import Client

from clinics import ownership
from clinics.admin.owned import OwnedAdmin
from clinics.models import Clinic

from . import attack
from .attack import SECRET, World
from .memory import shared_rows

# Without the mark pytest-django makes no test database, and the world would be built in the machine's own.
pytestmark = pytest.mark.django_db

SITE = admin.site
ANYBODY = "anonymous"
OUTSIDERS = ("olga", "stella", "erik", "per", ANYBODY)
ACCOUNTS = ("auth", "account", "mfa", "usersessions")
# Other ways of writing a number, B's among them, and what is none.
ODD_IDS = (
    *(
        "0",
        "-1",
        "1_3D",
        "{b}_3D",
        "{b}_",
        "{b}_2F",
        "9999999999999999999999999999999999999999",
        "٢",
        "２",
        "{b}.0",
        "0x2",
    ),
    *("2e0", " {b}", "+{b}", "{b}%00", "%00", "{b}%0A", "None", "..", "{b}%2F2", "{b};2", "{b}'", "æ", "%F0%9F%98%80"),
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once for all attacks: none of them may change anything."""
    with shared_rows(django_db_blocker):
        assert connection.settings_dict["NAME"].startswith("test_")
        made = attack.build()
        for model in SITE._registry:
            made.of(model)
        for who in (*made.people, ANYBODY):
            made.browsers[who] = Client()
            if who != ANYBODY:
                made.browsers[who].force_login(made.people[who])
        yield made


@pytest.fixture(autouse=True)
def _nothing_changes(world: World) -> Iterator[None]:
    tables = attack.watched_tables()
    with transaction.atomic():
        before = attack.state_of(tables)
        yield
        after = attack.state_of(tables)
        transaction.set_rollback(True)
    assert [name for name in tables if before[name] != after[name]] == [], "an attack changed these tables"


def reaches(response: Any) -> str:
    """What the answer lets slip, or ""."""
    said = (
        b"".join(response).decode(errors="replace") if response.streaming else response.content.decode(errors="replace")
    )
    said += str(response.headers)
    at = said.casefold().find(SECRET)
    return said[max(at - 80, 0) : at + 80] if at >= 0 else ""


def is_refused(response: Any, who: str, url: str) -> bool:
    """Not there, or not theirs; the way to the log-in; or from the short address of an object to its form, unseen."""
    if response.status_code == 302:
        to = response["Location"]
        return to.endswith(f"{url}change/") or (who == ANYBODY and to.startswith(("/admin/login/", "/konto/")))
    return response.status_code in (400, 403, 404, 405)


def routes(world: World, chosen: Any) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """(address, whether it names an object of B, what to send there) of every address of the models that are `chosen`."""
    for model in filter(chosen, SITE._registry):
        data = attack.typed(world, model)
        for route in attack.routes_of(SITE, model):
            url = attack.filled(world, model, route)
            yield url, url != route, data


def attacked(world: World, who: str, chosen: Any) -> int:
    browser, tried = world.browsers[who], 0
    for url, is_object, data in routes(world, chosen):
        # What HEAD answers is what GET does, without its page: asked by one of them.
        for method, arguments in (("get", {}), ("post", data), ("head", {}))[: 3 if who == "olga" else 2]:
            response = getattr(browser, method)(url, arguments)
            assert not reaches(response), f"{who} {method} {url}: {reaches(response)}"
            if is_object:
                assert is_refused(response, who, url), f"{who} {method} {url}: {response.status_code}"
            assert response.status_code < 500
            tried += 1
    return tried


def test_every_model_of_the_admin_is_attacked(world):
    """A model without an object of B's would be tried by nobody."""
    assert set(SITE._registry) <= set(world.made)
    assert all(list(attack.routes_of(SITE, model)) for model in SITE._registry)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_every_address_is_closed_to_those_whose_it_is_not(world, who):
    assert attacked(world, who, lambda model: True) > 5 * 2 * len(SITE._registry)


def test_an_editor_reaches_nothing_of_clinics_and_accounts(world):
    private = (*ownership.owned_models(), User, Group)
    assert attacked(world, "edith", lambda model: model in private or model._meta.app_label in ACCOUNTS)


def test_a_moderator_reaches_no_article_and_no_account(world):
    assert attacked(world, "mona", lambda model: model._meta.app_label in ("articles", *ACCOUNTS))


def test_whatever_belongs_to_a_clinic_stands_on_both_locks():
    owned = set(ownership.owned_models())
    for model, screen in SITE._registry.items():
        if model in owned:
            assert isinstance(screen, OwnedAdmin), f"{model.__name__}: use clinics.admin.owned.OwnedAdmin"
            assert not screen.raw_id_fields, f"{model.__name__}: a raw id tells the name of any row"


@pytest.mark.parametrize("who", [*OUTSIDERS, "edith"])
def test_the_sites_own_pages_tell_nothing(world, who):
    for route in attack.routes_of(SITE):
        if "logout" not in route:
            url = route.replace("^(?P<app_label>", "").split("|")[0] if "app_label" in route else route
            url = url.replace("(?P<url>.*)$", "clinics/nothing/here/")
            for method in ("get", "post", "head"):
                response = getattr(world.browsers[who], method)(attack.PARAMETER.sub("1", url))
                assert response.status_code < 500 and not reaches(response), (who, method, url, reaches(response))
    for app in ("clinics", "auth", "articles", "account", "mfa"):
        response = world.browsers[who].get(f"/admin/{app}/")
        assert response.status_code < 500 and not reaches(response), (who, app)


def test_someone_who_is_logged_in_and_has_no_clinic_is_told_kindly(world):
    """And is not sent round between the admin and the log-in."""
    for url in ("/admin/", "/admin/clinics/clinic/"):
        response = world.browsers["per"].get(url)
        assert response.status_code == 403
        assert "Du har ikke adgang til nogen klinik endnu" in response.content.decode()
    response = world.browsers["per"].get("/admin/login/?next=/admin/")
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_the_log_in_of_the_admin_is_that_of_the_accounts(world):
    response = world.browsers[ANYBODY].get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/konto/")
    assert "next=%2Fadmin%2F" in response.redirect_chain[-1][0]


@pytest.mark.parametrize("who", ["stella", "erik", "edith"])
def test_actions_on_rows_of_another_clinic(world, who):
    for model, screen in SITE._registry.items():
        if who == "edith" and model not in ownership.owned_models():
            continue
        url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for action in [getattr(one, "__name__", one) for one in screen.actions or ()] + ["delete_selected", "x"]:
            for across in ("0", "1"):
                chosen = {
                    "action": action,
                    "_selected_action": [world.of(model).pk],
                    "select_across": across,
                    "index": "0",
                }
                if across == "1" and model is Clinic:
                    continue  # one's own are one's own to confirm: test_members_form
                response = world.browsers[who].post(url, chosen | {"post": "yes", "confirmed": "1"})
                assert response.status_code in (302, 403, 404) or model is Clinic, (
                    who,
                    url,
                    action,
                    response.status_code,
                )
                assert not reaches(response)


@pytest.mark.parametrize("who", ["olga", "erik", "edith"])
def test_choices_as_one_types_tell_of_nobody_else(world, who):
    """autocomplete/ takes any key of any model, whether a form asks for it or not."""
    told, private = 0, (User, *ownership.owned_models())
    for model in apps.get_models():
        for field in model._meta.get_fields():
            keys = isinstance(field, models.ForeignKey | models.ManyToManyField)
            if keys and (who != "edith" or field.related_model in private):
                asked = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                }
                response = world.browsers[who].get("/admin/autocomplete/", asked)
                assert response.status_code in (200, 403, 404) and not reaches(response), (who, asked)
                told += response.status_code == 200 and field.related_model in private
    assert bool(told) == (who != "edith"), "a member's own clinics are the only ones there"


def test_forged_choices_as_one_types(world):
    for asked in ({}, {"app_label": "clinics"}, {"app_label": "x", "model_name": "y", "field_name": "z"},
                  {"app_label": "clinics", "model_name": "claim", "field_name": "user__password"}):  # fmt: skip
        assert world.browsers["olga"].get("/admin/autocomplete/", asked).status_code in (403, 404)


@pytest.mark.parametrize("who", [*OUTSIDERS, "edith"])
def test_the_address_of_a_row_is_told_to_nobody_else(world, who):
    for model, one in world.made.items():
        if who == "edith" and model not in ownership.owned_models():
            continue
        for kind in (ContentType.objects.get_for_model(model).pk, ContentType.objects.get_for_model(Clinic).pk):
            url = f"/admin/r/{kind}/{one.pk if model is not Clinic else world.b.pk}/"
            if kind == ContentType.objects.get_for_model(Clinic).pk and model is not Clinic and one.pk == world.a.pk:
                continue
            response = world.browsers[who].get(url)
            assert is_refused(response, who, url), (url, response.status_code, response.get("Location"))
            assert not reaches(response)


def test_a_forged_kind_of_row(world):
    for forged in ("0/1", "999999/1", "x/1", "-1/1", "٣/1", "1_3D/1", f"{'9' * 40}/1", "1/x", "%00/1", "1/%00"):
        response = world.browsers["olga"].get(f"/admin/r/{forged}/")
        assert response.status_code in (400, 403, 404), (forged, response.status_code)


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_odd_numbers_of_rows(world, page):
    for odd in ODD_IDS:
        for way in ("get", "post"):
            response = getattr(world.browsers["olga"], way)(f"/admin/clinics/clinic/{odd.format(b=world.b.pk)}/{page}/")
            assert response.status_code in (400, 403, 404, 405), (odd, way, response.status_code)
            assert not reaches(response), odd


LOOKUPS = (
    *("memberships__user__email__startswith=o", "memberships__user__password__startswith=p", "postcode__town=Aalborg"),
    *("claims__explanation__contains=z", "pending_changes__asked_by__email=a", "invitations__email__startswith=n"),
    *("name__startswith=z", "email__startswith=post", "corrections__email__startswith=t", "id__gt=0", "pk=1"),
    *("_to_field=slug&_popup=1", "_popup=1", "_to_field=memberships", "q=zebra", "q=%00", "e=1", "o=1.2.-3", "all="),
    *("p=0", "p=-1", "status__exact=draft", "frisk=never", "mangler=intet", "is_example__exact=0", "source=register"),
)


@pytest.mark.parametrize("who", ["olga", "erik"])
def test_filters_of_the_list_tell_of_nobody_else(world, who):
    for asked in LOOKUPS:
        response = world.browsers[who].get(f"/admin/clinics/clinic/?{asked}")
        assert response.status_code in (200, 302, 400), (asked, response.status_code)
        assert not reaches(response), asked
        assert response.status_code != 200 or response.context_data["cl"].result_count in (0, who != "erik")


def test_a_list_is_not_asked_about_what_hangs_on_a_clinic(world):
    """Whether somebody else has claimed it is nothing for its owner to know."""
    for relation in (field.name for field in Clinic._meta.get_fields() if field.is_relation):
        response = world.browsers["olga"].get(f"/admin/clinics/clinic/?{relation}__isnull=0")
        assert response.status_code == 400, relation


def test_names_of_others_do_not_stand_in_ones_own_history(world):
    page = world.browsers["olga"].get(f"/admin/clinics/clinic/{world.a.pk}/history/").content.decode()
    assert "Rettede telefonen." in page and "FysFinder" in page and SECRET not in page
    assert SECRET not in world.browsers["olga"].get("/admin/").content.decode()


@pytest.mark.parametrize("part", attack.PARTS)
def test_rows_of_another_clinic_in_ones_own_form(world, part):
    """Its key, its clinic, its people: sent with the own form, they change nothing there and come here neither."""
    theirs = getattr(world.b, part).first()
    person = world.b.practitioners.get()
    fields = {
        "id": theirs.pk,
        "clinic": world.b.pk,
        "practitioner": person.pk,
        "name": "Ny",
        "alt": "Ny",
        "amount": "1",
    }
    fields |= {"terms": "Ny", "note": "Ny", "first_day": "2026-12-01", "last_day": "2026-12-01", "group": "prices"}
    fields |= {"speciality": getattr(theirs, "speciality_id", 1)}
    fields |= {"treatment": getattr(theirs, "treatment_id", None) or ""}
    for initial, extra in ((1, {}), (1, {"DELETE": "on"}), (0, {})):
        data: dict[str, Any] = {}
        for prefix in attack.PARTS:
            data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        data |= {f"{part}-TOTAL_FORMS": 1, f"{part}-INITIAL_FORMS": initial, "_save": "1"}
        data |= {f"{part}-0-{name}": value for name, value in (fields | extra).items()}
        before = _rows_of(world.b)
        with transaction.atomic():
            response = world.browsers["olga"].post(f"/admin/clinics/clinic/{world.a.pk}/change/", data)
            assert response.status_code in (200, 302) and not reaches(response)
            assert _rows_of(world.b) == before
            assert not world.a.specialities.filter(practitioner=person).exists()
            assert not world.a.treatments.filter(practitioner=person).exists()
            transaction.set_rollback(True)  # what may be one's own row was saved


def _rows_of(one: Clinic) -> list[Any]:
    return [list(getattr(one, part).order_by("pk").values()) for part in attack.PARTS]
