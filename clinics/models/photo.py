"""Pictures of a clinic. The files are re-encoded and served by `clinics.images`; here stands whose they are."""

from django.db import models

from .clinic import Clinic


class Photo(models.Model):
    """One picture; `digest` names its files, `width` and `height` are in pixels. A clinic has at most one logo."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "billede"
        LOGO = "logo", "logo"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="photos", verbose_name="klinik")
    kind = models.CharField("art", max_length=5, choices=Kind, default=Kind.PHOTO)
    digest = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField("bredde", editable=False)
    height = models.PositiveIntegerField("højde", editable=False)
    alt = models.CharField(
        "beskrivelse",
        max_length=200,
        help_text="Hvad billedet viser, for den, der ikke kan se det. Fx “Indgangen fra gården”.",
    )
    credit = models.CharField("fotograf", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("rækkefølge", default=0)

    class Meta:
        verbose_name = "billede"
        verbose_name_plural = "billeder"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "digest"], name="photo_once"),
            models.UniqueConstraint(
                fields=["clinic"],
                condition=models.Q(kind="logo"),
                name="one_logo",
                violation_error_message="Klinikken har allerede et logo. Slet det gamle først.",
            ),
        ]

    def __str__(self) -> str:
        return self.alt
