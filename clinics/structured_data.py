"""What a search engine may know about a clinic or a list of them, as schema.org JSON-LD; printed by the tag `json_ld`.

Only what the clinic or a source has stated and the page shows. Invented clinics have none, and a point that is only the
postcode's is none. A rating stands on the clinic's own page alone, and only of confirmed visits that were reviewed here.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from . import images
from .clock import today
from .facets import FACETS
from .json_ld import CONTEXT, Data, absolute, breadcrumb_list
from .languages import NAMES as LANGUAGES
from .models import Clinic, HoursKind, OpeningException, OpeningHours, Photo, Price, Speciality
from .models.offer import Stated
from .reviews.showing import ReviewsPart
from .reviews.words import MOST_STARS

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ACCESS = ("step_free", "lift", "accessible_toilet", "parking", "hearing_loop")
MIDNIGHT = datetime.time(0)
MOST_REVIEWS = 3
# Kinds that are a price for one visit; a surcharge alone buys nothing.
VISITS = (Price.Kind.FIRST, Price.Kind.FOLLOW_UP)


def clinic_page(clinic: Clinic, reviews: ReviewsPart | None = None) -> list[Data]:
    """The blocks of a profile; none for an invented clinic. The clinic must be filled (`clinics.whole.fill`)."""
    if clinic.is_example:
        return []
    steps = [("Forside", "/"), ("Find fysioterapeut", "/find/fysioterapeut/"), (clinic.name, clinic.get_absolute_url())]
    return [medical_clinic(clinic) | (_rated(reviews) if reviews else {}), breadcrumb_list(steps)]


def results_page(clinics: Iterable[tuple[str, str]]) -> list[Data]:
    """`clinics`: (name, address on this site) in the order of the list, real ones only; no ratings. None of nobody: none."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "url": absolute(address)}
        for position, (name, address) in enumerate(clinics, start=1)
    ]
    return [{"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}] if items else []


def medical_clinic(clinic: Clinic) -> Data:
    """One clinic. Parts that it has not stated are left out; there is no value for "unknown" in schema.org."""
    url = absolute(clinic.get_absolute_url())
    data: Data = {
        "@context": CONTEXT,
        "@type": ["MedicalClinic", "Physiotherapy"],
        "@id": url,
        "url": url,
        "name": clinic.name,
        "medicalSpecialty": "https://schema.org/Physiotherapy",
        "address": _without_empty(
            {
                "@type": "PostalAddress",
                "streetAddress": ", ".join(filter(None, [clinic.street, clinic.address_extra])),
                "postalCode": clinic.postcode_id,
                "addressLocality": clinic.postcode.town,
                "addressCountry": "DK",
            }
        ),
        "telephone": clinic.phone,
        "email": clinic.email,
        "sameAs": clinic.website,
        "description": clinic.about,
        "knowsLanguage": [_language(code) for code in clinic.languages or () if code in LANGUAGES],
        "openingHoursSpecification": [_hours(row) for row in _treatment(clinic.opening_hours.all())],
        "specialOpeningHoursSpecification": [
            _exception(row) for row in _treatment(clinic.opening_exceptions.all()) if row.last_day >= today()
        ],
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": FACETS[key].label, "value": getattr(clinic, key)}
            for key in ACCESS
            if getattr(clinic, key) is not None
        ],
        "availableService": [{"@type": "MedicalTherapy", "name": name} for name in _treatments(clinic)],
        "knowsAbout": _focus_areas(clinic),
        "image": [absolute(_address(photo)) for photo in clinic.photos.all()],
        "contactPoint": _phone_hours(clinic),
        "priceRange": _price_range(clinic),
        "hasOfferCatalog": _offers(clinic),
        # The postcode's point is not where the clinic lies.
        "geo": {"@type": "GeoCoordinates", "latitude": clinic.latitude, "longitude": clinic.longitude}
        if clinic.location_precision != Clinic.Precision.POSTCODE
        else None,
    }
    return _without_empty(data)


def _rated(reviews: ReviewsPart) -> Data:
    """The average with what it is made of, and the newest of them; nothing while no visit is confirmed. No days: ours are
    months."""
    if reviews.average is None:
        return {}
    counted = [one for one in reviews.reviews if one.is_confirmed and not one.is_example]
    data = {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": str(reviews.average),
            "reviewCount": reviews.counted,
            "bestRating": MOST_STARS,
            "worstRating": 1,
        },
        "review": [
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": one.nickname},
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": one.stars,
                    "bestRating": MOST_STARS,
                    "worstRating": 1,
                },
                "reviewBody": one.text,
            }
            for one in counted[:MOST_REVIEWS]
        ],
    }
    return _without_empty(data)


def _language(code: str) -> Data:
    return {"@type": "Language", "name": LANGUAGES[code], "alternateName": code}


def _treatments(clinic: Clinic) -> list[str]:
    stated = (row for row in clinic.treatments.all() if row.basis != Stated.Basis.SUGGESTED)
    return list(dict.fromkeys(row.treatment.name for row in stated))


def _focus_areas(clinic: Clinic) -> list[str]:
    stated = (row for row in clinic.specialities.all() if row.basis != Stated.Basis.SUGGESTED)
    return list(dict.fromkeys(row.speciality.name for row in stated if row.speciality.kind == Speciality.Kind.FOCUS))


def _address(photo: Photo) -> str:
    return images.address(photo.digest, images.Picture(photo.digest, photo.width, photo.height).widths[-1])


def _without_empty(data: Data) -> Data:
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def _treatment(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.kind == HoursKind.TREATMENT]


def _hours(row: OpeningHours) -> Data:
    return {"@type": "OpeningHoursSpecification", "dayOfWeek": f"https://schema.org/{DAYS[row.weekday]}"} | _times(
        row.opens, row.closes
    )


def _exception(row: OpeningException) -> Data:
    days = {"validFrom": row.first_day.isoformat(), "validThrough": row.last_day.isoformat()}
    # Open from midnight to midnight is how search engines are told of a closed day.
    times = (
        {"opens": "00:00", "closes": "00:00"}
        if row.opens is None or row.closes is None
        else _times(row.opens, row.closes)
    )
    return {"@type": "OpeningHoursSpecification"} | days | times


def _times(opens: datetime.time, closes: datetime.time) -> Data:
    """Hours and minutes; a close before the opening is on the next morning. All day and night ends a minute early, since
    midnight to midnight means closed."""
    if opens == closes == MIDNIGHT:
        closes = datetime.time(23, 59)
    return {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}


def _phone_hours(clinic: Clinic) -> Data | None:
    hours = [_hours(row) for row in clinic.opening_hours.all() if row.kind == HoursKind.PHONE]
    if not (hours and clinic.phone):
        return None
    return {
        "@type": "ContactPoint",
        "contactType": "reservations",
        "telephone": clinic.phone,
        "hoursAvailable": hours,
    }


def _price_range(clinic: Clinic) -> str:
    amounts = sorted({price.amount for price in clinic.prices.all() if price.kind in VISITS})
    return f"{_plain(amounts[0])}–{_plain(amounts[-1])} DKK" if len(amounts) > 1 else ""


def _offers(clinic: Clinic) -> Data | None:
    """Prices without referral. What a price means beside its number stands in words."""
    offers = [
        _without_empty(
            {
                "@type": "Offer",
                "name": _name(price),
                "price": _plain(price.amount),
                "priceCurrency": "DKK",
                "description": price.terms,
                "itemOffered": {"@type": "Service", "name": _name(price)},
            }
        )
        for price in clinic.prices.all()
        if price.kind != Price.Kind.SURCHARGE
    ]
    return {"@type": "OfferCatalog", "name": "Priser uden henvisning", "itemListElement": offers} if offers else None


def _name(price: Price) -> str:
    parts = [price.get_kind_display().capitalize()]
    if price.treatment:
        parts.append(price.treatment.name)
    if price.sessions:
        parts.append(f"{price.sessions} gange")
    if price.minutes:
        parts.append(f"{price.minutes} min.")
    return ", ".join(parts)


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}".removesuffix(".00")
