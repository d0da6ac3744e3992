"""A clinic with 2 000 reviews: its pages, and publishing one more; and what ratings cost a search that asks for none."""

from django.conf import settings
from django.db import connection
from django.test import Client

from clinics import counting
from clinics.models import Clinic, Review
from clinics.reviews import aggregate
from clinics.search import Search
from tests.reviews import many

from .measure import milliseconds, server, statements
from .test_search import asked

CLINICS, REVIEWS, ROUNDS = 3_000, 2_000, 25
PAGES = {"profile": "", "all reviews, page 1": "anmeldelser/", "all reviews, page 100": "anmeldelser/?side=100"}
CASES = {
    "condition, Aarhus C": "tilstand=iskias&sted=8000",
    "condition, within 50 km of 2100 København Ø": "tilstand=iskias&sted=2100&radius=50",
    "condition, no place": "tilstand=iskias",
}
VARIANTS = {
    "by distance": "",
    "by rating": "&sorter=bedoemmelse",
    "at least 4": "&bedoemmelse_min=4",
}


def test_reviews(databases, report):
    databases.create("reviews", of=CLINICS)
    clinic = Clinic.objects.published().filter(rating=None).order_by("pk")[0]
    few = Clinic.objects.published().filter(rating__shown=3).order_by("pk")[0]
    many(clinic, REVIEWS)
    aggregate.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    pages(report, clinic, few)
    searches(report)


def pages(report, clinic: Clinic, few: Clinic) -> None:
    rows = []
    with connection.cursor() as cursor:
        for name, address in PAGES.items():
            for one in (few, clinic):
                url = f"/klinik/{one.slug}/{address}"
                assert Client().get(url).status_code == 200
                sent = statements(lambda url=url: Client().get(url))
                read = {number: (cursor, one) for number, one in enumerate(sent) if one[0].lstrip().startswith(READING)}
                times = server(read, ROUNDS)
                reviews = sum(ms for number, ms in times.items() if 'FROM "clinics_review"' in sent[number][0])
                count = f"{one.rating.shown:,}".replace(",", " ")
                rows.append([name, count, str(len(sent)), milliseconds(reviews), milliseconds(sum(times.values()))])
        newest = Review.objects.filter(clinic=clinic).latest("published_at")
        values = {"id": newest.pk, "email": settings.REVIEWS_COUNT_EMAIL}
        sql = {"one taken away": aggregate.take_away_sql(), "one published": aggregate.add_sql()}
        times = server({name: (cursor, (one, values)) for name, one in sql.items()}, ROUNDS)
        rows += [[name, "2 000", "1", "", milliseconds(ms)] for name, ms in times.items()]
    assert not aggregate.disagreements()
    columns = ["what", "reviews", "statements", "the reviews", "all statements"]
    notes = (
        f"Milliseconds that the database counts for planning and running, medians of {ROUNDS}, {CLINICS} clinics. What\n"
        "writes is not measured: the view of a profile. Asked for: under 8 statements and 30 ms."
    )
    report.add("reviews", "Two thousand reviews", columns, rows, notes)


READING = ("SELECT", "(SELECT", "WITH")


def searches(report) -> None:
    rows = []
    with connection.cursor() as cursor:
        for case, query in CASES.items():
            work = {}
            for variant, more in VARIANTS.items():
                counting.forget()
                ask = asked(query + more)
                sent = statements(lambda ask=ask: Search(ask).found(facets=True))
                work |= {(variant, number): (cursor, one) for number, one in enumerate(sent)}
            times = server(work, ROUNDS)
            for variant in VARIANTS:
                count, page = times[variant, 0], times.get((variant, 1), 0.0)
                first = case if variant == next(iter(VARIANTS)) else ""
                rows.append([first, variant, *map(milliseconds, (count, page, count + page))])
    columns = ["search", "how", "counting", "nearest 20", "both"]
    notes = f"{CLINICS} clinics, as above. The numbers at “Bedømmelse” are in the tally of each row and cost a search nothing."
    report.add("reviews", "A search with ratings", columns, rows, notes)
