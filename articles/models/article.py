"""An article: what an editor or a file says, and the page that was made of it when it was saved."""

import hashlib
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from simple_history.models import HistoricalRecords

from articles import rendering
from articles.derived import LONGEST_DESCRIPTION, description, short_name
from articles.document import Document, parse
from clinics.models import Condition
from clinics.models.clinic import DanishOrder

from .queries import ArticleQuerySet

RELATED = 4
# What `render` fills in.
RENDERED = ("document", "warnings", "safety", "needs_attention", "search_text", "name", "description")


class Article(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "kladde"
        REVIEW = "review", "til faglig gennemgang"
        READY = "ready", "klar"
        PUBLISHED = "published", "udgivet"
        ARCHIVED = "archived", "arkiveret"

    slug = models.SlugField(
        "adresse", max_length=120, unique=True, help_text="Filens navn ved import. Bruges i webadressen."
    )
    title = models.CharField("titel", max_length=200)
    name = models.CharField(
        "kort navn",
        max_length=160,
        blank=True,
        help_text="Titlen uden det, der står efter tankestregen. Tomt felt udfyldes selv.",
    )
    meta_title = models.CharField(
        "titel i søgemaskiner", max_length=200, blank=True, help_text="Tomt felt giver titlen."
    )
    description = models.CharField(
        "beskrivelse",
        max_length=300,
        blank=True,
        help_text=f"Højst {LONGEST_DESCRIPTION} tegn. Tomt felt giver indledningens første sætninger.",
    )
    body = models.TextField("tekst", help_text="Markdown. Overskrifter skrives med ##, spørgsmål og øvelser med ###.")
    document = models.JSONField("siden, som den vises", default=dict, editable=False)
    # [{"line", "code", "text"}]: lines of the file after an import, of the text after an editor's change.
    warnings = models.JSONField("bemærkninger", default=list, editable=False)
    # Where the text is weaker than the red flags or collides with one (shape: articles.safety), found when it is rendered.
    safety = models.JSONField("sikkerhed", default=list, editable=False)
    # Such a place that nobody has signed off, or flags suggested that nobody has answered: first in the editors' list.
    needs_attention = models.BooleanField("kræver opmærksomhed", default=False, editable=False, db_index=True)
    condition = models.ForeignKey(
        Condition, models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name="tilstand"
    )
    author = models.CharField("forfatter", max_length=150, blank=True)
    reviewer = models.CharField(
        "fagligt gennemgået af",
        max_length=150,
        blank=True,
        help_text="Kun når en fagperson har læst netop denne tekst.",
    )
    reviewed_at = models.DateField("gennemgået", null=True, blank=True)
    # Fingerprint of the text that was reviewed: a review is claimed only of the text that it was a review of.
    reviewed_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    next_review_due = models.DateField("næste gennemgang", null=True, blank=True)
    sources = models.JSONField("kilder", default=list, blank=True, help_text='Liste af {"title": …, "url": …}.')
    # Addresses and not keys: a file may name an article that only comes with a later import.
    related_slugs = ArrayField(
        models.SlugField(max_length=120),
        default=list,
        blank=True,
        verbose_name="læs også",
        help_text="Adresserne på de artikler, der skal stå først under “Læs også”. Adskil med komma.",
    )
    published_on = models.DateField("udgivet", null=True, blank=True)
    updated_on = models.DateField("opdateret", null=True, blank=True)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    publish_at = models.DateTimeField(
        "vises fra", null=True, blank=True, help_text="En artikel, der er klar, vises selv fra dette tidspunkt."
    )
    is_demo = models.BooleanField("eksempel", default=False, editable=False)
    source_name = models.CharField("fil", max_length=255, blank=True, editable=False)
    # Fingerprint of what the last import wrote; another one than the article's own means that somebody edited it since.
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    imported_at = models.DateTimeField("importeret", null=True, blank=True, editable=False)
    edited_at = models.DateTimeField("rettet i administrationen", null=True, blank=True, editable=False)
    sort_name = models.GeneratedField(
        expression=DanishOrder(Lower("name")),
        output_field=models.CharField(max_length=200, db_collation="C"),
        db_persist=True,
    )
    # The words of the page as plain text, without what collides with a red flag: what a search finds and shows.
    search_text = models.TextField(default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("name", "title", config="danish", weight="A")
        + SearchVector("description", config="danish", weight="B")
        + SearchVector("search_text", config="danish", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArticleQuerySet.as_manager()
    # The page is made from the body and needs no history of its own.
    history = HistoricalRecords(
        excluded_fields=[
            *("document", "warnings", "safety", "needs_attention", "sort_name", "search_text", "search_vector")
        ],
        verbose_name="version",
        verbose_name_plural="versioner",
    )

    class Meta:
        verbose_name = "artikel"
        verbose_name_plural = "artikler"
        ordering = ["name", "pk"]
        permissions = [
            ("publish_article", "Kan udgive artikler"),
            ("review_article", "Kan gennemgå artikler fagligt"),
        ]
        indexes = [GinIndex(fields=["search_vector"], name="article_search")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the page in step with the text: it is made here, once, and only when text or renderer changed."""
        if not self.is_rendered:
            self.render()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], *RENDERED}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:detail", args=[self.slug])

    @property
    def url(self) -> str:
        return self.get_absolute_url()

    @property
    def is_rendered(self) -> bool:
        return bool(self.document) and self.document.get("made_from") == self._made_from()

    def render(self, document: Document | None = None) -> None:
        """Make the page from the body, or from `document` when that has just been parsed from it.

        Name and description follow the text as long as nobody has written others.
        """
        document = document or parse(self.body)
        before = self.document.get("derived", {})
        derived = {
            "name": short_name(self.title, document.faq.subject if document.faq else "")[:160],
            "description": description(document.lead_text),
        }
        for field, value in derived.items():
            if getattr(self, field) in ("", before.get(field)):
                setattr(self, field, value)
        self.document = rendering.render(document) | {"derived": derived, "made_from": self._made_from()}
        self.search_text = document.text
        self.warnings = [remark.as_json() for remark in document.remarks]

    def fingerprint(self) -> str:
        """What a file brings, as one value: title, meta title, dates and text. Line ends make no difference."""
        parts = (self.title, self.meta_title, str(self.published_on), str(self.updated_on), self.body.strip())
        return hashlib.sha256("\0".join(parts).replace("\r\n", "\n").encode()).hexdigest()

    def related(self) -> list["Article"]:
        return list(Article.objects.published().related_to(self)[:RELATED])

    @property
    def letter(self) -> str:
        """Where it stands in the list from A to Å: `"Aa"` counts as Å."""
        name = self.name or self.title
        return "Å" if name[:2].lower() == "aa" else name[:1].upper()

    @property
    def is_reviewed(self) -> bool:
        """A medical review is claimed only when it says by whom and when, and of the text that was reviewed."""
        return bool(self.reviewer and self.reviewed_at and self.reviewed_fingerprint == self.fingerprint())

    # The parts of the page, as the templates read them (shapes: rendering.render).

    @property
    def lead_html(self) -> SafeString:
        return _trusted(self.document.get("lead_html", ""))

    @property
    def sections(self) -> list[dict[str, Any]]:
        return _with_trusted_html(self.document.get("sections", []))

    @property
    def faq(self) -> dict[str, Any] | None:
        return _with_trusted_html(self.document.get("faq"))

    @property
    def references(self) -> dict[str, Any] | None:
        return _with_trusted_html(self.document.get("references"))

    @property
    def outro_html(self) -> SafeString:
        return _trusted(self.document.get("outro_html", ""))

    @property
    def contents(self) -> list[dict[str, str]]:
        return self.document.get("contents", [])

    @property
    def reading_minutes(self) -> int:
        return self.document.get("reading_minutes", 1)

    def _made_from(self) -> str:
        source = f"{self.title}\0{self.body}"
        return f"{rendering.VERSION} {hashlib.sha256(source.encode()).hexdigest()}"


def _trusted(html: str) -> SafeString:
    # Written by rendering.render_blocks alone, whose last step is nh3's allow-list; nobody else writes `document`.
    return mark_safe(html)  # noqa: S308


def _with_trusted_html(part: Any) -> Any:
    """A copy in which the strings under keys that end in `html` need no escaping."""
    if isinstance(part, dict):
        return {
            key: _trusted(value) if key.endswith("html") else _with_trusted_html(value) for key, value in part.items()
        }
    return [_with_trusted_html(item) for item in part] if isinstance(part, list) else part
