"""The clinic's reply: one to a review, moderated, rewritten until it is shown, taken back at any time."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from clinics.actions import ActionError
from clinics.models import Clinic, Outbox, Review, ReviewReply, Role
from clinics.reviews import aggregate, moderating, replies

from .claims import mails, moderator, owner_of, person, ryggen
from .people import clinic
from .reviews import review as made
from .worlds import kept

pytestmark = pytest.mark.django_db

TEXT = "Tak, fordi du skrev. Vi vil gerne lære af det."
OTHER = "Tak for dine ord. Vi har talt om det på klinikken."


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga(here) -> User:
    olga = person("olga")
    owner_of(here, olga)
    return olga


@kept
def rita() -> User:
    return moderator()


def put(review: Review, status: str) -> Review:
    """The review in another state than shown, counted out first."""
    aggregate.take_away(review)
    Review.objects.filter(pk=review.pk).update(status=status)
    review.refresh_from_db()
    return review


def test_a_reply_waits_for_a_moderator(here, olga, rita):
    one = made(here)
    answer = replies.reply(review=one, by=olga, text=f"  {TEXT}\u202e ")
    assert (answer.status, answer.text, answer.clinic, answer.written_by) == ("pending", TEXT, here, olga)
    assert list(replies.waiting()) == [answer] and mails() == []
    replies.approve(reply=answer, by=rita)
    answer.refresh_from_db()
    assert (answer.status, answer.decided_by, answer.reason) == ("published", rita, "")
    assert [(to, "vises nu" in subject) for to, subject in mails()] == [("olga@example.com", True)]
    assert not replies.waiting().exists()


def test_it_is_rewritten_until_it_is_shown_and_there_is_one(here, olga, rita):
    one = made(here)
    first = replies.reply(review=one, by=olga, text=TEXT)
    stella = person("stella")
    owner_of(here, stella, role=Role.STAFF)
    second = replies.reply(review=one, by=stella, text=OTHER)
    assert second.pk == first.pk and ReviewReply.objects.get().written_by == stella
    replies.approve(reply=second, by=rita)
    with pytest.raises(ActionError, match="allerede vist"):
        replies.reply(review=one, by=olga, text=TEXT)
    assert ReviewReply.objects.get().text == OTHER


def test_a_refused_reply_is_mended_and_waits_again(here, olga, rita):
    one = made(here)
    answer = replies.reply(review=one, by=olga, text=TEXT)
    with pytest.raises(ActionError, match="begrundelse"):
        replies.reject(reply=answer, by=rita, reason=" \u200b ")
    replies.reject(reply=answer, by=rita, reason="Svaret er groft.")
    assert [to for to, _ in mails()] == ["olga@example.com"] and "Svaret er groft." in mail.outbox[0].body
    again = replies.reply(review=one, by=olga, text=OTHER)
    assert (again.pk, again.status, again.reason, again.decided_by) == (answer.pk, "pending", "", None)


def test_it_is_taken_back_at_any_time(here, olga, rita):
    one = made(here)
    for shown in (False, True):
        answer = replies.reply(review=one, by=olga, text=TEXT)
        if shown:
            replies.approve(reply=answer, by=rita)
        replies.take_back(review=one, by=olga)
        assert not ReviewReply.objects.exists()
    with pytest.raises(ActionError, match="allerede fjernet"):
        replies.take_back(review=one, by=olga)


@pytest.mark.parametrize("status", [one for one in Review.Status.values if one != "published"])
def test_nobody_replies_to_what_is_not_shown(here, olga, status):
    """The same words as for a review that never was."""
    one = put(made(here), status)
    gone = made(here)
    Review.objects.filter(pk=gone.pk).delete()
    said = set()
    for target in (one, gone):
        for act in (replies.reply, replies.take_back):
            with pytest.raises(ActionError) as error:
                act(review=target, by=olga, **({"text": TEXT} if act is replies.reply else {}))
            said.add(str(error.value))
    assert len(said) == 1 and not ReviewReply.objects.exists()


def test_only_members_reply(here, olga, rita):
    one = made(here)
    bent = person("bent")
    owner_of(clinic("Foden", "Aarhus N"), bent)
    gone = owner_of(here, person("erik"))
    gone.ended_at = gone.created_at
    gone.save()
    for who in (bent, gone.user, rita, person("sten")):
        with pytest.raises(ActionError, match="findes ikke"):
            replies.reply(review=one, by=who, text=TEXT)
    assert not ReviewReply.objects.exists()


def test_who_decides(here, olga, rita):
    answer = replies.reply(review=made(here), by=olga, text=TEXT)
    own = moderator("mona")
    owner_of(here, own)
    for who, said in ((olga, "moderator"), (own, "hører selv til")):
        for act in (replies.approve, replies.reject):
            with pytest.raises(ActionError, match=said):
                act(reply=answer, by=who, reason="Fordi.")
    answer.refresh_from_db()
    assert answer.status == "pending"
    replies.approve(reply=answer, by=rita)
    for act in (replies.approve, replies.reject):
        with pytest.raises(ActionError, match="allerede afgjort"):
            act(reply=answer, by=rita, reason="Fordi.")


def test_a_moderator_decides_what_was_read(here, olga, rita):
    one = made(here)
    answer = replies.reply(review=one, by=olga, text=TEXT)
    seen = replies.seen(answer)
    replies.reply(review=one, by=olga, text="Du er en løgner, og det siger alle her.")
    for mark in (seen, "of no page"):
        with pytest.raises(ActionError, match="ændret"):
            replies.approve(reply=answer, by=rita, seen=mark)
    with pytest.raises(ActionError, match="ændret"):
        replies.approve(reply=answer, by=rita)  # a row from before
    answer.refresh_from_db()
    assert answer.status == "pending"
    replies.approve(reply=answer, by=rita, seen=replies.seen(answer))


@pytest.mark.parametrize(("status", "is_shown"), [("pending", False), ("rejected", False), ("published", True)])
def test_the_public_reads_only_what_a_moderator_let_through(here, status, is_shown):
    ReviewReply.objects.create(review=made(here), clinic=here, text="Tak fra zebraerne.", status=status)
    for url in ("/klinik/ryggen/", "/klinik/ryggen/anmeldelser/"):
        assert ("zebraerne" in Client().get(url).content.decode()) is is_shown, url
    assert "zebraerne" not in Client().get("/api/v1/clinics/ryggen/").content.decode()


def test_what_its_author_rewrote_has_its_reply_read_again(here, olga, rita):
    """It answered other words."""
    answer = replies.reply(review=made(here), by=olga, text=TEXT)
    replies.approve(reply=answer, by=rita)
    put(answer.review, "pending")
    moderating.approve(review=answer.review, by=rita)
    answer.refresh_from_db()
    assert answer.status == "pending" and list(replies.waiting()) == [answer]


def test_a_reply_waits_with_a_review_that_its_author_rewrites(here, olga, rita):
    answer = replies.reply(review=made(here), by=olga, text=TEXT)
    put(answer.review, "pending")
    assert not replies.waiting().exists()
    with pytest.raises(ActionError, match="venter med den"):
        replies.approve(reply=answer, by=rita)


def test_a_reply_that_was_taken_back_is_not_approved(here, olga, rita):
    answer = replies.reply(review=made(here), by=olga, text=TEXT)
    replies.take_back(review=answer.review, by=olga)
    with pytest.raises(ActionError, match="fjernet"):
        replies.approve(reply=ReviewReply(pk=answer.pk or 1, review=answer.review, clinic=here), by=rita)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "10 tegn"),
        ("\u200b" * 500, "10 tegn"),
        ("Tak " + "\u0301" * 10_000, "10 tegn"),
        ("x" * 1001, "1.000 tegn"),
        ("Generelt arbejder vi sådan: [skriv, hvordan I gør].", r"\[ \]"),
        ("Tak. Ring til os på 86 12 12 12, så taler vi om det.", "markeret"),
        ("Tak. Se www.ryggen.dk, hvor alt står om os.", "markeret"),
        ("Hr. Hansen, 010180-1234, tak for det.", "markeret"),
    ],
)
def test_a_text_that_cannot_be_sent(here, olga, text, said):
    for anyway in (False, True):
        with pytest.raises(ActionError, match=said):
            replies.reply(review=made(here), by=olga, text=text, anyway=anyway)
    assert not ReviewReply.objects.exists()


def test_words_that_tell_of_a_patient_are_asked_about_once(here, olga):
    one = made(here)
    text = "Vi er kede af, at din behandling ikke hjalp."
    with pytest.raises(replies.FindingsError) as error:
        replies.reply(review=one, by=olga, text=text)
    assert error.value.checked.warns and "din behandling" in str(error.value.checked.marked)
    assert replies.reply(review=one, by=olga, text=text, anyway=True).status == "pending"


def test_markup_is_only_text(here, olga):
    answer = replies.reply(review=made(here), by=olga, text="Tak <script>alert(1)</script> & hilsen")
    assert answer.text == "Tak <script>alert(1)</script> & hilsen"


def test_whoever_has_left_is_told_nothing(here, olga, rita):
    bo = person("bo")
    membership = owner_of(here, bo, role=Role.STAFF)
    answer = replies.reply(review=made(here), by=bo, text=TEXT)
    membership.ended_at = membership.created_at
    membership.save()
    mails()
    replies.approve(reply=answer, by=rita)
    assert [to for to, _ in mails()] == ["olga@example.com"]


def test_the_log_holds_who_and_when_and_no_words(here, olga, rita):
    one = made(here, text="zebra i teksten, som ingen log må gemme", nickname="Zebra Hest")
    answer = replies.reply(review=one, by=olga, text="Tak for zebraen, siger vi alle.")
    replies.reject(reply=answer, by=rita, reason="zebra er ikke et ord")
    replies.take_back(review=one, by=olga)
    lines = LogEntry.objects.filter(content_type__model="reviewreply")
    assert lines.count() == 3
    assert not any("zebra" in f"{line.object_repr} {line.change_message}".casefold() for line in lines)
    assert Outbox.objects.filter(template="reply_rejected", clinic=here).count() == 1
