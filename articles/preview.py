"""A link that shows an article as its page will be, to whoever has it, until it expires. Nothing is stored for it."""

import datetime

from django.core import signing
from django.urls import reverse

from articles.models import Article

DAYS = 7
_SIGNER = signing.TimestampSigner(salt="articles.preview")


def preview_url(article: Article) -> str:
    """The address on our site of a preview that can be read for seven days from now."""
    return reverse("articles:preview", args=[_SIGNER.sign(str(article.pk))])


def previewed(token: str) -> Article | None:
    """The article of a preview link as it stands now; None when the link is no longer good, or the article archived."""
    try:
        key = _SIGNER.unsign(token, max_age=datetime.timedelta(days=DAYS))
    except signing.BadSignature:
        return None
    return Article.objects.for_page().exclude(status=Article.Status.ARCHIVED).filter(pk=key).first()
