"""An article to be checked, and its findings in short."""

from articles.lint import lint
from articles.models import Article

BODY = "Indledning.\n\n## Hvad er det?\n\nMassér benet.\nSøg evt. læge.\n"


def article(body=BODY, **fields) -> Article:
    defaults = {"slug": "proeve", "title": "Prøve", "sources": [{"title": "x", "url": ""}]}
    return Article.objects.create(**defaults | {"body": body} | fields)


def codes(one: Article, *wanted: str) -> list[tuple[str, str, int]]:
    """(level, code, line) of the findings, or of those with the wanted codes."""
    return [(f.level, f.code, f.line) for f in lint(one) if not wanted or f.code in wanted]
