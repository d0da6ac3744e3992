"""Who may do what, printed: a change of rights shows in this table."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from fysfinder.roles import ADMINISTRATOR, EDITOR, sync_roles

pytestmark = pytest.mark.django_db

EDITORS_RIGHTS = """\
articles.add_article
articles.change_article
articles.view_article
clinics.add_condition
clinics.add_conditionmatch
clinics.change_condition
clinics.change_conditionmatch
clinics.delete_conditionmatch
clinics.view_bodyregion
clinics.view_condition
clinics.view_conditionmatch
clinics.view_outofhoursservice
clinics.view_redflag
clinics.view_region
clinics.view_speciality
clinics.view_treatmenttype
"""


def rights(role: str) -> str:
    user = get_user_model().objects.create_user(f"{role}@example.org")
    user.groups.add(Group.objects.get(name=role))
    return "".join(f"{right}\n" for right in sorted(user.get_all_permissions()))


def test_the_editors_rights():
    sync_roles()
    assert rights(EDITOR) == EDITORS_RIGHTS


def test_an_administrator_may_all_that_an_editor_may_and_more():
    sync_roles()
    assert set(EDITORS_RIGHTS.split()) < set(rights(ADMINISTRATOR).split())


def test_a_second_run_takes_away_what_was_added_by_hand():
    sync_roles()
    before = Group.objects.get(name=EDITOR).permissions.count()
    Group.objects.get(name=EDITOR).permissions.add(
        Group.objects.get(name=ADMINISTRATOR).permissions.get(codename="delete_clinic")
    )
    sync_roles()
    assert Group.objects.get(name=EDITOR).permissions.count() == before
