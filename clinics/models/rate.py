"""Counters of `clinics.rate_limit`. They hold no address of anybody: a source is an HMAC with a key of the day."""

from django.db import models


class RateCount(models.Model):
    """How often one source did one thing in one window of time."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "tæller"
        verbose_name_plural = "tællere"

    def __str__(self) -> str:
        return f"{self.count}"
