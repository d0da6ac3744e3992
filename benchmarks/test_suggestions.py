"""Database time of the suggestions while somebody types, at the sizes of the directory."""

from functools import partial

import pytest
from django.db import connection

from clinics.care import danger_flags
from fysfinder import suggestions

from .conftest import SIZES
from .measure import milliseconds, statements, wall
from .test_search import run

TYPED = (
    "is",
    "iski",
    "knæ",
    "mett",
    "mette",
    "aarhus",
    "fysi",
    "jeg kan ikke tisse",
    "smerter under foden når jeg løber",
)
ROUNDS = 9


@pytest.mark.timeout(900)
def test_suggestions(databases, report):
    cursors, sent = {}, {}
    for size in SIZES:
        databases.use(size)
        suggestions.forget()
        suggestions.entries()  # what a process reads once
        for text in TYPED:
            sent[size, text] = statements(partial(suggestions.groups_for, text)) + statements(
                partial(danger_flags, text)
            )
            assert len(sent[size, text]) <= 3
        cursors[size] = connection.copy().cursor()
    rows = []
    for text in TYPED:
        work = {
            (size, number): partial(run, cursors[size], statement)
            for size in SIZES
            for number, statement in enumerate(sent[size, text])
        }
        own = wall(work, ROUNDS)
        totals = [sum(ms for (of, _), ms in own.items() if of == size) for size in SIZES]
        rows.append([f"“{text}”", str(len(sent[SIZES[-1], text])), *map(milliseconds, totals)])
    for cursor in cursors.values():
        cursor.connection.close()
    sizes = [f"{size:,}".replace(",", " ") + " clinics, ms" for size in SIZES]
    report.add("suggestions", "Suggestions while somebody types", ["typed", "statements", *sizes], rows)
