"""What happens to a claim meanwhile: somebody else, a changed channel, a closed clinic, time, an objection."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from clinics import actions, memberships, tasks
from clinics.actions import ActionError
from clinics.claiming import asking, channels, deciding, objections, proving, sweeping
from clinics.models import Claim, Clinic, Correction, Membership

from .claims import SOURCE, coded, mails, moderator, owner_of, person, refused, ryggen, waiting
from .worlds import kept

NOON = datetime.datetime(2026, 11, 3, 12, 0, tzinfo=datetime.UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga() -> User:
    return person("olga")


@kept
def rita() -> User:
    return moderator()


def no(word: str, job, **values) -> None:
    with pytest.raises(ActionError, match=word):
        job(**values)


def typed(claim: Claim, code: str, source: str = SOURCE) -> Claim:
    return proving.try_code(claim=claim, typed=code, source=source)


# --- two at once, and one after the other


def test_the_other_one_has_lost_and_is_told(here, olga):
    claim, code = coded(here, olga)
    late, late_code = coded(here, person("bo"))
    slow = waiting(here, person("carl"))
    mails()
    typed(claim, code)
    late.refresh_from_db()
    slow.refresh_from_db()
    assert (late.status, late.decided_by, slow.status) == ("refused", None, "waiting")
    assert ("bo@example.com", "Du fik ikke profilen for Ryggen") in mails()
    no("En anden har lige bevist", typed, claim=late, code=late_code)
    asking.appeal(claim=late, words="Klinikken er min.")


def test_what_a_claimed_clinic_offers(here, olga, rita):
    owner_of(here, olga)
    bo = person("bo")
    for method in ("email", "domain"):
        no(
            "passer allerede",
            asking.send_code,
            claim=asking.begin(clinic=here, user=bo),
            method=method,
            name="bo",
            source=SOURCE,
        )
    for method in ("phone", "letter"):
        no("passer allerede", asking.ask_moderator, claim=asking.begin(clinic=here, user=bo), method=method)
    mails()
    objections.ask_owners(clinic=here, user=bo, words="Jeg er ny.")
    assert mails() == [("olga@example.com", "bo@example.com vil være med på Ryggen")]
    dispute = waiting(here, bo)
    no("2 ejere", lambda: (owner_of(here, person("carl")), deciding.approve(claim=dispute, by=rita, reason="Ja.")))
    deciding.approve(claim=dispute, by=rita, reason="Bo ejer klinikken.", replace=True)
    assert memberships.owners(here).get().user == bo
    assert ("olga@example.com", "Du er ikke længere med på Ryggen") in mails()


def test_an_owner_has_nothing_to_claim(here, olga):
    owner_of(here, olga)
    no("passer allerede", asking.begin, clinic=here, user=olga)
    no("allerede med", objections.ask_owners, clinic=here, user=olga, words="")


def test_staff_without_an_owner_can_claim(here, olga):
    owner_of(here, olga, "staff")
    claim, code = coded(here, olga)
    typed(claim, code)
    assert memberships.owners(here).get().user == olga and Membership.objects.count() == 1


def test_an_owner_who_left_begins_anew(here, olga):
    claim, code = coded(here, olga)
    typed(claim, code)
    memberships.end(membership=Membership.objects.get(), by=olga)
    no("afsluttet", typed, claim=claim, code=code)
    again, code = coded(here, olga)
    assert again.pk != claim.pk and typed(again, code).status == "approved"


def test_a_closed_account_makes_room(here, olga):
    owner_of(here, olga)
    User.objects.filter(pk=olga.pk).update(is_active=False)
    bo = person("bo")
    claim, code = coded(here, bo)
    typed(claim, code)
    assert [one.user for one in memberships.members(here)] == [bo]


# --- what changes in the middle


@pytest.mark.parametrize("field", ["email", "website"])
def test_a_channel_that_was_just_changed_proves_nothing_alone(here, olga, rita, field):
    """First a friendly correction with one's own address, then a code to it."""
    before = {"email": here.email, "website": here.website, "phone": here.phone}
    setattr(here, field, {"email": "sten@sten.dk", "website": "https://sten.dk"}[field])
    here.save()
    assert channels.changed(clinic=here, by=rita, before=before) == ""
    claim, code = coded(here, olga, {"email": "email", "website": "domain"}[field])
    done = typed(claim, code)
    assert done.status == "waiting" and not memberships.has_owner(here)
    assert "er ændret inden for 14 dage" in done.explanation
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=15)):
        late, code = coded(here, person("bo"), {"email": "email", "website": "domain"}[field])
        assert typed(late, code).status == "approved"


def test_so_does_an_invitation_that_went_to_it(here, olga, rita):
    before = {"email": here.email}
    here.email = "sten@sten.dk"
    here.save()
    channels.changed(clinic=here, by=rita, before=before)
    code = memberships.invite_to_claim(clinic=here, by=rita, channel="email", email=here.email)
    done = proving.use_invitation(clinic=here, user=olga, typed=code, source=SOURCE)
    assert done.status == "waiting" and not memberships.has_owner(here)


@pytest.mark.parametrize("method", ["email", "domain", "phone", "letter"])
def test_a_channel_that_changes_after_the_code(here, olga, rita, method):
    """The code went somewhere that is no longer the clinic's."""
    if method in ("email", "domain"):
        claim, code = coded(here, olga, method)
    else:
        claim = waiting(here, olga, method)
        code = deciding.issue_code(claim=claim, by=rita)
    here.email, here.website, here.phone, here.street = (
        "ny@ryggen.dk",
        "https://nyryg.dk",
        "+4500009999",
        "Søndergade 2",
    )
    here.save()
    done = typed(claim, code)
    assert (done.status, memberships.has_owner(here)) == ("waiting", False)
    no("kan ikke gøres", typed, claim=claim, code=code)


def test_a_moderator_is_warned_of_an_open_claim(here, olga, rita):
    coded(here, olga)
    before = {"email": here.email, "phone": here.phone, "name": "x"}
    here.email = "ny@ryggen.dk"
    assert "åben overtagelse" in channels.changed(clinic=here, by=rita, before=before)
    assert channels.changed(clinic=here, by=rita, before={"name": "et andet"}) == ""
    assert [channels.words_of(row) for row in channels.changes(here)] == [["e-mail"]]


def test_a_visitors_correction_changes_no_channel(here, client):
    from clinics.corrections import TRAP, token_for

    before = Clinic.objects.values("email", "phone", "website").get(pk=here.pk)
    client.post(
        "/klinik/ryggen/ret/?fra=klinik",
        {"gruppe": "contact", "tekst": "Vores e-mail er sten@sten.dk", "bevis": token_for(here), TRAP: "",
         "email": "sten@sten.dk", "phone": "+4512345678", "website": "https://sten.dk"},
    )  # fmt: skip
    correction = Correction.objects.get()
    actions.decide_correction(correction=correction, status="done", decision="Rettet.", by=moderator())
    assert Clinic.objects.values("email", "phone", "website").get(pk=here.pk) == before


@pytest.mark.parametrize("status", ["closed", "draft"])
def test_a_clinic_that_closes_in_the_middle(here, olga, rita, status):
    claim, code = coded(here, olga)
    queued = waiting(here, person("bo"))
    Clinic.objects.update(status=status)
    no("kan ikke overtages", typed, claim=claim, code=code)
    no("kan ikke overtages", deciding.approve, claim=queued, by=rita, reason="Ja.")
    deciding.refuse(claim=queued, by=rita, reason="Klinikken er lukket.")


def test_a_clinic_that_is_deleted_in_the_middle(here, olga):
    claim, code = coded(here, olga)
    Clinic.objects.get().delete()
    no("ikke længere", typed, claim=claim, code=code)
    no("ikke længere", asking.begin, clinic=here, user=olga)


@pytest.mark.parametrize(("production", "possible"), [(False, True), (True, False)])
def test_an_invented_clinic(here, olga, settings, production, possible):
    settings.PRODUCTION = production
    Clinic.objects.update(is_example=True)
    if possible:
        claim, code = coded(here, olga)
        assert typed(claim, code).status == "approved"
    else:
        no("kan ikke overtages", asking.begin, clinic=here, user=olga)


def test_without_a_confirmed_address_nothing_begins(here):
    no("Bekræft først", asking.begin, clinic=here, user=person("sten", verified=False))


# --- time


def test_fourteen_days(here, olga, rita):
    with time_machine.travel(NOON, tick=False) as clock:
        begun = asking.begin(clinic=here, user=olga)
        mailed, _ = coded(here, person("bo"))
        letter = waiting(here, person("carl"), "letter")
        deciding.issue_code(claim=letter, by=rita)
        queued = waiting(here, person("dorte"))
        appealed = refused(here, person("eva"), rita)
        asking.appeal(claim=appealed, words="Nej.")
        everything = [begun, mailed, letter, queued, appealed]

        def states() -> list[str]:
            return [Claim.objects.get(pk=one.pk).status for one in everything]

        clock.shift(datetime.timedelta(days=13, hours=23))
        assert sweeping.expire() == 0
        clock.shift(datetime.timedelta(days=1))
        mails()
        assert tasks.expire_claims() == 2 and sweeping.expire() == 0
        assert states() == ["expired", "expired", "code", "waiting", "appealed"]
        assert [to for to, _ in mails()] == ["bo@example.com", "olga@example.com"]
        clock.shift(datetime.timedelta(days=365))
        assert sweeping.expire() == 1
        assert states()[2:] == ["expired", "waiting", "appealed"], "what waits for us never ends by itself"
        assert asking.begin(clinic=here, user=olga).status == "started"


@pytest.mark.parametrize("gone", ["deleted", "closed"])
def test_a_claim_of_nobody_is_withdrawn(here, olga, gone):
    claim = asking.begin(clinic=here, user=olga)
    asking.ask_moderator(claim=claim, method="document", upload=SimpleUploadedFile("p.pdf", PDF))
    if gone == "deleted":
        olga.delete()
    else:
        User.objects.update(is_active=False)
    assert sweeping.expire() == 1
    claim.refresh_from_db()
    assert (claim.status, claim.document) == ("withdrawn", None)


def test_leaving_with_the_account(here, olga):
    claim = asking.begin(clinic=here, user=olga)
    asking.ask_moderator(claim=claim, method="document", upload=SimpleUploadedFile("p.pdf", PDF))
    memberships.leave_all(user=olga)
    claim.refresh_from_db()
    assert (claim.status, claim.document) == ("withdrawn", None)


# --- objections


def test_was_it_not_you(here, olga):
    claim, code = coded(here, olga)
    token = objections.token_for(claim)
    assert objections.claim_of(token) is None, "nothing to object to yet"
    claim = typed(claim, code)
    assert objections.claim_of(token) == claim and objections.claim_of(token + "x") is None
    objections.object_to(claim=claim, words="Vi kender ingen Olga.")
    stored = Correction.objects.get()
    assert (stored.clinic, stored.sender) == (here, "clinic") and "Vi kender ingen Olga." in stored.text
    for _ in range(2):
        objections.object_to(claim=claim, words="")
    no("ser på den", objections.object_to, claim=claim, words="")
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=91)):
        assert objections.claim_of(token) is None


def test_asking_the_owners_is_limited(here, olga):
    bo = person("bo")
    no("ingen ejer", objections.ask_owners, clinic=here, user=bo, words="")
    owner_of(here, olga)
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            objections.ask_owners(clinic=here, user=bo, words="")
        no("mange gange", objections.ask_owners, clinic=here, user=bo, words="")
    no("CPR", objections.ask_owners, clinic=here, user=bo, words="Jeg er 010190-1234")
