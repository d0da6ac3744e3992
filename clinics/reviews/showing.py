"""What everybody may read of a clinic's reviews: the published ones, the newest first, and what they come to together.

Nobody picks, pins or shortens them: the order is the day of publication, whatever they say (domain.md R2, R19).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dateformat import format as date_format

from clinics import danish
from clinics.models import Clinic, Rating, Review, ReviewReply

from . import mean, words
from .aggregate import STEPS
from .questions import BY_FIELD, QUESTIONS

ON_PROFILE = 3  # what a phone can bear; the page of all is one press away
ON_PAGE = 20
OVERALL = "overall"
FOUR = tuple(one for one in QUESTIONS if one.field != OVERALL)
# What is read of a review, and nothing else: an address or a moderator's note never comes near a public page.
COLUMNS = (
    "key",
    "confirmation",
    "visited_in",
    *BY_FIELD,
    "text",
    "nickname",
    "is_example",
    "reply__text",
    "reply__status",
)


@dataclass(frozen=True)
class ShownReview:
    """`visited`: `"oktober 2026"`; `word` is `stars` in words; `answers`: (question, answer in words); `reply` may be ""."""

    key: str
    nickname: str
    visited: str
    is_confirmed: bool
    counts: bool  # in the average
    label: str
    stars: int
    word: str
    answers: tuple[tuple[str, str], ...]
    text: str
    reply: str
    is_example: bool
    report_url: str

    @property
    def anchor(self) -> str:
        return f"anmeldelse-{self.key}"


@dataclass(frozen=True)
class Step:
    """How many gave so many stars. `share` in whole per cent of those that count."""

    stars: int
    word: str
    many: int
    share: int


@dataclass(frozen=True)
class ReviewsPart:
    """`average` with one decimal, None while no confirmed visit counts; `means`: (what was asked, `"4,6"`). The five `steps`
    from the best to the worst. `shown` is how many can be read, `counted` how many of them the average is made of."""

    shown: int
    counted: int
    average: Decimal | None
    steps: tuple[Step, ...]
    means: tuple[tuple[str, str], ...]
    reviews: tuple[ShownReview, ...]
    write_url: str
    all_url: str

    @property
    def rating(self) -> str:
        return words.rating(self.average, self.counted)

    @property
    def out_of_five(self) -> str:
        return words.out_of_five(self.average) if self.average is not None else ""

    @property
    def counted_in_words(self) -> str:
        return words.counted(self.counted)

    @property
    def has_more(self) -> bool:
        return self.shown > len(self.reviews)

    @property
    def shown_in_words(self) -> str:
        return danish.count(self.shown, "anmeldelse", "anmeldelser")

    @property
    def share(self) -> str:
        """How many of those shown count, and what of the others."""
        if self.counted == self.shown:
            return "" if settings.REVIEWS_COUNT_EMAIL or not self.shown else "Alle anmeldelser er bekræftede besøg."
        others = self.shown - self.counted
        more = danish.count(others, "anmeldelse", "anmeldelser")
        count = "tæller" if self.counted else "tæller endnu"
        share = f"{_percent(self.counted, self.shown)} af anmeldelserne er bekræftede besøg."
        return f"{share} {more} {count} ikke med i gennemsnittet."


def rating_of(clinic: Clinic) -> Rating:
    """Zeros for a clinic that nobody has reviewed. Asks nothing where the clinic was read with `select_related("rating")`."""
    found: Rating | None = getattr(clinic, "rating", None)
    return found or Rating(clinic=clinic)


def reviews_part(clinic: Clinic, first: int = 0, size: int = ON_PROFILE) -> ReviewsPart:
    """What the clinic's reviews come to, and `size` of them from number `first` on. One query; none where there are none."""
    rating = rating_of(clinic)
    rows = published(clinic)[first : first + size] if rating.shown > first else ()
    counts = [getattr(rating, name) for name in STEPS]
    overall = BY_FIELD[OVERALL]
    return ReviewsPart(
        shown=rating.shown,
        counted=rating.counted,
        average=mean.average(rating.overall, rating.counted),
        steps=tuple(
            Step(stars, overall.word(stars), many, _whole_percent(many, rating.counted))
            for stars, many in reversed(list(enumerate(counts, 1)))
        ),
        means=tuple(
            (one.label, words.decimal(average))
            for one in FOUR
            if (average := mean.average(getattr(rating, one.field), rating.counted)) is not None
        ),
        reviews=tuple(_shown(clinic, row) for row in rows),
        write_url=reverse("clinics:review_write", args=[clinic.slug]),
        all_url=reverse("clinics:reviews", args=[clinic.slug]),
    )


def published(clinic: Clinic) -> QuerySet[Review, dict[str, Any]]:
    """The newest first."""
    rows = Review.objects.filter(clinic=clinic, status=Review.Status.PUBLISHED)
    return rows.order_by("-published_at", "-pk").values(*COLUMNS)


def _shown(clinic: Clinic, row: dict[str, Any]) -> ShownReview:
    confirmation = Review.Confirmation(row["confirmation"])
    has_reply = row["reply__status"] == ReviewReply.Status.PUBLISHED
    return ShownReview(
        key=row["key"],
        nickname=row["nickname"],
        visited=date_format(row["visited_in"], "F Y"),
        is_confirmed=confirmation == Review.Confirmation.VISIT,
        counts=settings.REVIEWS_COUNT_EMAIL or confirmation == Review.Confirmation.VISIT,
        label=str(confirmation.label),
        stars=row[OVERALL],
        word=BY_FIELD[OVERALL].word(row[OVERALL]),
        answers=tuple((one.label, one.word(row[one.field])) for one in FOUR),
        text=row["text"],
        reply=row["reply__text"] if has_reply else "",
        is_example=row["is_example"],
        report_url=f"{reverse('clinics:report', args=[clinic.slug])}?anmeldelse={row['key']}",
    )


def _whole_percent(many: int, of: int) -> int:
    return round(100 * many / of) if of else 0


def _percent(many: int, of: int) -> str:
    """Never “100 %” of less than all, nor “0 %” of some."""
    share = _whole_percent(many, of)
    return f"{min(share, 99) if many < of else share} %" if share or not many else "Under 1 %"
