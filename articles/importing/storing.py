"""What becomes of one file: a new article, a changed one, or nothing.

What editors decide is theirs: status, condition, matches, reviewer, red flags and whatever they wrote themselves stay.
A text that somebody changed here since the last import is a conflict and not overwritten. Beside the text a file may
bring author, description, sources and related articles: such a field follows the file while it says what the last
import wrote (which the history knows), and is an editor's from the day it says something else.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from articles import actions
from articles.importing.candidate import Candidate
from articles.importing.conditions import Subject, known_subject, subject_of
from articles.importing.differences import difference
from articles.importing.outline import outline
from articles.importing.pictures import Found, look_for, remarks_about, store_pictures
from articles.importing.report import FileResult, Outcome
from articles.importing.run import Options, Run
from articles.lint.finding import quote
from articles.models import Article, FlagSuggestion
from articles.models.article import FORBIDDEN_DESCRIPTION
from articles.remarks import Remark
from articles.safety import unsigned
from articles.safety.findings import COLLIDES
from clinics import clock
from clinics.text import normalise

REASON = "Importeret fra"  # how the history calls an import
_MOST_PLACES = 20  # that are told one by one
# What a new text brings.
_TEXT = ("title", "meta_title", "published_on", "updated_on", "body")


@dataclass
class Storing:
    """One file and the article that it means; `stored` is None for a new one."""

    candidate: Candidate
    stored: Article | None
    result: FileResult
    context: Run

    subject: Subject | None = None  # once it is stored

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to do but to tell so. Asked without a lock: should it be wrong by now, it was right."""
        stored = self.stored
        return stored is not None and self.outcome == "unchanged" and not self._publishes(stored)

    def run(self) -> None:
        """Do it, inside a transaction that has locked `stored`."""
        result, article = self.result, self.stored or self.candidate.article
        if self.outcome == "conflict":
            text = "Artiklen er skrevet eller rettet her på siden og er ikke overskrevet."
            self.candidate.remark(1, "conflict", text)
            self._compare_dates()
        if self.outcome == "conflict" or (self.outcome == "updated" and self.options.dry_run):
            result.diff = self._difference()  # now, before the stored article takes the new text
        if self.outcome in ("created", "updated"):
            article = self._write()
        elif self.outcome == "unchanged" and self._publishes(article):
            actions.publish_article(article)
            self.outcome = "updated"
        self.tell(article)

    @property
    def options(self) -> Options:
        return self.context.options

    def _publishes(self, article: Article) -> bool:
        is_draft_of_ours = article.status == Article.Status.DRAFT and article.is_demo == self.options.demo
        return self.options.publish and is_draft_of_ours

    @property
    def _replaces_example(self) -> bool:
        return bool(self.stored and self.stored.is_demo and not self.options.demo)

    @cached_property
    def outcome(self) -> Outcome:
        stored = self.stored
        if stored is None:
            return "created"
        if self._replaces_example:
            return "updated"
        is_ours = stored.is_demo or not self.options.demo  # an example never touches a real article
        if self._same_text:
            return "updated" if is_ours and (self.brought or self.pictures.new) else "unchanged"
        # Another fingerprint than the last import's is also that of an article which no file ever wrote.
        return "updated" if is_ours and stored.fingerprint() == stored.content_hash else "conflict"

    @cached_property
    def _same_text(self) -> bool:
        return bool(self.stored and self.stored.fingerprint() == self.candidate.article.fingerprint())

    @cached_property
    def pictures(self) -> Found:
        if self._same_text and self.stored and self.stored.is_rendered and "images" in self.stored.document:
            names = self.stored.document["images"]
        else:
            names = [image.name for image in self.candidate.document.images]
        return look_for(names, self.candidate.source, None if self._replaces_example else self.stored)

    @cached_property
    def _from_file(self) -> dict[str, Any]:
        """What the file says beside its text."""
        front = self.candidate.front
        related = [slug for slug in self.context.neighbours.slugs(front.related) if slug != self.candidate.article.slug]
        fields = {
            "author": front.author,
            "description": front.description,
            "sources": front.sources,
            "related_slugs": related,
        }
        return {name: value for name, value in fields.items() if value}

    @cached_property
    def brought(self) -> dict[str, Any]:
        """Of that, what differs from the stored article and may follow the file."""
        stored = self.stored
        if stored is None or self._replaces_example:
            return self._from_file
        differing = {name: value for name, value in self._from_file.items() if getattr(stored, name) != value}
        if not differing:
            return {}
        last = stored.history.filter(history_change_reason__startswith=REASON).first()
        return {
            name: value
            for name, value in differing.items()
            if getattr(stored, name) == (getattr(last, name) if last else type(value)())
        }

    def _difference(self) -> str | None:
        stored = self.stored
        related = self.brought.get("related_slugs", stored.related_slugs if stored else [])
        return (difference(stored, self.candidate.article, related) or None) if stored else None

    def _write(self) -> Article:
        candidate, stored = self.candidate, self.stored
        before = stored.body if stored else ""
        article = self._article()
        document = candidate.document
        if document.title and normalise(document.title) != normalise(article.title):
            text = f"Overskriften “{document.title[:80]}” (#) bruges ikke: siden hedder som titlen."
            candidate.remark(candidate.front.body_line, "title_twice", text)
        self.subject = subject_of(article, candidate, self.context)
        article.condition = self.subject.condition
        article.content_hash = article.fingerprint()
        article.imported_at = clock.now()
        if article.pk:
            store_pictures(article, self.pictures, before, dry_run=self.options.dry_run)
        article.render(document)
        candidate.remarks += map(candidate.in_file, remarks_about(document, self.pictures, article))
        candidate.remarks += (Remark(**row) for row in article.warnings if row["code"] == FORBIDDEN_DESCRIPTION.code)
        article.warnings = candidate.warnings()
        article._change_reason = f"{REASON} {article.source_name}"[:100]  # type: ignore[attr-defined]  # of the history
        if self._publishes(article):
            actions.publish_article(article)
        else:
            article.save()
        if stored is None and self.pictures.new:  # a row of a picture needs that of its article
            store_pictures(article, self.pictures, before, dry_run=self.options.dry_run)
            article.render(document)
            article.warnings = candidate.warnings()
            Article.objects.filter(pk=article.pk).update(document=article.document)
        return article

    def _article(self) -> Article:
        """The article to save, with everything the file says."""
        new, stored = self.candidate.article, self.stored
        if stored and not self._replaces_example:
            if not self._same_text:
                self._compare_dates()
            for name in (*_TEXT, "source_name"):
                setattr(stored, name, getattr(new, name))
        elif stored:
            # Takes the place of the example as if it had never been there.
            stored.images.all().delete()
            new.pk, new.slug, new.condition = stored.pk, stored.slug, stored.condition
        article = stored if stored and not self._replaces_example else new
        article.is_demo = self.options.demo
        for name, value in self.brought.items():
            setattr(article, name, value)
        return article

    def _compare_dates(self) -> None:
        front, stored = self.candidate.front, self.stored
        line = front.lines.get("updated_on", 1)
        if not stored:
            return
        if front.updated_on and stored.updated_on and front.updated_on < stored.updated_on:
            text = f"Filen er ældre ({front.updated_on:%d/%m/%Y}) end den tekst, der stod her ({stored.updated_on:%d/%m/%Y})."
            self.candidate.remark(line, "older", text)
        if self.outcome == "updated" and stored.is_reviewed:
            text = f"Teksten er ændret, efter at {stored.reviewer} har gennemgået den fagligt."
            self.candidate.remark(line, "review_outdated", text)

    def tell(self, article: Article) -> None:
        """Write the report's row about the article as it is now."""
        result, candidate, conflict = self.result, self.candidate, self.outcome == "conflict"
        result.slug, result.outcome = article.slug, self.outcome
        if self.subject or conflict:
            document = candidate.document
            result.faqs = len(document.faq.items) if document.faq else 0
            result.outro = bool(document.outro)
            result.warnings = candidate.warnings()
        else:
            result.faqs = len(article.faq["items"]) if article.faq else 0
            result.outro = bool(article.outro_html)
            result.warnings = article.warnings
            if self.pictures.kept:
                about = remarks_about(candidate.document, self.pictures, article)
                result.warn(*map(candidate.in_file, about))
        if not conflict:
            named = self._from_file.get("related_slugs", [])
            self.context.neighbours.remember(result, candidate.front.lines.get("related", 1), named)
        self._tell_of_condition(article)
        self._tell_of_safety(article)
        if self.options.tree:
            result.tree, result.lead = outline(candidate.document), bool(candidate.document.lead)

    def _tell_of_condition(self, article: Article) -> None:
        result, condition = self.result, article.condition
        if condition is None:
            return
        if "match_rows" in vars(article):
            vars(condition)["match_rows"] = vars(article)["match_rows"]
        subject = self.subject or known_subject(condition)
        result.condition, result.condition_name = condition.slug, condition.name
        result.awaits_acceptance = condition.awaits_acceptance
        result.generic, result.matches = subject.verdict.as_json(), subject.matches

    def _tell_of_safety(self, article: Article) -> None:
        """Where the text says less than the red flags: it comes in, with their cards above, and an editor must look."""
        known = vars(article)
        if "signed" in known:  # came along with the article
            places = [place for place in article.safety if place["fingerprint"] not in known["signed"]]
        else:
            places = article.safety if self.stored is None else unsigned(article)
        flags = known.get("pending_flags", known.get("pending"))  # just suggested, or come along
        if flags is None:
            pending = article.flag_suggestions.filter(state=FlagSuggestion.State.PENDING)
            flags = sorted(pending.values_list("flag__key", flat=True))
        self.result.suggested_flags = flags
        self.result.safety = len(places)
        for place in places[:_MOST_PLACES]:
            remark = _remark_about(place, self.context.flag_texts.get(place["flag"], place["flag"]))
            self.result.warn(self.candidate.in_file(remark))


def _remark_about(place: dict[str, Any], flag: str) -> Remark:
    says = "strider mod" if place["kind"] == COLLIDES else "er mildere end"
    sentence = quote(place["sentence"], longest=150)
    text = f"Teksten {says} det røde flag {quote(flag)}, hvis kort nu står over stedet: {sentence}"
    return Remark(place["line"], place["kind"], text)
