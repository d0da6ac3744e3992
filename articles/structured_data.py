"""What a search engine may know about an article, as schema.org JSON-LD. Printed by the tag `json_ld` alone."""

from typing import Any

from articles.index import breadcrumb
from articles.models import Article
from clinics import json_ld as base
from clinics.json_ld import CONTEXT, SITE_NAME, absolute


def json_ld(article: Article) -> list[base.Data]:
    """The data blocks of an article's page."""
    parts = (medical_web_page(article), breadcrumb_list(article), faq_page(article))
    return [part for part in parts if part]


def medical_web_page(article: Article) -> dict[str, Any]:
    """The page and what it is about. A medical review is named only when it took place."""
    url = absolute(article.get_absolute_url())
    page: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "@id": url,
        "url": url,
        "name": article.title,
        "headline": article.title,
        "inLanguage": "da",
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "publisher": {"@type": "Organization", "name": SITE_NAME, "url": absolute("/")},
    }
    if article.description:
        page["description"] = article.description
    if article.published_on:
        page["datePublished"] = article.published_on.isoformat()
    if modified := article.updated_on or article.published_on:
        page["dateModified"] = modified.isoformat()
    if article.author:
        page["author"] = {"@type": "Person", "name": article.author}
    if article.is_reviewed and article.reviewed_at:
        page["reviewedBy"] = {"@type": "Person", "name": article.reviewer}
        page["lastReviewed"] = article.reviewed_at.isoformat()
    condition = article.condition
    if condition and not condition.is_generic:
        page["about"] = {"@type": "MedicalCondition", "name": condition.name}
        if condition.synonyms:
            page["about"]["alternateName"] = list(condition.synonyms)
    return page


def breadcrumb_list(article: Article) -> dict[str, Any]:
    """The same steps as the page's own breadcrumb."""
    steps = [(step.label, step.url) for step in breadcrumb(article)]
    steps.append((article.name or article.title, article.get_absolute_url()))
    return base.breadcrumb_list(steps)


def faq_page(article: Article) -> dict[str, Any] | None:
    """The questions with their visible answers as plain text; None without any.

    The closing words of the article are no part of the last answer and stay out, and so does an answer that a red flag
    stands above: nobody would see the card.
    """
    items = [item for item in article.faq["items"] if item["text"] and not item.get("warned_by")] if article.faq else []
    if not items:
        return None
    return {
        "@context": CONTEXT,
        "@type": "FAQPage",
        "inLanguage": "da",
        "mainEntity": [
            {
                "@type": "Question",
                "name": item["question"],
                "acceptedAnswer": {"@type": "Answer", "text": item["text"]},
            }
            for item in items
        ],
    }
