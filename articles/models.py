"""An article: what an editor or a file says, and the page that was made of it when it was saved."""

import hashlib
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from simple_history.models import HistoricalRecords

from articles import rendering
from articles.derived import LONGEST_DESCRIPTION, description, short_name
from articles.document import Document, parse
from clinics import clock
from clinics.models import Condition, ConditionMatch
from clinics.models.clinic import DanishOrder
from clinics.text import normalise

RELATED = 4
MOST_WORDS = 12
_LONG = ("body", "document", "warnings", "search_vector")  # what a list never shows


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        """What everybody may read now. An article that is ready comes out by itself when its time has come."""
        due = Q(publish_at__lte=clock.now())
        return self.filter(
            Q(status=Article.Status.PUBLISHED) & (Q(publish_at=None) | due) | Q(status=Article.Status.READY) & due
        )

    def in_danish_order(self) -> "ArticleQuerySet":
        """A to Å by short name, without the long texts: for lists."""
        return self.defer(*_LONG).order_by("sort_name", "pk")

    def search(self, text: str) -> "ArticleQuerySet":
        """Articles that have the words in some Danish form, the best first; a word in the title weighs most."""
        words = normalise(text).split()[:MOST_WORDS]
        if not words:
            return self.none()
        # Beginnings of words too: to PostgreSQL "knæet" is no form of "knæ".
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="danish", search_type="raw")
        return (
            self.filter(search_vector=query)
            .annotate(rank=SearchRank(F("search_vector"), query))
            .defer(*_LONG)
            .order_by("-rank", "sort_name", "pk")
        )

    def related_to(self, article: "Article") -> "ArticleQuerySet":
        """Other articles on the same part of the body, or on what the same specialities treat; those first."""
        if article.condition is None:
            return self.none()
        specialities = ConditionMatch.objects.filter(condition=article.condition).values("speciality")
        shared = Q(condition__matches__speciality__in=specialities)
        same_region = Q(condition__body_region=article.condition.body_region_id, condition__body_region__isnull=False)
        return (
            self.exclude(pk=article.pk)
            .filter(shared | same_region)
            .annotate(shared=Count("condition__matches__speciality", filter=shared, distinct=True))
            .only("slug", "title", "name")
            .order_by("-shared", "sort_name", "pk")
        )


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
    next_review_due = models.DateField("næste gennemgang", null=True, blank=True)
    sources = models.JSONField("kilder", default=list, blank=True, help_text='Liste af {"title": …, "url": …}.')
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
    search_vector = models.GeneratedField(
        expression=SearchVector("name", "title", config="danish", weight="A")
        + SearchVector("description", config="danish", weight="B")
        + SearchVector("body", config="danish", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArticleQuerySet.as_manager()
    # The page is made from the body and needs no history of its own.
    history = HistoricalRecords(
        excluded_fields=["document", "warnings", "sort_name", "search_vector"],
        verbose_name="version",
        verbose_name_plural="versioner",
    )

    class Meta:
        verbose_name = "artikel"
        verbose_name_plural = "artikler"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the page in step with the text: it is made here, once, and only when text or renderer changed."""
        if not self.is_rendered:
            self.render()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "document", "warnings", "name", "description"}
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
        """A medical review is claimed only when it says by whom and when."""
        return bool(self.reviewer and self.reviewed_at)

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
