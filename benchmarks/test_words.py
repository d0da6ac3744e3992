"""From words to a condition and from words to a place."""

from contextlib import suppress
from functools import partial

from clinics.places import PlaceError, find_place
from clinics.vocabulary import resolve

from .measure import cpu, milliseconds, statements, wall

PLACES = ("8000", "8000 Aarhus C", "Aarhus", "Nørrebro", "Eksempelvej 12, 8200 Aarhus N", "Viby", "Århuus", "8888")
WORDS = (
    "ondt i lænden",
    "iskias",
    "jeg har ondt i ryggen og ned i benet, når jeg løber",
    "blomsterbuketter",
    "ord " * 250,
)
ROUNDS = 15


def place(text: str) -> None:
    with suppress(PlaceError):
        find_place(text)


def test_words(databases, report):
    databases.use(600)
    work = {("find_place", text): partial(place, text) for text in PLACES}
    work |= {("resolve", text): partial(resolve, text) for text in WORDS}
    own, elapsed = cpu(work, ROUNDS), wall(work, ROUNDS)
    rows = [
        [
            f"`{name}({shown(text)})`",
            milliseconds(own[name, text]),
            milliseconds(elapsed[name, text]),
            str(len(statements(do))),
        ]
        for (name, text), do in work.items()
    ]
    report.add("words", "Understanding what was written", ["call", "CPU ms", "wall ms", "queries"], rows)


def shown(text: str) -> str:
    return f'"{text}"' if len(text) < 80 else f'"{text[:8]}…" ({len(text)} characters)'
