"""Pictures of an article. The files are re-encoded and served by clinics.images; here stands whose they are."""

from django.db import models

from .article import Article


class Image(models.Model):
    """One picture as the text of its article names it; `digest` names its files (`clinics.images`)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="images", verbose_name="artikel")
    name = models.CharField("navn i teksten", max_length=255, help_text="Som det står i teksten: ![beskrivelse](navn)")
    alt = models.CharField(
        "beskrivelse", max_length=300, blank=True, help_text="Hvad billedet viser, for den, der ikke kan se det."
    )
    credit = models.CharField("fotograf eller kilde", max_length=200, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField("bredde", editable=False)
    height = models.PositiveIntegerField("højde", editable=False)

    class Meta:
        verbose_name = "billede"
        verbose_name_plural = "billeder"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["article", "name"], name="image_once_in_article")]

    def __str__(self) -> str:
        return self.name
