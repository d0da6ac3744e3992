"""The search over 500 articles, in the database: each statement of it, and by which way the articles were found."""

import statistics
from functools import partial

from django.db import connection, transaction

from articles.finding import find_articles
from articles.importer import import_paths
from articles.models import Article
from tests.many_articles import write_articles

from .measure import Statement, milliseconds, statements, wall

COUNT, ROUNDS = 500, 15
# From words that few articles have to words that nearly all have, and what takes longest: a sentence with many other
# names for it, twelve words that all have, twelve that none has all of, the last page, a page that is not there.
WORDS = (
    ("vindueskiggersyndrom", 1),
    ("iskias", 1),
    ("DVT", 1),
    ("hævet læg", 1),
    ("trapper om natten", 1),
    ("smerter", 1),
    ("smerter", 50),
    ("smerter", 999),
    ("ring til lægen", 1),
    ("jeg har ondt i lænden og det stråler ned i benet", 1),
    ("læge ring ben hævet varmt blodprop åndenød bryst 112 lægevagt ondt smerter", 1),
    ("utæt blære morgen sjældent stop stræk time dag lille egen tal hvile", 1),
    ("ischas", 1),
    ("blomsterbuketter", 1),
)
NOTHING = ("SELECT 1", None)
ARTICLES = 40


def test_articles(databases, report, tmp_path):
    databases.use("articles")
    write_articles(tmp_path, COUNT)
    with transaction.atomic():
        assert import_paths([tmp_path], publish=True).summary["created"] == COUNT
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('article_search')")  # what autovacuum does
            cursor.execute("ANALYZE")
        rows = [measured(words, page) for words, page in WORDS]
        related = related_rows()
        transaction.set_rollback(True)
    notes = (
        "“search” is what finds, ranks, counts and cuts the excerpts of a page: “in the database” as the database itself\n"
        "counts it, planning too, and then at the client. Of twelve words that no article has all of, and of a page that is\n"
        "not there, it is more than one statement. “× 1” is the time at the client over that of `SELECT 1`. “all” adds the\n"
        "look-up of names and words of danger, and of a guess where nothing was found."
    )
    columns = [
        "words",
        "page",
        "found",
        "search, in the database, ms",
        "search ms",
        "× 1",
        "all ms",
        "queries",
        "way in",
    ]
    report.add("articles", f"Searching {COUNT} articles", columns, rows, notes)
    columns = ["statement", "median, in the database, ms", "slowest", "median at the client, ms", "× 1"]
    notes = f"Of {ARTICLES} articles, one after the other. The first is part of the second, which is the whole article."
    report.add("articles", f"“Læs også” among {COUNT} articles", columns, related, notes)


def measured(words: str, page: int) -> list[str]:
    find = partial(find_articles, words, page=page)
    found = find()
    sent = [*statements(find), NOTHING]
    times = wall({number: partial(run, statement) for number, statement in enumerate(sent)}, ROUNDS)
    nothing = times.pop(len(sent) - 1)
    searches = [number for number, (sql, _) in enumerate(sent) if "ts_rank" in sql]
    search = sum(times[number] for number in searches)
    return [
        words if len(words) < 40 else f"{words.partition(' ')[0]} … ({len(words.split())} words)",
        str(page),
        str(found.total),
        milliseconds(sum(in_the_database(sent[number]) for number in searches)),
        milliseconds(search),
        f"{search / nothing:.0f} ×",
        milliseconds(sum(times.values())),
        str(len(times)),
        ", ".join(dict.fromkeys(way_in(sent[number]) for number in searches)),
    ]


def related_rows() -> list[list[str]]:
    articles = list(Article.objects.published().order_by("pk")[:: COUNT // ARTICLES][:ARTICLES])
    (nothing,) = wall({0: partial(run, NOTHING)}, ROUNDS).values()
    whole = {
        article.pk: statements(Article.objects.published().for_page().filter(pk=article.pk).first)[0]
        for article in articles
    }
    alone = {article.pk: statements(article.related)[0] for article in articles}
    rows = []
    for name, sent in (("what else to read", alone), ("article with it", whole)):
        inside = [in_the_database(statement) for statement in sent.values()]
        outside = statistics.median(wall({pk: partial(run, sent[pk]) for pk in sent}, 5).values())
        numbers = [statistics.median(inside), max(inside), outside]
        rows.append([name, *map(milliseconds, numbers), f"{outside / nothing:.0f} ×"])
    return rows


def run(statement: Statement) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall()


def in_the_database(statement: Statement) -> float:
    """Median milliseconds of planning and execution."""
    sql, parameters = statement
    explain = (f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", parameters)
    plans = [run(explain)[0][0][0] for _ in range(ROUNDS)]
    return statistics.median(plan["Planning Time"] + plan["Execution Time"] for plan in plans)


def way_in(statement: Statement) -> str:
    sql, parameters = statement
    plan = "\n".join(row[0] for row in run((f"EXPLAIN {sql}", parameters)))
    return "GIN index" if "Bitmap Index Scan on article_search" in plan else "whole table"
