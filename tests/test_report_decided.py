"""A report is answered once, with reasons to both sides; what is held right is taken down, and nothing else is touched."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from clinics.actions import ActionError
from clinics.models import Membership, Outbox, Report, Review
from clinics.reporting import deciding, telling
from clinics.reviews import moderating, steps, writing

from .claims import mails, moderator, owner_of, person, ryggen
from .people import clinic
from .reports import REASON, TEXT, answered, reported
from .reviews import rating, review
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def here():
    return ryggen()


@kept
def rita():
    return moderator()


@kept
def shown(here):
    return review(here, 1, email="anna@example.org")


def text_to(address: str) -> str:
    from django.core import mail

    return "\n".join(" ".join(sent.body.split()) for sent in mail.outbox if sent.to == [address])


def test_a_review_that_is_reported_rightly_goes(here, rita, shown):
    review(here, 5)
    report = reported(here, shown)
    assert rating(here)[:3] == (2, 2, 6), "a report hides nothing"
    answered(report, rita, True)
    shown.refresh_from_db()
    assert (report.status, report.reason, report.decided_by) == ("approved", REASON, rita) and report.decided_at
    assert shown.status == "removed" and rating(here)[:3] == (1, 1, 5)
    assert {to for to, _ in mails()} == {"rune@example.org", "anna@example.org"}
    to_reporter, to_author = text_to("rune@example.org"), text_to("anna@example.org")
    assert "Vi giver dig ret. Det er fjernet eller rettet." in to_reporter
    # The statement of reasons: what, why, how it came to it, what one can do. DSA Art. 17(3).
    for told in (REASON, deciding.AFTER_A_REPORT, "vises ikke længere", "klag", "domstolene"):
        assert told in to_author.replace("Klag", "klag"), told
    assert "rune@example.org" not in to_author and TEXT not in to_author, (
        "nobody learns who reported, or in which words"
    )


def test_a_review_that_is_reported_wrongly_stays(here, rita, shown):
    report = answered(reported(here, shown), rita, False)
    shown.refresh_from_db()
    assert (report.status, shown.status) == ("refused", "published") and rating(here)[:2] == (1, 1)
    assert [to for to, _ in mails()].count("rune@example.org") == 2  # the receipt and the answer
    told = text_to("rune@example.org")
    for one in (
        REASON,
        "Vi giver dig ikke ret",
        "klage til os én gang",
        "DSA-tilsynet",
        "domstolene",
        "/indberetning/",
    ):
        assert one in told, one
    assert not text_to("anna@example.org"), "whose review stays is not told that somebody minded"


def test_the_link_in_the_answer_opens_the_case(here, rita, client):
    report = answered(reported(here), rita, False)
    mails()
    link = re.search(r"/indberetning/[\w-]{43}/", text_to("rune@example.org"))[0]
    assert report.number in client.get(link).content.decode()


def test_all_who_reported_the_same_are_answered_together(here, rita, shown):
    first = reported(here, shown)
    second = reported(here, shown, email="susanne@example.org", kind="hate")
    earlier = answered(reported(here, shown, email="tidlig@example.org"), rita, False)
    of_profile = reported(here, email="profil@example.org")
    answered(first, rita, True)
    for row, status in ((second, "approved"), (earlier, "refused"), (of_profile, "waiting")):
        row.refresh_from_db()
        assert row.status == status
    assert second.reason == REASON
    mails()
    assert "Vi giver dig ret." in text_to("susanne@example.org")
    assert "Vi giver dig ret." not in text_to("tidlig@example.org") + text_to("profil@example.org")


def test_a_profile_that_is_reported_rightly_is_told_to_its_members(here, rita):
    olga, sten = person("olga"), person("sten")
    for one in (olga, sten):
        owner_of(here, one)
    mails()
    answered(reported(here), rita, True)
    told = mails()
    assert {"olga@example.com", "sten@example.com", "rune@example.org"} == {to for to, _ in told}
    to_clinic = text_to("olga@example.com")
    for one in (REASON, "klage til os én gang", "/for-klinikker/afgoerelser/ryggen/", "DSA-tilsynet", "Det er usandt"):
        assert one in to_clinic, one
    assert "rune@example.org" not in to_clinic and TEXT not in to_clinic


def test_a_profile_that_is_reported_wrongly_is_told_to_nobody_else(here, rita):
    owner_of(here, person("olga"))
    mails()
    answered(reported(here), rita, False)
    assert {to for to, _ in mails()} == {"rune@example.org"}


def test_nobody_without_an_address_is_written_to(here, rita, shown):
    Review.objects.update(email="")
    answered(reported(here, shown, email=""), rita, True)
    assert mails() == []


def test_no_mail_to_a_reporter_is_found_by_the_clinic(here, rita, shown):
    answered(reported(here, shown), rita, True)
    assert not Outbox.objects.filter(to="rune@example.org", clinic__isnull=False).exists()


@pytest.mark.parametrize("uphold", [True, False])
def test_once(here, rita, shown, uphold):
    report = answered(reported(here, shown), rita, uphold)
    with pytest.raises(ActionError, match="allerede afgjort"):
        answered(report, rita, not uphold)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("nobody", steps.ONLY_MODERATORS), ("owner", steps.ONLY_MODERATORS), ("member", steps.PARTY)],
)
@pytest.mark.parametrize("about_review", [True, False])
def test_who_may_not(here, shown, who, sentence, about_review):
    by = moderator() if who == "member" else person("olga")
    if who != "nobody":
        owner_of(here, by)
    report = reported(here, shown if about_review else None)
    for uphold in (True, False):
        with pytest.raises(ActionError) as refused:
            deciding.decide(report=report, by=by, uphold=uphold, reason=REASON)
        assert str(refused.value) == sentence
    assert set(Report.objects.values_list("status", flat=True)) == {"waiting"}
    assert Review.objects.get().status == "published"


def test_a_former_member_who_moderates_may(here, rita):
    owner_of(here, rita)
    Membership.objects.update(ended_at="2026-01-01T00:00Z")
    assert answered(reported(here), rita, False).status == "refused"


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "Skriv en begrundelse"), (" \u200b\n", "Skriv en begrundelse"), ("x" * 901, "900")]
)
def test_a_reason_is_needed(here, rita, shown, reason, sentence):
    report = reported(here, shown)
    for uphold in (True, False):
        with pytest.raises(ActionError, match=sentence):
            deciding.decide(report=report, by=rita, uphold=uphold, reason=reason)
    assert Report.objects.get().status == "waiting" and Review.objects.get().status == "published"


def test_the_longest_reason_fits_with_what_is_added(here, rita, shown):
    answered(reported(here, shown), rita, True, "x" * deciding.LONGEST_REASON)
    shown.refresh_from_db()
    assert shown.reason.endswith(deciding.AFTER_A_REPORT) and len(shown.reason) <= moderating.LONGEST_REASON


def test_a_review_that_its_author_erased(here, rita, shown):
    report = reported(here, shown)
    writing.erase(review=shown)
    answered(report, rita, True)
    assert report.status == "approved" and report.review is None and report.about_review
    assert "oktober 2026" in report.was, "the case can still be understood"


def test_a_review_that_is_hidden_already_is_left_alone(here, rita, shown):
    report, other = reported(here, shown), moderator("rasmus")
    moderating.remove(review=shown, by=other, reason="Noget andet.")
    answered(report, rita, True)
    shown.refresh_from_db()
    assert (report.status, shown.status, shown.decided_by, shown.reason) == (
        "approved",
        "removed",
        other,
        "Noget andet.",
    )


def test_what_the_moderator_read_is_what_is_decided(here, rita, shown):
    report, seen = reported(here, shown), deciding.mark_of(shown)
    Review.objects.update(text="Noget helt andet end det, der blev læst og indberettet.")
    with pytest.raises(ActionError, match="er ændret"):
        deciding.decide(report=report, by=rita, uphold=True, reason=REASON, seen=seen)
    assert Review.objects.get().status == "published"


def test_no_log_holds_a_text_or_an_address(here, rita, shown, caplog):
    with caplog.at_level("DEBUG"):
        answered(reported(here, shown, name="Rune Reporter"), rita, True)
    said = caplog.text + "".join(f"{one.object_repr} {one.change_message}" for one in LogEntry.objects.all())
    for secret in (TEXT, REASON, "rune@example.org", "Rune Reporter", "anna@example.org", shown.text, shown.nickname):
        assert secret not in said


def test_another_clinics_members_are_not_told(here, rita):
    owner_of(clinic("Knæet", "Aarhus C"), person("kaj"))
    mails()
    answered(reported(here, email=""), rita, True)
    assert mails() == [] and telling.addresses_of(here) == []
