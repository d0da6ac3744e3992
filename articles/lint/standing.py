"""What stands around the text: sources, medical review, dates."""

from collections.abc import Iterator

from articles.lint.finding import Finding
from articles.lint.passages import Reading
from articles.models import Article
from clinics import clock


def check(reading: Reading) -> Iterator[Finding]:
    article = reading.article
    if not article.sources and reading.document.references is None:
        yield Finding("warning", "no_sources", 0, "Artiklen har ingen kilder, og teksten har ingen kildeliste.")
    yield from _review(article)
    yield from _dates(article)


def _review(article: Article) -> Iterator[Finding]:
    if not (article.reviewer and article.reviewed_at):
        yield Finding(
            "advice", "not_reviewed", 0, "Artiklen er ikke fagligt gennemgået, og siden siger det heller ikke."
        )
    elif not article.is_reviewed:
        text = f"Artiklen er ændret efter den faglige gennemgang ({article.reviewed_at:%d/%m/%Y}), så siden nævner den ikke."
        yield Finding("warning", "review_outdated", 0, text)
    if article.next_review_due and article.next_review_due < clock.today():
        text = f"Den faglige gennemgang skulle være gentaget senest {article.next_review_due:%d/%m/%Y}."
        yield Finding("warning", "review_overdue", 0, text)


def _dates(article: Article) -> Iterator[Finding]:
    if article.published_on and article.updated_on and article.updated_on < article.published_on:
        text = "Artiklen er opdateret, før den er udgivet. Tjek de to datoer."
        yield Finding("warning", "date_order", 0, text)
    if article.updated_on and article.updated_on > clock.today():
        yield Finding(
            "warning", "date_future", 0, f"Datoen for opdateringen ligger i fremtiden ({article.updated_on:%d/%m/%Y})."
        )
