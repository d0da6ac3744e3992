"""Languages that a clinic can be asked for: ISO 639 code and Danish name."""

LANGUAGES: list[tuple[str, str]] = [
    ("da", "dansk"),
    ("en", "engelsk"),
    ("ar", "arabisk"),
    ("bs", "bosnisk, kroatisk, serbisk"),
    ("de", "tysk"),
    ("es", "spansk"),
    ("fa", "farsi og dari"),
    ("fo", "færøsk"),
    ("fr", "fransk"),
    ("it", "italiensk"),
    ("kl", "grønlandsk"),
    ("ku", "kurdisk"),
    ("lt", "litauisk"),
    ("no", "norsk"),
    ("pl", "polsk"),
    ("ro", "rumænsk"),
    ("ru", "russisk"),
    ("so", "somali"),
    ("sv", "svensk"),
    ("th", "thai"),
    ("tr", "tyrkisk"),
    ("uk", "ukrainsk"),
    ("ur", "urdu"),
    ("vi", "vietnamesisk"),
    ("sgn", "dansk tegnsprog"),
]

NAMES: dict[str, str] = dict(LANGUAGES)
