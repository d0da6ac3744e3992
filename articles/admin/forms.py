"""The form of an article: what an editor writes, and nothing that a workflow or an import decides."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.models import Article
from clinics import addresses
from clinics.addresses import ARTICLE, AddressError
from clinics.models import SlugHistory

from .fields import MarkdownField, SlugsField, SourcesField
from .versions import FOLLOWED, Change, changed_fields, changes, latest_version
from .words import moment


@dataclass(frozen=True)
class Conflict:
    """Somebody saved while this editor wrote: who and when, and how what the editor sent differs from it, field by field."""

    version: int
    by: str
    at: str
    changes: list[Change]


class ArticleForm(forms.ModelForm):
    sources = SourcesField(
        label="Kilder",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="En kilde på hver linje: Titel | https://adresse",
    )
    related_slugs = SlugsField(
        label="Læs også",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Artikler, der skal stå først under “Læs også”: en adresse på hver linje, fx iskias.",
    )
    change_reason = forms.CharField(
        label="Hvad har du ændret?",
        required=False,
        max_length=100,
        help_text="Kan være tom. Står i artiklens versioner.",
    )
    # The version that the editor saw. (`accepted_version`: a later one whose difference the editor has seen and replaces.)
    base_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    conflict: Conflict | None = None

    class Meta:
        model = Article
        fields = (
            "title",
            "body",
            "name",
            "slug",
            "condition",
            "author",
            "published_on",
            "updated_on",
            "meta_title",
            "description",
        )
        field_classes = {"body": MarkdownField}
        widgets = {
            "body": forms.Textarea(attrs={"rows": 30, "spellcheck": "true"}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"slug": "Sidste del af webadressen. Tomt felt: laves af titlen."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if self.instance.pk:
            version = latest_version(self.instance)
            self.initial["base_version"] = version.pk if version else None

    def clean_slug(self) -> str:
        try:
            slug = addresses.cleaned(ARTICLE, self.cleaned_data["slug"] or self.cleaned_data.get("title", ""))
        except AddressError as error:
            raise ValidationError(error.text) from error
        if addresses.current(ARTICLE, slug):
            raise ValidationError("Adressen er en anden artikels gamle adresse og fører dertil.")
        return slug

    def clean_related_slugs(self) -> list[str]:
        slugs = self.cleaned_data["related_slugs"]
        known = set(Article.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        moved = _new_addresses([slug for slug in slugs if slug not in known])
        slugs = list(dict.fromkeys(moved.get(slug, slug) for slug in slugs))
        if self.instance.slug in slugs:
            raise ValidationError("Artiklen kan ikke henvise til sig selv.")
        # An imported file may name an article that comes later: what already stands there may go on standing.
        known |= {*moved.values(), *(self.instance.related_slugs or ())}
        if unknown := [slug for slug in slugs if slug not in known]:
            raise ValidationError([f"Der er ingen artikel med adressen “{slug[:120]}”." for slug in unknown])
        return slugs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and cleaned.get("base_version"):
            self._compare_versions(cleaned["base_version"])
        return cleaned

    def _compare_versions(self, seen: int) -> None:
        """Nobody's work is overwritten unseen. The admin holds the row locked, so nobody saves between this and the save."""
        latest = latest_version(self.instance)
        if latest is None or latest.pk == seen or self.data.get("accepted_version") == str(latest.pk):
            return
        names = [name for name in FOLLOWED if name in self.fields and name in self.cleaned_data]
        base = self.instance.history.filter(pk=seen).first()
        theirs = changed_fields(base, latest, names) if base else names
        mine = Article(**{name: self.cleaned_data[name] for name in names})
        found = changes(latest, mine, theirs)
        if not found:
            return  # only a step of the workflow, or both wrote the same
        by = str(latest.history_user or "Importen")
        self.conflict = Conflict(version=latest.pk, by=by, at=moment(latest.history_date), changes=found)
        raise ValidationError(
            "%(by)s har gemt en ny version, mens du skrev. Intet er overskrevet, og din tekst står stadig i felterne.",
            code="conflict",
            params={"by": by},
        )


def _new_addresses(slugs: list[str]) -> dict[str, str]:
    """Old address → the address that the article has now."""
    rows = dict(SlugHistory.objects.filter(kind=ARTICLE, slug__in=slugs).values_list("slug", "object_id"))
    now = dict(Article.objects.filter(pk__in=rows.values()).values_list("pk", "slug"))
    return {slug: now[pk] for slug, pk in rows.items() if pk in now}
