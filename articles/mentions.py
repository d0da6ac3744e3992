"""Which pages mention an article, and bringing pages in line with the words and addresses as they are now.

A page is stale when it was made by an older renderer or linked with another term list than the present one
(`document["terms"]`). That is a state of the row: nothing has to be remembered about what changed, a task that is lost
loses nothing, and what comes out by itself at its time is found like any other change.
"""

import logging
from collections.abc import Collection, Iterable

from django.contrib.postgres.search import SearchQuery
from django.db import transaction
from django.db.models import Q

from articles import link_terms, rendering
from articles.link_terms import TermList
from articles.links import Linker
from articles.models import RENDERED, Article
from articles.phrases import words_of
from clinics.models import SlugHistory

CHUNK = 50  # pages in memory and in one transaction; a page takes 50 kB
_LONG = ("warnings", "safety", "search_text", "search_vector")

logger = logging.getLogger(__name__)


def slugs_of(articles: Iterable[Article]) -> set[str]:
    """Their addresses, the old ones too."""
    articles = list(articles)
    old = SlugHistory.objects.filter(kind=SlugHistory.Kind.ARTICLE, object_id__in=[article.pk for article in articles])
    return {article.slug for article in articles} | set(old.values_list("slug", flat=True))


def linking_to(slugs: Collection[str]) -> Q:
    """The pages that lead to these addresses now, and those whose text holds one as a link."""
    found = Q(pk__in=())
    for slug in slugs:
        found |= Q(document__links__contains=[{"slug": slug}]) | Q(body__contains=f"/ordbog/{slug}")
    return found


def naming(phrases: Collection[str]) -> Q:
    """The pages with the words of one of these phrases in some form; rather too many than too few."""
    queries = [" & ".join(f"{word}:*" for word in words) for phrase in phrases if (words := words_of(phrase))]
    if not queries:
        return Q(pk__in=())
    query = " | ".join(f"({query})" for query in queries)
    return Q(search_vector=SearchQuery(query, config="danish", search_type="raw"))


def stale(terms: TermList) -> Q:
    """The pages that were made by an older renderer, or linked with another list."""
    in_line = Q(document__made_from__startswith=f"{rendering.VERSION} ", document__terms=terms.version)
    # Not a plain “not”: to SQL a page without the key is neither equal nor unequal.
    return ~Q(pk__in=Article.objects.filter(in_line).values("pk"))


def bring_in_line(which: Q, *, whole: bool = False) -> int:
    """Set the links of these pages anew, and make the page where its text or the renderer is newer. Returns how many changed.

    `whole` makes every page from its text. Rows that somebody is changing right now are left out: they stay stale, and
    waiting for them could be waiting for each other. One page that fails stops no other.
    """
    terms = link_terms.current()
    keys = list(Article.objects.filter(which).order_by("pk").values_list("pk", flat=True))
    changed = 0
    for start in range(0, len(keys), CHUNK):
        with transaction.atomic():
            rows = Article.objects.select_for_update(skip_locked=True, of=("self",)).defer(*_LONG).order_by("pk")
            linked: list[Article] = []
            for article in rows.filter(pk__in=keys[start : start + CHUNK]):
                if whole or not article.is_rendered:
                    changed += _make(article)
                else:
                    changed += _link(article, terms, linked)
            Article.objects.bulk_update(linked, ["document"])
    return changed


def _make(article: Article) -> bool:
    """Make the page from its text. Not a change of the article, so it leaves no version in the history."""
    before = article.document
    try:
        with transaction.atomic():
            article.render()
            _store(article, RENDERED)
            article.suggest_flags()
    except Exception:  # a single text must not keep the others from their links
        logger.exception("The page of %s could not be made", article.slug)
        return False
    return _without_terms(article.document) != _without_terms(before)


def _link(article: Article, terms: TermList, linked: list[Article]) -> bool:
    """Set the links of a page; what is to be stored joins `linked`, for one statement that stores them all."""
    linked_with = article.document.get("terms")
    linker = Linker(terms, article.slug)
    try:
        linker.link(article.document)
    except Exception:
        logger.exception("The links of %s could not be set", article.slug)
        return False
    if linker.changed or linked_with != terms.version:
        linked.append(article)
    return linker.changed


def _store(article: Article, fields: Collection[str]) -> None:
    Article.objects.filter(pk=article.pk).update(**{name: getattr(article, name) for name in fields})


def _without_terms(page: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in page.items() if key != "terms"}
