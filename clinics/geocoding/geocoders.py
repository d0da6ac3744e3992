"""Who is asked where an address is: the schemes of `GEOCODER_URL`.

`nominatim+https://nominatim.example/path?email=…`, `photon+https://photon.example`, `file:///path/to/addresses.csv` (tests and
demos: columns address, latitude, longitude, precision), `""` for nobody. A new one is a class with `find` and a line in SCHEMES.
"""

import csv
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from django.conf import settings
from geopy.exc import GeocoderRateLimited, GeopyError
from geopy.geocoders import Nominatim, Photon

from clinics.geo import Point
from clinics.models import Clinic
from clinics.outside import user_agent
from clinics.outside.turns import NotNowError

from .adapter import BoundedAdapter
from .asked import Asked

MOST = 5  # answers: the first that fits counts
# What Nominatim calls the line of an address, the likeliest first; squares and footways have names too.
_STREETS = ("road", "pedestrian", "square", "footway", "cycleway", "residential", "path", "place")


class UnansweredError(NotNowError):
    """The geocoder cannot be used now; nothing is known of the address. `wait`: seconds that it asked us to stay away."""

    def __init__(self, text: str, wait: float = 0) -> None:
        super().__init__(text)
        self.wait = wait


@dataclass(frozen=True)
class Found:
    """One answer, as it was given. `""`: not told. `precision`: only where the geocoder says it itself."""

    latitude: float
    longitude: float
    street: str = ""
    house: str = ""
    postcode: str = ""
    country: str = ""
    precision: str = ""

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


class Geocoder(Protocol):
    name: str  # stands in the cache, and never holds a key or an address of mail
    pause: float  # seconds between two requests, of all workers

    def find(self, asked: Asked) -> list[Found]:
        """The likeliest first; [] when the address is not known. Raises UnansweredError."""
        ...


def geocoder() -> Geocoder | None:
    """The one of the settings; None for none. Raises ValueError for a scheme that nobody knows."""
    return read(settings.GEOCODER_URL)


def read(url: str) -> Geocoder | None:
    """Raises ValueError, in English: whoever sets up a machine reads it."""
    if not url.strip():
        return None
    parts = urlsplit(url.strip())
    make = SCHEMES.get(parts.scheme)
    if make is None:
        raise ValueError(f"{parts.scheme or 'no scheme'!r} is none of {', '.join(sorted(SCHEMES))}")
    return make(parts)


class OverHttp:
    """What geopy's geocoders share: our name, ten seconds in all, and errors that are one word."""

    def __init__(self, parts: SplitResult) -> None:
        service, _, scheme = parts.scheme.partition("+")
        if not parts.hostname or "@" in parts.netloc or parts.fragment:
            raise ValueError(f"{service}+{scheme}:// needs a host, and neither a name nor a password")
        _ = parts.port  # ValueError for none
        self.name = f"{service} {parts.netloc}{parts.path.rstrip('/')}"[:80]
        self.pause = settings.GEOCODER_PAUSE
        self.options: dict[str, Any] = {
            "scheme": scheme,
            "domain": f"{parts.netloc}{parts.path}".strip("/"),
            "user_agent": user_agent(),
            "timeout": settings.GEOCODER_TIMEOUT,
            "adapter_factory": BoundedAdapter,
        }

    def answers(self, ask: Callable[[], Any]) -> list[Any]:
        """`raw` of each answer."""
        try:
            return [one.raw for one in ask() or ()]
        except GeocoderRateLimited as error:
            raise UnansweredError("HTTP 429: for mange spørgsmål", wait=error.retry_after or 0) from error
        except GeopyError as error:
            raise UnansweredError(f"{type(error).__name__}: {error}"[:120]) from error
        except Exception as error:  # geopy reads answers as they should be: whatever else it meets is nonsense
            raise UnansweredError(f"uforståeligt svar ({type(error).__name__})") from error


class _Nominatim(Nominatim):
    """With what the address of the settings says besides: `email`, which its servers ask for."""

    more: Mapping[str, str] = {}

    def _construct_url(self, base_api: str, params: dict[str, Any]) -> str:
        return f"{base_api}?{urlencode({**self.more, **params})}"


class NominatimGeocoder(OverHttp):
    def __init__(self, parts: SplitResult) -> None:
        super().__init__(parts)
        self.service = _Nominatim(**self.options)
        self.service.more = dict(parse_qsl(parts.query))

    def find(self, asked: Asked) -> list[Found]:
        raws = self.answers(
            lambda: self.service.geocode(
                f"{asked.line}, Danmark",
                exactly_one=False,
                limit=MOST,
                addressdetails=True,
                language="da",
                country_codes="dk",
            )
        )
        return _each(raws, self._found)

    def _found(self, raw: Any) -> Found:
        told = raw["address"]
        return Found(
            latitude=float(raw["lat"]),
            longitude=float(raw["lon"]),
            street=next((str(told[name]) for name in _STREETS if told.get(name)), ""),
            house=str(told.get("house_number") or ""),
            postcode=str(told.get("postcode") or ""),
            country=str(told.get("country_code") or "").lower(),
        )


class PhotonGeocoder(OverHttp):
    def __init__(self, parts: SplitResult) -> None:
        super().__init__(parts)
        if parts.query:
            raise ValueError("photon+https:// takes no parameters")
        self.service = Photon(**self.options)

    def find(self, asked: Asked) -> list[Found]:
        raws = self.answers(lambda: self.service.geocode(f"{asked.line}, Danmark", exactly_one=False, limit=MOST))
        return _each(raws, self._found)

    def _found(self, raw: Any) -> Found:
        told = raw["properties"]
        longitude, latitude = raw["geometry"]["coordinates"][:2]
        street = told.get("street") or (told.get("name") if told.get("type") == "street" else "")
        return Found(
            latitude=float(latitude),
            longitude=float(longitude),
            street=str(street or ""),
            house=str(told.get("housenumber") or ""),
            postcode=str(told.get("postcode") or ""),
            country=str(told.get("countrycode") or "").lower(),
        )


class FileGeocoder:
    """A table in a file. An address that is not in it is not known."""

    pause = 0.0

    def __init__(self, parts: SplitResult) -> None:
        if parts.netloc or not parts.path or parts.query:
            raise ValueError("file:// needs three slashes and the path of a CSV file")
        self.path = Path(parts.path)
        self.name = f"file {self.path.name}"[:80]

    def find(self, asked: Asked) -> list[Found]:
        try:
            with self.path.open(encoding="utf-8", newline="") as file:
                rows = [row for row in csv.DictReader(file) if row.get("address") == asked.line]
        except (OSError, ValueError, csv.Error) as error:
            raise UnansweredError(f"filen kan ikke læses ({type(error).__name__})") from error
        return _each(rows, self._found)

    def _found(self, row: dict[str, str]) -> Found:
        precision = Clinic.Precision(row.get("precision") or Clinic.Precision.ADDRESS)
        return Found(float(row["latitude"]), float(row["longitude"]), precision=precision)


def _each(raws: Iterable[Any], make: Callable[[Any], Found]) -> list[Found]:
    """Answers that hold no point are nonsense, and then all of them are doubted."""
    try:
        found = [make(raw) for raw in raws]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UnansweredError(f"uforståeligt svar ({type(error).__name__})") from error
    if any(not (math.isfinite(one.latitude) and math.isfinite(one.longitude)) for one in found):
        raise UnansweredError("uforståeligt svar (et punkt uden tal)")
    return found[:MOST]


SCHEMES: dict[str, Callable[[SplitResult], Geocoder]] = {
    "file": FileGeocoder,
    "nominatim+http": NominatimGeocoder,
    "nominatim+https": NominatimGeocoder,
    "photon+http": PhotonGeocoder,
    "photon+https": PhotonGeocoder,
}
