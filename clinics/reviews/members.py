"""What the members of a clinic see of its reviews: those that everybody can see, and nothing else. docs/review-owners.md.

Every page and number of theirs begins at `shown`, every action at `steps.require`. A review that is not published does not
exist for them, whatever they know of it: the answer is that of a review that never was.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from clinics import clock, danish, ownership
from clinics.memberships import owners
from clinics.models import Clinic, Contest, Review, ReviewReply
from clinics.outbox import absolute, promise

PUBLISHED = Review.Status.PUBLISHED
NEW = datetime.timedelta(days=14)
# What only moderators read, or nobody: not even fetched for a page of the clinic's.
HIDDEN = ("secret", "email", "source", "suspicions", "reason")


def shown(clinic: Clinic) -> QuerySet[Review]:
    """As on the clinic's public page: the newest first, each with the clinic's reply and contest if there are any."""
    rows = Review.objects.filter(clinic=clinic, status=PUBLISHED).select_related("reply", "contest")
    return rows.defer(*HIDDEN).order_by("-published_at", "-pk")


def reply_of(review: Review) -> ReviewReply | None:
    return getattr(review, "reply", None)


def contest_of(review: Review) -> Contest | None:
    return getattr(review, "contest", None)


@dataclass(frozen=True)
class News:
    """`new`: published in the last two weeks; `unanswered`: without a reply that is shown or waits; `shown`: all."""

    new: int = 0
    unanswered: int = 0
    shown: int = 0

    @property
    def text(self) -> str:
        """`"2 nye anmeldelser · 1 uden svar"`; of nothing new how many there are; "" without any."""
        if not self.shown:
            return ""
        ones = ("ny anmeldelse", "nye anmeldelser") if self.new else ("anmeldelse", "anmeldelser")
        without = danish.count(self.unanswered, "uden svar", "uden svar") if self.unanswered else ""
        return " · ".join(filter(None, [danish.count(self.new or self.shown, *ones), without]))


UNANSWERED = Q(reply=None) | Q(reply__status=ReviewReply.Status.REJECTED)


def news_of(clinics: Sequence[Clinic]) -> dict[int, News]:
    """Clinic → its news, also where there are none. One statement."""
    rows = Review.objects.filter(clinic__in=clinics, status=PUBLISHED).order_by().values("clinic")
    counted = rows.annotate(
        new=Count("pk", filter=Q(published_at__gte=clock.now() - NEW)),
        unanswered=Count("pk", filter=UNANSWERED),
        shown=Count("pk"),
    )
    found = {row["clinic"]: News(row["new"], row["unanswered"], row["shown"]) for row in counted}
    return {one.pk: found.get(one.pk, News()) for one in clinics}


def list_of(clinic: Clinic) -> str:
    """The members' page of all reviews, as it stands in a mail."""
    return absolute(reverse("clinics:clinic_reviews", args=[clinic.slug]))


def page_of(clinic: Clinic, review: Review) -> str:
    """The members' page of one review: there while the review is."""
    return absolute(reverse("clinics:clinic_review", args=[clinic.slug, review.key]))


def tell(clinic: Clinic, person: User | None, template: str, **context: Any) -> None:
    """A mail to whoever wrote, while still a member; else to the owners. Nobody who has left learns what came of it."""
    if person is not None and person.is_active and ownership.is_member(person, clinic):
        people = [person]
    else:
        people = [one.user for one in owners(clinic).select_related("user").order_by("pk")]
    for one in people:
        if one.email:
            promise(template=template, to=one.email, clinic=clinic, context={"clinic": clinic.name, **context})
