"""“Det er min klinik”, action by action: every state × what can be done × by whom, and what an attacker would try."""

import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from clinics import actions, memberships, tasks
from clinics.actions import ActionError
from clinics.claiming import asking, channels, codes, deciding, objections, proving, sweeping
from clinics.models import Claim, Clinic, Correction, Membership, Outbox

from .claims import SOURCE, coded, mails, moderator, owner_of, person, refused, ryggen, waiting
from .people import clinic

NOON = datetime.datetime(2026, 11, 3, 12, 0, tzinfo=datetime.UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db) -> Clinic:
    return ryggen()


@pytest.fixture
def olga(db) -> User:
    return person("olga")


@pytest.fixture
def rita(db) -> User:
    return moderator()


def no(word: str, job, **values) -> None:
    with pytest.raises(ActionError, match=word):
        job(**values)


def typed(claim: Claim, code: str, source: str = SOURCE) -> Claim:
    return proving.try_code(claim=claim, typed=code, source=source)


# --- the ways that work


@pytest.mark.parametrize(("method", "to"), [("email", "kontakt@ryggen.dk"), ("domain", "olga@ryggen.dk")])
def test_a_code_by_mail(here, olga, method, to):
    claim, code = coded(here, olga, method)
    assert mails() == [(to, "Koden til Ryggen")]
    assert claim.status == "code" and code not in claim.code_hash
    assert not Outbox.objects.filter(context__icontains=codes.spaced(code)).exists(), "nothing of it is kept"
    done = typed(claim, codes.spaced(code).lower())
    assert done.status == "approved" and done.code_hash == "" and memberships.has_owner(here)
    got = dict(mails())
    assert got["olga@example.com"] == "Ryggen er nu din at passe"
    assert got["kontakt@ryggen.dk"] == "olga@example.com passer nu profilen for Ryggen"
    assert LogEntry.objects.filter(change_message__contains="er nu ejer").exists()


@pytest.mark.parametrize(("method", "to"), [("phone", "+4500001234"), ("letter", "Nørregade 1, 8000 Aarhus C")])
def test_a_code_by_phone_or_letter(here, olga, rita, method, to):
    claim = waiting(here, olga, method)
    code = deciding.issue_code(claim=claim, by=rita)
    claim.refresh_from_db()
    assert (claim.status, claim.sent_to) == ("code", to)
    assert all(code not in str(row.context) for row in Outbox.objects.all()), "the code goes to the clinic alone"
    assert typed(claim, code).status == "approved"


def test_a_document(here, olga, rita):
    claim = asking.begin(clinic=here, user=olga)
    file = SimpleUploadedFile("../../Udskrift æøå.PDF", PDF)
    asking.ask_moderator(claim=claim, method="document", explanation="", upload=file)
    claim.refresh_from_db()
    assert (bytes(claim.document), claim.document_name) == (PDF, "udskrift-aeoeaa.pdf")
    mails()
    deciding.approve(claim=claim, by=rita, reason="Det ses af papiret.")
    claim.refresh_from_db()
    assert (claim.status, claim.document, claim.document_name) == ("approved", None, "")
    assert (claim.decided_by, claim.reason) == (rita, "Det ses af papiret.")
    assert memberships.owners(here).get().user == olga and len(mails()) == 2


@pytest.mark.parametrize("channel", ["letter", "email"])
def test_a_code_from_us(here, olga, rita, channel):
    to = here.email if channel == "email" else ""
    code = memberships.invite_to_claim(clinic=here, by=rita, channel=channel, email=to)
    done = proving.use_invitation(clinic=here, user=olga, typed=code.lower(), source=SOURCE)
    assert done.status == "approved" and memberships.has_owner(here)
    no("passer allerede", proving.use_invitation, clinic=here, user=olga, typed=code, source=SOURCE)
    memberships.end(membership=Membership.objects.get(), by=olga)
    no("gælder ikke", proving.use_invitation, clinic=here, user=person("per"), typed=code, source=SOURCE)


def test_it_is_for_that_clinic_alone(here, olga, rita):
    other = clinic("Foden", "Aarhus N")
    code = memberships.invite_to_claim(clinic=other, by=rita)
    no("gælder ikke", proving.use_invitation, clinic=here, user=olga, typed=code, source=SOURCE)
    assert not Claim.objects.exists(), "nothing is left of a try"
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=61)):
        no("gælder ikke", proving.use_invitation, clinic=other, user=olga, typed=code, source=SOURCE)


# --- every state × what can be done


STATES = ("started", "code", "waiting", "approved", "refused", "appealed", "withdrawn", "expired")
ALLOWED = {
    "send_code": {"started", "code", "waiting"},
    "ask_moderator": {"started", "code"},
    "try_code": {"code"},
    "withdraw": {"started", "code", "waiting", "appealed"},
    "appeal": {"refused"},
    "approve": {"waiting", "appealed"},
    "refuse": {"waiting", "appealed"},
    "issue_code": set(),  # of a claim by document: never
}


@pytest.mark.parametrize("account", ["there", "closed", "gone"])
@pytest.mark.parametrize("action", ALLOWED)
def test_every_action_in_every_state(here, olga, rita, action, account):
    code = codes.new_code()
    for state in STATES:
        with transaction.atomic():
            _try_in(state, action, account, here, olga, rita, code)
            transaction.set_rollback(True)


def _try_in(state, action, account, here, olga, rita, code):
    claim = Claim.objects.create(
        clinic=here, user=olga, status=state, method="document", explanation="Min.",
        code_hash=codes.digest(code), code_expires_at=datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC),
    )  # fmt: skip
    if action == "try_code":
        Claim.objects.update(method="email", sent_to=here.email)
    if account == "closed":
        User.objects.filter(pk=olga.pk).update(is_active=False)
    if account == "gone":
        User.objects.filter(pk=olga.pk).delete()
    claim = Claim.objects.get()
    jobs = {
        "send_code": lambda: asking.send_code(claim=claim, method="email", source=SOURCE),
        "ask_moderator": lambda: asking.ask_moderator(claim=claim, method="document", explanation="Min."),
        "try_code": lambda: typed(claim, code),
        "withdraw": lambda: asking.withdraw(claim=claim),
        "appeal": lambda: asking.appeal(claim=claim, words="Det er forkert."),
        "approve": lambda: deciding.approve(claim=claim, by=rita, reason="Ja."),
        "refuse": lambda: deciding.refuse(claim=claim, by=rita, reason="Nej."),
        "issue_code": lambda: deciding.issue_code(claim=claim, by=rita),
    }
    before = Claim.objects.values().get()
    # Whoever is gone gets nothing; a moderator can still clear the queue of such a claim.
    if state in ALLOWED[action] and (account == "there" or action == "refuse"):
        jobs[action]()
        assert Claim.objects.values().get() != before, state
        assert memberships.has_owner(here) == (action in ("try_code", "approve")), state
    else:
        with pytest.raises(ActionError):
            jobs[action]()
        assert Claim.objects.values().get() == before and not memberships.has_owner(here), state
        assert not Outbox.objects.exists(), state


@pytest.mark.parametrize("who", ["sten", "olga", "mads"])
@pytest.mark.parametrize("action", ["approve", "refuse", "issue_code"])
def test_only_moderators_decide_and_never_their_own(here, olga, rita, who, action):
    """A stranger, the claimant, staff of the clinic, and a moderator who claims herself."""
    mads = person("mads")
    owner_of(here, mads, "staff")
    job = getattr(deciding, action)
    reason = {} if action == "issue_code" else {"reason": "Ja."}
    claim = waiting(here, olga, "phone")
    no("kun en moderator", job, claim=claim, by={"olga": olga, "mads": mads}.get(who) or person(who), **reason)
    own = waiting(here, rita, "phone")
    no("din egen sag", job, claim=own, by=rita, **reason)
    assert not memberships.has_owner(here)


def test_a_reason_is_asked_for_mailed_and_kept(here, olga, rita):
    claim = waiting(here, olga)
    for reason in ("", " \n\u200b", "x" * 1001):
        no("egrundelse", deciding.refuse, claim=claim, by=rita, reason=reason)
        no("egrundelse", deciding.approve, claim=claim, by=rita, reason=reason)
    mails()
    deciding.refuse(claim=claim, by=rita, reason="Papiret viser en anden klinik.")
    from django.core import mail

    assert mails() == [("olga@example.com", "Du fik ikke profilen for Ryggen")]
    assert "Papiret viser en anden klinik." in mail.outbox[0].body and "klage" in mail.outbox[0].body


def test_one_appeal(here, olga, rita):
    claim = refused(here, olga, rita)
    no("30 dage", asking.begin, clinic=here, user=olga)
    no("Skriv", asking.appeal, claim=claim, words=" ")
    asking.appeal(claim=claim, words="Her er det rigtige papir.", upload=SimpleUploadedFile("p.pdf", PDF))
    claim.refresh_from_db()
    assert (claim.status, claim.document_name) == ("appealed", "p.pdf")
    deciding.refuse(claim=claim, by=rita, reason="Stadig nej.")
    no("allerede klaget", asking.appeal, claim=claim, words="Jo.")
    claim.refresh_from_db()
    with time_machine.travel(claim.decided_at + datetime.timedelta(days=31)):
        assert asking.begin(clinic=here, user=olga).pk != claim.pk


def test_an_appeal_is_heard_and_won(here, olga, rita):
    claim = refused(here, olga, rita)
    asking.appeal(claim=claim, words="Her er det rigtige papir.")
    deciding.approve(claim=claim, by=rita, reason="Nu ses det.")
    assert memberships.owners(here).get().user == olga


# --- codes


def test_five_wrong_tries(here, olga):
    claim, code = coded(here, olga)
    for number in range(5):
        no("ikke rigtig" if number < 4 else "spærret", typed, claim=claim, code="22222222")
    no("spærret", typed, claim=claim, code=code)
    again = asking.send_code(claim=claim, method="email", source=SOURCE)
    no("ikke rigtig", typed, claim=claim, code=code)
    assert typed(claim, again).status == "approved"


@pytest.mark.parametrize("code", ["", " ", "\0", "kode", "x" * 500, "1234567", "å" * 8, "' OR 1=1"])
def test_what_is_no_code(here, olga, code):
    claim, _ = coded(here, olga)
    no("ikke rigtig", typed, claim=claim, code=code)


def test_no_hash_is_no_code(here, olga):
    """A claim that waits for no code is not opened by nothing."""
    claim = Claim.objects.create(clinic=here, user=olga, status="code", method="email", sent_to=here.email)
    for code in ("", "22222222"):
        no("gælder ikke længere", typed, claim=claim, code=code)


@pytest.mark.parametrize(("minutes", "works"), [(29.9, True), (30, False), (600, False)])
def test_a_mailed_code_is_good_for_half_an_hour(here, olga, minutes, works):
    with time_machine.travel(NOON, tick=False) as clock:
        claim, code = coded(here, olga)
        clock.shift(datetime.timedelta(minutes=minutes))
        if works:
            assert typed(claim, code).status == "approved"
        else:
            no("gælder ikke længere", typed, claim=claim, code=code)


@pytest.mark.parametrize(
    ("method", "days", "works"),
    [("phone", 0.9, True), ("phone", 1, False), ("letter", 59.9, True), ("letter", 60, False)],
)
def test_told_and_written_codes_last_longer(here, olga, rita, method, days, works):
    with time_machine.travel(NOON, tick=False) as clock:
        claim = waiting(here, olga, method)
        code = deciding.issue_code(claim=claim, by=rita)
        clock.shift(datetime.timedelta(days=days))
        if works:
            assert typed(claim, code).status == "approved"
        else:
            no("gælder ikke længere", typed, claim=claim, code=code)


def test_a_new_code_ends_the_old_one_and_three_are_all(here, olga):
    claim, old = coded(here, olga)
    asking.send_code(claim=claim, method="email", source=SOURCE)
    no("ikke rigtig", typed, claim=claim, code=old)
    asking.send_code(claim=claim, method="email", source=SOURCE)
    no("tre koder", asking.send_code, claim=claim, method="email", source=SOURCE)


def test_codes_per_clinic(here):
    with time_machine.travel(NOON, tick=False):
        for number in range(6):
            coded(here, person(f"p{number}"), source=f"{number}" * 64)
        no("mange koder", coded, one=here, user=person("sten"), source="f" * 64)


@pytest.mark.parametrize(("people", "sources", "most"), [(1, 99, 9), (99, 1, 10)])
def test_codes_per_person_and_per_source(db, people, sources, most):
    users = [person(f"p{number}") for number in range(min(people, most + 1))]
    with time_machine.travel(NOON, tick=False):
        for number in range(most + 1):
            one = clinic(f"K{number}", "Aarhus N", email=f"k@k{number}.dk")
            given = {"one": one, "user": users[number % people], "source": f"{number % sources:064}"}
            if number < most:
                coded(**given)
            else:
                no("mange koder", coded, **given)


def test_tries_per_source(here, olga):
    claim, code = coded(here, olga)
    with time_machine.travel(NOON, tick=False):
        for _ in range(30):
            with pytest.raises(ActionError):
                typed(claim, "22222222", source="b" * 64)
        no("Vent en time", typed, claim=claim, code=code, source="b" * 64)


def test_a_code_belongs_to_its_claim(here, olga):
    claim, code = coded(here, olga)
    other, _ = coded(clinic("Foden", "Aarhus N", email="kontakt@foden.dk"), person("sten"))
    no("ikke rigtig", typed, claim=other, code=code)
    assert typed(claim, code).status == "approved"


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
