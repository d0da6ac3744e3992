"""The managed list of words that lead to an article when another one mentions them."""

from django.db import models

from clinics.text import fold

from .article import Article


class LinkTerm(models.Model):
    """What an editor decided about one phrase: it leads to this article, or (without one) it never becomes a link.

    Names of articles and the synonyms of their conditions lead there by themselves (articles.links).
    """

    phrase = models.CharField("ord", max_length=120)
    folded = models.CharField(max_length=160, unique=True, editable=False)
    article = models.ForeignKey(
        Article,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="link_terms",
        verbose_name="fører til",
        help_text="Tomt felt: ordet bliver aldrig til et link.",
    )

    class Meta:
        verbose_name = "linkord"
        verbose_name_plural = "linkord"
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded = fold(self.phrase)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
