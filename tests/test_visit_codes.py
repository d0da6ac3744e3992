"""Visit codes: once, here, within 18 months; and nothing that a clinic sees tells whether one was used."""

import datetime
import re
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction

from clinics import memberships
from clinics.actions import ActionError
from clinics.models import Clinic, CodeSheet, RateCount, Role, VisitCode
from clinics.reviews import codes

from .claims import moderator, owner_of, person, ryggen
from .people import clinic
from .worlds import kept

SOURCE = "a" * 64
COPENHAGEN = codes.clock.COPENHAGEN
DAY = datetime.timedelta(days=1)


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga(here):
    user = person("olga")
    owner_of(here, user)
    return user


def sheet_of(one: Clinic, by, **given) -> tuple[CodeSheet, list[str]]:
    return codes.make_sheet(clinic=one, by=by, source=SOURCE, **given)


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(ActionError) as raised, transaction.atomic():
        action()
    return raised.value.text


def test_a_sheet_is_stored_as_hashes_alone(here, olga):
    sheet, made = sheet_of(here, olga)
    assert (sheet.clinic, sheet.created_by, sheet.size, sheet.source) == (here, olga, 24, SOURCE)
    assert len(set(made)) == 24 and all(re.fullmatch(f"[{codes.LETTERS}]{{10}}", code) for code in made)
    rows = list(VisitCode.objects.values())
    assert len(rows) == 24 and all(set(row) == {"digest", "clinic_id", "sheet_id", "is_used"} for row in rows), (
        "no time"
    )
    stored = {row["digest"] for row in rows}
    assert stored == {codes.digest(code) for code in made} and not stored & set(made)
    assert not any(code in str(LogEntry.objects.values_list("change_message")) for code in made)
    assert set(sheet_of(here, olga)[1]).isdisjoint(made)


def test_a_hash_needs_our_key(settings):
    before = codes.digest("ABCDEFGHJK")
    settings.SECRET_KEY += "x"
    assert codes.digest("ABCDEFGHJK") != before


@pytest.mark.parametrize(
    "typed",
    ["{}", " {} ", "{first} {last}", "{first}-{last}", "{first}\u00a0{last}\n", "{lower}", "{first}.{last}", "“{}”"],
)
def test_as_people_type_it(here, olga, typed):
    sheet, (code, *_) = sheet_of(here, olga)
    typed = typed.format(code, first=code[:5], last=code[5:], lower=code.lower())
    assert codes.redeem(clinic=here, typed=typed) == sheet
    assert VisitCode.objects.get(is_used=True).digest == codes.digest(code)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "ABCDEFGHJK", "ABCDE", "A" * 11, "A" * 1_000_000, "\0" * 10, "ABCDEFGHJ0", "' OR 1=1 --", "æøå" * 4),
        *("ＡＢＣＤＥＦＧＨＪＫ", "АВСЕНКМРТХ", "A\u0301" * 10, "\u202eABCDEFGHJK", "%", "_" * 10),
    ],
)
def test_what_is_no_code_gets_the_sentence(here, olga, typed):
    sheet_of(here, olga)
    assert refused(lambda: codes.redeem(clinic=here, typed=typed)) == codes.NOT_GOOD
    assert not VisitCode.objects.filter(is_used=True).exists()


def test_used_cancelled_old_and_anothers_get_the_same_sentence(here, olga):
    bent, foden = person("bent"), clinic("Foden", "Aarhus N")
    owner_of(foden, bent)
    _, (used, spare, *_) = sheet_of(here, olga)
    codes.redeem(clinic=here, typed=used)
    cancelled, (gone, *_) = sheet_of(here, olga)
    codes.revoke(sheet=cancelled, by=olga)
    old, (late, *_) = sheet_of(here, olga)
    CodeSheet.objects.filter(pk=old.pk).update(created_at=codes.clock.now() - codes.GOOD_FOR)
    _, (theirs, *_) = sheet_of(foden, bent)
    for code in (used, gone, late, theirs):
        assert refused(lambda code=code: codes.redeem(clinic=here, typed=code)) == codes.NOT_GOOD
    codes.redeem(clinic=here, typed=spare)
    codes.redeem(clinic=foden, typed=theirs)


def test_one_statement_asks_and_marks(here, olga, django_assert_num_queries):
    _, (code, *_) = sheet_of(here, olga)
    with django_assert_num_queries(2):  # and the sheet
        codes.redeem(clinic=here, typed=code)
    for nothing in (code, "ABCDEFGHJK", ""):
        with django_assert_num_queries(1), pytest.raises(ActionError):
            codes.redeem(clinic=here, typed=nothing)


def test_what_was_not_stored_used_no_code(here, olga):
    _, (code, *_) = sheet_of(here, olga)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        codes.redeem(clinic=here, typed=code)
        1 / 0  # noqa: B018
    codes.redeem(clinic=here, typed=code)


@pytest.mark.parametrize(
    "printed",
    [
        datetime.datetime(2026, 11, 3, 9, 30, tzinfo=COPENHAGEN),
        datetime.datetime(2026, 12, 31, 23, 59, tzinfo=COPENHAGEN),
        datetime.datetime(2027, 1, 1, 0, 0, tzinfo=COPENHAGEN),
        datetime.datetime(2027, 3, 28, 1, 59, tzinfo=COPENHAGEN),  # the clocks go forward
        datetime.datetime(2026, 10, 25, 0, 30, tzinfo=COPENHAGEN),  # 25 hours long, and its last day is in summer
    ],
)
def test_good_for_eighteen_months_and_all_of_the_day_on_the_card(here, olga, printed):
    with time_machine.travel(printed, tick=False) as clock:
        sheet, (first, second, *_) = sheet_of(here, olga)
        last = codes.last_day(sheet)
        assert 546 <= (last - printed.date()).days <= 548
        assert last == codes.last_day(CodeSheet.objects.get()), "on the card as in the list"
        clock.move_to(datetime.datetime.combine(last, datetime.time(23, 59, 59), COPENHAGEN))
        codes.redeem(clinic=here, typed=first)
        clock.move_to(datetime.datetime.combine(last + 2 * DAY, datetime.time(), COPENHAGEN))
        assert refused(lambda: codes.redeem(clinic=here, typed=second)) == codes.NOT_GOOD


def test_owners_and_staff_alone(here, olga):
    stella = person("stella")
    owner_of(here, stella, Role.STAFF)
    sheet, _ = sheet_of(here, stella)
    bent = person("bent")
    owner_of(clinic("Foden", "Aarhus N"), bent)
    erik = person("erik")
    memberships.end(membership=owner_of(here, erik, Role.STAFF), by=erik)
    for other in (bent, erik, person("sten"), moderator()):
        assert refused(lambda other=other: sheet_of(here, other)) == codes.ONLY_MEMBERS
        assert refused(lambda other=other: codes.revoke(sheet=sheet, by=other)) == codes.ONLY_MEMBERS
    assert CodeSheet.objects.get() == sheet and VisitCode.objects.count() == 24
    codes.revoke(sheet=sheet, by=olga)


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_a_clinic_that_nobody_can_see_prints_none(here, olga, status):
    Clinic.objects.filter(pk=here.pk).update(status=status)
    assert refused(lambda: sheet_of(here, olga)) == codes.NOT_SHOWN


def test_revoking_leaves_what_was_used(here, olga):
    sheet, (used, *_) = sheet_of(here, olga)
    codes.redeem(clinic=here, typed=used)
    codes.revoke(sheet=sheet, by=olga)
    assert VisitCode.objects.get().digest == codes.digest(used)
    assert refused(lambda: codes.revoke(sheet=sheet, by=olga)) == "Arket er allerede annulleret."


def test_room_counts_sheets_and_not_what_was_used(here, olga):
    """Or a clinic could print until there is no room, and see by the next sheet that reviews have come in."""
    stuffed = CodeSheet.objects.create(clinic=here, size=codes.MOST_CODES - 24)
    other = CodeSheet.objects.create(clinic=clinic("Foden", "Aarhus N"), size=codes.MOST_CODES)
    sheet, made = sheet_of(here, olga)
    for code in made:
        codes.redeem(clinic=here, typed=code)
    assert refused(lambda: sheet_of(here, olga)) == codes.TOO_MANY
    codes.revoke(sheet=sheet, by=olga)
    sheet_of(here, olga)
    CodeSheet.objects.filter(pk=stuffed.pk).update(created_at=codes.clock.now() - codes.GOOD_FOR)
    sheet_of(here, olga)
    assert other.size == codes.MOST_CODES, "another clinic's sheets take no room here"


def test_twenty_sheets_a_day(here, olga):
    with time_machine.travel(datetime.datetime(2026, 11, 3, 12, tzinfo=COPENHAGEN), tick=False) as clock:
        for _ in range(codes.SHEETS_A_DAY):
            codes.revoke(sheet=sheet_of(here, olga, size=1)[0], by=olga)
        assert refused(lambda: sheet_of(here, olga, size=1)) == codes.TOO_OFTEN
        clock.shift(DAY)
        sheet_of(here, olga, size=1)


# With real commits: in one transaction nobody waits for anybody.


def at_once(*actions: Callable[[], object]) -> list[str]:
    """What each came to, begun at the same instant: "" when it was done, else why not. Sorted."""
    begin, answers = threading.Barrier(len(actions)), []

    def run(action: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            begin.wait(60)
            with transaction.atomic():
                action()
            answers.append("")
        except ActionError as error:
            answers.append(error.text)
        except Exception as error:
            answers.append(repr(error))
            begin.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_twice_at_the_same_instant_is_once():
    here, olga = ryggen(), person("olga")
    owner_of(here, olga)
    _, (code, *_) = sheet_of(here, olga)
    answers = at_once(*[lambda: codes.redeem(clinic=here, typed=code)] * 12)
    assert answers == ["", *[codes.NOT_GOOD] * 11]


@pytest.mark.django_db(transaction=True)
def test_the_last_room_is_given_once():
    here, olga = ryggen(), person("olga")
    owner_of(here, olga)
    CodeSheet.objects.create(clinic=here, size=codes.MOST_CODES - 24)
    assert at_once(*[lambda: sheet_of(here, olga)] * 4) == ["", *[codes.TOO_MANY] * 3]
    assert VisitCode.objects.count() == 24 and RateCount.objects.get(key__startswith="code-sheet").count == 1


@pytest.mark.django_db(transaction=True)
def test_using_and_cancelling_at_once():
    """Either it was used first and stays, or it is gone; never both, and never neither."""
    here, olga = ryggen(), person("olga")
    owner_of(here, olga)
    for _ in range(5):
        sheet, (code, *_) = sheet_of(here, olga, size=2)
        answers = at_once(
            lambda code=code: codes.redeem(clinic=here, typed=code),
            lambda sheet=sheet: codes.revoke(sheet=sheet, by=olga),
        )
        assert answers in (["", ""], ["", codes.NOT_GOOD])
        assert VisitCode.objects.filter(sheet=sheet, is_used=True).count() == (answers == ["", ""])
        assert not VisitCode.objects.filter(sheet=sheet, is_used=False).exists()
