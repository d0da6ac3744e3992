"""The part of schema.org that the site uses: which properties a type has, and what may stand in them.

Read at schema.org (release 29). A type has its own properties and those of the types above it.
"""

import re
from typing import Any

PARENTS = {
    "MedicalWebPage": ["WebPage"],
    "FAQPage": ["WebPage"],
    "WebPage": ["CreativeWork"],
    "CreativeWork": ["Thing"],
    "Question": ["CreativeWork"],
    "Answer": ["CreativeWork"],
    "BreadcrumbList": ["ItemList"],
    "OfferCatalog": ["ItemList"],
    "ItemList": ["Thing"],
    "ListItem": ["Thing"],
    "MedicalClinic": ["MedicalOrganization", "MedicalBusiness"],
    "Physiotherapy": ["MedicalBusiness"],
    "MedicalBusiness": ["LocalBusiness"],
    "MedicalOrganization": ["Organization"],
    "LocalBusiness": ["Organization", "Place"],
    "Organization": ["Thing"],
    "Place": ["Thing"],
    "Person": ["Thing"],
    "MedicalCondition": ["Thing"],
    "MedicalTherapy": ["Thing"],
    "MedicalAudience": ["Thing"],
    "PostalAddress": ["ContactPoint"],
    "ContactPoint": ["Thing"],
    "GeoCoordinates": ["Thing"],
    "OpeningHoursSpecification": ["Thing"],
    "LocationFeatureSpecification": ["Thing"],
    "Offer": ["Thing"],
    "Service": ["Thing"],
    "Language": ["Thing"],
    "AggregateRating": ["Rating"],
    "Rating": ["Thing"],
    "Review": ["CreativeWork"],
}

# Kinds of text, told from a type by their small letter.
URL, DATE, TIME = re.compile(r"https?://\S+"), re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")
TEXT, NUMBER, BOOLEAN = "text", "number", "boolean"

PROPERTIES: dict[str, dict[str, list[Any]]] = {
    "Thing": {"name": [TEXT], "url": [URL], "description": [TEXT], "alternateName": [TEXT], "sameAs": [URL], "image": [URL]},
    "CreativeWork": {
        "headline": [TEXT], "inLanguage": [TEXT], "audience": ["MedicalAudience"], "publisher": ["Organization"],
        "datePublished": [DATE], "dateModified": [DATE], "author": ["Person"], "about": ["MedicalCondition"],
        "text": [TEXT], "mainEntity": ["Question"],
    },
    "WebPage": {"reviewedBy": ["Person"], "lastReviewed": [DATE]},
    "Question": {"acceptedAnswer": ["Answer"]},
    "ItemList": {"itemListElement": ["ListItem", "Offer"]},
    "ListItem": {"position": [NUMBER], "item": [URL]},
    "MedicalAudience": {"audienceType": [TEXT]},
    "MedicalClinic": {"availableService": ["MedicalTherapy"]},
    "MedicalOrganization": {"medicalSpecialty": [URL]},
    "LocalBusiness": {"priceRange": [TEXT]},
    "Organization": {
        "address": ["PostalAddress"], "telephone": [TEXT], "email": [TEXT], "knowsLanguage": ["Language"],
        "knowsAbout": [TEXT], "contactPoint": ["ContactPoint"], "hasOfferCatalog": ["OfferCatalog"],
    },
    "Rating": {"ratingValue": [NUMBER, re.compile(r"[1-5]\.\d")], "bestRating": [NUMBER], "worstRating": [NUMBER]},
    "AggregateRating": {"reviewCount": [NUMBER]},
    "Review": {"reviewRating": ["Rating"], "reviewBody": [TEXT]},
    "Place": {
        "aggregateRating": ["AggregateRating"], "review": ["Review"],
        "geo": ["GeoCoordinates"], "amenityFeature": ["LocationFeatureSpecification"],
        "openingHoursSpecification": ["OpeningHoursSpecification"],
        "specialOpeningHoursSpecification": ["OpeningHoursSpecification"],
    },
    "ContactPoint": {"contactType": [TEXT], "telephone": [TEXT], "hoursAvailable": ["OpeningHoursSpecification"]},
    "PostalAddress": {"streetAddress": [TEXT], "postalCode": [TEXT], "addressLocality": [TEXT], "addressCountry": [TEXT]},
    "GeoCoordinates": {"latitude": [NUMBER], "longitude": [NUMBER]},
    "OpeningHoursSpecification": {
        "dayOfWeek": [URL], "opens": [TIME], "closes": [TIME], "validFrom": [DATE], "validThrough": [DATE],
    },
    "LocationFeatureSpecification": {"value": [BOOLEAN]},
    "Offer": {"price": [re.compile(r"\d+(\.\d\d)?")], "priceCurrency": [re.compile("DKK")], "itemOffered": ["Service"]},
}  # fmt: skip


def faults(data: Any, path: str = "") -> list[str]:
    """What in a block of structured data schema.org does not know, as "path: what"; an empty list is what it should be."""
    found = [] if path or data.get("@context") == "https://schema.org" else ["@context is missing"]
    types = data["@type"] if isinstance(data["@type"], list) else [data["@type"]]
    found += [f"{path}: no type {name}" for name in types if name not in PARENTS and name != "Thing"]
    allowed: dict[str, list[Any]] = {}
    for name in types:
        allowed |= _properties(name)
    for key, value in data.items():
        if key.startswith("@"):
            continue
        here = f"{path}/{'+'.join(types)}.{key}"
        if key not in allowed:
            found.append(f"{here}: no such property")
            continue
        for one in value if isinstance(value, list) else [value]:
            found += _value_faults(one, allowed[key], here)
    return found


def _properties(name: str) -> dict[str, list[Any]]:
    own = dict(PROPERTIES.get(name, {}))
    for parent in PARENTS.get(name, []):
        own |= _properties(parent)
    return own


def _value_faults(value: Any, ranges: list[Any], path: str) -> list[str]:
    if isinstance(value, dict):
        known = [value["@type"]] if value["@type"] in ranges else []
        return faults(value, path) if known else [f"{path}: {value['@type']} may not stand here"]
    fits = {
        TEXT: isinstance(value, str) and bool(value.strip()),
        NUMBER: isinstance(value, (int, float)) and not isinstance(value, bool),
        BOOLEAN: isinstance(value, bool),
    }
    if any(
        (isinstance(one, re.Pattern) and isinstance(value, str) and one.fullmatch(value))
        or (isinstance(one, str) and fits.get(one))
        for one in ranges
    ):
        return []
    return [f"{path}: {value!r} may not stand here"]
