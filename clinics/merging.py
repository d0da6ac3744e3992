"""Two conditions that turned out to be one. Words, addresses and warnings of both lead on; nothing gets milder.

The rules: docs/vocabulary.md, “Merging”.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from . import actions
from .models import Condition, RedFlag
from .registry import registry_for
from .text import fold

_LONGEST_WORDS = 120  # of a synonym


class MergeError(Exception):
    """Two conditions that cannot become one; the text is one Danish sentence."""

    @property
    def text(self) -> str:
        return str(self)


def check_merge(source: Condition, target: Condition) -> None:
    """Raises MergeError when the source cannot become part of the target. A new source has no key yet."""
    if source.pk == target.pk:
        raise MergeError("En tilstand kan ikke lægges sammen med sig selv.")
    if target.merged_into:
        raise MergeError(f"“{target}” er selv lagt sammen med “{target.merged_into}”. Vælg “{target.merged_into}”.")


@transaction.atomic
def merge_conditions(*, source: Condition, target: Condition, by: AbstractUser | None = None) -> Condition:
    """From now on the source is the target under another name. Returns the target as it is now. Raises MergeError.

    The source's row stays as it is, so that its words and address lead on and `unmerge_condition` can bring it back.
    What the target matches is what the merged condition matches.
    """
    rows = Condition.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=(source.pk, target.pk))
    found = {row.pk: row for row in rows}
    if target.pk not in found or source.pk not in found:
        raise MergeError("Tilstanden findes ikke længere.")
    source, target = found[source.pk], found[target.pk]
    check_merge(source, target)
    if source.merged_into_id == target.pk:
        return target
    if source.merged_into:
        raise MergeError(
            f"“{source}” er lagt sammen med “{source.merged_into}”. Tøm feltet, og gem, før du vælger en anden."
        )
    _add_words(target, (source.name, *source.synonyms))
    _add_warnings(source, target)
    target.save()
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    Condition.objects.filter(merged_into=source).update(merged_into=target)  # one step from any old name to the present
    _move_articles(source.articles.all(), target, f"Lagt sammen: {source.name} → {target.name}", by)
    for row in (source, target):
        actions.mark_edited(row=row)  # or the committed vocabulary would bring the old words back
    return target


@transaction.atomic
def unmerge_condition(*, condition: Condition, by: AbstractUser | None = None) -> None:
    """It is a condition of its own again, with the words and matches that it had. Articles with its address go back to it.

    Whatever warned while the two were one warns on both from now on: taking a warning away needs a second editor.
    """
    condition = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    target = condition.merged_into
    if target is None:
        return
    own = {fold(words) for words in (condition.name, *condition.synonyms)}
    target.synonyms = [words for words in target.synonyms if fold(words) not in own]
    target.save(update_fields=["synonyms"])
    condition.merged_into = None
    _add_warnings(target, condition)
    condition.save()
    returning = target.articles.filter(slug=condition.slug)
    _move_articles(returning, condition, f"Skilt ad igen: {condition.name}", by)
    for row in (condition, target):
        actions.mark_edited(row=row)


def _add_words(target: Condition, words: Iterable[str]) -> None:
    known = {fold(target.name), *map(fold, target.synonyms)}
    for word in words:
        word = word.replace(",", "")  # the admin separates synonyms by commas
        if fold(word) and fold(word) not in known and len(word) <= _LONGEST_WORDS:
            known.add(fold(word))
            target.synonyms = [*target.synonyms, word]


def _add_warnings(source: Condition, target: Condition) -> None:
    """Every flag that stood on the source's pages, by choice or by default, stands on the target's, and the gate too.

    A first flag of its own takes a condition's milder defaults away (clinics.care), so they become its own as well.
    """
    # A hold on clinics is lifted by accepting match and gate; a target with a gate has been through that.
    target.awaits_acceptance |= source.awaits_acceptance and not target.care_gate
    target.care_gate = _both(target.care_gate, source.care_gate)
    before, shown = registry_for(target).in_force, registry_for(source).in_force
    wanted = set(source.red_flags.values_list("key", flat=True)) | (shown - before)
    target.red_flags.add(*RedFlag.objects.filter(key__in=wanted))
    gave_way = (before | shown) - registry_for(target).in_force
    target.red_flags.add(*RedFlag.objects.filter(key__in=gave_way))


def _both(one: str, other: str) -> str:
    """Two gates: a gate beats none, and of two different ones both hold."""
    one, other = one.strip(), other.strip()
    if fold(other) in fold(one):
        return one
    return other if fold(one) in fold(other) else f"{one} {other}"


def _move_articles(articles: Iterable[object], condition: Condition, reason: str, by: AbstractUser | None) -> None:
    """Articles know their condition, conditions nothing of articles but that they lead here (Article.condition)."""
    for article in articles:
        article.condition = condition  # type: ignore[attr-defined]
        article._change_reason = reason[:100]  # type: ignore[attr-defined]  # both read by django-simple-history
        article._history_user = by  # type: ignore[attr-defined]
        article.save(update_fields=["condition"])  # type: ignore[attr-defined]
