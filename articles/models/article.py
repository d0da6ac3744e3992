"""An article: what an editor or a file says, and the page that was made of it when it was saved."""

import hashlib
import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from simple_history.models import HistoricalRecords

from articles import rendering
from articles.derived import LONGEST_DESCRIPTION, description, short_name
from articles.document import Document, parse
from articles.images import sources_of
from articles.remarks import Remark
from articles.safety import MOST_PLACES, Check, attention, update_suggestions
from clinics.models import Condition
from clinics.models.clinic import DanishOrder

from .queries import ArticleQuerySet
from .related import Related, related_to

# What `render` fills in.
RENDERED = ("document", "warnings", "safety", "needs_attention", "search_text", "name", "description")


# Lists, feeds and search engines repeat the description without any card above it.
FORBIDDEN_DESCRIPTION = Remark(
    1,
    "description_forbidden",
    "Beskrivelsen var mildere end et rødt flag eller stred mod det. Den er erstattet af indledningens første sætninger.",
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
    # Kept in the row (migration 0005): a column that is made anew must be told so again.
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
        history_change_reason_field=models.TextField(null=True),  # an editor's reason, whole
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
        """Keep the page in step with the text: it is made here, once, and only when text, condition or renderer changed.

        What the text says about danger is suggested to editors in the same transaction.
        """
        if not self.is_rendered:
            self.render()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], *RENDERED}
        is_new = self.pk is None
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            self.suggest_flags(is_new=is_new)

    def get_absolute_url(self) -> str:
        return reverse("articles:detail", args=[self.slug])

    def suggest_flags(self, *, is_new: bool = False) -> None:
        """After a page was made and stored: bring the suggested flags in line with it. Nothing when none was made.

        `pending_flags` are then the keys of those that wait for an answer.
        """
        if check := vars(self).pop("_check", None):
            self.pending_flags = update_suggestions(self, check.document, check, is_new=is_new)

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
        from articles.links import linker_for  # it reads this model

        document = document or parse(self.body)
        self._check = check = Check(document, self.condition)
        before = self.document.get("derived", {})
        derived = {
            "name": short_name(self.title, document.faq.subject if document.faq else "")[:160],
            "description": description(check.quotable_lead),
        }
        for field, value in derived.items():
            if getattr(self, field) in ("", before.get(field)):
                setattr(self, field, value)
        if forbidden := check.forbids(self.description):
            self.description = derived["description"]
        pictures = sources_of(self)
        page = rendering.render(document, images=pictures, linker=linker_for(self))
        if not self._is_same_text():
            self.warnings = [remark.as_json() for remark in document.remarks]
        if forbidden:
            self.warnings = [FORBIDDEN_DESCRIPTION.as_json(), *self.warnings]
        shown = [(name, pictures[name].src, pictures[name].alt) for name in page["images"] if name in pictures]
        beside = {"derived": derived, "pictures": _digest(json.dumps(shown)) if shown else ""}
        self.document = check.mark(page) | beside | {"made_from": self._made_from()}
        self.search_text = check.searchable_text
        self.safety = check.places[:MOST_PLACES]
        self.needs_attention = attention(self) or (self.pk is None and bool(check.suggested))

    def fingerprint(self) -> str:
        """What a file brings, as one value: title, meta title, dates and text. Line ends make no difference."""
        parts = (self.title, self.meta_title, str(self.published_on), str(self.updated_on), self.body.strip())
        return hashlib.sha256("\0".join(parts).replace("\r\n", "\n").encode()).hexdigest()

    def text_fingerprint(self) -> str:
        """What a medical reviewer reads, as one value: title, text, pictures, condition and sources, but no date."""
        beside = (self.document.get("pictures", ""), str(self.condition_id), json.dumps(self.sources, sort_keys=True))
        return _digest(self.title, self.body.strip().replace("\r\n", "\n"), *beside)

    @property
    def subject(self) -> Condition | None:
        """The condition, with its matches when the article was read with `for_page`: they need no query of their own."""
        if self.condition and (rows := vars(self).get("match_rows")) is not None:
            vars(self.condition)["match_rows"] = rows
        return self.condition

    def related(self) -> list[Related]:
        return related_to(self, Article.objects.published())

    @property
    def is_reviewed(self) -> bool:
        """A medical review is claimed only when it says by whom and when, and of the text that was reviewed."""
        return bool(self.reviewer and self.reviewed_at and self.reviewed_fingerprint == self.text_fingerprint())

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
        beside = _digest(str(self.condition_id), self.description)
        return f"{rendering.VERSION} {beside} {_digest(self.title, self.body)}"

    def _is_same_text(self) -> bool:
        """Whether the page that is there was made from this title and text: then the remarks about them still hold."""
        return self.document.get("made_from", "").endswith(f" {_digest(self.title, self.body)}")


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


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
