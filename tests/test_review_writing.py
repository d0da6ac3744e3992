"""What an author does with a review: send, confirm, correct, take along, delete. Whatever is refused leaves nothing behind."""

import datetime

import pytest
import time_machine

from clinics.actions import ActionError
from clinics.models import Clinic, Outbox, RateCount, Review, VisitCode
from clinics.reviews import codes, moderating, tokens, writing
from clinics.reviews.writing import TooManyError

from .claims import moderator
from .people import clinic
from .review_writing import SOURCE, TEXT, answers, code_of, mailed_link
from .reviews import rating, reply, review
from .worlds import kept

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)


@kept
def ryggen():
    return clinic("Ryggen", "Aarhus C")


def submit(here: Clinic, code: str = "", email: str = "", source: str = SOURCE, token: str = "", **other):
    return writing.submit(clinic=here, answers=answers(**other), code=code, email=email, source=source, token=token)


def test_a_code_proves_the_visit(ryggen):
    code = code_of(ryggen)
    sent = submit(ryggen, code)
    stored = Review.objects.get()
    assert sent.review == stored and len(sent.token) == 43 and sent.token not in (stored.secret, stored.key)
    assert (stored.status, stored.confirmation, stored.email) == ("pending", "visit", "")
    assert stored.submitted_at and stored.consented_at and not stored.published_at and not stored.is_counted
    assert stored.sheet.clinic == ryggen and VisitCode.objects.get().is_used
    assert not Outbox.objects.exists()
    assert writing.by_token(sent.token) == stored


def test_a_code_and_an_address(ryggen):
    submit(ryggen, code_of(ryggen), "per@example.org")
    stored = Review.objects.get()
    assert (stored.status, stored.confirmation, stored.email) == ("pending", "visit", "per@example.org")
    row = Outbox.objects.get()
    assert (row.to, row.context["must_confirm"], row.clinic) == ("per@example.org", 0, None)


def test_an_address_alone_must_be_confirmed(ryggen):
    sent = submit(ryggen, email="per@example.org")
    stored = Review.objects.get()
    assert (stored.status, stored.confirmation, stored.submitted_at) == ("unconfirmed", "email", None)
    assert Outbox.objects.get().context["must_confirm"] == 1
    writing.confirm_email(review=sent.review)
    assert sent.review.status == "pending" and sent.review.submitted_at
    before = Review.objects.values().get()
    writing.confirm_email(review=sent.review)
    assert Review.objects.values().get() == before, "a second time changes nothing"


def test_it_must_be_confirmed_in_time(ryggen):
    with time_machine.travel(NOON, tick=False) as clock:
        sent = submit(ryggen, email="per@example.org")
        clock.shift(datetime.timedelta(hours=48))
        assert writing.by_token(sent.token)
        clock.shift(datetime.timedelta(seconds=1))
        assert writing.by_token(sent.token) is None
        with pytest.raises(ActionError, match="for gammelt"):
            writing.confirm_email(review=sent.review)
        assert Review.objects.get().status == "unconfirmed"


def test_the_clinic_and_the_list_of_mails_tell_of_no_author(ryggen):
    submit(ryggen, email="per@example.org")
    row = Outbox.objects.get()
    assert row.clinic is None and "Ryggen" not in (row.key or "") + str(row)


@pytest.mark.parametrize("wrong", ["unknown", "used", "other clinic", "nonsense"])
def test_a_code_that_is_not_good_stores_nothing(ryggen, wrong):
    code = code_of(clinic("Knæet", "Aarhus C")) if wrong == "other clinic" else code_of(ryggen)
    if wrong == "used":
        submit(ryggen, code)
    elif wrong == "unknown":
        VisitCode.objects.all().delete()
    elif wrong == "nonsense":
        code = "<script>"
    before = Review.objects.count()
    with pytest.raises(ActionError) as refusal:
        submit(ryggen, code)
    assert str(refusal.value) == codes.NOT_GOOD and not isinstance(refusal.value, TooManyError)
    assert Review.objects.count() == before
    with pytest.raises(ActionError):
        submit(ryggen, code, "per@example.org")
    assert not Outbox.objects.exists(), "a wrong code is not passed over for an address"
    assert RateCount.objects.get(key=f"visit-code:{SOURCE}").count == 2
    assert not RateCount.objects.filter(key=f"review:{SOURCE}", count__gt=before).exists(), "and counts as no review"


def test_five_an_hour_of_one_network(ryggen):
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(5):
            submit(ryggen, email=f"p{number}@example.org")
        code = code_of(ryggen)
        with pytest.raises(TooManyError, match="Vent en time"):
            submit(ryggen, code)
        assert Review.objects.count() == 5 and not VisitCode.objects.get().is_used, "the code is as good as before"
        assert submit(clinic("Knæet", "Aarhus C"), email="a@example.org", source="c" * 64)
        clock.shift(datetime.timedelta(hours=1))
        assert submit(ryggen, code)


def test_codes_cannot_be_tried_for_ever(ryggen):
    with time_machine.travel(NOON, tick=False):
        for _ in range(writing.MOST_CODES_TRIED):
            with pytest.raises(ActionError, match="Koden kan ikke bruges"):
                submit(ryggen, "ABCDEFGH23")
        good = code_of(ryggen)
        with pytest.raises(TooManyError, match="mange koder"):
            submit(ryggen, good)
        assert not VisitCode.objects.get().is_used
        assert submit(ryggen, email="per@example.org")


def test_a_waiting_room_may_use_its_codes(ryggen):
    """Right codes are not counted as trials: five reviews of one network leave all twenty."""
    for _ in range(5):
        submit(ryggen, code_of(ryggen))
    assert RateCount.objects.get(key=f"visit-code:{SOURCE}").count == 0


def test_nobody_is_mailed_by_the_dozen(ryggen):
    with time_machine.travel(NOON, tick=False):
        for number in range(4):
            submit(ryggen, email="Per@Example.org" if number % 2 else "per@example.org", source=str(number) * 64)
    assert Review.objects.count() == 4, "and who wrote learns nothing of the others"
    assert Outbox.objects.count() == 3
    assert not RateCount.objects.filter(key__contains="example").exists()


def test_what_is_sent_twice_is_one_review(ryggen):
    code, token = code_of(ryggen), tokens.token_of("opened once")
    first, second = submit(ryggen, code, token=token), submit(ryggen, code, token=token)
    assert first == second and Review.objects.count() == 1
    with pytest.raises(ActionError):
        submit(clinic("Knæet", "Aarhus C"), code, token=token)
    mail = [submit(ryggen, email="per@example.org", token=tokens.token_of("again")) for _ in range(2)]
    assert mail[0] == mail[1] and Outbox.objects.count() == 1


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_only_what_is_shown_can_be_reviewed(ryggen, status):
    code = code_of(ryggen)
    Clinic.objects.update(status=status)
    with pytest.raises(ActionError, match="ikke anmeldes"):
        submit(ryggen, code)
    assert not Review.objects.exists() and not VisitCode.objects.get().is_used


def test_one_of_the_two_is_needed(ryggen):
    with pytest.raises(ValueError, match="visit code or an e-mail"):
        submit(ryggen)


def test_reviews_of_examples_are_examples():
    submit(clinic("Eksemplet", "Aarhus C", is_example=True), email="per@example.org")
    assert Review.objects.get().is_example


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 42, "æ" * 43, "\0" * 43, "x" * 10_000])
def test_other_links_open_nothing(ryggen, token):
    submit(ryggen, code_of(ryggen))
    assert writing.by_token(token) is None
    assert writing.by_token(Review.objects.get().secret[:43]) is None
    assert writing.by_token(Review.objects.get().key) is None


# --- correcting


@pytest.mark.parametrize("status", ["pending", "changes", "published", "rejected"])
def test_what_is_corrected_is_read_again(ryggen, status):
    one = review(ryggen, 2, status=status, reason="Fordi.")
    assert writing.edit(review=one, answers=answers(overall=5)) is True
    assert (one.status, one.overall, one.text, one.is_counted) == ("pending", 5, TEXT, False)
    assert rating(ryggen) == (0, 0, 0, 0, 0, 0, 0, 0), "what was counted out is what was counted in"
    assert one.submitted_at


@pytest.mark.parametrize("status", ["unconfirmed", "removed"])
def test_what_cannot_be_corrected(ryggen, status):
    one = review(ryggen, 2, status=status)
    before = Review.objects.values().get()
    with pytest.raises(ActionError):
        writing.edit(review=one, answers=answers())
    assert Review.objects.values().get() == before


def test_nothing_changed_hides_nothing(ryggen):
    one = review(ryggen, 4)
    same = answers(**{name: getattr(one, name) for name in writing.ANSWERS})
    assert writing.edit(review=one, answers=same) is False
    assert Review.objects.get().status == "published" and rating(ryggen)[0] == 1


def test_a_correction_keeps_what_is_not_an_answer(ryggen):
    sent = submit(ryggen, code_of(ryggen), "per@example.org")
    writing.edit(review=sent.review, answers=answers(text=TEXT + " Tak."))
    stored = Review.objects.get()
    assert (stored.confirmation, stored.email, stored.secret) == ("visit", "per@example.org", tokens.digest(sent.token))
    assert stored.clinic == ryggen and stored.text.endswith("Tak.")


def test_nobody_keeps_a_moderator_busy_alone(ryggen):
    sent = submit(ryggen, code_of(ryggen))
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(writing.MOST_EDITS):
            writing.edit(review=sent.review, answers=answers(text=f"{TEXT} {number}"))
        with pytest.raises(TooManyError, match="i morgen"):
            writing.edit(review=sent.review, answers=answers(text=f"{TEXT} igen"))
        assert Review.objects.get().text == f"{TEXT} {writing.MOST_EDITS - 1}"
        clock.shift(datetime.timedelta(days=1))
        assert writing.edit(review=sent.review, answers=answers(text=f"{TEXT} igen"))


def test_a_corrected_one_is_shown_again_by_a_moderator(ryggen):
    one = review(ryggen, 2)
    writing.edit(review=one, answers=answers(overall=4))
    moderating.approve(review=one, by=moderator())
    assert Review.objects.get().status == "published" and rating(ryggen)[:3] == (1, 1, 4)


# --- taking back


@pytest.mark.parametrize("status", Review.Status.values)
def test_an_author_takes_back_whatever_has_become_of_it(ryggen, status):
    one, other = review(ryggen, 2, status=status), review(ryggen, 5)
    reply(one)
    writing.erase(review=one)
    assert list(Review.objects.all()) == [other]
    assert rating(ryggen)[:3] == (1, 1, 5)
    with pytest.raises(ActionError, match="findes ikke"):
        writing.erase(review=one)


def test_a_code_stays_used_and_mails_go(ryggen):
    code = code_of(ryggen)
    sent, other = submit(ryggen, code, "per@example.org"), submit(ryggen, email="ida@example.org")
    writing.erase(review=sent.review)
    assert VisitCode.objects.get().is_used and writing.by_token(sent.token) is None
    assert [row.to for row in Outbox.objects.all()] == ["ida@example.org"] and writing.by_token(other.token)
    with pytest.raises(ActionError, match="Koden"):
        submit(ryggen, code)


# --- taking along


def test_what_an_author_takes_along(ryggen):
    sent = submit(ryggen, code_of(ryggen), "per@example.org")
    data = writing.export(sent.review)
    assert data["klinik"] == "Ryggen" and data["anmeldelse"] == TEXT and data["e-mail"] == "per@example.org"
    assert data["svar"]["Blev du taget alvorligt?"] == {"tal": 5, "ord": "I meget høj grad"}
    assert data["bekræftelse"] == "Bekræftet besøg" and data["vist fra"] is None
    assert data["spor af dit netværk"] and data["spor af arket med din kode"]
    told = str(data)
    for secret in (sent.token, sent.review.secret, SOURCE):
        assert secret not in told


def test_it_holds_every_field_or_says_why_not():
    """A field that comes later must be thought of."""
    taken = {*writing.ANSWERS, "clinic", "status", "confirmation", "consented_at", "created_at", "submitted_at"}
    taken |= {"published_at", "decided_at", "reason", "email", "source", "sheet"}
    # Keys of ours; whoever decided; notes that speak of others; what the site does with it.
    left = {"id", "key", "secret", "decided_by", "suspicions", "is_counted", "is_example"}
    assert {field.name for field in Review._meta.concrete_fields} == taken | left


def test_a_reply_that_waits_is_not_told(ryggen):
    one = review(ryggen)
    waiting = reply(one, "Hemmeligt svar", status="pending")
    assert "Hemmeligt" not in str(writing.export(one))
    waiting.status = "published"
    waiting.save()
    one.refresh_from_db()
    assert writing.export(one)["klinikkens svar"] == "Hemmeligt svar"


def test_the_mailed_link_is_the_one_that_opens_it(ryggen):
    sent = submit(ryggen, email="per@example.org")
    assert mailed_link() == f"/anmeldelse/{sent.token}/"
