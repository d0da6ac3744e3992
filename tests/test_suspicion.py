"""What a moderator is told to look at twice, and that it decides nothing."""

import datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import CodeSheet, Review
from clinics.reviews import suspicion
from clinics.reviews.suspicion import Kind

from .claims import owner_of, person, ryggen
from .people import clinic
from .reviews import many, review
from .worlds import kept

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
HOME, OTHER = "a" * 64, "b" * 64
# Different people about the same place, as they write.
OPINIONS = (
    "Jeg kom med ondt i lænden og blev mødt af en behandler, der tog sig god tid. Øvelserne virkede efter et par uger.",
    "Ventetiden var lang, og jeg fik kun en halv time. Til gengæld var lokalet pænt, og de svarede hurtigt på mails.",
    "Super sød fysioterapeut. Fik massage og et program, som jeg bruger hver dag. Kan klart anbefales til andre løbere.",
    "Jeg følte mig ikke hørt. Der blev talt hen over hovedet på mig, og prisen var højere, end der stod på hjemmesiden.",
    "Efter min knæoperation gik jeg på hold to gange om ugen. God stemning, dygtige instruktører og nemt at parkere.",
)
COPIED = OPINIONS[0].replace("et par uger", "tre uger").replace("god tid", "rigtig god tid")


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@kept(at=NOON)
def here():
    return ryggen()


def at(hours: float) -> datetime.datetime:
    return NOON - datetime.timedelta(hours=hours)


def pending(clinic, text: str = OPINIONS[4], **fields) -> Review:
    return review(clinic, status="pending", text=text, **{"created_at": NOON} | fields)


def kinds(one: Review) -> list[str]:
    found = suspicion.note(review=one)
    one.refresh_from_db()
    assert [row["kind"] for row in one.suspicions] == [row.kind for row in found]
    assert all(set(row) == {"kind", "text", "keys"} for row in one.suspicions)
    return [row.kind for row in found]


def test_it_reads_some_and_not_all(here):
    """The clinic is locked meanwhile: what there is at other clinics must cost nothing."""
    many(clinic("Foden", "Aarhus N"), 8_000)
    many(here, 50)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clinics_review")
    one = pending(here)
    with CaptureQueriesContext(connection) as asked:
        suspicion.note(review=one)
    read = 0
    for query in asked.captured_queries:
        if query["sql"].startswith(("SELECT", "(SELECT")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
                read = max(read, most_rows(cursor.fetchone()[0][0]["Plan"]))
    assert suspicion.OF_THE_CLINIC < read < 3 * suspicion.NEWEST


def most_rows(plan: dict) -> int:
    """Of all steps of a plan, the most that one read."""
    own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return max([own, *map(most_rows, plan.get("Plans", ()))])


def test_an_ordinary_review_among_others_is_nothing_to_look_at(here):
    for text in OPINIONS[:4]:
        review(here, text=text, created_at=at(200), source=OTHER)
    assert kinds(pending(here, source=HOME, email="patient@example.net")) == []


def test_it_decides_nothing(here):
    """The worst of all is still only waiting."""
    for _ in range(6):
        pending(here, source=HOME, email="patient@example.net")
    one = pending(here, source=HOME, email="patient@example.net")
    assert kinds(one) == [Kind.BURST, Kind.SAME_TEXT, Kind.SAME_NETWORK, Kind.SAME_EMAIL]
    assert (one.status, one.decided_at, one.is_counted) == ("pending", None, False)


@pytest.mark.parametrize(
    ("lately", "usual", "is_burst"), [(3, 0, False), (4, 0, True), (4, 149, True), (4, 151, False)]
)
def test_a_burst_is_many_in_a_day_and_many_for_this_clinic(here, lately, usual, is_burst):
    """Five with the one in hand; up to 5/3 a day over three months that is three times what is usual."""
    made = []
    for number in range(lately + usual):
        one = pending(here, text=f"nr {number}")
        one.created_at = at(number) if number < lately else at(25 + number)
        made.append(one)
    Review.objects.bulk_update(made, ["created_at"])
    one = pending(here, text=OPINIONS[1])
    assert (Kind.BURST in kinds(one)) is is_burst


def test_a_burst_is_the_clinics_own_and_of_one_day(here):
    other = clinic("Foden", "Aarhus N")
    for number in range(6):
        pending(other, text=OPINIONS[number % 5])
        review(here, status="unconfirmed", text=f"{number}", created_at=NOON)
    assert kinds(pending(here, text="Noget helt for sig selv om gangen, døren og lyset på klinikken.")) == []
    Review.objects.filter(clinic=other).update(created_at=at(24))
    assert kinds(pending(other, text="Endnu noget for sig selv: parkering, elevator og en rolig ventesal.")) == []


@pytest.mark.parametrize("text", [OPINIONS[0], COPIED, OPINIONS[0].upper(), f"{OPINIONS[0]} Tak for hjælpen!"])
def test_the_same_text_twice(here, text):
    first = review(here, text=OPINIONS[0], created_at=at(1000))
    found = suspicion.note(review=pending(here, text))
    assert [(one.kind, one.text, one.keys) for one in found[:1]] == [
        (Kind.SAME_TEXT, "Teksten ligner en anmeldelse af samme klinik.", (first.key,))
    ]


@pytest.mark.parametrize("number", range(5))
def test_two_people_about_one_place_are_not_the_same_text(here, number):
    for text in OPINIONS[:number] + OPINIONS[number + 1 :]:
        review(here, text=text, created_at=at(1000))
    assert kinds(pending(here, OPINIONS[number])) == []


def test_the_same_text_about_another_clinic(here):
    review(clinic("Foden", "Aarhus N"), text=OPINIONS[0], created_at=at(1000))
    assert [one.text for one in suspicion.note(review=pending(here, OPINIONS[0]))] == [
        "Teksten ligner en anmeldelse af en anden klinik."
    ]


def test_the_same_network(here):
    """A source is of one day alone; an empty one is nobody's."""
    other = clinic("Foden", "Aarhus N")
    review(here, text=OPINIONS[0], source=OTHER)
    review(here, text=OPINIONS[1], source="")
    assert kinds(pending(here, source=HOME)) == [] == kinds(pending(other, text=OPINIONS[2], source=""))
    first = review(here, text=OPINIONS[3], source=HOME, created_at=at(30))
    Review.objects.filter(status="pending").delete()
    (found,) = suspicion.note(review=pending(here, source=HOME))
    assert (found.kind, found.keys) == (Kind.SAME_NETWORK, (first.key,))
    assert found.text == "Fra samme netværk kom samme dag en anden anmeldelse af klinikken."
    Review.objects.filter(clinic=here).delete()
    pending(here, text=OPINIONS[1], source=HOME)
    assert kinds(pending(other, source=HOME)) == [Kind.OTHER_CLINICS]


def test_the_clinics_own_network_of_codes(here):
    sheet = CodeSheet.objects.create(clinic=here, size=24, source=HOME)
    assert kinds(pending(here, sheet=sheet, source=HOME)) == [Kind.SHEET_NETWORK]
    assert kinds(pending(here, text=OPINIONS[1], sheet=sheet, source=OTHER)) == []
    # The day after both are forgotten: nothing is nobody's network.
    CodeSheet.objects.update(source="")
    assert kinds(pending(here, text=OPINIONS[2], sheet=sheet, source="")) == []


def test_many_codes_of_one_sheet_in_a_day(here):
    sheet = CodeSheet.objects.create(clinic=here, size=24)
    for text in OPINIONS[:3]:
        review(here, text=text, sheet=sheet, created_at=at(23))
    one = pending(here, sheet=sheet)
    (found,) = suspicion.note(review=one)
    assert (found.kind, found.text) == (Kind.MANY_CODES, "4 koder fra samme ark er brugt på et døgn.")
    Review.objects.exclude(pk=one.pk).update(created_at=at(25))
    assert kinds(one) == []


@pytest.mark.parametrize(
    ("email", "is_own"),
    [
        ("KONTAKT@ryggen.dk", True),
        ("mette@ryggen.dk", True),
        ("olga@example.com", True),
        ("olga.hjemme@example.org", True),
        ("erik@example.com", True),
        ("sten@example.com", False),
        ("mette@ryggen.dk.example", False),
        ("", False),
    ],
)
def test_an_address_of_the_clinic_or_its_people(here, email, is_own):
    """Its own, one at its own domain, those of members, also of one who has left."""
    olga, erik = person("olga"), person("erik")
    person("sten")
    EmailAddress.objects.create(user=olga, email="olga.hjemme@example.org", verified=True)
    owner_of(here, olga)
    left = owner_of(here, erik)
    left.ended_at = NOON
    left.save()
    assert kinds(pending(here, email=email)) == ([Kind.OWN_EMAIL] if is_own else [])


def test_the_same_address_twice(here):
    review(here, text=OPINIONS[0], email="Patient@example.net")
    review(clinic("Foden", "Aarhus N"), text=OPINIONS[1], email="patient@example.net")
    assert kinds(pending(here, email="patient@EXAMPLE.net")) == [Kind.SAME_EMAIL]
    Review.objects.update(email="")
    assert kinds(pending(here, text=OPINIONS[2])) == []


def test_what_its_author_sent_all_the_same(here):
    here.practitioners.create(name="Mette Madsen")
    text = "Jeg blev ikke hørt, og Mette Madsen gik, før vi var færdige. DET VAR EN SKANDALE FRA FØRST TIL SIDST."
    assert kinds(pending(here, text, overall=1)) == [Kind.TEXT, Kind.TEXT]


def test_nothing_that_is_kept_names_anybody(here):
    """An author who erases a review leaves nothing of it behind in what was noted on another."""
    first = review(here, text=OPINIONS[0], nickname="Rolig Lærke", email="patient@example.net", source=HOME)
    one = pending(here, OPINIONS[0], email="patient@example.net", source=HOME, nickname="Glad Ugle")
    assert kinds(one) == [Kind.SAME_TEXT, Kind.SAME_NETWORK, Kind.SAME_EMAIL]
    said = " ".join(row["text"] for row in one.suspicions)
    assert not any(word in said for word in (first.nickname, first.text, "patient@", HOME))


def test_it_asks_as_much_of_a_clinic_with_many(here, django_assert_max_num_queries):
    for number in range(30):
        pending(here, text=f"{OPINIONS[number % 5]} {number}", source=HOME)
    sheet = CodeSheet.objects.create(clinic=here, size=24, source=HOME)
    one = pending(here, email="patient@example.net", source=HOME, sheet=sheet)
    with django_assert_max_num_queries(14):
        suspicion.note(review=one)
