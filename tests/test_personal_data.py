"""Somebody without an account asks what we have: whoever has the private link gets it, or has it erased."""

import datetime
import io
import json

import pytest
import time_machine
from django.core.management import CommandError, call_command

from clinics import outbox, personal_data
from clinics.models import Correction, ListingRequest, Outbox, Report, Review
from clinics.reporting.making import report
from clinics.reviews import tokens

from .claims import ryggen
from .reviews import rating, review
from .worlds import kept

pytestmark = pytest.mark.django_db
PIA = "pia@example.org"


@kept
def here():
    return ryggen()


@pytest.fixture
def typed(monkeypatch, capsys):
    """What somebody types; the answer is what stands on standard output."""

    def run(what: str, *lines: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        out = io.StringIO()
        call_command("personal_data", what, stdout=out, stderr=io.StringIO())
        return out.getvalue()

    return run


def with_link(here, **fields) -> tuple[Review, str]:
    token = tokens.new_token()
    return review(here, secret=tokens.digest(token), **fields), f"https://fysfinder.example/anmeldelse/{token}/"


def test_the_link_of_a_review_gives_all_of_it(here, typed):
    _, link = with_link(here, email=PIA, text="Jeg fik en god plan med hjem.")
    data = json.loads(typed("export", link))
    assert data["klinik"] == "Ryggen" and data["e-mail"] == PIA
    assert "Jeg fik en god plan med hjem." in data.values()


def test_the_link_of_a_report_gives_all_of_it(here, typed):
    _, token = report(
        clinic=here, review=None, kind="false", text="Det passer ikke.", name="Rie", email="rie@example.org"
    )
    data = json.loads(typed("export", token))
    assert (data["navn"], data["e-mail"], data["forklaring"]) == ("Rie", "rie@example.org", "Det passer ikke.")


@pytest.mark.parametrize(
    "link", ["", "/", "Pia", "x" * 43, "https://fysfinder.example/anmeldelse/" + "æ" * 43, "a\0" * 30]
)
@pytest.mark.parametrize("what", ["export", "erase"])
def test_no_other_text_opens_anything(here, typed, what, link):
    with_link(here)
    with pytest.raises(CommandError, match="No review or report"):
        typed(what, link, "yes")
    assert Review.objects.exists()


def test_a_key_that_everybody_may_see_opens_nothing(here):
    made, link = with_link(here)
    assert personal_data.behind(made.key) is None and personal_data.behind(f"/klinik/ryggen/#{made.key}") is None
    assert personal_data.behind(f"{link}?x=1#y") == made


def test_a_review_is_erased_and_counts_no_more(here, typed):
    _, link = with_link(here)
    assert rating(here)[0] == 1
    with pytest.raises(CommandError, match="Nothing was erased"):
        typed("erase", link, "no")
    assert typed("erase", link, "yes") == "Erased.\n"
    assert not Review.objects.exists() and rating(here)[0] == 0


def test_of_a_report_goes_who_made_it(here, typed):
    made, token = report(
        clinic=here, review=None, kind="false", text="Det passer ikke.", name="Rie", email="rie@example.org"
    )
    typed("erase", token, "yes")
    made.refresh_from_db()
    assert (made.name, made.email, made.source, made.text) == ("", "", "", "Det passer ikke.")


def test_an_address_is_found_and_forgotten_wherever_it_stands(here, typed):
    review(here, status="pending", email=PIA)
    review(here, status="unconfirmed", email=PIA)
    other = review(here, status="pending", email="ole@example.org")
    report(clinic=here, review=None, kind="false", text="Det passer ikke.", name="Pia", email="Pia@Example.org")
    Correction.objects.create(clinic=here, group="contact", text="Forkert nummer.", email=PIA)
    ListingRequest.objects.create(kind="remove", clinic=here, email=PIA)
    outbox.promise(template="removal_done", to=PIA, context={"clinic": "Ryggen", "reason": "Ja."})
    expected = {"reviews": 2, "reports": 1, "corrections": 1, "listing requests": 1, "mails": 2}
    assert json.loads(typed("find", PIA)) == json.loads(typed("forget", PIA)) == expected
    assert not any(json.loads(typed("find", PIA)).values())
    other.refresh_from_db()
    assert other.email == "ole@example.org"
    assert Review.objects.count() == 2, "the unconfirmed one went"
    assert Report.objects.get().name == "" and not Outbox.objects.filter(to__iexact=PIA).exists()


def test_an_empty_address_is_nobodys(here, typed):
    review(here, email="")
    for what in ("find", "forget"):
        with pytest.raises(CommandError, match="no e-mail"):
            typed(what, "")


def test_after_a_backup_was_restored(here, typed):
    made = review(here, status="unconfirmed")
    with time_machine.travel(made.created_at + datetime.timedelta(days=3), tick=False):
        assert json.loads(typed("purge"))["review whose e-mail nobody confirmed"] == 1
