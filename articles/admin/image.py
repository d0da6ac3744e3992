"""The pictures of an article, under its form: upload, describe, and see how the text names them."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html

from articles.addresses import LONGEST_IMAGE_NAME, image_name
from articles.images import store_image
from articles.models import Article, Image
from clinics.images import LARGEST, ImageError, Picture, address, check


class ImageForm(forms.ModelForm):
    """`file` is a new picture, or another one in place of the one that is there."""

    file = forms.FileField(
        label="Billedfil",
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=f"JPEG, PNG eller WebP, højst {LARGEST // 1024**2} MB. Oplysninger om sted og kamera fjernes.",
    )

    class Meta:
        model = Image
        fields = ("file", "name", "alt", "credit")
        widgets = {"alt": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The alternative text of a picture that came with a file stands in the text, until somebody writes another here.
        self.fields["alt"].required = not self.instance.pk
        # The text knows the picture by its name: another name would be another picture.
        self.fields["name"].required = False
        self.fields["name"].disabled = bool(self.instance.pk)
        self.fields["name"].help_text = "Tomt felt: filens navn."

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file is None and not self.instance.pk:
            raise ValidationError("Vælg et billede.")
        if file is not None:
            if file.size > LARGEST:
                raise ValidationError(f"Billedet fylder mere end {LARGEST // 1024**2} MB.")
            try:
                check(file.read())
            except ImageError as error:
                raise ValidationError(error.text) from error
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and not self.instance.pk:
            name = image_name(cleaned.get("name") or PurePath(file.name).name)
            if name is None or image_name(name) != name:
                self.add_error("name", f"Navnet kan ikke bruges. Skriv højst {LONGEST_IMAGE_NAME} tegn, fx knæ.jpg.")
            else:
                cleaned["name"] = name
        return cleaned


class ImageFormSet(forms.BaseInlineFormSet):
    """A file goes through `images.store_image`, which re-encodes it; words alone are saved as any other row."""

    def save_new(self, form: Any, commit: bool = True) -> Any:
        return _store(self.instance, form.cleaned_data)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        if form.cleaned_data.get("file"):
            return _store(self.instance, form.cleaned_data)
        return super().save_existing(form, obj, commit=commit)


def _store(article: Article, cleaned: dict[str, Any]) -> Image:
    file = cleaned["file"]
    file.seek(0)
    return store_image(article, cleaned["name"], file.read(), alt=cleaned["alt"], credit=cleaned["credit"])


class ImageInline(admin.StackedInline):
    """Who may change the article may change its pictures."""

    model = Image
    form = ImageForm
    formset = ImageFormSet
    template = "admin/articles/article/_images.html"
    extra = 0
    fields = ("thumbnail", "file", "name", "alt", "credit", "in_text")
    readonly_fields = ("thumbnail", "in_text")
    classes = ("images",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.change_article")

    has_change_permission = has_delete_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.view_article") or self.has_add_permission(request)

    @admin.display(description="billede")
    def thumbnail(self, image: Image) -> str:
        if not image.digest:
            return "Intet endnu"
        width = Picture(image.digest, image.width, image.height).widths[0]
        text = '<img class="thumbnail" src="{}" alt="{}" width="{}" height="{}" loading="lazy">'
        height = round(image.height * width / image.width)
        return format_html(text, address(image.digest, width), image.alt, width, height)

    @admin.display(description="i teksten")
    def in_text(self, image: Image) -> str:
        if not image.name:
            return "Gem først. Så står her, hvad du skal skrive i teksten."
        return format_html('<code class="snippet">![{}]({})</code>', image.alt or "beskrivelse", _quoted(image.name))


def _quoted(name: str) -> str:
    """Markdown wants angle brackets around an address with spaces or parentheses."""
    return f"<{name}>" if set(name) & set(" ()") else name
