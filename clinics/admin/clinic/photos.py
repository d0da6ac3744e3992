"""Pictures of a clinic: sent, looked at, re-encoded (`clinics.images`), put in order."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from clinics import images
from clinics.images import LARGEST, ImageError, Picture
from clinics.models import Photo
from clinics.photos import MOST

from .fields import LineField
from .rows import RowForm, Rows, RowSet

TOO_LARGE = f"Billedet fylder mere end {LARGEST // 1024**2} MB."


class PhotoForm(RowForm):
    """`file` is the picture of a new row. One that is there is never replaced: it is deleted, and another one is added."""

    claimed = ("alt", "credit")
    alt = LineField(
        label="Beskrivelse",
        max_length=200,
        error_messages={
            "required": "Beskriv billedet med få ord for den, der ikke kan se det, fx “Indgangen fra gården”."
        },
        help_text="Hvad billedet viser, for den, der ikke kan se det. Fx “Indgangen fra gården”.",
    )
    file = forms.FileField(
        label="Billedfil",
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=f"JPEG, PNG eller WebP, højst {LARGEST // 1024**2} MB. Sted og kamera fjernes. Video kan ikke bruges.",
    )
    picture: Picture | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["file"].widget, self.fields["file"].disabled = forms.HiddenInput(), True

    def is_multipart(self) -> bool:
        """The first row decides for all, and one that is there has no file to send."""
        return True

    def clean_file(self) -> Any:
        if self.instance.pk:
            return None
        file = self.cleaned_data.get("file")
        if file is None:
            raise ValidationError("Vælg et billede.")
        if file.size > LARGEST:
            raise ValidationError(TOO_LARGE)
        try:
            self.picture = images.check(file.read())
        except ImageError as error:
            raise ValidationError(error.text) from error
        return file

    def _get_validation_exclusions(self) -> set[str]:
        """One logo and no picture twice is for the formset to say: it knows which rows go."""
        return {*super()._get_validation_exclusions(), "kind", "digest"}  # type: ignore[misc]


class PhotoFormSet(RowSet):
    def clean(self) -> None:
        super().clean()
        unseen = self._unseen()
        kept: list[Any] = [form for form in self.forms if self._is_whole(form)]
        logos = [form for form in kept if form.cleaned_data.get("kind") == Photo.Kind.LOGO]
        for form in logos[not unseen.filter(kind=Photo.Kind.LOGO).exists() :]:
            form.add_error("kind", "Klinikken har allerede et logo. Slet det gamle, eller vælg “billede” her.")
        room = max(MOST - unseen.exclude(kind=Photo.Kind.LOGO).count(), 0)
        for form in [form for form in kept if form not in logos][room:]:
            form.add_error(None, f"Der er plads til {MOST} billeder og et logo. Slet et andet først.")
        seen = dict(unseen.values_list("digest", "alt"))
        for form in sorted(kept, key=lambda form: form.instance.pk is None):
            digest = form.picture.digest if form.picture else form.instance.digest
            if digest and digest in seen:
                form.add_error("file", f"Det samme billede er der allerede: “{seen[digest]}”.")
            seen[digest] = form.cleaned_data.get("alt", "")

    def _unseen(self) -> Any:
        """Pictures that are there and were not sent: another has added them, or the form came without its rows."""
        sent = [form.instance.pk for form in self.initial_forms if form.instance.pk]
        return self.instance.photos.exclude(pk__in=sent)

    def _is_whole(self, form: Any) -> bool:
        return bool(getattr(form, "cleaned_data", None)) and not form.cleaned_data.get("DELETE") and form.is_valid()

    def save(self, commit: bool = True) -> Any:
        """Whoever was the logo is a picture before another row becomes it: the database allows one at a time."""
        if commit and self.instance.pk:
            sent = [form.instance.pk for form in self.initial_forms]
            self.instance.photos.filter(pk__in=sent, kind=Photo.Kind.LOGO).update(kind=Photo.Kind.PHOTO)
            for form in self.initial_forms:
                if form.instance.kind == Photo.Kind.LOGO and not form.has_changed():
                    form.instance.save(update_fields=["kind"])
        return super().save(commit)

    def save_new(self, form: Any, commit: bool = True) -> Any:
        file = form.cleaned_data["file"]
        file.seek(0)
        picture = images.store(file.read())
        row = form.instance
        row.digest, row.width, row.height = picture.digest, picture.width, picture.height
        return super().save_new(form, commit)


class PhotoRows(Rows):
    model = Photo
    form = PhotoForm
    formset = PhotoFormSet
    section = "photos"
    add_text = "Tilføj et billede"
    intro = f"Højst {MOST} billeder og et logo. Vis indgangen og lokalerne. Patienter må kun kunne kendes, hvis de har sagt ja."
    fields = ("shown", "file", "alt", ("kind", "position"), "credit")
    readonly_fields = ("shown",)

    @admin.display(description="billede")
    def shown(self, photo: Photo) -> str:
        if not photo.digest:
            return "Vælg et billede herunder."
        picture = Picture(photo.digest, photo.width, photo.height)
        width = picture.widths[0]
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
            *(images.address(photo.digest, width), photo.alt, width, round(photo.height * width / photo.width)),
        )
