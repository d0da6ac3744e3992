"""Articles checked again when the registry has changed since their pages were made.

`document["registry"]` says what a page was checked against. That is a state of the row, so nothing has to tell us what
was changed, by whom or where: an editor in the admin, a new version of the files, a merge of conditions.
"""

import logging
from collections.abc import Iterable

from django.db import transaction

from articles.models import Article
from clinics.models import Condition
from clinics.registry import registry_versions

from .wording import version

CHUNK = 50  # pages in memory and in one transaction

# What `Article.render` makes; warnings are those of the import.
_MADE = ("document", "safety", "needs_attention", "search_text", "name", "description")

logger = logging.getLogger(__name__)


def outdated() -> list[int]:
    """Keys of the articles whose pages were checked against another registry than the present. Five small queries."""
    rows = list(Article.objects.values_list("pk", "condition_id", "document__registry"))
    conditions = Condition.objects.in_bulk({condition for _, condition, _ in rows if condition})
    versions = registry_versions([None, *conditions.values()])
    return [pk for pk, condition, checked in rows if checked != f"{versions.get(condition)} {version()}"]


def check_again(keys: Iterable[int]) -> int:
    """Check these articles and make their pages anew. Returns how many. Not a change of theirs: no version in the history.

    Rows that somebody is changing right now are left out and stay outdated. One that fails stops no other.
    """
    keys, done = sorted(set(keys)), 0
    for start in range(0, len(keys), CHUNK):
        with transaction.atomic():
            rows = Article.objects.select_for_update(skip_locked=True, of=("self",)).select_related("condition")
            for article in rows.filter(pk__in=keys[start : start + CHUNK]).order_by("pk"):
                done += _check_again(article)
    return done


def _check_again(article: Article) -> bool:
    try:
        with transaction.atomic():
            article.render()
            Article.objects.filter(pk=article.pk).update(**{name: getattr(article, name) for name in _MADE})
            article.suggest_flags()
    except Exception:  # a single text must not keep the others from their cards
        logger.exception("The page of %s could not be checked", article.slug)
        return False
    return True
