"""What a process remembers of its database, and rows that many tests share: both go back in time together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


def forget() -> None:
    """Whatever was read before is read anew."""
    from articles import about_dangers, word_queries
    from clinics import counting, filters, inquiry, main_regions, place_words, suggesting, tags, tariffs, vocabulary
    from clinics.intake.reading import towns
    from clinics.intake.suggesting import offer_words
    from clinics.statistics import collecting
    from fysfinder import body_parts, suggestions

    words = (body_parts, filters, main_regions, offer_words, place_words, suggesting, suggestions, vocabulary)
    for one in (*words, about_dangers, word_queries, collecting, counting, inquiry, tags, tariffs, towns):
        one.forget()


@contextmanager
def shared_rows(blocker: Any) -> Iterator[None]:
    """For a fixture of a module or class: rows are made with nothing remembered from the test before, and undone at the end."""
    forget()
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
    forget()
