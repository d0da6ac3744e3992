"""The names of clinics and people as they are searched for: one spelling in the database, the same one in Python.

`Århus`, `Aarhus` and `arhus` are one word here, and so are `Ørsted`, `Oersted` and `orsted`. That is coarser than
`clinics.text.fold`, which keeps two spellings: an index can hold one.
"""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField

from clinics.text import fold

# Written out, and not to be changed without a migration that makes the four indexes of names anew: PostgreSQL finds no
# index for an expression that reads otherwise than the one it was made of.
LETTERS = "åøöäéèêëáàâãíìîïóòôõúùûñçýÿšžčćńłőůěęąśźżğıøđðŏü"
PLAIN = "aooæeeeeaaaaiiiioooouuuncyyszccnloueeaszzgioddoy"
# What stands between words. A dot, a slash or a hyphen would make one word of "v/Mette" or "fys.dk" in PostgreSQL's eyes.
SIGNS = "-–—./,;:&+*()[]{}\"''´`’‘“”«»!?@#_|\\~=<>^·•®™\u00a0"

_STROKES = str.maketrans("łıđð", "lidd")  # letters of their own to Unicode: no mark comes off


def name_key(text: str) -> str:
    """`"Klinik v/Søren Aagård"` → `"klinik v soren agard"`: what `NameKey` makes of it, with single spaces."""
    return fold(text).translate(_STROKES).replace("aa", "a").replace("oe", "o")


def _sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class NameKey(Func):
    """The same in SQL, with any number of spaces between words."""

    template = (
        "replace(replace(replace(translate(lower(%(expressions)s), "
        f"{_sql_text(LETTERS + SIGNS)}, {_sql_text(PLAIN + ' ' * len(SIGNS))}), 'aa', 'a'), 'oe', 'o'), 'æ', 'ae')"
    )
    output_field = TextField()


class NameWords(Func):
    """The words of such a key, to be asked with a raw `SearchQuery` in the configuration `simple`."""

    template = f"to_tsvector('simple'::regconfig, {NameKey.template})"
    output_field = SearchVectorField()
