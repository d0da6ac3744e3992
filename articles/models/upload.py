"""Files that an editor has uploaded and looked at, but not yet imported."""

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """One upload between dry run and import. Kept in the database, so that any web process can finish it; purged daily.

    `files`: a zip of what was uploaded; `report` as `import_articles --report json` gives it.
    """

    name = models.CharField("navn", max_length=255)
    files = models.BinaryField()
    report = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="af")
    created_at = models.DateTimeField("uploadet", auto_now_add=True)
    applied_at = models.DateTimeField("importeret", null=True, blank=True)

    class Meta:
        verbose_name = "upload"
        verbose_name_plural = "uploads"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
