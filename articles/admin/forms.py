"""The form of an article: what an editor writes, and nothing that a workflow or an import decides."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles import safety, workflow
from articles.frontmatter import OLDEST
from articles.losses import lost_with
from articles.models import Article
from articles.safety import SafetyError
from clinics import addresses
from clinics.addresses import ARTICLE, AddressError
from clinics.models import Condition, SlugHistory

from .fields import MarkdownField, SlugsField, SourcesField
from .versions import FOLLOWED, Change, changed_fields, changes, latest_version
from .words import moment

ASIDE = ("change_reason", "base_version", "seen", "safety_reason")  # about the change, and no part of the article
MOST_NAMED = 5  # places in one sentence


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

    # Status and time as the editor saw them: a step is taken from there only.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # Asked for when a text that everybody reads, or soon will, becomes milder than a red flag.
    safety_reason = forms.CharField(label="Begrundelse", required=False, widget=forms.HiddenInput)

    conflict: Conflict | None = None
    signed: frozenset[str] = frozenset()  # fingerprints of the places that `safety_reason` is given for

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
        # Those of the lists are what somebody sees who may only look: there is nothing to write.
        help_texts = {
            "slug": "Sidste del af webadressen. Tomt felt: laves af titlen.",
            "related_slugs": "Artikler, der står først under “Læs også”.",
            "sources": "",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        for name in {"published_on", "updated_on"} & self.fields.keys():
            self.fields[name].validators.append(_not_too_old)
        if self.instance.pk:
            version = latest_version(self.instance)
            self.initial["base_version"] = version.pk if version else None
            self.initial["seen"] = workflow.standing_of(self.instance)

    @property
    def changed_data(self) -> list[str]:
        """Without what is said about the change."""
        return [name for name in super().changed_data if name not in ASIDE]

    def clean_slug(self) -> str:
        try:
            slug = addresses.cleaned(ARTICLE, self.cleaned_data["slug"] or self.cleaned_data.get("title", ""))
        except AddressError as error:
            raise ValidationError(error.text) from error
        if addresses.current(ARTICLE, slug):
            raise ValidationError("Adressen er en anden artikels gamle adresse og fører dertil.")
        return slug

    def clean_condition(self) -> Condition | None:
        condition = self.cleaned_data["condition"]
        if self.instance.pk and (lost := lost_with(self.instance, condition)):
            raise ValidationError(lost)
        return condition

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
        if self.instance.pk and workflow.comes_out(self.instance) and {"body", "condition"} <= cleaned.keys():
            self._ask_for_reason(cleaned)
        return cleaned

    def _ask_for_reason(self, cleaned: dict[str, Any]) -> None:
        """As for the step that makes an article public: nothing milder than a red flag goes out unseen."""
        places = safety.added(self.instance, cleaned["body"], cleaned["condition"])
        if not places:
            return
        self.fields["safety_reason"].widget = forms.Textarea(attrs={"rows": 3})
        try:
            cleaned["safety_reason"] = safety.checked_reason(cleaned.get("safety_reason", ""))
            self.signed = frozenset(place["fingerprint"] for place in places)
        except SafetyError as error:
            self.add_error("safety_reason", [in_words(places), str(error)])

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


def in_words(places: list[dict[str, Any]]) -> str:
    """Which places a text that is or will be public gets, as one sentence."""
    named = [f"linje {place['line']}: “{place['sentence']}”" for place in places[:MOST_NAMED]]
    more = [f"og {len(places) - MOST_NAMED} steder til"] if len(places) > MOST_NAMED else []
    return f"Her er teksten mildere end de røde flag eller strider mod dem: {'; '.join(named + more)}."


def _not_too_old(date: datetime.date) -> None:
    if date < OLDEST:
        raise ValidationError(f"Datoen ligger før {OLDEST.year}. Tjek årstallet.")


def _new_addresses(slugs: list[str]) -> dict[str, str]:
    """Old address → the address that the article has now."""
    rows = dict(SlugHistory.objects.filter(kind=ARTICLE, slug__in=slugs).values_list("slug", "object_id"))
    now = dict(Article.objects.filter(pk__in=rows.values()).values_list("pk", "slug"))
    return {slug: now[pk] for slug, pk in rows.items() if pk in now}
