"""What editors are asked about an article's safety, and what they answered. Every verb is one transaction.

Raises SafetyError when something cannot be done, and then nothing is changed.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from articles.parts import Document
from clinics import clock
from clinics.models import Condition

from .check import Check, attention, unsigned

if TYPE_CHECKING:
    from articles.models import Article

SHORTEST_REASON, LONGEST_REASON = 5, 2000


class SafetyError(Exception):
    """The text is a Danish sentence that says what is wrong."""


@transaction.atomic(savepoint=False)  # part of the transaction that stores the article
def update_suggestions(
    article: "Article", document: Document, check: Check | None = None, *, is_new: bool = False
) -> list[str]:
    """Suggest the flags that the text describes and the condition does not have. What was decided stays decided.

    `Article.save` does this whenever the page is made anew; `check` is what that has found already. `is_new`: nothing has
    been suggested for the article before. Returns the keys of the flags that now wait for an answer, sorted.
    """
    check = check or Check(document, article.condition)
    wanted = dict(check.suggested)
    pending = set(wanted)
    for row in () if is_new else article.flag_suggestions.select_related("flag"):
        found = wanted.pop(row.flag.key, None)
        if row.state != row.State.PENDING:
            pending.discard(row.flag.key)
            continue
        if found is None:
            row.delete()
        elif (row.sentence, row.line, row.urgency) != (found.sentence, found.line, found.urgency):
            row.sentence, row.line, row.urgency = found.sentence, found.line, found.urgency
            row.save(update_fields=["sentence", "line", "urgency"])
    if wanted:
        row_of = article.flag_suggestions.model
        article.flag_suggestions.bulk_create(
            row_of(article=article, flag=one.flag, sentence=one.sentence, line=one.line, urgency=one.urgency)
            for one in wanted.values()
        )
    needs_attention = bool(pending or unsigned(article))
    if not is_new or needs_attention != article.needs_attention:
        _store_attention(article, needs_attention)
    return sorted(pending)


@transaction.atomic
def accept_suggestions(*, article: "Article", pks: Collection[int], by: AbstractUser) -> int:
    """Attach the suggested flags to the article's condition: adding a warning takes one editor. Returns how many."""
    if article.condition_id is None:
        raise SafetyError("Artiklen har ingen tilstand. Vælg en, før du godkender røde flag.")
    condition = Condition.objects.select_for_update().get(pk=article.condition_id)
    rows = list(article.flag_suggestions.select_for_update().filter(pk__in=pks, state="pending").order_by("pk"))
    condition.red_flags.add(*(row.flag_id for row in rows))
    _decide(rows, "accepted", by)
    _check_again(condition)
    article.refresh_from_db(fields=["needs_attention", "safety", "document"])
    return len(rows)


@transaction.atomic
def refuse_suggestions(*, article: "Article", pks: Collection[int], by: AbstractUser) -> int:
    """These flags do not belong to the article. Returns how many; the text never suggests them again."""
    rows = list(article.flag_suggestions.select_for_update().filter(pk__in=pks, state="pending").order_by("pk"))
    _decide(rows, "refused", by)
    refresh_attention(article)
    return len(rows)


@transaction.atomic
def sign_off(*, article: "Article", fingerprints: Collection[str], reason: str, by: AbstractUser) -> int:
    """Let places stand, with a reason; their cards stay. Returns how many places."""
    reason = checked_reason(reason)
    places = {place["fingerprint"] for place in unsigned(article)} & set(fingerprints)
    if not places:
        raise SafetyError("Stedet findes ikke mere. Teksten er måske ændret, siden du åbnede siden.")
    for fingerprint in sorted(places):
        article.sign_offs.get_or_create(fingerprint=fingerprint, defaults={"reason": reason, "by_id": by.pk})
    refresh_attention(article)
    return len(places)


def refresh_attention(article: "Article") -> None:
    """Bring `needs_attention` in line with the sign-offs and suggestions. Not a change of the article: no new version."""
    _store_attention(article, attention(article))


def _store_attention(article: "Article", needs_attention: bool) -> None:
    article.needs_attention = needs_attention
    rows = type(article).objects.filter(pk=article.pk)
    rows.exclude(needs_attention=needs_attention).update(needs_attention=needs_attention)


def checked_reason(reason: str) -> str:
    """The reason without spaces around it; SafetyError when it says nothing or too much."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON or "\0" in reason:
        raise SafetyError("Skriv en begrundelse, som andre redaktører kan forstå.")
    if len(reason) > LONGEST_REASON:
        raise SafetyError(f"Begrundelsen er for lang. Der er plads til {LONGEST_REASON} tegn.")
    return reason


def _decide(rows: list, state: str, by: AbstractUser) -> None:
    for row in rows:
        row.state, row.decided_by, row.decided_at = state, by, clock.now()
        row.save(update_fields=["state", "decided_by", "decided_at"])


def _check_again(condition: Condition) -> None:
    from .recheck import check_again  # it reads the articles

    check_again(condition.articles.values_list("pk", flat=True))
