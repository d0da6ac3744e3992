"""The admin as the editor Edith, the administrator Adam, and somebody who may nothing there."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from articles.models import Article
from clinics.models import Condition, ConditionMatch, RedFlag, SearchEntry, Tag
from fysfinder.roles import ADMINISTRATOR, EDITOR, sync_roles

from . import clinic_form
from .people import clinic, condition, places, speciality

pytestmark = pytest.mark.django_db


@pytest.fixture
def edith(client):
    sync_roles()
    user = get_user_model().objects.create_user("edith@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITOR))
    client.force_login(user)
    return client


def form_of(response) -> dict[str, object]:
    """What a browser would send back, unchanged."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    for formset in response.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return {name: ("" if value is None else value) for name, value in values.items()}


def test_nobody_gets_in_without_rights(client):
    client.force_login(get_user_model().objects.create_user("sam@example.org"))
    assert client.get("/admin/articles/article/").status_code == 403


@pytest.mark.parametrize("page", ["clinics/clinic", "auth/user", "clinics/price", "clinics/place", "clinics/postcode"])
def test_an_editor_reaches_only_what_editors_look_after(edith, page):
    assert edith.get(f"/admin/{page}/").status_code in (403, 404)
    assert edith.post(f"/admin/{page}/add/", {}).status_code in (403, 404)


def test_an_editors_change_of_a_text_makes_the_page_anew(edith):
    article = Article.objects.create(
        slug="min", title="Min", body="Indledning.\n\n## Et\n\nGammelt.\n", status="published"
    )
    address = f"/admin/articles/article/{article.pk}/change/"
    values = form_of(edith.get(address)) | {
        "body": "Indledning.\n\n## Et\n\nNyt svar.\n",
        "publish_at_0": "",
        "publish_at_1": "",
    }
    response = edith.post(address, values)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert "Nyt svar." in edith.get("/ordbog/min/").content.decode()


def test_an_editors_condition_is_hers(edith):
    knee = condition("Knæ", {"Knæ": 3})
    address = f"/admin/clinics/condition/{knee.pk}/change/"
    values = form_of(edith.get(address)) | {"name": "Ondt i knæet", "synonyms": "knæsmerter,ondt i knæ"}
    assert edith.post(address, values).status_code == 302
    knee.refresh_from_db()
    assert (knee.name, knee.synonyms) == ("Ondt i knæet", ["knæsmerter", "ondt i knæ"])
    assert knee.edited_at is not None


def test_an_editor_cannot_take_a_warning_away(edith):
    """What then becomes of it: tests/test_warning_changes.py."""
    flag = RedFlag.objects.create(
        key="dvt", group="blodprop", urgency="112", text="får svært ved at trække vejret", sources=[]
    )
    leg = condition("Ben", {"Vener": 3}, care_gate="Først når lægen siger ja.")
    leg.red_flags.add(flag)
    address = f"/admin/clinics/condition/{leg.pk}/change/"
    values = form_of(edith.get(address)) | {"care_gate": "", "red_flags": []}
    assert "Skriv en begrundelse" in edith.post(address, values).content.decode()
    edith.post(address, values | {"weakening_reason": "Det er ikke nødvendigt."})
    leg.refresh_from_db()
    assert leg.care_gate and list(leg.red_flags.all()) == [flag]


@pytest.fixture
def adam(client):
    sync_roles()
    user = get_user_model().objects.create_user("adam@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=ADMINISTRATOR))
    client.force_login(user)
    return client


def test_an_administrator_opens_and_closes_accounts_and_changes_nothing_else_of_them(adam):
    eva = get_user_model().objects.create_user("eva@example.org", password="evas-hest-9", is_staff=True)
    address = f"/admin/auth/user/{eva.pk}/change/"
    page = adam.get(address)
    assert page.status_code == 200
    assert eva.password not in page.content.decode() and "/password/" not in page.content.decode()
    other = {"username": "adam2", "email": "adam@example.org", "is_superuser": "on", "password": "x"}
    other |= {"groups": [Group.objects.get(name=EDITOR).pk], "is_staff": ""}
    assert adam.post(address, form_of(page) | other | {"is_active": ""}).status_code == 302
    now = get_user_model().objects.get(pk=eva.pk)
    assert (now.is_active, now.username, now.email, now.is_staff, now.is_superuser) == (
        *(False, "eva@example.org", "", True, False),
    )
    assert now.check_password("evas-hest-9") and not now.groups.exists()
    assert adam.post(address, {"is_active": "on"}).status_code == 302
    assert get_user_model().objects.get(pk=eva.pk).is_active


def test_an_administrator_is_one_person(adam):
    """Two editors weaken a warning (tests/test_warning_changes.py): whoever sets passwords or makes accounts is both."""
    users = get_user_model().objects
    eva, boss = users.create_user("eva@example.org", is_staff=True), users.create_superuser("boss@example.org")
    word = {"usable_password": "true", "password1": "xkcd-hest-9-batteri", "password2": "xkcd-hest-9-batteri"}
    for user in (eva, boss, users.get(username="adam@example.org")):
        assert adam.post(f"/admin/auth/user/{user.pk}/password/", word).status_code in (302, 403, 404)
        assert not users.get(pk=user.pk).check_password(word["password1"])
    assert adam.post("/admin/auth/user/add/", word | {"username": "eva2@example.org"}).status_code == 403
    assert adam.get(f"/admin/auth/user/{boss.pk}/change/").status_code == 302, "a superuser is not his to open"
    assert users.count() == 3


def test_a_superuser_makes_accounts_and_sets_passwords(admin_client):
    word = {"usable_password": "true", "password1": "xkcd-hest-9-batteri", "password2": "xkcd-hest-9-batteri"}
    assert admin_client.post("/admin/auth/user/add/", word | {"username": "eva@example.org"}).status_code == 302
    eva = get_user_model().objects.get(username="eva@example.org")
    word |= dict.fromkeys(("password1", "password2"), "et-andet-9-batteri")
    assert admin_client.post(f"/admin/auth/user/{eva.pk}/password/", word).status_code == 302
    eva.refresh_from_db()
    assert eva.check_password("et-andet-9-batteri")
    assert 'name="groups"' in admin_client.get(f"/admin/auth/user/{eva.pk}/change/").content.decode()


def test_a_new_speciality_gets_its_number_and_a_clinic_its_index_row(admin_client):
    places()
    response = admin_client.post(
        "/admin/clinics/speciality/add/",
        {
            "name": "Albue",
            "slug": "albue",
            "kind": "focus",
            "synonyms": "",
            "keywords": "",
            "description": "",
            "care_gate": "",
        },
    )
    assert response.status_code == 302
    assert Tag.objects.filter(kind="speciality", key="albue").exists()
    one = clinic("Albuen", "Aarhus C")
    assert clinic_form.send(admin_client, one, status="draft").status_code == 302
    assert not SearchEntry.objects.exists()


def test_a_match_that_a_person_touched_is_no_suggestion_any_more(admin_client):
    knee = condition("Knæ", {"Knæ": 2})
    match = knee.matches.get()
    ConditionMatch.objects.update(origin="suggested")
    address = f"/admin/clinics/condition/{knee.pk}/change/"
    values = form_of(admin_client.get(address))
    values |= {
        "matches-TOTAL_FORMS": 1,
        "matches-INITIAL_FORMS": 1,
        "matches-0-id": match.pk,
        "matches-0-condition": knee.pk,
        "matches-0-speciality": speciality("Knæ").pk,
        "matches-0-treatment": "",
        "matches-0-weight": 3,
    }
    assert admin_client.post(address, values).status_code == 302
    assert Condition.objects.get().matches.get().origin == "editor"


@pytest.mark.parametrize(
    "page", ["articles/article", "clinics/condition", "clinics/redflag", "clinics/clinic", "clinics/place", "auth/user"]
)
def test_every_list_and_form_opens_under_the_policy(admin_client, page):
    places()
    clinic("En", "Aarhus C", price=500)
    response = admin_client.get(f"/admin/{page}/")
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]
    assert admin_client.get(f"/admin/{page}/add/").status_code in (200, 403)
