"""What changes an article. Every verb is one transaction and leaves text and page in step."""

from collections.abc import Iterable

from django.db import transaction

from articles.models import Article
from clinics import clock


@transaction.atomic
def save_article(article: Article) -> None:
    """An editor's change: the next import of another text is then a conflict, and nothing is overwritten."""
    article.edited_at = clock.now()
    article.save()


@transaction.atomic
def publish_article(article: Article) -> None:
    """Everybody may read it from now on. Never claims a medical review; an archived article comes back too."""
    article.status = Article.Status.PUBLISHED
    article.publish_at = None
    if article.published_on is None and not article.source_name:
        # The date of a file is the file's: one that could not be read is left empty and not made up.
        article.published_on = clock.today()
    article.save()


@transaction.atomic
def archive_article(article: Article) -> None:
    """Nobody but editors can read it."""
    article.status = Article.Status.ARCHIVED
    article.publish_at = None
    article.save()


def render_articles(articles: Iterable[Article]) -> int:
    """Make the pages anew from the stored texts, after a change of the renderer. Returns how many.

    Not a change of the article, so it leaves no version in the history.
    """
    count = 0
    for article in articles:
        article.render()
        Article.objects.filter(pk=article.pk).update(document=article.document)
        count += 1
    return count
