"""Who looks after a clinic: two owners at most, nobody shut out in silence, links that work for one person once."""

import datetime
import threading

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client

from clinics import memberships
from clinics.actions import ActionError
from clinics.memberships.people import locked
from clinics.models import Clinic, Invitation, Membership, Role
from clinics.ownership import OWNER, STAFF, is_member
from fysfinder.accounts.actions import delete_account

from .claims import mails, moderator, owner_of, person, ryggen
from .people import clinic
from .worlds import kept

NOON = datetime.datetime(2026, 11, 3, 12, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga(here) -> User:
    made = person("olga")
    owner_of(here, made)
    return made


def groups(user: User) -> set[str]:
    return set(User.objects.get(pk=user.pk).groups.values_list("name", flat=True))


def is_staff(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_staff


def refused(word: str, job, **values) -> None:
    with pytest.raises(ActionError, match=word):
        job(**values)


def test_an_owner_comes_and_goes(here, olga):
    assert groups(olga) == {OWNER} and is_staff(olga) and memberships.has_owner(here)
    memberships.end(membership=Membership.objects.get(), by=olga)
    assert groups(olga) == set() and not is_staff(olga) and not memberships.has_owner(here)
    assert Membership.objects.get().ended_by == olga, "the trail stays"
    owner_of(here, olga)
    assert memberships.has_owner(here) and Membership.objects.count() == 2


def test_the_way_into_the_admin_follows_all_memberships(here, olga):
    other = clinic("Foden", "Aarhus N")
    staff = owner_of(other, olga, Role.STAFF)
    assert groups(olga) == {OWNER, STAFF}
    memberships.end(membership=Membership.objects.get(clinic=here), by=olga)
    assert groups(olga) == {STAFF} and is_staff(olga)
    memberships.end(membership=staff, by=olga)
    assert groups(olga) == set() and not is_staff(olga)


@pytest.mark.parametrize("kind", ["group", "superuser", "right"])
def test_nobody_loses_another_way_in(here, kind):
    per = person("per")
    per.is_staff, per.is_superuser = True, kind == "superuser"
    per.save()
    if kind == "group":
        per.groups.add(Group.objects.create(name="Redaktør"))
    if kind == "right":
        from django.contrib.auth.models import Permission

        per.user_permissions.add(Permission.objects.get(codename="view_region"))
    membership = owner_of(here, per)
    memberships.end(membership=membership, by=per)
    assert is_staff(per) and groups(per) == ({"Redaktør"} if kind == "group" else set())


def test_two_owners_and_no_third(here, olga):
    owner_of(here, person("bo"))
    refused("2 ejere", owner_of, one=here, user=person("carl"))
    dorte = owner_of(here, person("dorte"), Role.STAFF)
    refused("2 ejere", memberships.change_role, membership=dorte, role="owner", by=olga)
    refused("allerede med", owner_of, one=here, user=olga)


def test_a_closed_account_holds_nothing(here, olga):
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert not memberships.has_owner(here)
    refused("findes ikke", owner_of, one=clinic("Foden", "Aarhus N"), user=olga)


def test_removing_is_told_to_the_one_and_the_others(here, olga):
    bo, mads = person("bo"), person("mads")
    second, staff = owner_of(here, bo), owner_of(here, mads, Role.STAFF)
    mails()
    memberships.end(membership=second, by=olga)
    assert mails() == [
        ("bo@example.com", "Du er ikke længere med på Ryggen"),
        ("mads@example.com", "Nyt om, hvem der passer Ryggen"),
    ]
    memberships.end(membership=staff, by=mads)
    assert mails() == [("olga@example.com", "Nyt om, hvem der passer Ryggen")]


def test_a_new_role_is_told_to_whoever_gets_it(here, olga):
    bo = person("bo")
    second = owner_of(here, bo)
    mails()
    memberships.change_role(membership=second, role="staff", by=olga)
    assert mails() == [("bo@example.com", "Nyt om, hvem der passer Ryggen")]
    assert groups(bo) == {STAFF}
    refused(
        "skal have en ejer",
        memberships.change_role,
        membership=Membership.objects.get(user=olga),
        role="staff",
        by=olga,
    )
    refused("Vælg", memberships.change_role, membership=second, role="moderator", by=olga)


@pytest.mark.parametrize("who", ["mads", "sten", "bent"])
def test_only_owners_and_moderators_decide(here, olga, who):
    """Staff, a stranger, and the owner of another clinic."""
    mads = person("mads")
    staff = owner_of(here, mads, Role.STAFF)
    by = {"mads": mads}.get(who) or person(who)
    if who == "bent":
        owner_of(clinic("Foden", "Aarhus N"), by)
    own = Membership.objects.get(clinic=here, user=olga)
    refused("kun klinikkens ejer", memberships.end, membership=own, by=by)
    refused("kun klinikkens ejer", memberships.change_role, membership=staff, role="owner", by=by)
    refused("kun klinikkens ejer", memberships.invite, clinic=here, email="x@example.com", role="owner", by=by)
    memberships.invite(clinic=here, email="x@example.com", role="staff", by=olga)
    refused("kun klinikkens ejer", memberships.revoke, invitation=Invitation.objects.get(), by=by)
    assert Membership.objects.active().filter(clinic=here).count() == 2


def test_a_moderator_can(here, olga):
    rita = moderator()
    memberships.end(membership=Membership.objects.get(), by=rita)
    assert not is_member(olga, here)
    assert ("olga@example.com", "Du er ikke længere med på Ryggen") in mails()


def test_an_account_that_is_deleted_leaves_everything(here, olga):
    memberships.invite(clinic=here, email="ven@example.com", role="staff", by=olga)
    memberships.leave_all(user=olga)
    olga.delete()
    assert not memberships.has_owner(here) and not Invitation.objects.open().exists()


# --- invitations


def test_an_invitation(here, olga):
    token = memberships.invite(clinic=here, email=" Mads@Example.com ", role="staff", by=olga)
    assert mails() == [("mads@example.com", "olga@example.com inviterer dig til Ryggen på FysFinder")]
    stored = Invitation.objects.get()
    assert token not in (stored.token_hash, stored.email) and len(token) > 30
    mads = person("mads")
    membership = memberships.accept(token=token, user=mads)
    assert (membership.role, membership.clinic) == ("staff", here)
    assert mails() == [], "whoever invited and whoever came know it"
    refused("gælder ikke længere", memberships.accept, token=token, user=person("per"))
    refused("gælder ikke længere", memberships.accept, token=token, user=mads)


def test_it_is_for_one_confirmed_address(here, olga):
    token = memberships.invite(clinic=here, email="mads@example.com", role="owner", by=olga)
    refused("anden e-mail", memberships.accept, token=token, user=person("sten"))
    refused("anden e-mail", memberships.accept, token=token, user=person("mads", verified=False))
    assert Invitation.objects.get().used_at is None


def test_an_address_is_compared_in_one_spelling(here, olga):
    """An account keeps æøå, mail is sent to xn--; and what a database calls the same but for capitals may be two domains."""
    mads = person("mads")
    EmailAddress.objects.filter(user=mads).update(email="mads@bækken.dk")
    token = memberships.invite(clinic=here, email="Mads@Bækken.dk", role="staff", by=olga)
    memberships.accept(token=token, user=mads)
    refused("allerede med", memberships.invite, clinic=here, email="mads@bækken.dk", role="staff", by=olga)
    sten = person("sten")
    EmailAddress.objects.filter(user=sten).update(email="per@klınık.com")  # without dots: another domain
    token = memberships.invite(clinic=here, email="per@klinik.com", role="staff", by=olga)
    refused("anden e-mail", memberships.accept, token=token, user=sten)


def test_a_moderator_does_not_become_owner_by_their_own_hand(here, olga):
    rita = moderator()
    token = memberships.invite(clinic=here, email=rita.email, role="owner", by=rita)
    refused("dig selv", memberships.accept, token=token, user=rita)
    staff = owner_of(here, rita, Role.STAFF)
    refused("dig selv", memberships.change_role, membership=staff, role="owner", by=rita)
    memberships.change_role(membership=staff, role="owner", by=olga)
    memberships.end(membership=staff, by=rita)


@pytest.mark.parametrize(("days", "works"), [(0, True), (13.99, True), (14, False), (60, False)])
def test_it_expires_after_fourteen_days(here, olga, days, works):
    with time_machine.travel(NOON, tick=False) as clock:
        token = memberships.invite(clinic=here, email="mads@example.com", role="staff", by=olga)
        clock.shift(datetime.timedelta(days=days))
        assert bool(memberships.find(token)) == works
        if not works:
            refused("gælder ikke længere", memberships.accept, token=token, user=person("mads"))


def test_a_second_one_replaces_the_first(here, olga):
    old = memberships.invite(clinic=here, email="mads@example.com", role="staff", by=olga)
    new = memberships.invite(clinic=here, email="MADS@example.com", role="staff", by=olga)
    assert memberships.find(old) is None and memberships.find(new)
    memberships.revoke(invitation=memberships.find(new), by=olga)
    assert memberships.find(new) is None


@pytest.mark.parametrize("what", ["ended", "demoted", "deleted", "closed"])
def test_a_link_does_not_outlive_the_one_who_sent_it(here, olga, what):
    """Whoever is thrown out must not have a friend on the way in."""
    bo = person("bo")
    second = owner_of(here, bo)
    token = memberships.invite(clinic=here, email="ven@example.com", role="staff", by=bo)
    if what == "ended":
        memberships.end(membership=second, by=olga)
    elif what == "demoted":
        memberships.change_role(membership=second, role="staff", by=olga)
    elif what == "deleted":
        bo.delete()
    else:
        User.objects.filter(pk=bo.pk).update(is_active=False)
    refused("gælder ikke længere", memberships.accept, token=token, user=person("ven"))


def test_owners_on_their_way_count(here, olga):
    memberships.invite(clinic=here, email="bo@example.com", role="owner", by=olga)
    refused("2 ejere", memberships.invite, clinic=here, email="carl@example.com", role="owner", by=olga)
    memberships.invite(clinic=here, email="bo@example.com", role="owner", by=olga)


@pytest.mark.parametrize(
    "email",
    [
        *("", "bo", "bo@", "@x.dk", "bo@x", "a@x.dk,b@x.dk", "a@x.dk b@x.dk"),
        "bo@x.dk\nBcc: alle@x.dk",
        f"{'b' * 300}@x.dk",
    ],
)
def test_what_is_no_address_is_refused(here, olga, email):
    refused("e-mailadresse", memberships.invite, clinic=here, email=email, role="staff", by=olga)
    assert not Invitation.objects.exists()


def test_twenty_a_day(here, olga):
    with time_machine.travel(NOON, tick=False):
        for number in range(20):
            memberships.invite(clinic=here, email=f"m{number}@example.com", role="staff", by=olga)
        refused("20 invitationer", memberships.invite, clinic=here, email="en@example.com", role="staff", by=olga)


def test_the_answer_is_the_same_with_and_without_an_account(here, olga, django_assert_num_queries):
    person("kendt")
    from django.test.utils import CaptureQueriesContext

    counts = []
    for email in ("ukendt@example.com", "kendt@example.com"):
        with CaptureQueriesContext(connection) as captured:
            memberships.invite(clinic=here, email=email, role="staff", by=olga)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_code_for_a_letter(here):
    rita = moderator()
    code = memberships.invite_to_claim(clinic=here, by=rita)
    assert len(code) == 8 and code not in Invitation.objects.get().token_hash
    assert memberships.find(code) is None, "no way to become a member without a claim"
    memberships.invite_to_claim(clinic=here, by=rita)
    assert Invitation.objects.open().count() == 1
    owner_of(here, person("olga"))
    refused("allerede", memberships.invite_to_claim, clinic=here, by=rita)


# --- at once


def together(*jobs) -> list[str]:
    """Run all at the same time, each with a connection of its own. Returns "" or the refusal of each."""
    start, answers = threading.Barrier(len(jobs)), []

    def run(job) -> None:
        try:
            connection.ensure_connection()
            start.wait(60)
            job()
            answers.append("")
        except ActionError as error:
            answers.append(str(error))
        except Exception as error:
            answers.append(f"fejl: {error!r}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_one_invitation_for_many_clicks():
    here, olga, mads = ryggen(), person("olga"), person("mads")
    owner_of(here, olga)
    token = memberships.invite(clinic=here, email="mads@example.com", role="staff", by=olga)
    answers = together(*[lambda: memberships.accept(token=token, user=mads)] * 6)
    assert answers == ["", *[memberships.invitations.NOT_VALID] * 5]
    assert Membership.objects.active().filter(user=mads).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_and_no_third_at_once():
    here = ryggen()
    people = [person(f"p{number}") for number in range(6)]
    answers = together(*[lambda one=one: owner_of(here, one) for one in people])
    assert answers.count("") == 2 and memberships.owners(here).count() == 2
    assert all("2 ejere" in answer for answer in answers if answer)


@pytest.mark.django_db(transaction=True)
def test_leaving_two_clinics_at_once_closes_the_door():
    here, there, olga = ryggen(), clinic("Foden", "Aarhus N"), person("olga")
    both = [owner_of(here, olga), owner_of(there, olga)]
    assert together(*[lambda one=one: memberships.end(membership=one, by=olga) for one in both]) == ["", ""]
    assert groups(olga) == set() and not is_staff(olga)


@pytest.mark.django_db(transaction=True)
def test_an_account_is_deleted_while_somebody_removes_the_person():
    """Both take the clinic first; the other way round each would wait for the other for ever."""
    here, olga, mads = ryggen(), person("olga"), person("mads")
    owner_of(here, olga)
    membership = owner_of(here, mads, Role.STAFF)
    holds = threading.Event()

    def delete() -> None:
        holds.wait(60)
        delete_account(user=mads)

    def remove() -> None:
        with transaction.atomic():
            locked(here.pk)
            holds.set()
            somebody_waits_for_me()
            memberships.end(membership=membership, by=olga)

    assert together(delete, remove) == ["", ""] and not User.objects.filter(pk=mads.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_last_owners_leave_at_once_and_one_is_asked():
    here, olga, olaf = ryggen(), person("olga"), person("olaf")
    pages = {user: f"/for-klinikker/medlemmer/ryggen/{owner_of(here, user).pk}/fjern/" for user in (olga, olaf)}
    seen, holds = [], threading.Event()

    def leave(user: User) -> None:
        client = Client()
        client.force_login(user)
        holds.wait(60)
        seen.append(client.post(pages[user]).status_code)

    def hold() -> None:
        with transaction.atomic():
            locked(here.pk)
            holds.set()
            somebody_waits_for_me(2)

    assert together(lambda: leave(olga), lambda: leave(olaf), hold) == ["", "", ""]
    assert sorted(seen) == [302, 422] and memberships.owners(here).count() == 1


def somebody_waits_for_me(many: int = 1) -> None:
    """Until so many in this database stand behind a lock."""
    here = "SELECT pid FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    waiting = f"SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN ({here})"
    with connection.cursor() as cursor:
        for _ in range(1_000_000):
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= many:
                return
    raise AssertionError("nobody waits")
