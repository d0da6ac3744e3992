"""Reviews as the tests of what is shown need them: made past the forms, counted by the same statement as all."""

import datetime
import itertools

from django.db import connection

from clinics.models import STARS, Clinic, Rating, Review, ReviewReply
from clinics.reviews import aggregate, tokens

FIRST = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
_number = itertools.count(1)


def review(clinic: Clinic, stars: int = 5, **fields) -> Review:
    """A published review that is counted; `stars` is the answer to every question that is not given."""
    fields = (
        dict.fromkeys(STARS, stars)
        | {
            "key": tokens.new_key(),
            "secret": tokens.digest(tokens.new_token()),
            "status": Review.Status.PUBLISHED,
            "confirmation": Review.Confirmation.VISIT,
            "visited_in": datetime.date(2026, 10, 1),
            "text": "Jeg blev hørt og fik en plan, som jeg kunne følge derhjemme.",
            "nickname": "Rolig Lærke",
            "consented_at": FIRST,
            "created_at": FIRST,
        }
        | fields
    )
    if fields["status"] == Review.Status.PUBLISHED:
        fields.setdefault("published_at", FIRST + datetime.timedelta(minutes=next(_number)))
    made = Review.objects.create(clinic=clinic, **fields)
    if made.status == Review.Status.PUBLISHED:
        aggregate.add(made)
    return made


def reply(of: Review, text: str = "Tak for din anmeldelse.", **fields) -> ReviewReply:
    return ReviewReply.objects.create(
        review=of, clinic=of.clinic, text=text, written_at=FIRST, **{"status": "published"} | fields
    )


def rating(clinic: Clinic) -> tuple[int, ...]:
    """shown, counted, the sum of the overall answers, and how many gave 1, 2, 3, 4 and 5."""
    row = Rating.objects.filter(clinic=clinic).first() or Rating()
    return (row.shown, row.counted, row.overall, row.ones, row.twos, row.threes, row.fours, row.fives)


def many(clinic: Clinic, number: int) -> None:
    """So many published reviews in one statement, each third with a reply, uncounted: `aggregate.rebuild` counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH made AS (INSERT INTO clinics_review (clinic_id, key, secret, status, confirmation, visited_in,
                {", ".join(STARS)}, text, nickname, consented_at, created_at, published_at, reason, email, source,
                suspicions, is_counted, is_example)
            SELECT %(clinic)s, md5(%(clinic)s || 'k' || n)::varchar(22), md5(%(clinic)s || 's' || n), 'published',
                CASE WHEN n %% 5 = 0 THEN 'email' ELSE 'visit' END, '2026-10-01',
                {", ".join(f"1 + (n + {number}) %% 5" for number, _ in enumerate(STARS))},
                repeat('Jeg blev hørt, og øvelserne hjalp mig videre. ', 12), 'Rolig Lærke ' || n,
                %(at)s, %(at)s, %(at)s::timestamptz + n * interval '1 minute', '', '', '', '[]', FALSE, FALSE
            FROM generate_series(1, %(number)s) n RETURNING id, clinic_id)
            INSERT INTO clinics_reviewreply (review_id, clinic_id, status, text, written_at, reason)
            SELECT id, clinic_id, 'published', 'Tak for dine ord.', %(at)s, '' FROM made WHERE id %% 3 = 0""",
            {"clinic": clinic.pk, "number": number, "at": FIRST},
        )
