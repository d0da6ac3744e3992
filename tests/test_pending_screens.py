"""The screens on which owners ask and moderators decide, as their users and as attackers."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from clinics import pending
from clinics.admin.queue import waiting
from clinics.models import Clinic, ClinicSpeciality, PendingChange, Practitioner, Speciality

from . import attack
from .attack import World
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def world() -> World:
    return attack.build()


def browser(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    return client


def ask_url(one: Clinic, subject: str = "name") -> str:
    return f"/admin/clinics/clinic/{one.pk}/ask/{subject}/"


def url_of(change: PendingChange) -> str:
    return f"/admin/clinics/pendingchange/{change.pk}/change/"


def asked(world: World, name: str = "Bugtens Fysioterapi") -> PendingChange:
    return pending.ask(
        clinic=world.a, by=world.people["olga"], subject="name", new={"name": name}, evidence="CVR 12345678"
    )


def text(response: Any) -> str:
    return response.content.decode()


def test_an_owner_asks_and_sees_that_it_waits(world):
    olga = browser(world, "olga")
    form = f"/admin/clinics/clinic/{world.a.pk}/change/"
    assert ask_url(world.a) in text(olga.get(form))
    page = text(olga.get(ask_url(world.a)))
    assert "Nu: Havnens Fysioterapi" in page and "CVR-nummer" in page
    answer = olga.post(ask_url(world.a), {"name": " Bugtens  Fysioterapi", "evidence": "CVR 12345678"})
    assert (answer.status_code, answer["Location"]) == (302, form)
    page = text(olga.get(form))
    assert "Venter på godkendelse" in page and "Bugtens" in page
    change = PendingChange.objects.get()
    assert url_of(change) in page
    page = text(olga.get(url_of(change)))
    assert "_withdraw" in page and "_approve" not in page
    assert olga.post(url_of(change), {"_withdraw": ""}).status_code == 302
    change.refresh_from_db()
    assert change.status == "withdrawn"
    assert "Venter på godkendelse" not in text(olga.get(form))


@pytest.mark.parametrize(
    ("subject", "data", "word"),
    [
        ("name", {"name": "", "evidence": "x"}, "Dette felt"),
        ("name", {"name": "A\nBcc: x@y.dk", "evidence": "x"}, "på én linje"),
        ("name", {"name": "N" * 161, "evidence": "x"}, "160"),
        ("name", {"name": "Ny", "evidence": ""}, "Dette felt"),
        ("name", {"name": "Ny", "evidence": "x" * 1001}, "1000"),
        ("name", {"name": "Ny", "evidence": "Mit CPR er 010190-1234"}, "CPR"),
        ("name", {"name": "Havnens Fysioterapi", "evidence": "x"}, "står der allerede"),
        ("address", {"street": "Bugten 2", "postcode": "8000 Odense", "evidence": "x"}, "8000 er Aarhus C"),
        ("address", {"street": "", "postcode": "8000", "evidence": "x"}, "Dette felt"),
        ("authorisation", {"person": "{a}", "authorisation_id": "12"}, "fem tegn"),
        ("authorisation", {"person": "{b}", "authorisation_id": "11AA1"}, "gyldig"),
        ("title", {"person": "{a}", "term": "speciality/idraet", "grade": "konge", "evidence": "x"}, "gyldig"),
        ("title", {"person": "{a}", "term": "speciality/knae", "grade": "certified", "evidence": "x"}, "gyldig"),
        (
            "title",
            {"person": "{a}", "term": "treatment/taping", "grade": "specialist", "evidence": "x"},
            "certificeret",
        ),
        ("title", {"person": "", "term": "speciality/idraet", "grade": "certified", "evidence": "x"}, "Dette felt"),
        ("title", {"person": "{a}", "term": "speciality/idraet", "grade": "certified", "evidence": ""}, "Dette felt"),
        ("speciality", {"term": "x/../y", "evidence": "x"}, "gyldig"),
    ],
)
def test_bad_input_is_told_at_its_field(world, subject, data, word):
    Speciality.objects.get_or_create(slug="knae", defaults={"name": "Knæ"})
    from .people import treatment

    treatment("Taping")
    keys = {"{a}": world.a.practitioners.get().pk, "{b}": world.b.practitioners.get().pk}
    answer = browser(world, "olga").post(
        ask_url(world.a, subject), {name: keys.get(value, value) for name, value in data.items()}
    )
    assert answer.status_code == 422 and word in text(answer), text(answer)
    assert attack.SECRET not in text(answer)
    assert not PendingChange.objects.exists()


def test_what_is_sent_besides_is_not_taken(world):
    browser(world, "olga").post(
        ask_url(world.a),
        {
            "name": "Ny",
            "evidence": "x",
            "status": "approved",
            "clinic": world.b.pk,
            "row": 1,
            "asked_by": 1,
            "reason": "Ja",
        },
    )
    change = PendingChange.objects.get()
    assert (change.clinic, change.status, change.row, change.reason) == (world.a, "waiting", None, "")
    assert change.new == {"name": "Ny"}


@pytest.mark.parametrize(
    ("who", "status"), [("stella", 403), ("erik", 404), ("per", 302), ("edith", 403), ("mona", 403)]
)
def test_who_may_not_ask(world, who, status):
    for subject in ("name", "address", "authorisation", "title", "speciality"):
        for answer in (
            browser(world, who).get(ask_url(world.a, subject)),
            browser(world, who).post(ask_url(world.a, subject), {"name": "Ny", "evidence": "x"}),
        ):
            assert answer.status_code in (status, 403, 404), (subject, answer.status_code)
    assert not PendingChange.objects.exists()


def test_another_clinic_and_subjects_that_are_none(world):
    olga = browser(world, "olga")
    assert olga.get(ask_url(world.b)).status_code == 404
    for name in ("status", "slug", "__class__", "NAME", "-"):
        assert olga.get(ask_url(world.a, name)).status_code == 404, name
    theirs = PendingChange.objects.create(clinic=world.b, subject="name", new={"name": attack.secret()})
    for way in ("get", "post"):
        answer = getattr(olga, way)(url_of(theirs), {"_withdraw": ""})
        assert answer.status_code == 404 and attack.SECRET not in text(answer)


def test_staff_see_what_waits_and_can_do_nothing_about_it(world):
    change, stella = asked(world), browser(world, "stella")
    form = text(stella.get(f"/admin/clinics/clinic/{world.a.pk}/change/"))
    assert "Venter på godkendelse" in form and "/ask/" not in form
    page = text(stella.get(url_of(change)))
    assert "_withdraw" not in page and "_approve" not in page
    assert stella.post(url_of(change), {"_withdraw": ""}).status_code == 422
    assert stella.post(url_of(change), {"_approve": "", "reason": "Ja"}).status_code == 403
    change.refresh_from_db()
    assert change.status == "waiting"


def test_an_owner_does_not_decide(world):
    change, olga = asked(world), browser(world, "olga")
    for button in ("_approve", "_refuse"):
        assert olga.post(url_of(change), {button: "", "reason": "Ja"}).status_code == 403
    change.refresh_from_db()
    assert change.status == "waiting"


def test_a_moderator_decides_on_one_screen(world):
    change, mona = asked(world, "Bugtens <script>alert(1)</script> & Co"), browser(world, "mona")
    listed = text(mona.get("/admin/clinics/pendingchange/"))
    assert "Havnens Fysioterapi" in listed and "<script>alert" not in listed
    line = next(one for one in waiting(world.people["mona"]) if "godkendes" in one.label)
    assert line.count == 1 and line.url == "/admin/clinics/pendingchange/"
    answer = mona.get(url_of(change))
    page = text(answer)
    assert "Bugtens &lt;script&gt;" in page and "<script>alert" not in page
    assert "CVR 12345678" in page and "Ejer siden" in page and "olga@example.org" in page
    seen = answer.context_data["seen"]
    answer = mona.post(url_of(change), {"_approve": "", "seen": seen, "reason": ""})
    assert answer.status_code == 422 and "begrundelse" in text(answer)
    assert mona.post(url_of(change), {"_approve": "", "seen": seen, "reason": "CVR."}).status_code == 302
    world.a.refresh_from_db()
    assert world.a.name.startswith("Bugtens")
    page = text(mona.get(url_of(change)))
    assert "Godkendt" in page and "_approve" not in page
    answer = mona.post(url_of(change), {"_refuse": "", "reason": "Nej."})
    assert answer.status_code == 422 and "allerede afgjort" in text(answer)


def test_a_clinic_that_was_changed_meanwhile_is_looked_at_again(world):
    change, mona = asked(world), browser(world, "mona")
    seen = mona.get(url_of(change)).context_data["seen"]
    Clinic.objects.filter(pk=world.a.pk).update(name="Et tredje navn")
    answer = mona.post(url_of(change), {"_approve": "", "seen": seen, "reason": "Ja."})
    assert answer.status_code == 422 and "ændret, siden du åbnede" in text(answer)
    assert "Klinikken er ændret, siden der blev bedt om det" in text(answer)
    assert (
        mona.post(url_of(change), {"_approve": "", "seen": answer.context_data["seen"], "reason": "Ja."}).status_code
        == 302
    )


def test_the_oldest_that_waits_comes_first(world):
    old = asked(world)
    PendingChange.objects.filter(pk=old.pk).update(created_at="2026-01-01T00:00Z")
    done = PendingChange.objects.create(
        clinic=world.a, subject="address", status="refused", created_at="2025-01-01T00:00Z"
    )
    new = PendingChange.objects.create(clinic=world.b, subject="name", new={"name": "X"})
    rows = browser(world, "mona").get("/admin/clinics/pendingchange/").context_data["cl"].result_list
    assert [one.pk for one in rows] == [old.pk, new.pk, done.pk]
    rows = browser(world, "olga").get("/admin/clinics/pendingchange/").context_data["cl"].result_list
    assert [one.pk for one in rows] == [old.pk, done.pk]


def test_a_moderator_who_is_a_member_leaves_it_to_another(world):
    from django.contrib.auth.models import Group

    from clinics.ownership import MODERATOR

    change = asked(world)
    world.people["olga"].groups.add(Group.objects.get(name=MODERATOR))
    olga = browser(world, "olga")
    assert "_approve" not in text(olga.get(url_of(change)))
    answer = olga.post(url_of(change), {"_refuse": "", "reason": "x"})
    assert answer.status_code == 422 and "selv til klinikken" in text(answer)


def test_an_odd_row_from_before_breaks_no_screen(world):
    """A subject or a term that is not there any more, values of another kind."""
    mette: Practitioner = world.a.practitioners.get()
    for subject, new in (("title", {}), ("speciality", {"term": "x"}), ("address", {"postcode": "0000"})):
        change = PendingChange.objects.create(clinic=world.a, subject=subject, row=mette.pk, new=new)
        assert browser(world, "mona").get(url_of(change)).status_code == 200
    assert browser(world, "mona").get("/admin/clinics/pendingchange/").status_code == 200


def test_nothing_is_added_or_deleted_by_hand():
    screen = admin.site._registry[PendingChange]
    assert not screen.has_add_permission(None) and not screen.has_delete_permission(None)  # type: ignore[arg-type]
    assert ClinicSpeciality not in admin.site._registry
