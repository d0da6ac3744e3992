"""How the screens speak of time and state."""

import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime

from articles import workflow
from articles.models import Article


def moment(time: datetime.datetime | None) -> str:
    """`"3. december 2026 kl. 08.00"`, Danish time."""
    return date_format(localtime(time), "j. F Y \\k\\l. H.i") if time else ""


def state_in_words(article: Article) -> str:
    """`"planlagt til 3. december 2026 kl. 08.00"`, `"udgivet"` …: what readers meet, not what the column says."""
    if workflow.is_scheduled(article):
        return f"planlagt til {moment(article.publish_at)}"
    return str(Article.Status(workflow.stage(article)).label)
