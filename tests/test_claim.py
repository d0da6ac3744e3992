"""“Det er min klinik”: the ways that work, and every state × what can be done × by whom."""

import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from clinics import memberships
from clinics.actions import ActionError
from clinics.claiming import asking, codes, deciding, proving
from clinics.models import Claim, Clinic, Membership, Outbox

from .claims import SOURCE, coded, mails, moderator, owner_of, person, refused, ryggen, waiting
from .people import clinic
from .worlds import kept

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
    no("selv part", job, claim=own, by=rita, **reason)
    assert not memberships.has_owner(here)


def test_a_moderator_who_belongs_to_the_clinic_is_no_judge_in_it(here, olga, rita):
    owner_of(here, rita)
    claim = waiting(here, olga)
    for job, reason in ((deciding.approve, "Ja."), (deciding.refuse, "Nej.")):
        no("selv part", job, claim=claim, by=rita, reason=reason)
    deciding.approve(claim=claim, by=moderator("ruth"), reason="Ja.", replace=True)
    assert [one.user for one in memberships.members(here)] == [olga]


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
