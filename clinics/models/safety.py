"""What would weaken a warning, and therefore waits for a second editor."""

from django.conf import settings
from django.db import models

from .vocabulary import BodyRegion, Condition, RedFlag, Speciality


class WarningChange(models.Model):
    """A proposal to lower or remove a warning. It changes nothing until somebody other than its author approves it.

    Raising an urgency or adding a flag needs no proposal: one editor does it at once.
    """

    class Kind(models.TextChoices):
        URGENCY = "urgency", "lavere hast eller ændret art"
        DELETE = "delete", "slet flaget"
        DETACH = "detach", "fjern flaget fra en tilstand eller kropsdel"
        GATE = "gate", "fjern eller ændr en betingelse før fysioterapi"

    class State(models.TextChoices):
        PENDING = "pending", "venter på en anden redaktør"
        APPROVED = "approved", "godkendt"
        REFUSED = "refused", "afvist"
        WITHDRAWN = "withdrawn", "trukket tilbage"

    kind = models.CharField("ændring", max_length=8, choices=Kind)
    flag = models.ForeignKey(RedFlag, models.SET_NULL, null=True, blank=True, verbose_name="rødt flag")
    condition = models.ForeignKey(Condition, models.SET_NULL, null=True, blank=True, verbose_name="tilstand")
    body_region = models.ForeignKey(BodyRegion, models.SET_NULL, null=True, blank=True, verbose_name="kropsdel")
    speciality = models.ForeignKey(Speciality, models.SET_NULL, null=True, blank=True, verbose_name="speciale")
    # What it is about, in words that outlive the row.
    subject = models.CharField("om", max_length=300, editable=False)
    # {"before": {...}, "after": {...}}: fields by name, as they were and as they would become: {"care_gate": ""}.
    # And who proposed and decided, in words that outlive their accounts, with the answer of the second editor.
    values = models.JSONField("nye værdier", default=dict, blank=True)
    reason = models.TextField("begrundelse")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="foreslået af"
    )
    proposed_at = models.DateTimeField("foreslået", auto_now_add=True)
    state = models.CharField("tilstand", max_length=9, choices=State, default=State.PENDING, db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="afgjort af"
    )
    decided_at = models.DateTimeField("afgjort", null=True, blank=True)

    class Meta:
        verbose_name = "forslag om mildere advarsel"
        verbose_name_plural = "forslag om mildere advarsler"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @classmethod
    def deleted_keys(cls) -> set[str]:
        """The keys of the flags that two editors deleted."""
        rows = cls.objects.filter(kind=cls.Kind.DELETE, state=cls.State.APPROVED)
        return set(rows.values_list("values__before__key", flat=True))
