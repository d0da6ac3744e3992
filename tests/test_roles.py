"""Who may do what: docs/roles.md is the table, and it says what the database does. A change of rights shows there."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command

from clinics.ownership import MODERATOR, OWNER, STAFF
from fysfinder import roles
from fysfinder.roles import ADMINISTRATOR, EDITOR, MEDICAL_REVIEWER, ROLES, sync_roles

pytestmark = pytest.mark.django_db

PAGE = Path(settings.BASE_DIR) / "docs" / "roles.md"
# What is everybody's: words, articles, accounts, addresses, money of the state.
NOT_A_CLINICS = ("articles.", "auth.", "account.", "mfa.", "sessions.", "admin.", "contenttypes.")
OF_A_CLINIC = {
    *(
        "clinic",
        "clinicspeciality",
        "clinictreatment",
        "price",
        "practitioner",
        "openinghours",
        "openingexception",
        "photo",
    ),
    *("membership", "invitation", "pendingchange", "clinicversion", "dailystatistic"),
}


def rights(role: str) -> set[str]:
    user = get_user_model().objects.create_user(f"{role}@example.org")
    user.groups.add(Group.objects.get(name=role))
    return set(user.get_all_permissions())


def told() -> dict[str, set[str]]:
    """Role → its rights, as the page tells them."""
    lines = [line.strip("|").split("|") for line in PAGE.read_text().splitlines() if line.startswith("|")]
    names = [cell.strip() for cell in lines[0][1:]]
    found: dict[str, set[str]] = {name: set() for name in names}
    for model, *cells in lines[2:]:
        app, name = model.strip().strip("`").split(".")
        for role, cell in zip(names, cells, strict=True):
            found[role] |= {f"{app}.{verb}_{name}" for verb in cell.split() if verb != "–"}
    return found


def test_the_page_shows_the_table_of_today():
    out = StringIO()
    call_command("sync_roles", "--table", stdout=out)
    assert out.getvalue().strip() == roles.table()
    assert roles.table() in PAGE.read_text(), "manage.py sync_roles --table prints what docs/roles.md has to show"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_the_rights_that_the_page_tells(role):
    sync_roles()
    assert rights(role) == told()[role]


@pytest.mark.parametrize("role", [OWNER, STAFF])
def test_a_clinics_members_have_rights_on_what_is_a_clinics_alone(role):
    sync_roles()
    own = rights(role)
    assert {right.split("_", 1)[1] for right in own} <= OF_A_CLINIC
    assert not [right for right in own if right.startswith(NOT_A_CLINICS)]
    assert not {"clinics.add_clinic", "clinics.delete_clinic", "clinics.change_pendingchange"} & own


def test_staff_is_an_owner_but_for_members_and_for_asking():
    sync_roles()
    asks = {f"clinics.{verb}_membership" for verb in ("add", "change")} | {"clinics.add_pendingchange"}
    assert rights(OWNER) - rights(STAFF) == asks | {f"clinics.{verb}_invitation" for verb in ("view", "add", "change")}


def test_a_moderator_decides_and_makes_or_deletes_nothing_that_was_decided():
    sync_roles()
    own = rights(MODERATOR)
    assert {"clinics.change_claim", "clinics.change_clinic", "clinics.change_outbox"} <= own
    assert not [right for right in own if right.startswith(NOT_A_CLINICS)]
    queues = ("claim", "listingrequest", "pendingchange", "correction", "membership", "outbox", "clinic")
    assert not [
        f"clinics.{verb}_{name}" for verb in ("add", "delete") for name in queues if f"clinics.{verb}_{name}" in own
    ]


def test_nobody_makes_accounts_by_role():
    """Who can make one is two people."""
    sync_roles()
    assert not [role for role in ROLES if {"auth.add_user", "auth.change_group"} & rights(role)]


@pytest.mark.parametrize("role", [EDITOR, MEDICAL_REVIEWER, MODERATOR])
def test_an_administrator_may_all_that_the_others_may_and_more(role):
    sync_roles()
    assert rights(role) < rights(ADMINISTRATOR)


def test_no_editor_reviews_and_no_reviewer_writes():
    """What is called medically reviewed was reviewed by somebody else than its writer."""
    sync_roles()
    assert "articles.review_article" not in rights(EDITOR)
    assert not [right for right in rights(MEDICAL_REVIEWER) if "view_" not in right and "review_" not in right]


def test_a_second_run_takes_away_what_was_added_by_hand():
    first = sync_roles()
    Group.objects.get(name=EDITOR).permissions.add(
        Group.objects.get(name=ADMINISTRATOR).permissions.get(codename="delete_clinic")
    )
    assert sync_roles() == first
    assert set(first) == set(ROLES)
    assert Group.objects.get(name=EDITOR).permissions.count() == first[EDITOR]
