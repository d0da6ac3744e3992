"""What changes an article. Every verb is one transaction and leaves text and page in step.

What changes an article as a target – whether it is public, its name, its address – also brings the pages that mention
it in line, so that no page leads to one that nobody may read.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Q

from articles import link_terms, mentions, tasks
from articles.images import follow_text
from articles.models import Article, LinkTerm
from articles.safety.recheck import check_again, outdated
from clinics import addresses, clock, registry
from clinics.addresses import ARTICLE, AddressError

# Pages brought in line at once, 2 ms each. Of more mentions only those that would lead to nothing are; a task does the rest.
MOST_AT_ONCE = 200


@transaction.atomic
def save_article(article: Article) -> None:
    """An editor's change: the next import of another text is then a conflict, and nothing is overwritten."""
    article.edited_at = clock.now()
    if article.pk and "![" in article.body:
        before = Article.objects.filter(pk=article.pk).values_list("body", flat=True).first()
        follow_text(article, before or "")
    with _as_target(article):
        article.save()


@transaction.atomic(savepoint=False)  # an import asks for it, for hundreds, each in a transaction of its own
def publish_article(article: Article) -> None:
    """Everybody may read it from now on. Never claims a medical review; an archived article comes back too."""
    article.status = Article.Status.PUBLISHED
    article.publish_at = None
    if article.published_on is None and not article.source_name:
        # The date of a file is the file's: one that could not be read is left empty and not made up.
        article.published_on = clock.today()
    with _as_target(article):
        article.save()


@transaction.atomic
def archive_article(article: Article) -> None:
    """Nobody but editors can read it."""
    article.status = Article.Status.ARCHIVED
    article.publish_at = None
    with _as_target(article):
        article.save()


@transaction.atomic
def delete_article(article: Article) -> None:
    """It is gone for good, and so is every link to it. Its old addresses are free again."""
    slugs = mentions.slugs_of([article])
    addresses.forget(kind=ARTICLE, object_id=article.pk)
    article.delete()
    _bring_in_line(mentions.linking_to(slugs))


@transaction.atomic
def rename_article(article: Article, slug: str, by: AbstractUser | None = None) -> Article:
    """Give an article another address; the old ones lead to it with 301. Raises AddressError, and then nothing is changed.

    Its condition keeps its own slug, and a file with one of its old names still updates it.
    """
    stored = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    new = addresses.cleaned(ARTICLE, slug)
    old = stored.slug
    if new != old:
        _refuse_taken(stored, new)
        addresses.move(kind=ARTICLE, object_id=stored.pk, old=old, new=new)
        stored.slug = new
        stored._change_reason = f"Ny adresse: {old} → {new}"[:100]  # type: ignore[attr-defined]  # both for the history
        stored._history_user = by  # type: ignore[attr-defined]
        with _as_target(stored):
            stored.save(update_fields=["slug"])
    article.slug = new
    return stored


def _refuse_taken(article: Article, slug: str) -> None:
    other = Article.objects.filter(Q(slug=slug) | Q(pk=addresses.current(ARTICLE, slug))).exclude(pk=article.pk).first()
    if other and other.slug == slug:
        raise AddressError(f"Adressen bruges af en anden artikel: “{other.title}”.")
    if other:
        raise AddressError(f"Adressen er den gamle adresse på “{other.title}” og fører dertil.")


@transaction.atomic
def target_changed(article: Article) -> int:
    """After an article came out, went away, or got another name or address: the pages that mention it say so.

    Returns how many changed. Nothing while `later` holds the links back.
    """
    return _targets_changed([article])


@transaction.atomic
def render_mentions(slugs: Iterable[str]) -> int:
    """The same for several articles at once, by address."""
    return _targets_changed(list(Article.objects.filter(slug__in=set(slugs)).select_related("condition")))


@transaction.atomic
def save_link_term(term: LinkTerm, *, before: str = "") -> None:
    """An editor's decision about one phrase; `before` is what the row said until now."""
    term.save()
    _words_changed([term.phrase, before])


@transaction.atomic
def delete_link_terms(terms: Iterable[LinkTerm]) -> None:
    """The words lead where they would by themselves."""
    phrases = []
    for term in list(terms):
        phrases.append(term.phrase)
        term.delete()
    _words_changed(phrases)


def render_stale() -> int:
    """Bring every page in line with renderer, words and red flags as they are now. Returns how many changed; often none.

    Safe to run at any time and twice. Whatever came out by itself since the last time counts as well.
    """
    return mentions.bring_in_line(mentions.stale(link_terms.current())) + check_again(outdated())


def render_articles(articles: Iterable[Article]) -> int:
    """Make the pages anew from the stored texts. Returns how many there were."""
    keys = [article.pk for article in articles]
    mentions.bring_in_line(Q(pk__in=keys), whole=True)
    return len(keys)


@contextmanager
def later() -> Iterator[None]:
    """For work on many articles: words and red flags are read once, and pages brought in line once, by `render_stale` after."""
    with link_terms.held(), registry.held():
        yield


@contextmanager
def _as_target(article: Article) -> Iterator[None]:
    """Tell the pages that mention the article when what is done inside changed it as a target."""
    if link_terms.is_held():
        yield
        return
    before = link_terms.current().version
    yield
    if link_terms.current().version != before:
        _targets_changed([article])


def _targets_changed(articles: list[Article]) -> int:
    if link_terms.is_held() or not articles:
        return 0
    leading = mentions.linking_to(mentions.slugs_of(articles))
    naming = mentions.naming(link_terms.phrases_of(articles))
    return _bring_in_line(leading if _are_many(naming) else leading | naming)


def _words_changed(phrases: list[str]) -> None:
    naming = mentions.naming(phrases)
    _bring_in_line(Q(pk__in=()) if _are_many(naming) else naming)


def _are_many(which: Q) -> bool:
    return Article.objects.filter(which)[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


def _bring_in_line(which: Q) -> int:
    if link_terms.is_held():
        return 0
    changed = mentions.bring_in_line(which)
    # All others are stale too, though few of them will change. The beat finds them as well, should this call be lost.
    transaction.on_commit(tasks.nudge, robust=True)
    return changed
