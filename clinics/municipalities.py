"""Municipalities: their names are on postcodes, and some of them ("Guldborgsund") are the name of no town."""

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Postcode
from .text import fold

_AROUND = ("kommune", "i", "kommunen")


@dataclass(frozen=True)
class Municipality:
    """`codes` are the postcodes filed under it, `base_regions` the slugs of the regions that these are filed under."""

    name: str
    codes: tuple[str, ...]
    base_regions: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.name} Kommune"

    @property
    def sted(self) -> str:
        """A text that the place field understands: the name may be unknown to it, a postcode is not."""
        return self.codes[0]


def municipality_named(text: str) -> Municipality | None:
    """`"guldborgsund kommune"`. One query, a second for one that is found."""
    wanted = " ".join(word for word in fold(text[:80]).split() if word not in _AROUND)
    names = Postcode.objects.exclude(municipality="").values_list("municipality", flat=True).distinct()
    name = next((one for one in names if wanted and fold(one) == wanted), None)
    if name is None:
        return None
    rows = Postcode.objects.filter(municipality=name, kind=Postcode.Kind.AREA).values_list("code", "regions__slug")
    codes, regions = zip(*rows.order_by("code"), strict=True) if rows else ((), ())
    codes = tuple(dict.fromkeys(codes))
    return Municipality(name, codes, tuple(dict.fromkeys(filter(None, regions)))) if codes else None


def municipalities_of(codes: Iterable[str]) -> frozenset[str]:
    """The municipalities of some postcodes. One query."""
    return frozenset(filter(None, Postcode.objects.filter(code__in=codes).values_list("municipality", flat=True)))
