"""The way of an article: kladde → til faglig gennemgang → klar → udgivet, and archived. Who may take which step.

A medical review is a step that an article may skip, and publishing never claims one: what was reviewed, by whom and
when is recorded by `record_review` alone. A scheduled article is one that is ready with a time; nothing has to run at
that moment, `Article.objects.published()` asks the clock.
"""

import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction

from articles import actions, safety
from articles.models import Article
from clinics import clock

DRAFT, REVIEW, READY, PUBLISHED, ARCHIVED = Article.Status
WRITE, PUBLISH, REVIEW_IT = "articles.change_article", "articles.publish_article", "articles.review_article"

REVIEW_FIELDS = ("reviewer", "reviewed_at", "next_review_due")
LONGEST_REVIEW_YEARS = 3  # as PIF TICK asks of health information

User = AbstractUser | AnonymousUser


class WorkflowError(Exception):
    """A step that cannot be taken; the text is one Danish sentence for the editor."""


@dataclass(frozen=True)
class Transition:
    """One step. `permissions`: any one of them is enough. `scheduled`: True sets a time, False takes one away."""

    source: str
    to: str
    verb: str
    permissions: tuple[str, ...]
    scheduled: bool | None = None
    needs_reason: bool = False

    def open_to(self, user: User) -> bool:
        return any(user.has_perm(permission) for permission in self.permissions)


TRANSITIONS = (
    Transition(DRAFT, REVIEW, "Send til faglig gennemgang", (WRITE,)),
    Transition(DRAFT, READY, "Meld klar", (WRITE,)),
    Transition(DRAFT, PUBLISHED, "Udgiv", (PUBLISH,)),
    Transition(DRAFT, READY, "Planlæg", (PUBLISH,), scheduled=True),
    Transition(DRAFT, ARCHIVED, "Arkivér", (PUBLISH,)),
    Transition(REVIEW, READY, "Godkend", (REVIEW_IT,)),
    Transition(REVIEW, DRAFT, "Send tilbage", (REVIEW_IT,), needs_reason=True),
    Transition(REVIEW, DRAFT, "Træk tilbage", (WRITE,)),
    Transition(REVIEW, ARCHIVED, "Arkivér", (PUBLISH,)),
    Transition(READY, PUBLISHED, "Udgiv", (PUBLISH,)),
    Transition(READY, READY, "Planlæg", (PUBLISH,), scheduled=True),
    Transition(READY, READY, "Ophæv planlægningen", (PUBLISH,), scheduled=False),
    Transition(READY, REVIEW, "Send til faglig gennemgang", (WRITE,)),
    Transition(READY, DRAFT, "Træk tilbage", (WRITE,)),
    Transition(READY, DRAFT, "Send tilbage", (REVIEW_IT,), needs_reason=True),
    Transition(READY, ARCHIVED, "Arkivér", (PUBLISH,)),
    Transition(PUBLISHED, DRAFT, "Træk tilbage", (PUBLISH,)),
    Transition(PUBLISHED, ARCHIVED, "Arkivér", (PUBLISH,)),
    Transition(ARCHIVED, DRAFT, "Hent frem igen", (PUBLISH,)),
    Transition(ARCHIVED, PUBLISHED, "Udgiv igen", (PUBLISH,)),
)


def stage(article: Article) -> str:
    """Where it stands now: what is ready and due is published, and what is published from a later time only ready."""
    waits = article.publish_at is not None and article.publish_at > clock.now()
    if article.status == PUBLISHED and waits:
        return READY
    if article.status == READY and article.publish_at is not None and not waits:
        return PUBLISHED
    return article.status


def is_scheduled(article: Article) -> bool:
    return stage(article) == READY and article.publish_at is not None


def comes_out(article: Article) -> bool:
    """Whether everybody can read it, or will without anybody doing more."""
    return stage(article) == PUBLISHED or is_scheduled(article)


def allowed(user: User, article: Article) -> list[Transition]:
    """The steps that this user may take with this article now, each outcome once."""
    steps: dict[tuple[str, bool | None], Transition] = {}
    for step in TRANSITIONS:
        if (
            step.source == stage(article)
            and step.open_to(user)
            and (step.scheduled is not False or is_scheduled(article))
        ):
            steps.setdefault((step.to, step.scheduled), step)
    return list(steps.values())


def version_of(article: Article) -> str:
    """What a page shows of an article, as one value: a form sends it back, so that a step is taken of what was seen."""
    parts = (standing_of(article), article.fingerprint(), article.text_fingerprint())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def standing_of(article: Article) -> str:
    """The part of `version_of` that no writing changes: status and time."""
    time = article.publish_at.timestamp() if article.publish_at else ""  # the same moment in any zone
    return f"{article.status} {time}"


@transaction.atomic
def move(
    article: Article,
    *,
    to: str,
    by: AbstractUser,
    reason: str = "",
    publish_at: datetime.datetime | None = None,
    seen: str = "",
    places: Collection[str] | None = None,
) -> Article:
    """Take one step. `publish_at` with `to="ready"` schedules. Returns the article as it now is. Raises WorkflowError.

    `seen` is the `version_of` what the user was shown, by default the article that was passed in. `reason` is kept in
    the history, and signs off what is milder than a red flag when the step makes that public. `places`: the fingerprints of
    the places that the user was shown and gives the reason for, by default all that there are.
    """
    stored = _locked(article, seen)
    reason = reason.strip()
    step = _step(stored, to, by, publish_at)
    if step.needs_reason and not reason:
        raise WorkflowError("Skriv, hvorfor artiklen bliver sendt tilbage.")
    was_public = stage(stored) == PUBLISHED
    if publish_at:
        publish_at = _in_the_future(publish_at)
    if step.to == PUBLISHED or step.scheduled:
        _sign_off(stored, by, reason, places)
    _remember(stored, by, f"{step.verb}: {reason}" if reason else step.verb)
    if step.to == PUBLISHED:
        _date(stored, clock.today())
        actions.publish_article(stored)
    elif step.to == ARCHIVED:
        actions.archive_article(stored)
    else:
        _date(stored, publish_at.astimezone(clock.COPENHAGEN).date() if publish_at else None)
        stored.status, stored.publish_at = step.to, publish_at
        stored.save()
        if was_public:
            actions.target_changed(stored)
    article.refresh_from_db()
    return article


def review_fields(user: User) -> tuple[str, ...]:
    """Which fields about the medical review this user may fill in: all of REVIEW_FIELDS, or none."""
    return REVIEW_FIELDS if user.has_perm(REVIEW_IT) else ()


@transaction.atomic
def record_review(
    article: Article,
    *,
    by: AbstractUser,
    name: str,
    on: datetime.date,
    next_due: datetime.date,
    seen: str = "",
) -> Article:
    """Somebody with the knowledge has read this very text; from now on the page says so, until the text changes.

    Raises WorkflowError. `seen` as in `move`.
    """
    _may_review(by)
    stored = _locked(article, seen)
    name = " ".join(name.split())
    if not name:
        raise WorkflowError("Skriv navnet på den fagperson, der har gennemgået teksten.")
    if len(name) > 150:
        raise WorkflowError("Navnet er for langt: der er plads til 150 tegn.")
    if on > clock.today():
        raise WorkflowError("Datoen for gennemgangen ligger i fremtiden.")
    if next_due <= max(on, clock.today()):
        raise WorkflowError("Næste gennemgang skal ligge efter i dag.")
    if next_due > _years_after(on, LONGEST_REVIEW_YEARS):
        raise WorkflowError(f"Næste gennemgang må højst ligge {LONGEST_REVIEW_YEARS} år efter denne.")
    return _store_review(stored, article, by, f"Fagligt gennemgået af {name}", name, on, next_due)


@transaction.atomic
def withdraw_review(article: Article, *, by: AbstractUser, reason: str, seen: str = "") -> Article:
    """Take back a review that was recorded by mistake: the page claims none any more. Raises WorkflowError."""
    _may_review(by)
    stored = _locked(article, seen)
    if not reason.strip():
        raise WorkflowError("Skriv, hvorfor gennemgangen ikke gælder.")
    return _store_review(stored, article, by, f"Gennemgang trukket tilbage: {reason.strip()}", "", None, None)


def _locked(article: Article, seen: str) -> Article:
    stored = Article.objects.select_for_update(of=("self",)).filter(pk=article.pk).first()
    if stored is None:
        raise WorkflowError("Artiklen findes ikke længere.")
    if version_of(stored) != (seen or version_of(article)):
        raise WorkflowError("Artiklen er ændret, siden du åbnede den. Hent siden igen, og se den igennem.")
    return stored


def _step(stored: Article, to: str, by: User, publish_at: datetime.datetime | None) -> Transition:
    here = stage(stored)
    scheduled = True if publish_at else False if to == here == READY else None
    steps = [step for step in TRANSITIONS if (step.source, step.to, step.scheduled) == (here, to, scheduled)]
    if not steps or (scheduled is False and not is_scheduled(stored)):
        raise WorkflowError(f"Det trin findes ikke for en artikel, der er “{Article.Status(here).label}”.")
    for step in steps:
        if step.open_to(by):
            return step
    raise WorkflowError(f"Du har ikke adgang til at tage trinnet “{steps[0].verb}”.")


def _in_the_future(moment: datetime.datetime) -> datetime.datetime:
    """The moment, aware; a naive one is Danish time. Refuses the hour that a change of clocks skips or repeats."""
    if moment.tzinfo is None:
        earlier, later = (moment.replace(tzinfo=clock.COPENHAGEN, fold=fold) for fold in (0, 1))
        if earlier.utcoffset() != later.utcoffset():
            raise WorkflowError("Uret bliver stillet i den time. Vælg et tidspunkt før eller efter.")
        moment = earlier
    if moment <= clock.now():
        raise WorkflowError("Tidspunktet er passeret. Vælg et senere, eller udgiv artiklen nu.")
    return moment


def _date(article: Article, day: datetime.date | None) -> None:
    """The date of an article that no file brought: the day it comes out."""
    old = (
        article.publish_at.astimezone(clock.COPENHAGEN).date() if is_scheduled(article) and article.publish_at else None
    )
    if not article.source_name and article.published_on in (None, old):
        article.published_on = day


def _sign_off(article: Article, by: AbstractUser, reason: str, shown: Collection[str] | None) -> None:
    """Nothing milder than a red flag goes out unseen. Looked at anew: a flag may have changed since the page was made."""
    article.render()
    places = {place["fingerprint"] for place in safety.unsigned(article)}
    if not places:
        return
    if not reason:
        raise WorkflowError(_asks_for_reason(len(places)))
    if shown is not None and not places <= set(shown):
        raise WorkflowError(
            "Der er kommet nye steder til, siden du åbnede siden. Se dem igennem, før du giver en begrundelse for dem."
        )
    try:
        safety.sign_off(article=article, fingerprints=places, reason=reason, by=by)
    except safety.SafetyError as error:
        raise WorkflowError(str(error)) from error


def _asks_for_reason(count: int) -> str:
    where = "Ét sted" if count == 1 else f"{count} steder"
    return (
        f"{where} er teksten mildere end de røde flag eller strider mod dem. Ret teksten, eller skriv en begrundelse."
    )


def _may_review(by: User) -> None:
    if not by.has_perm(REVIEW_IT):
        raise WorkflowError("Kun en fagperson eller en administrator kan registrere en faglig gennemgang.")


def _store_review(stored: Article, article: Article, by: AbstractUser, reason: str, *values: Any) -> Article:
    for name, value in zip(REVIEW_FIELDS, values, strict=True):
        setattr(stored, name, value)
    if not stored.is_rendered:
        stored.render()  # the fingerprint covers its pictures
    stored.reviewed_fingerprint = stored.text_fingerprint() if stored.reviewer else ""
    _remember(stored, by, reason)
    stored.save()
    article.refresh_from_db()
    return article


def _remember(article: Article, by: AbstractUser, reason: str) -> None:
    """Who and why, for the version that the next save leaves in the history."""
    article._change_reason = reason  # type: ignore[attr-defined]  # both read by django-simple-history
    article._history_user = by  # type: ignore[attr-defined]


def _years_after(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
