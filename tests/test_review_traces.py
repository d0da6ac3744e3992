"""What a review leaves where its clinic can look: mails, logs, numbers, codes, and who wrote it. docs/review-owners.md."""

import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection, transaction

from clinics.models import (
    Clinic,
    CodeSheet,
    DailyStatistic,
    Outbox,
    Rating,
    Review,
    SearchEntry,
    VisitCode,
)
from clinics.reviews import aggregate, codes, moderating, tokens, writing

from .review_writing import answers, fields
from .reviews import review as made
from .secrecy import ANYBODY, KEY, LONG_AGO, NOON, RANDOM, SECRET, address, secret, told, undone, world

pytestmark = pytest.mark.django_db

__all__ = ["undone", "world"]  # fixtures


# What happens out of sight


def test_a_review_on_its_way_leaves_no_trace_where_its_clinic_can_look(world):
    """Sent by code and by e-mail, confirmed, sent back, corrected, refused, shown, corrected again, erased."""
    a, mona = world.a, world.people["mona"]

    def seen() -> dict[str, Any]:
        return {
            "mails": list(Outbox.objects.filter(clinic=a).values_list("pk", flat=True)),
            "to members": Outbox.objects.filter(to__in=User.objects.values("email")).count(),
            "log": LogEntry.objects.filter(content_type__model="clinic").count(),
            "statistics": list(DailyStatistic.objects.filter(clinic=a).values_list("count", flat=True)),
            "rating": list(Rating.objects.filter(clinic=a).values()),
            "index": list(SearchEntry.objects.filter(clinic=a).values("rating", "average", "review_count")),
            "versions": a.versions.count(),
            "changed": Clinic.objects.get(pk=a.pk).updated_at,
        }

    def sent(code: str = "", email: str = "") -> Review:
        return writing.submit(clinic=a, answers=answers(overall=1), code=code, email=email, source="e" * 64).review

    before = seen()
    by_code = sent(code=world.codes[0], email=address("patient"))  # type: ignore[attr-defined]
    by_mail = sent(email=address("anden"))
    assert seen() == before and (by_code.status, by_mail.status) == ("pending", "unconfirmed")
    writing.confirm_email(review=by_mail)
    moderating.ask_change(review=by_code, by=mona, reason="Slet navnet.")
    writing.edit(review=by_code, answers=answers(overall=2))
    moderating.reject(review=by_mail, by=mona, reason="Det handler ikke om et besøg.")
    assert seen() == before
    assert {row.to for row in Outbox.objects.filter(template__startswith="review_")} <= {
        address("patient"), address("anden"),
    }  # fmt: skip
    moderating.approve(review=by_code, by=mona)
    assert seen() != before  # what is shown is shown to all
    by_code.refresh_from_db()
    mails = seen()["mails"]
    writing.edit(review=by_code, answers=answers(overall=5))
    now = seen()
    assert (now["rating"], now["index"]) == (before["rating"], before["index"]) and now["mails"] == mails
    writing.erase(review=by_code)
    assert seen()["mails"] == mails


def test_mails_of_authors_name_no_member_and_those_of_members_no_author(world):
    one = writing.submit(
        clinic=world.a, answers=answers(text=f"{SECRET} Jeg fik god hjælp og en plan."), code=world.codes[1],  # type: ignore[attr-defined]
        email=address("patient"), source="e" * 64,
    ).review  # fmt: skip
    moderating.approve(review=one, by=world.people["mona"])
    told_ = Outbox.objects.filter(clinic=world.a)
    assert told_.count() == 3  # Olga, Stella and Mia
    for row in told_:
        assert SECRET not in f"{row.to} {row.context} {row.key}" and one.nickname not in str(row.context)


def test_a_moderator_is_told_no_authors_address_by_the_list_of_mails(world):
    """Mia moderates, and the author may be a patient of hers."""
    writing.submit(
        clinic=world.a, answers=answers(), code="", email="karen.jensen@example.net", source="e" * 64
    )  # fmt: skip
    row = Outbox.objects.get(to="karen.jensen@example.net")
    Outbox.objects.filter(pk=row.pk).update(status="failed", error="550 <Karen.Jensen@example.net> unknown")
    for who in ("mia", "mona"):
        for url in ("/admin/clinics/outbox/", f"/admin/clinics/outbox/{row.pk}/change/"):
            text = told(world.browsers[who], url)[2]
            assert "k…@example.net" in text and "karen.jensen" not in text.casefold(), (who, url)
        for asked in ("karen.jensen", world.a.name):
            text = told(world.browsers[who], f"/admin/clinics/outbox/?q={asked}")[2]
            assert "k…@example.net" not in text, (who, asked)


# Codes


def test_how_many_codes_were_used_is_told_by_no_limit(world):
    """A clinic that prints all it may learns nothing from when it may print again."""
    olga, a = world.people["olga"], world.a
    codes_left = []
    for used in (False, True):
        with transaction.atomic():
            printed = 0
            try:
                while printed < 100:
                    VisitCode.objects.filter(clinic=a).update(is_used=used)
                    codes.make_sheet(clinic=a, by=olga, source="a" * 64)
                    printed += 1
            except codes.ActionError as error:
                codes_left.append((printed, str(error)))
            transaction.set_rollback(True)
    assert len(codes_left) == 2 and codes_left[0] == codes_left[1]


def test_a_clinic_cannot_ask_the_form_which_of_its_codes_were_used(world):
    """It knows to whom it gave which card: a form that says “used” before it is complete would name the author."""
    used, unused = world.codes[2], world.codes[3]  # type: ignore[attr-defined]
    VisitCode.objects.filter(pk=codes.digest(used)).update(is_used=True)
    page = f"/klinik/{world.a.slug}/skriv-anmeldelse/"
    incomplete = (
        {"tekst": "kort"},
        {"samtykke": ""},
        {"maaned": ""},
        {"samlet": "9"},
        {"bevis": "x"},
        {"kaldenavn": ""},
    )
    for fault in incomplete:
        said = set()
        for code in (used, unused, "ABCDEFGHJK"):
            sent = fields(world.a, **{"kode": code, **fault})
            for url, data in ((page, sent), (f"{page}tjek/", sent)):
                response = world.browsers["olga"].post(url, data)
                text = RANDOM.sub("", response.content.decode()).replace(code, "")
                said.add((url, response.status_code, text))
            got = world.browsers["olga"].get(f"{page}?kode={code}")
            said.add(("get", got.status_code, RANDOM.sub("", got.content.decode()).replace(code, "")))
        assert len(said) == 3, fault
    assert VisitCode.objects.filter(pk=codes.digest(unused), is_used=False).exists()
    assert not Review.objects.filter(clinic=world.a).exclude(status="published").exists()


def test_a_cancelled_sheet_says_nothing_of_what_was_used(world):
    told_ = []
    for used in (False, True):
        with transaction.atomic():
            sheet = CodeSheet.objects.get(clinic=world.a)
            VisitCode.objects.filter(sheet=sheet).update(is_used=used)
            url = f"/for-klinikker/besoegskoder/{world.a.slug}/"
            response = world.browsers["olga"].post(f"{url}{sheet.pk}/annuller/", follow=True)
            told_.append((response.status_code, RANDOM.sub("", response.content.decode())))
            transaction.set_rollback(True)
    assert told_[0] == told_[1] and told_[0][0] == 200


# Who wrote it


@pytest.mark.parametrize("who", ["olga", "stella", "bent", ANYBODY])
def test_of_a_review_that_is_shown_only_the_month_is_known(world, who):
    """Not the day it came in, not the hour, not the sheet of its code, not the network."""
    sheet = CodeSheet.objects.get(clinic=world.a)
    one = made(
        world.a, 3, key=f"{KEY}9", created_at=LONG_AGO, submitted_at=LONG_AGO, consented_at=LONG_AGO, sheet=sheet,
        email=address("patient"), source="c" * 64, published_at=NOON, suspicions=[{"kind": "x", "text": secret()}],
        visited_in=datetime.date(2026, 9, 1), reason=secret(),
    )  # fmt: skip
    pages = [
        "/klinik/{slug}/",
        "/klinik/{slug}/anmeldelser/",
        "/for-klinikker/anmeldelser/{slug}/",
        "/api/v1/clinics/{slug}/",
    ]
    pages += ["/for-klinikker/anmeldelser/{slug}/{key}/", "/klinik/{slug}/indberet/?anmeldelse={key}"]
    for page in pages:
        url = page.format(slug=world.a.slug, key=one.key)
        _, _, text = told(world.browsers[who], url)
        for trace in ("7. september", "7. sep", "2026-09-07", "12.34", "12:34", SECRET, one.secret, "c" * 64):
            assert trace not in text, (who, url, trace)


def test_an_edit_takes_it_out_of_sight_at_once(world):
    """And brings back what it was counted in."""
    before = list(Rating.objects.filter(clinic=world.a).values())
    one = made(world.a, 1, nickname="Flygtig Fugl", key=f"{KEY}8", published_at=NOON)
    olga = world.browsers["olga"]
    assert "Flygtig Fugl" in told(olga, f"/for-klinikker/anmeldelser/{world.a.slug}/")[2]
    writing.edit(review=one, answers=answers(nickname="Flygtig Fugl"))
    for url in (
        f"/for-klinikker/anmeldelser/{world.a.slug}/",
        f"/klinik/{world.a.slug}/",
        f"/klinik/{world.a.slug}/anmeldelser/",
    ):
        assert "Flygtig Fugl" not in told(olga, url)[2], url
    assert list(Rating.objects.filter(clinic=world.a).values()) == before
    assert not aggregate.disagreements()


def test_tokens_and_keys_are_too_long_to_guess():
    assert len({tokens.new_token() for _ in range(100)}) == 100
    assert tokens.TOKEN_LENGTH == 43 and tokens.KEY_LENGTH == 22
    with connection.cursor() as cursor:
        cursor.execute("SELECT character_maximum_length FROM information_schema.columns WHERE table_name = 'clinics_review'"
                       " AND column_name = 'secret'")  # fmt: skip
        assert cursor.fetchone() == (64,)  # a digest: the table opens nothing
