"""What an import would change, or was not allowed to: the stored article against the file, as a unified diff."""

from difflib import unified_diff

from articles.models import Article

_MOST_LINES = 2_000  # of either text: comparing costs their product, and nobody reads more
_MOST_LETTERS = 100_000  # of the answer
_FIELDS = {
    "title": "titel",
    "meta_title": "metatitel",
    "published_on": "udgivet",
    "updated_on": "opdateret",
}


def difference(stored: Article, new: Article, related_slugs: list[str]) -> str:
    """Unified diff from `stored` to `new` with those related articles: title, dates and text. Empty when they are alike."""
    before, after = _lines(stored, stored.related_slugs), _lines(new, related_slugs)
    if max(len(before), len(after)) > _MOST_LINES:
        return "Teksterne er for lange til at vise forskellen."
    diff = "\n".join(unified_diff(before, after, "på siden", "i filen", lineterm="", n=2))
    return diff if len(diff) <= _MOST_LETTERS else f"{diff[:_MOST_LETTERS]}\n…"


def _lines(article: Article, related_slugs: list[str]) -> list[str]:
    values = {label: getattr(article, name) for name, label in _FIELDS.items()} | {"læs også": ", ".join(related_slugs)}
    return [*(f"{label}: {value}" for label, value in values.items() if value), "", *article.body.strip().splitlines()]
