"""Languages that a clinic can be asked for: ISO 639 code and Danish name, in the order in which every page lists them."""

from collections.abc import Iterable

from . import danish

# Danish and English first, then by name.
LANGUAGES: list[tuple[str, str]] = [
    ("da", "dansk"),
    ("en", "engelsk"),
    ("ar", "arabisk"),
    ("bs", "bosnisk/kroatisk/serbisk"),
    ("sgn", "dansk tegnsprog"),
    ("fa", "farsi/dari"),
    ("fr", "fransk"),
    ("fo", "færøsk"),
    ("kl", "grønlandsk"),
    ("it", "italiensk"),
    ("ku", "kurdisk"),
    ("lt", "litauisk"),
    ("no", "norsk"),
    ("pl", "polsk"),
    ("ro", "rumænsk"),
    ("ru", "russisk"),
    ("so", "somali"),
    ("es", "spansk"),
    ("sv", "svensk"),
    ("th", "thai"),
    ("tr", "tyrkisk"),
    ("de", "tysk"),
    ("uk", "ukrainsk"),
    ("ur", "urdu"),
    ("vi", "vietnamesisk"),
]

NAMES: dict[str, str] = dict(LANGUAGES)


def in_words(codes: Iterable[str] | None) -> str:
    """`"dansk, engelsk og arabisk"`; "" when nothing is stated. Who says that there are no others treats in Danish."""
    if codes is None:
        return ""
    spoken = set(codes)
    names = [name for code, name in LANGUAGES if code in spoken]
    return danish.listing(names) if names else "ingen oplyst ud over dansk"
