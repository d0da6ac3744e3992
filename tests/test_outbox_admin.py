"""Moderators see which mails went where, and never what stood in them."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group, User

from clinics import outbox, tasks
from clinics.actions import ActionError
from clinics.models import Membership, Outbox
from clinics.ownership import MODERATOR, OWNER
from fysfinder.roles import sync_roles

from .people import clinic
from .staff import staff
from .test_outbox import a_plain_mail, now_of, promised  # noqa: F401  a fixture that every test here uses

pytestmark = pytest.mark.django_db
NOON = "2026-11-21 12:00:00+01:00"
URL = "/admin/clinics/outbox/"


def person(name, role):
    sync_roles()
    user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def rita(client):
    """She moderates, and is logged in."""
    user = person("rita", MODERATOR)
    client.force_login(user)
    return user


def test_everything_but_what_stands_in_them(rita, client):
    row = promised(what="kode-4711", to="olga@example.org", clinic=clinic("Ryggen", "Aarhus C"))
    Outbox.objects.update(error="451 <b>senere</b>")
    for url in (URL, f"{URL}{row.pk}/change/", f"{URL}{row.pk}/history/", f"{URL}?q=olga"):
        page = client.get(url).content.decode()
        assert "4711" not in page
        assert "<b>senere" not in page
    assert "olga@" not in client.get(f"{URL}?q=4711").content.decode(), "nor can it be searched"
    page = client.get(URL).content.decode()
    assert "Plain" in page and "olga@example.org" in page and "venter" in page and "451 &lt;b&gt;" in page
    assert "Ryggen" in client.get(f"{URL}{row.pk}/change/").content.decode()


@pytest.mark.parametrize("asked", ["context__what__startswith=4", "context__icontains=4711", "context__has_key=what"])
def test_a_code_is_not_found_out_by_filtering(rita, client, asked):
    """Digit by digit, while the mail waits: a code for a new password is a way into anybody's account."""
    promised(what="4711-0815", to="olga@example.org")
    answer = client.get(f"{URL}?{asked}")
    assert answer.status_code == 400 and "olga@" not in answer.content.decode()
    assert client.get(f"{URL}?status__exact=waiting").status_code == 200


def test_nothing_can_be_made_changed_or_deleted(rita, client):
    row = promised()
    assert client.get(f"{URL}add/").status_code == client.get(f"{URL}{row.pk}/delete/").status_code == 403
    client.post(
        f"{URL}{row.pk}/change/", {"to": "rita@example.org", "status": "sent", "context": "{}", "template": "secret"}
    )
    row = now_of(row)
    assert (row.to, row.status, row.template, row.context) == (
        "olga@example.org",
        "waiting",
        "plain",
        {"what": "Alt er klart"},
    )
    client.post(URL, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert now_of(row)


def test_sending_again_and_dropping(rita, client):
    failed, secret, sent, waiting = promised(), promised("secret"), promised(), promised()
    Outbox.objects.filter(pk=failed.pk).update(status="failed", attempts=7)
    Outbox.objects.filter(pk=secret.pk).update(status="failed", context={})
    Outbox.objects.filter(pk=sent.pk).update(status="sent", context={})
    everything = {"_selected_action": [failed.pk, secret.pk, sent.pk, waiting.pk]}
    page = client.post(URL, everything | {"action": "resend_chosen"}, follow=True).content.decode()
    assert "1 mail sendes igen." in page and "Indholdet er slettet" in page and "Kun opgivne mails" in page
    assert [now_of(row).status for row in (failed, secret, sent, waiting)] == ["waiting", "failed", "sent", "waiting"]
    page = client.post(URL, everything | {"action": "drop_chosen"}, follow=True).content.decode()
    assert "3 mails bliver ikke sendt." in page
    assert [now_of(row).status for row in (failed, secret, sent, waiting)] == ["dropped", "dropped", "sent", "dropped"]
    assert not Outbox.objects.exclude(context={}).exists()


def test_an_owner_sees_no_mail_not_even_about_her_clinic(client):
    olga, ryggen = person("olga", OWNER), clinic("Ryggen", "Aarhus C")
    Membership.objects.create(clinic=ryggen, user=olga)
    row = promised(clinic=ryggen)
    client.force_login(olga)
    for url in (URL, f"{URL}{row.pk}/change/", f"{URL}{row.pk}/history/"):
        assert client.get(url).status_code in (403, 404)
    assert client.post(URL, {"action": "drop_chosen", "_selected_action": [row.pk]}).status_code in (403, 404)
    assert now_of(row).status == "waiting"


def test_the_list_does_not_grow_in_statements(rita, client, django_assert_max_num_queries):
    for _ in range(20):
        promised(clinic=None)
    with django_assert_max_num_queries(14):
        assert client.get(URL).status_code == 200


# The actions behind it


def test_sent_again_and_dropped(mailoutbox):
    sara = staff()["sara"]
    row = promised()
    Outbox.objects.filter(pk=row.pk).update(status="failed", attempts=7, error="550 no")
    outbox.resend(row=row, by=sara)
    row = now_of(row)
    assert (row.status, row.attempts, row.error) == ("waiting", 0, "")
    with pytest.raises(ActionError, match="Kun opgivne"):
        outbox.resend(row=row, by=sara)
    outbox.drop(row=row, by=sara)
    assert (now_of(row).status, now_of(row).context) == ("dropped", {})
    with pytest.raises(ActionError, match="ikke længere ønsket"):
        outbox.drop(row=row, by=sara)
    assert outbox.deliver_waiting() == 0 and not mailoutbox


def test_what_is_left_of_old_mails():
    sara = staff()["sara"]
    with time_machine.travel(NOON, tick=False) as clock:
        sent, waiting, failed = promised(), promised(), promised()
        Outbox.objects.filter(pk=sent.pk).update(status="sent", sent_at=sent.created_at, context={})
        Outbox.objects.filter(pk=failed.pk).update(status="failed")
        clock.shift(datetime.timedelta(days=7))
        assert tasks.purge_mail() == 0 and outbox.can_resend(now_of(failed))
        clock.shift(datetime.timedelta(minutes=1))
        assert outbox.purge() == 0 and now_of(failed).context == {}
        assert not outbox.can_resend(now_of(failed))
        with pytest.raises(ActionError, match="over en uge"):
            outbox.resend(row=failed, by=sara)
        clock.shift(datetime.timedelta(days=83))
        assert outbox.purge() == 2
        assert [*Outbox.objects.values_list("pk", flat=True)] == [waiting.pk], "what waits is kept however long"
        assert now_of(waiting).context == {"what": "Alt er klart"}
