"""What an article's text says about danger, and what editors have answered."""

from django.conf import settings
from django.db import models

from clinics.models import RedFlag

from .article import Article


class FlagSuggestion(models.Model):
    """A red flag that the text seems to describe, with the sentence. A machine suggests, an editor decides."""

    class State(models.TextChoices):
        PENDING = "pending", "venter"
        ACCEPTED = "accepted", "godkendt"
        REFUSED = "refused", "afvist"

    article = models.ForeignKey(Article, models.CASCADE, related_name="flag_suggestions", verbose_name="artikel")
    flag = models.ForeignKey(RedFlag, models.CASCADE, related_name="suggestions", verbose_name="rødt flag")
    sentence = models.TextField("sætning")
    line = models.PositiveIntegerField("linje", default=1)
    urgency = models.CharField("hast ifølge teksten", max_length=12, choices=RedFlag.Urgency, blank=True)
    state = models.CharField("svar", max_length=8, choices=State, default=State.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="besvaret af"
    )
    decided_at = models.DateTimeField("besvaret", null=True, blank=True)

    class Meta:
        verbose_name = "foreslået rødt flag"
        verbose_name_plural = "foreslåede røde flag"
        ordering = ["article", "line", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "flag"], name="flag_suggested_once")]

    def __str__(self) -> str:
        return f"{self.article}: {self.flag}"


class SignOff(models.Model):
    """An editor's reason for letting a sentence stand that is weaker than a red flag or collides with it.

    `fingerprint` names flag, urgency and sentence together: another sentence, or a flag that was raised, needs another
    reason.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="sign_offs", verbose_name="artikel")
    fingerprint = models.CharField(max_length=64, editable=False)
    reason = models.TextField("begrundelse")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="godkendt af"
    )
    at = models.DateTimeField("godkendt", auto_now_add=True)

    class Meta:
        verbose_name = "begrundet undtagelse"
        verbose_name_plural = "begrundede undtagelser"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["article", "fingerprint"], name="signed_off_once")]

    def __str__(self) -> str:
        return f"{self.article}: {self.reason}"
