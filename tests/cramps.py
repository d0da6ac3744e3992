"""An article about cramps that recommends massage and heat, and the flags that have something to say about that."""

from articles.models import Article
from clinics.models import Condition, RedFlag

from .people import condition

BODY = """\
Om kramper.

## Hvad hjælper?

Stræk musklen. Massér læggen roligt, og brug varme.

## Hvornår skal jeg søge hjælp?

Kontakt en fagperson, hvis benet er hævet, rødt og varmt.

## Ofte stillede spørgsmål om Kramper

### Hvordan slipper jeg af med en krampe?
Massér musklen i læggen.

### Er kramper farlige?
Sjældent.
"""
MASSAGE = "Massér læggen roligt, og brug varme."
_FIELDS = ("key", "group", "urgency", "kind", "text", "terms")
_FLAGS = (
    ("dvt", "Blodprop", "doctor_now", "seek", "det ene ben bliver hævet", ["hævet ben", "hævet + benet"]),
    ("ingen-massage-eller-varme", "Blodprop", "doctor_now", "avoid", "at massere benet, hvis det er hævet", []),
    ("lungeemboli", "Lunger", "112", "seek", "pludselig får åndenød", ["åndenød"]),
    ("vaegttab", "Kræft", "doctor_soon", "seek", "du taber dig", ["vægttab"]),
)


def red_flags() -> dict[str, RedFlag]:
    """A clot, what to leave alone, breathlessness, and losing weight; by key."""
    return {row[0]: RedFlag.objects.create(**dict(zip(_FIELDS, row, strict=True)), sources=[]) for row in _FLAGS}


def cramps_condition(flags: dict[str, RedFlag]) -> Condition:
    made = condition("Kramper", {"Vener": 3})
    made.red_flags.add(flags["ingen-massage-eller-varme"])
    return made


def article(of: Condition | None, body: str = BODY, **fields) -> Article:
    return Article.objects.create(
        body=body, condition=of, **{"slug": "kramper", "title": "Kramper", "status": "published"} | fields
    )


def pending(one: Article) -> list[str]:
    return sorted(one.flag_suggestions.filter(state="pending").values_list("flag__key", flat=True))


def reload(one: Article) -> Article:
    return Article.objects.get(pk=one.pk)
