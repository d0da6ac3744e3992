"""The search over 500 articles, in the database: each statement of it, and by which way the articles were found."""

import re
from functools import partial

from django.db import connection, transaction

from articles.finding import find_articles
from articles.importer import import_paths
from tests.many_articles import write_articles

from .measure import Statement, milliseconds, statements, wall

COUNT, ROUNDS = 500, 15
WORDS = (
    "vindueskiggersyndrom",
    "iskias",
    "DVT",
    "hævet læg",
    "trapper om natten",
    "smerter",
    "ischas",
    "blomsterbuketter",
)
SCANS = {"Bitmap Index Scan on article_search": "GIN index", "Seq Scan on articles_article": "whole table"}


def test_articles(databases, report, tmp_path):
    databases.use("articles")
    write_articles(tmp_path, COUNT)
    with transaction.atomic():
        assert import_paths([tmp_path], publish=True).summary["created"] == COUNT
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('article_search')")  # what autovacuum does
            cursor.execute("ANALYZE")
        rows = [measured(words) for words in WORDS]
        transaction.set_rollback(True)
    notes = (
        "“search” is the statement that finds, ranks, counts and cuts the excerpts of a page; “all” adds the look-up of\n"
        "names and words of danger, and of a guess where nothing was found."
    )
    columns = ["words", "found", "search ms", "all ms", "queries", "way in"]
    report.add("articles", f"Searching {COUNT} articles", columns, rows, notes)


def measured(words: str) -> list[str]:
    found = find_articles(words)
    sent = statements(partial(find_articles, words))
    times = wall({number: partial(run, statement) for number, statement in enumerate(sent)}, ROUNDS)
    searches = [number for number, (sql, _) in enumerate(sent) if "ts_headline" in sql]
    return [
        words,
        str(found.total),
        milliseconds(sum(times[number] for number in searches)),
        milliseconds(sum(times.values())),
        str(len(sent)),
        ", ".join(way_in(sent[number]) for number in searches),
    ]


def run(statement: Statement) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall()


def way_in(statement: Statement) -> str:
    sql, parameters = statement
    plan = "\n".join(row[0] for row in run((f"EXPLAIN {sql}", parameters)))
    return " and ".join(name for scan, name in SCANS.items() if re.search(scan, plan))
