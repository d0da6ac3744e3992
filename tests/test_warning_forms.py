"""The forms of the admin save what makes a warning stronger and propose what makes it weaker, for every role.

Edith and Eva edit, Adam administrates, Sara is the superuser, Sam has no rights.
"""

import pytest
from django.test import Client

from clinics import warnings
from clinics.models import BodyRegion, Condition, RedFlag, Speciality, WarningChange
from clinics.weakening import Weakening

from .people import condition
from .staff import staff
from .test_admin import form_of
from .warned import GATE, WHY, dvt, leg_with, lower
from .worlds import kept

pytestmark = pytest.mark.django_db
Kind, State = WarningChange.Kind, WarningChange.State


@kept
def people():
    return staff()


@kept
def flag():
    return dvt()


@kept
def leg(flag):
    return leg_with(flag)


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client, row, **changes):
    """Change a row as a browser would: the form as it stands, with these values."""
    model = type(row)._meta.model_name
    address = f"/admin/clinics/{model}/{row.pk}/change/"
    values = form_of(client.get(address))
    for name in ("synonyms", "keywords", "terms"):
        if isinstance(values.get(name), list):
            values[name] = ",".join(values[name])
    return client.post(address, values | changes, follow=True)


ROLES = ["edith", "adam", "sara"]


@pytest.mark.parametrize("name", ROLES)
def test_a_form_that_weakens_asks_for_a_reason_and_saves_nothing(name, people, flag):
    response = post(logged_in(people[name]), flag, urgency="physio", order=7)
    assert "Skriv en begrundelse" in response.content.decode()
    flag.refresh_from_db()
    assert (flag.urgency, flag.order) == ("doctor_now", 0)
    assert not WarningChange.objects.exists()


@pytest.mark.parametrize("name", ROLES)
def test_with_a_reason_the_rest_is_saved_and_the_weaker_part_waits(name, people, flag):
    response = post(
        logged_in(people[name]),
        flag,
        urgency="physio",
        order=7,
        terms="hævet læg,rødt ben",
        text="det ene ben er lidt tykt",
        weakening_reason=WHY,
    )
    assert "Venter på en anden redaktør" in response.content.decode()
    flag.refresh_from_db()
    assert (flag.urgency, flag.order, flag.text) == ("doctor_now", 7, "det ene ben bliver hævet")
    assert flag.terms == ["hævet læg", "tykt ben", "rødt ben"]
    change = WarningChange.objects.get()
    assert change.values["after"] == {
        "urgency": "physio",
        "text": "det ene ben er lidt tykt",
        "terms": ["hævet læg", "rødt ben"],
    }
    warnings.approve(change=change, by=people["eva"])
    flag.refresh_from_db()
    assert (flag.urgency, flag.text, flag.terms) == ("physio", "det ene ben er lidt tykt", ["hævet læg", "rødt ben"])


def test_an_editor_raises_and_adds_in_the_form_at_once(people, flag, leg):
    edith = logged_in(people["edith"])
    post(edith, flag, urgency="112", terms="hævet læg,tykt ben,rødt ben")
    flag.refresh_from_db()
    assert (flag.urgency, len(flag.terms)) == ("112", 3)
    more = RedFlag.objects.create(key="mere", group="M", urgency="physio", text="det bliver ved", sources=[])
    post(edith, leg, red_flags=[flag.pk, more.pk])
    assert set(leg.red_flags.all()) == {flag, more}
    assert not WarningChange.objects.exists()


@pytest.mark.parametrize("name", ROLES)
def test_a_condition_keeps_its_flags_and_its_gate_while_others_decide(name, people, flag, leg):
    post(logged_in(people[name]), leg, red_flags=[], care_gate="", name="Ondt i benet", weakening_reason=WHY)
    leg.refresh_from_db()
    assert (leg.name, leg.care_gate, list(leg.red_flags.all())) == ("Ondt i benet", GATE, [flag])
    assert sorted(WarningChange.objects.values_list("kind", "subject")) == [
        ("detach", "dvt fjernes fra Ondt i benet"),
        ("gate", f"Ondt i benet: betingelse før fysioterapi “{GATE}” → (tom)"),
    ]


def test_a_body_region_and_a_speciality_are_guarded_too(people, flag):
    region = BodyRegion.objects.create(slug="ben", name="Ben")
    region.red_flags.add(flag)
    veins = Speciality.objects.create(slug="vener", name="Vener", care_gate=GATE)
    post(logged_in(people["sara"]), region, red_flags=[], weakening_reason=WHY)
    post(logged_in(people["sara"]), veins, care_gate="Ingen", weakening_reason=WHY)
    veins.refresh_from_db()
    assert (list(region.red_flags.all()), veins.care_gate) == ([flag], GATE)
    assert WarningChange.objects.count() == 2
    for change in WarningChange.objects.all():
        warnings.approve(change=change, by=people["edith"])
    veins.refresh_from_db()
    assert (list(region.red_flags.all()), veins.care_gate) == ([], "Ingen")


def test_what_was_made_stronger_while_the_form_was_open_is_not_undone_by_saving_it(people, flag):
    edith = logged_in(people["edith"])
    address = f"/admin/clinics/redflag/{flag.pk}/change/"
    opened = form_of(edith.get(address)) | {"terms": "hævet læg,tykt ben", "group": "Ny gruppe"}
    RedFlag.objects.update(urgency="112")
    response = edith.post(address, opened)
    assert response.status_code == 200
    assert "Skriv en begrundelse" in response.content.decode()
    assert RedFlag.objects.get().urgency == "112"


@pytest.mark.parametrize("name", ROLES)
def test_a_flag_is_deleted_by_two(name, people, flag):
    client = logged_in(people[name])
    address = f"/admin/clinics/redflag/{flag.pk}/delete/"
    assert "to redaktører" in client.get(address).content.decode()
    client.post(address, {"post": "yes", "reason": ""})
    assert not WarningChange.objects.exists()
    client.post(address, {"post": "yes", "reason": WHY})
    assert RedFlag.objects.exists()
    warnings.approve(change=WarningChange.objects.get(), by=people["eva"])
    assert not RedFlag.objects.exists()


@pytest.mark.parametrize("name", ROLES)
def test_many_flags_at_once_are_not_deleted(name, people, flag):
    data = {"action": "delete_selected", "_selected_action": [flag.pk], "post": "yes"}
    logged_in(people[name]).post("/admin/clinics/redflag/", data)
    assert RedFlag.objects.exists()


@pytest.mark.parametrize("name", ["adam", "sara"])
def test_what_carries_a_warning_is_not_deleted(name, people, flag, leg):
    client = logged_in(people[name])
    region = BodyRegion.objects.create(slug="ben", name="Ben")
    region.red_flags.add(flag)
    veins = Speciality.objects.create(slug="vene", name="Vene", care_gate=GATE)
    for row in (leg, region, veins):
        model = row._meta.model_name
        client.post(f"/admin/clinics/{model}/{row.pk}/delete/", {"post": "yes"})
        data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        assert "Fjern det først" in client.post(f"/admin/clinics/{model}/", data).content.decode()
        assert type(row).objects.filter(pk=row.pk).exists()
    bare = Condition.objects.create(slug="fri", name="Fri")
    client.post(f"/admin/clinics/condition/{bare.pk}/delete/", {"post": "yes"})
    assert not Condition.objects.filter(pk=bare.pk).exists()


# The list of proposals


def test_the_list_shows_what_waits_first_and_decides(people, flag, leg):
    done = warnings.propose(row=leg, weakening=Weakening(Kind.DETACH, flag), reason=WHY, by=people["edith"])
    change = lower(flag, people["edith"])
    warnings.refuse(change=change, by=people["adam"])
    eva, edith = logged_in(people["eva"]), logged_in(people["edith"])
    page = eva.get("/admin/clinics/warningchange/").content.decode()
    assert page.index("dvt fjernes fra Ben") < page.index("hast “Ring til læge nu”")
    data = {"action": "approve_chosen", "_selected_action": [done.pk]}
    assert "selv foreslået" in edith.post("/admin/clinics/warningchange/", data, follow=True).content.decode()
    assert flag in leg.red_flags.all()
    assert "1 godkendt" in eva.post("/admin/clinics/warningchange/", data, follow=True).content.decode()
    assert flag not in leg.red_flags.all()


def test_one_proposal_says_what_becomes_of_what_and_why(people, flag):
    change = lower(flag, people["edith"])
    address = f"/admin/clinics/warningchange/{change.pk}/change/"
    own = logged_in(people["edith"]).get(address).content.decode()
    assert "Træk forslaget tilbage" in own
    assert "Godkend, at" not in own
    page = logged_in(people["eva"]).get(address).content.decode()
    assert "Ring til læge nu" in page
    assert "Egen læge" in page
    assert WHY in page
    logged_in(people["eva"]).post(address, {"approve": ""})
    assert RedFlag.objects.get().urgency == "own_doctor"


def test_the_log_is_not_edited_or_deleted(people, flag):
    change = lower(flag, people["edith"])
    sara = logged_in(people["sara"])
    address = f"/admin/clinics/warningchange/{change.pk}"
    assert sara.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert sara.get("/admin/clinics/warningchange/add/").status_code == 403
    sara.post(f"{address}/change/", {"state": "approved", "reason": "noget andet"})
    change.refresh_from_db()
    assert (change.state, change.reason) == (State.PENDING, WHY)
    assert logged_in(people["sam"]).get(f"{address}/change/").status_code == 403
    assert sara.get("/admin/clinics/warningchange/999999/change/").status_code == 404


def test_flags_are_chosen_by_what_they_say(people, flag):
    made = condition("Kramper", {})
    made.red_flags.add(flag)
    said = logged_in(people["edith"]).get(f"/admin/clinics/condition/{made.pk}/change/").content.decode()
    assert f'<option value="{flag.pk}" selected>Ring til læge nu: det ene ben bliver hævet</option>' in said
