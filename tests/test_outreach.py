"""Inviting clinics that nobody looks after: who, who not and why, and secrets that are nowhere but where they must be."""

import csv
import datetime
import io
import threading

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.db import connection

from clinics import outbox, outreach
from clinics.actions import ActionError
from clinics.claiming import codes
from clinics.claiming.proving import find_invitation
from clinics.mailing import stops
from clinics.models import Claim, Clinic, Invitation, Membership, Outbox
from clinics.ownership import MODERATOR, OWNER
from fysfinder.roles import sync_roles

from .people import clinic
from .worlds import kept

NOON = datetime.datetime.fromisoformat("2026-11-21 12:00:00+01:00")
EMAIL, LETTER = Invitation.Channel.EMAIL, Invitation.Channel.LETTER


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@kept(at=NOON)
def rita() -> User:
    """She moderates."""
    return person("rita", MODERATOR)


def person(name: str, role: str) -> User:
    sync_roles()
    user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def unclaimed(name: str, **fields) -> Clinic:
    fields = {"email": f"{name.lower()}@example.org", "street": "Nørregade 4"} | fields
    return clinic(name, "Aarhus C", **fields)


def invited(by, channel=EMAIL, clinics=None) -> outreach.Invited:
    return outreach.invite(clinics=Clinic.objects.all() if clinics is None else clinics, by=by, channel=channel)


def reasons(done) -> dict[str, str]:
    return {one.clinic.name: one.why for one in done.left_out}


def test_by_mail(rita, mailoutbox, settings):
    settings.SITE_URL = "https://fysfinder.example"
    ryggen = unclaimed("Ryggen")
    done = invited(rita)
    assert (done.clinics, done.left_out, done.letters) == ([ryggen], [], [])
    invitation = Invitation.objects.get()
    assert (invitation.kind, invitation.channel, invitation.email) == ("claim", "email", "ryggen@example.org")
    assert invitation.expires_at == NOON + datetime.timedelta(days=30) and invitation.invited_by == rita
    assert not mailoutbox, "the worker sends it"
    outbox.deliver_waiting()
    (sent,) = mailoutbox
    assert sent.to == ["ryggen@example.org"] and sent.extra_headers["List-Unsubscribe"]
    assert "https://fysfinder.example/for-klinikker/overtag/ryggen/" in sent.body and "21. december 2026" in sent.body
    code = sent.body.partition("Skriv koden ")[2].split("\n")[0]
    assert find_invitation(ryggen, code) == invitation
    assert Outbox.objects.get().context == {}, "the code is in nobody's table"


def test_by_letter(rita, mailoutbox, settings):
    settings.SITE_URL = "https://fysfinder.example"
    ryggen, knaeet = unclaimed("Ryggen", email=""), unclaimed("Knæet", address_extra="2. tv.; bagbygning")
    done = invited(rita, LETTER)
    data = outreach.letter_file(done.letters)
    assert data.startswith(b"\xef\xbb\xbf") and not Outbox.objects.exists()
    rows = [*csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")]
    assert [row["Klinik"] for row in rows] == ["Knæet", "Ryggen"]
    assert rows[0] | {"Kode": ""} == {
        "Klinik": "Knæet",
        "Adresse": "Nørregade 4",
        "Adresse 2": "2. tv.; bagbygning",
        "Postnr.": "8000",
        "By": "Aarhus C",
        "Kode": "",
        "Internetadresse": "https://fysfinder.example/for-klinikker/overtag/knaeet/",
        "Gælder til og med": "20. januar 2027",
    }
    for row, of in zip(rows, (knaeet, ryggen), strict=True):
        found = find_invitation(of, row["Kode"].lower())
        assert found and found.channel == "letter" and found.expires_at == NOON + datetime.timedelta(days=60)
        assert not {*"01IOL"} & {*row["Kode"]}, "nothing that looks like something else"
        assert codes.read(row["Kode"]) not in str([*Invitation.objects.values()]), "the code is in the file alone"
    assert find_invitation(ryggen, rows[0]["Kode"]) is None, "each for its own clinic"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('=HYPERLINK("http://ond.example")', '\'=HYPERLINK("http://ond.example")'),
        ("+4586121212", "'+4586121212"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r\n=1+1", "'=1+1"),
        ("\u200b=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("Ryggen\n=1+1", "Ryggen =1+1"),
        ("Ryggen; =1+1", "Ryggen; =1+1"),
        ("Ryggen & Co", "Ryggen & Co"),
    ],
)
def test_a_spreadsheet_reckons_with_nothing(text, shown):
    assert outreach.cell(text) == shown


def test_formulas_in_the_file(rita):
    unclaimed("Ryggen")
    Clinic.objects.update(name='=cmd|"/c calc"!A1', street='-2+3";x')
    data = outreach.letter_file(invited(rita, LETTER).letters).decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(data), delimiter=";")
    assert row[:2] == ['\'=cmd|"/c calc"!A1', "'-2+3\";x"] and len(row) == len(outreach.COLUMNS)


def test_who_is_left_out_and_why(rita, settings):
    settings.PRODUCTION = True
    unclaimed("Eksempel", is_example=True)
    unclaimed("Lukket", status="closed")
    unclaimed("Kladde", status="draft")
    Membership.objects.create(clinic=unclaimed("Ejet"), user=rita)
    Membership.objects.create(clinic=unclaimed("Forladt"), user=rita, ended_at=NOON)
    Membership.objects.create(clinic=unclaimed("Ansat"), user=rita, role="staff")
    Claim.objects.create(clinic=unclaimed("Ventende"), user=rita, status="waiting")
    Claim.objects.create(clinic=unclaimed("Afvist"), user=rita, status="refused")
    unclaimed("Tavs", email="")
    unclaimed("Umulig", email="ikke en adresse")
    stops.stop(digest=stops.digest_of(stops.token_for("STOPPET@example.org")))
    unclaimed("Stoppet")
    unclaimed("Abe", email="kaede@example.org")
    unclaimed("Bbb", email="KAEDE@example.org")
    done = invited(rita)
    assert sorted(one.name for one in done.clinics) == ["Abe", "Afvist", "Ansat", "Forladt"]
    assert reasons(done) == {
        "Eksempel": "er et eksempel",
        "Lukket": "er lukket",
        "Kladde": "er en kladde",
        "Ejet": "har en ejer",
        "Ventende": "er ved at blive overtaget: se overtagelser",
        "Tavs": "har ingen e-mail",
        "Umulig": "har en e-mail, der ikke kan bruges",
        "Stoppet": "vil ikke have invitationer",
        "Bbb": "har samme e-mail som Abe, der inviteres nu",
    }


def test_examples_can_be_tried_where_there_is_nothing_else(rita, settings):
    settings.PRODUCTION = False
    unclaimed("Eksempel", is_example=True, street="")
    assert len(invited(rita).clinics) == 1
    assert reasons(invited(rita, LETTER)) == {"Eksempel": "er inviteret inden for 90 dage"}


def test_an_address_on_paper_is_needed_for_a_letter(rita):
    unclaimed("Ryggen", street="")
    assert reasons(invited(rita, LETTER)) == {"Ryggen": "har ingen adresse"}


@pytest.mark.parametrize(("days", "again"), [(0, False), (89, False), (91, True)])
def test_not_twice_in_ninety_days(rita, noon, days, again):
    unclaimed("Ryggen")
    invited(rita, LETTER)
    noon.shift(datetime.timedelta(days=days))
    assert bool(invited(rita).clinics) is again


@pytest.mark.parametrize(
    ("status", "again"), [("failed", True), ("dropped", True), ("waiting", False), ("sent", False)]
)
def test_a_mail_that_never_came_was_no_invitation(rita, noon, status, again):
    unclaimed("Ryggen")
    invited(rita)
    Outbox.objects.update(status=status)
    noon.shift(datetime.timedelta(days=1))
    assert bool(invited(rita).clinics) is again
    if again:
        assert not invited(rita).clinics, "the new one counts"
        assert Invitation.objects.open().count() == 1, "and the old code is worth nothing"


def test_a_name_written_to_be_read_by_a_mail_program(rita, mailoutbox):
    unclaimed("Ryggen")
    Clinic.objects.update(name="Ryggen\r\nBcc: alle@example.org\n\n<img src=x onerror=alert(1)> \u202egnp.")
    invited(rita)
    outbox.deliver_waiting()
    (sent,) = mailoutbox
    assert b"\nBcc" not in sent.message().as_bytes().partition(b"\n\n")[0] and "\n" not in sent.subject
    assert "<img" not in sent.alternatives[0][0] and "\u202e" not in sent.body


def test_only_for_those_who_moderate(rita):
    unclaimed("Ryggen")
    for user in (person("olga", OWNER), User.objects.create_user("sam", is_staff=True)):
        with pytest.raises(ActionError, match="Kun moderatorer"):
            invited(user)
    with pytest.raises(ActionError, match="mail eller brev"):
        invited(rita, "due")
    assert not Invitation.objects.exists()


def test_not_more_than_two_hundred_at_a_time(rita, monkeypatch):
    monkeypatch.setattr(outreach, "MOST", 2)
    for name in ("Aaa", "Bbb", "Ccc"):
        unclaimed(name)
    with pytest.raises(ActionError, match="højst 2 klinikker"):
        invited(rita)
    assert not Invitation.objects.exists()


def test_fifty_are_fifty_rows(rita, mailoutbox, django_assert_max_num_queries):
    one = unclaimed("Aaa")
    for number in range(50):
        Clinic.objects.create(
            name=f"Klinik {number}", slug=f"klinik-{number}", postcode=one.postcode, latitude=56, longitude=10,
            status="published", email=f"klinik{number}@example.org",
        )  # fmt: skip
    with django_assert_max_num_queries(20 + 51 * 7):
        assert len(invited(rita).clinics) == 51
    assert not mailoutbox and Outbox.objects.count() == 51


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_invite_once():
    rita = person("rita", MODERATOR)
    for number in range(5):
        unclaimed(f"Klinik{number}")
    barrier, found = threading.Barrier(2), []

    def work():
        try:
            barrier.wait(10)
            found.append(len(invited(rita).clinics))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(found) == [0, 5] and Invitation.objects.count() == Outbox.objects.count() == 5


# The list of clinics in the admin

URL = "/admin/clinics/clinic/"


def chosen(action, **fields):
    return {"action": action, "_selected_action": [one.pk for one in Clinic.objects.all()]} | fields


def test_first_the_question_then_the_mails(rita, client):
    unclaimed("Ryggen & Co", email="ryggen@example.org")
    unclaimed("Tavs", email="")
    client.force_login(rita)
    page = client.post(URL, chosen("invite_by_mail")).content.decode()
    assert "Ryggen &amp; Co (8000 Aarhus C), ryggen@example.org" in page
    assert "Tavs (8000 Aarhus C) har ingen e-mail." in page
    assert not Invitation.objects.exists()
    page = client.post(URL, chosen("invite_by_mail", yes="1"), follow=True).content.decode()
    assert "1 klinik bliver inviteret" in page and "Ikke inviteret: Tavs (8000 Aarhus C) har ingen e-mail." in page
    assert Outbox.objects.get().to == "ryggen@example.org"


def test_the_file_is_the_answer(rita, client):
    unclaimed("Ryggen")
    client.force_login(rita)
    assert "Lav filen med breve" in client.post(URL, chosen("invite_by_letter")).content.decode()
    response = client.post(URL, chosen("invite_by_letter", yes="1"))
    assert response["Content-Type"] == "text/csv; charset=utf-8" and "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"] == 'attachment; filename="breve-2026-11-21.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfKlinik;")
    again = client.post(URL, chosen("invite_by_letter", yes="1"), follow=True)
    assert "er inviteret inden for 90 dage" in again.content.decode() and Invitation.objects.count() == 1


@pytest.mark.parametrize("action", ["invite_by_mail", "invite_by_letter"])
def test_an_owner_invites_nobody(db, client, action):
    olga = person("olga", OWNER)
    Membership.objects.create(clinic=unclaimed("Ryggen"), user=olga)
    unclaimed("Naboen")
    client.force_login(olga)
    assert action not in client.get(URL).content.decode()
    client.post(URL, chosen(action, yes="1"))
    assert not Invitation.objects.exists() and not Outbox.objects.exists()
