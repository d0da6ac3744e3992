"""What an editor should look at before an article goes out. Nothing is corrected; every finding is for a person."""

from collections import Counter
from collections.abc import Iterable, Iterator

from articles.document import parse
from articles.lint import claims, links, readability, safety, standing, structure, typos
from articles.lint.facts import facts_about
from articles.lint.finding import LABELS, LEVELS, PLURALS, Finding, Level
from articles.lint.passages import Reading
from articles.models import Article
from articles.parts import Document
from articles.remarks import Remark

__all__ = ["LABELS", "LEVELS", "PLURALS", "Finding", "Level", "lint"]

MOST_OF_A_KIND = 50

# What the parser decided by a rule and nearly always rightly; its other remarks are warnings.
_RULES = frozenset({"caption", "outro", "section_tail", "rule", "heading_level"})
# Said by an import and perhaps no longer true: looked at here each time.
_LOOKED_AT_AGAIN = frozenset({"date_order", "related_unknown", "review_outdated"})


def lint(article: Article, document: Document | None = None, remarks: Iterable[Remark] = ()) -> list[Finding]:
    """Everything to look at in an article, by line; what is about the whole of it (line 0) comes first.

    `document` is its parsed text where the caller has it; lines are those of that text. `remarks` are about the rest of
    its file. An article that was changed and not saved must have been rendered, or its safety places are those of the
    old text. At most four queries.
    """
    document = document or parse(article.body)
    reading, facts = Reading(article, document), facts_about(article)
    findings = [
        *_remarks(article, document, remarks),
        *safety.check(reading, facts),
        *readability.check(reading, frozenset(one["sentence"] for one in (*facts.suggestions, *article.safety))),
        *standing.check(reading),
        *structure.check(reading),
        *links.check(reading),
        *typos.check(reading),
        *claims.check(reading),
    ]
    return _bounded(sorted(_once(findings), key=lambda finding: finding.order))


def _remarks(article: Article, document: Document, of_file: Iterable[Remark]) -> Iterator[Finding]:
    """What the parser said about this text, and what the last import said about the rest of the file."""
    said: set[tuple[str, str]] = set()
    for remark in (*of_file, *document.remarks):
        said.add((remark.code, remark.text))
        yield Finding("advice" if remark.code in _RULES else "warning", remark.code, remark.line, remark.text)
    for warning in article.warnings if article.is_rendered else ():
        if warning["code"] not in _LOOKED_AT_AGAIN and (warning["code"], warning["text"]) not in said:
            yield Finding("warning", warning["code"], 0, warning["text"])


def _once(findings: list[Finding]) -> Iterator[Finding]:
    """Two checks that see the same say it once, and rather with a line than without."""
    seen: set[tuple[str, int, str]] = set()
    with_line = {(finding.code, finding.text) for finding in findings if finding.line}
    for finding in findings:
        key = (finding.code, finding.line, finding.text)
        if key not in seen and (finding.line or (finding.code, finding.text) not in with_line):
            seen.add(key)
            yield finding


def _bounded(findings: list[Finding]) -> list[Finding]:
    """The first of each kind: a text that has one mistake in every line is mended from the top."""
    counts: Counter[str] = Counter()
    kept: list[Finding] = []
    for finding in findings:
        counts[finding.code] += 1
        if counts[finding.code] <= MOST_OF_A_KIND:
            kept.append(finding)
    for code, many in counts.items():
        if many > MOST_OF_A_KIND:
            text = f"Der er {many - MOST_OF_A_KIND} fund mere af samme slags ({code})."
            kept.insert(0, Finding("warning", "more", 0, text))
    return kept
