"""What links where, which articles nothing leads to, and which words lead nowhere: for editors and `manage.py link_report`."""

from dataclasses import asdict, dataclass
from typing import Any

from articles import link_terms
from articles.models import Article


@dataclass(frozen=True)
class Link:
    """One link of a public page. `kind`: "auto", or "text" when its author wrote it; `section`: the id on the page."""

    source: str
    target: str
    phrase: str
    section: str
    kind: str


@dataclass(frozen=True)
class Phrase:
    """Words that lead nowhere: why (a key of link_terms.REASONS), in words, and the articles that they might mean."""

    phrase: str
    reason: str
    text: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class LinkReport:
    """In alphabetical order. `orphans`: public articles that no other leads to."""

    links: tuple[Link, ...]
    orphans: tuple[str, ...]
    ambiguous: tuple[Phrase, ...]
    blocked: tuple[Phrase, ...]
    names: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            "summary": {
                "links": len(self.links),
                "orphans": len(self.orphans),
                "ambiguous": len(self.ambiguous),
                "blocked": len(self.blocked),
            },
            "links": [asdict(link) for link in self.links],
            "orphans": list(self.orphans),
            "ambiguous": [asdict(phrase) for phrase in self.ambiguous],
            "blocked": [asdict(phrase) for phrase in self.blocked],
        }


def link_report() -> LinkReport:
    """The public pages as they are stored. Three small queries and one that reads the links of every page."""
    names: dict[str, str] = {}
    links: list[Link] = []
    rows = Article.objects.published().order_by("slug").values_list("slug", "name", "document__links")
    for slug, name, found in rows.iterator(chunk_size=500):
        names[slug] = name
        links += [Link(slug, link["slug"], link["phrase"], link["section"], link["kind"]) for link in found or ()]
    targets = {link.target for link in links}
    words = [
        Phrase(term.phrase, term.why, link_terms.REASONS[term.why], term.meant)
        for term in link_terms.current().terms
        if term.meant or term.why in (link_terms.NEVER, link_terms.NOT_PUBLIC)
    ]
    return LinkReport(
        links=tuple(links),
        orphans=tuple(slug for slug in names if slug not in targets),
        ambiguous=tuple(word for word in words if word.reason == link_terms.AMBIGUOUS),
        blocked=tuple(word for word in words if word.reason != link_terms.AMBIGUOUS),
        names=names,
    )
