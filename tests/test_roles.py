"""Who may do what, printed: a change of rights shows in these tables."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from fysfinder.roles import ADMINISTRATOR, EDITOR, MEDICAL_REVIEWER, ROLES, sync_roles

pytestmark = pytest.mark.django_db

EDITORS_RIGHTS = """\
articles.add_article
articles.add_image
articles.add_linkterm
articles.add_signoff
articles.add_upload
articles.change_article
articles.change_flagsuggestion
articles.change_image
articles.change_linkterm
articles.change_upload
articles.delete_image
articles.delete_linkterm
articles.publish_article
articles.view_article
articles.view_flagsuggestion
articles.view_image
articles.view_linkterm
articles.view_signoff
articles.view_upload
clinics.add_condition
clinics.add_conditionmatch
clinics.add_redflag
clinics.add_warningchange
clinics.change_bodyregion
clinics.change_condition
clinics.change_conditionmatch
clinics.change_redflag
clinics.change_warningchange
clinics.delete_conditionmatch
clinics.view_bodyregion
clinics.view_condition
clinics.view_conditionmatch
clinics.view_outofhoursservice
clinics.view_redflag
clinics.view_region
clinics.view_slughistory
clinics.view_speciality
clinics.view_treatmenttype
clinics.view_warningchange
"""

MEDICAL_REVIEWERS_RIGHTS = """\
articles.review_article
articles.view_article
articles.view_flagsuggestion
articles.view_image
articles.view_signoff
clinics.view_bodyregion
clinics.view_condition
clinics.view_conditionmatch
clinics.view_outofhoursservice
clinics.view_redflag
clinics.view_speciality
clinics.view_treatmenttype
clinics.view_warningchange
"""


def rights(role: str) -> str:
    user = get_user_model().objects.create_user(f"{role}@example.org")
    user.groups.add(Group.objects.get(name=role))
    return "".join(f"{right}\n" for right in sorted(user.get_all_permissions()))


def test_the_editors_rights():
    sync_roles()
    assert rights(EDITOR) == EDITORS_RIGHTS


def test_the_medical_reviewers_rights():
    sync_roles()
    assert rights(MEDICAL_REVIEWER) == MEDICAL_REVIEWERS_RIGHTS


def test_nobody_makes_accounts_by_role():
    """Who can make one is two people."""
    sync_roles()
    assert not [role for role in ROLES if {"auth.add_user", "auth.change_group"} & set(rights(role).split())]


def test_an_administrator_may_all_that_the_others_may_and_more():
    sync_roles()
    assert {*EDITORS_RIGHTS.split(), *MEDICAL_REVIEWERS_RIGHTS.split()} < set(rights(ADMINISTRATOR).split())


def test_no_editor_reviews_and_no_reviewer_writes():
    """What is called medically reviewed was reviewed by somebody else than its writer."""
    sync_roles()
    assert "articles.review_article" not in rights(EDITOR).split()
    assert not [right for right in MEDICAL_REVIEWERS_RIGHTS.split() if "view_" not in right and "review_" not in right]


def test_a_second_run_takes_away_what_was_added_by_hand():
    first = sync_roles()
    Group.objects.get(name=EDITOR).permissions.add(
        Group.objects.get(name=ADMINISTRATOR).permissions.get(codename="delete_clinic")
    )
    assert sync_roles() == first
    assert set(first) == set(ROLES)
    assert Group.objects.get(name=EDITOR).permissions.count() == first[EDITOR]
