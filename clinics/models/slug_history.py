"""Old addresses: whoever kept one is led to the new one."""

from django.db import models


class SlugHistory(models.Model):
    """An address that once led to a row of the kind; `object_id` is that row's key."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "artikel"
        CLINIC = "clinic", "klinik"
        SPECIALITY = "speciality", "speciale"

    kind = models.CharField(max_length=10, choices=Kind)
    slug = models.SlugField(max_length=120)
    object_id = models.BigIntegerField()
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "gammel adresse"
        verbose_name_plural = "gamle adresser"
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="old_slug_once")]
        indexes = [models.Index(fields=["kind", "object_id"], name="old_slugs_of")]

    def __str__(self) -> str:
        return self.slug
