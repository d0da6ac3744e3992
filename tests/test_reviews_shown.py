"""What everybody sees of a clinic's reviews: all that are published and nothing else, the newest first."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import Clinic, Review
from clinics.reviews import aggregate
from clinics.reviews.showing import ON_PAGE, ON_PROFILE, reviews_part

from .full_clinic import main
from .html_reader import Page
from .people import clinic
from .reviews import many, reply, review
from .schema_org import faults
from .worlds import kept

pytestmark = pytest.mark.django_db
URL = "/klinik/ryggen/"
ALL = URL + "anmeldelser/"
HIDDEN = [status for status in Review.Status if status != Review.Status.PUBLISHED]


@kept
def ryggen() -> Clinic:
    return clinic("Ryggen", "Aarhus C")


def words(client, url=URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", Page(main(response.content.decode())).words)


def json_ld(client) -> dict:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(URL).content.decode(), re.S)
    return next(block for block in map(json.loads, blocks) if "MedicalClinic" in block["@type"])


def test_a_review_with_everything_that_belongs_to_it(client, ryggen):
    one = review(
        ryggen, 4, overall=5, taken_seriously=3, nickname="Klog Hare", text="Første afsnit.\n\nAndet <b>afsnit</b>.",
        visited_in=date(2026, 9, 1),
    )  # fmt: skip
    reply(one, "Tak for dine ord.")
    for url in (URL, ALL):
        page = words(client, url)
        for text in (
            "Meget godt (5 af 5)",
            "Klog Hare · Besøg i september 2026",
            "Bekræftet besøg",
            "Første afsnit. Andet <b>afsnit</b>.",
            "Blev taget alvorligt Nogenlunde",
            "Svar fra klinikken Tak for dine ord.",
            "Indberet anmeldelsen fra Klog Hare",
        ):
            assert text in page, text
        html = client.get(url).content.decode()
        assert f'href="{URL}indberet/?anmeldelse={one.key}"' in html
        assert f'href="{URL}skriv-anmeldelse/"' in html
        # The month alone: no day of the visit, of writing or of publication.
        assert not re.search(r"\d\. (september|november) 2026", page[page.index("Klog Hare") :])


def test_the_average_with_its_count_distribution_and_the_share_that_is_confirmed(client, ryggen):
    for stars in (5, 5, 4, 1):
        review(ryggen, stars)
    review(ryggen, 1, confirmation="email")
    page = words(client)
    assert "3,8 af 5 Gennemsnit af 4 bekræftede besøg" in page
    assert "80 % af anmeldelserne er bekræftede besøg. 1 anmeldelse tæller ikke med i gennemsnittet." in page
    steps = [(step.stars, step.many, step.share) for step in reviews_part(ryggen).steps]
    assert steps == [(5, 2, 50), (4, 1, 25), (3, 0, 0), (2, 0, 0), (1, 1, 25)]
    assert "E-mail bekræftet, besøg ikke kontrolleret. Tæller ikke med i gennemsnittet" in page


def test_only_unconfirmed_ones_give_no_average(client, ryggen):
    review(ryggen, 1, confirmation="email")
    page = words(client)
    assert "Gennemsnit" not in page and " af 5 ·" not in page
    assert "0 % af anmeldelserne er bekræftede besøg. 1 anmeldelse tæller endnu ikke med i gennemsnittet." in page
    assert "(1 af 5)" in page
    assert "aggregateRating" not in json_ld(client)


def test_nothing_is_called_a_visit_or_uncounted_where_all_count(client, ryggen, settings):
    settings.REVIEWS_COUNT_EMAIL = True
    review(ryggen, 1, confirmation="email")
    page = words(client)
    assert "Gennemsnit af 1 anmeldelse " in page and "1,0 af 5 · 1 anmeldelse" in page
    assert "E-mail bekræftet, besøg ikke kontrolleret" in page
    assert "Tæller ikke" not in page and "bekræftede besøg" not in page


def test_that_all_are_confirmed_is_said(client, ryggen):
    review(ryggen, 5)
    assert "Alle anmeldelser er bekræftede besøg." in words(client)


@pytest.mark.parametrize(("visits", "mails", "share"), [(999, 1, "99 %"), (1, 999, "Under 1 %"), (1, 1, "50 %")])
def test_the_share_never_says_all_of_less_or_none_of_some(ryggen, visits, mails, share):
    many(ryggen, visits + mails)
    Review.objects.update(confirmation="visit")
    some = Review.objects.order_by("pk")[:mails].values("pk")
    Review.objects.filter(pk__in=some).update(confirmation="email")
    aggregate.rebuild()
    assert reviews_part(Clinic.objects.get()).share.startswith(f"{share} af anmeldelserne")


def test_the_newest_first_whatever_they_say(client, ryggen):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for number, stars in enumerate((5, 1, 3, 2)):
        at = start + timedelta(days=(number * 3) % 4)
        review(ryggen, stars, published_at=at, nickname=f"Nummer {(number * 3) % 4}")
    shown = [re.findall(r"Nummer (\d)</bdi>", client.get(url).content.decode()) for url in (URL, ALL)]
    assert shown == [["3", "2", "1"], ["3", "2", "1", "0"]]


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize("url", [URL, ALL])
def test_what_is_not_published_is_nowhere_and_in_no_number(client, ryggen, status, url):
    before = client.get(url).content
    hidden = review(ryggen, 1, status=status, nickname="Hemmelig Hejre", text="Dette må ingen læse endnu, ikke et ord.")
    assert client.get(url).content == before
    assert hidden.key not in before.decode()


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_a_reply_waits_for_its_moderator_too(client, ryggen, status):
    reply(review(ryggen), "Dette svar venter.", status=status)
    assert "svar venter" not in words(client) and "Svar fra klinikken" not in words(client)


@pytest.mark.parametrize("url", [URL, ALL])
def test_without_reviews_the_page_says_so_and_that_it_says_nothing(client, ryggen, url):
    page = words(client, url)
    assert "Ingen har skrevet en anmeldelse endnu. Det siger ikke noget om klinikken, hverken godt eller skidt." in page
    assert "Skriv en anmeldelse" in page and "af 5" not in page
    assert "aggregateRating" not in json_ld(client)


@pytest.mark.parametrize("url", [URL, ALL])
@pytest.mark.parametrize("stars", [(), (5,), (1, 5)])
def test_how_we_check_stands_beside_every_rating(client, ryggen, url, stars):
    for one in stars:
        review(ryggen, one)
    assert 'href="/saadan-kontrollerer-vi-anmeldelser/"' in main(client.get(url).content.decode())


def test_the_page_that_tells_how_we_check(client):
    page = words(client, "/saadan-kontrollerer-vi-anmeldelser/")
    for text in (
        "Bekræftet besøg",
        "klinikken selv, der deler koderne ud",
        "har den få patienter, kan den måske gætte det",
        "Du får et privat link",
        "72 timer",
        "fem anmeldelser på 3,5",
    ):
        assert text in page, text


def test_the_profile_shows_the_newest_and_leads_to_all(client, ryggen):
    for number in range(ON_PROFILE + 1):
        review(ryggen, 5, nickname=f"Nummer {number}.")
    page = words(client)
    assert "Nummer 1." in page and "Nummer 0." not in page
    assert f"Læs alle {ON_PROFILE + 1} anmeldelser" in page
    assert "Nummer 0." in words(client, ALL)


def test_the_pages_hold_each_review_once_in_order(client, ryggen):
    many(ryggen, 2 * ON_PAGE + 5)
    aggregate.rebuild()
    seen = []
    for number in (1, 2, 3):
        html = client.get(ALL, {"side": number}).content.decode()
        seen += re.findall(r'id="anmeldelse-([\w-]+)"', html)
        assert f"Side {number} af 3" in html
    assert seen == list(Review.objects.order_by("-published_at", "-pk").values_list("key", flat=True))


@pytest.mark.parametrize(("side", "is_on"), [("0", 1), ("-1", 1), ("4", 3), ("9" * 30, 1), ("²", 1), ("x", 1), ("", 1)])
def test_a_page_that_is_not_there_is_one_that_is(client, ryggen, side, is_on):
    many(ryggen, 2 * ON_PAGE + 5)
    aggregate.rebuild()
    assert f"Side {is_on} af 3" in client.get(ALL, {"side": side}).content.decode()


@pytest.mark.parametrize("number", [0, 1, ON_PROFILE, ON_PROFILE + 1])
def test_the_page_of_all_is_indexed_when_it_has_more_than_the_profile(client, ryggen, number):
    many(ryggen, number)
    aggregate.rebuild()
    html = client.get(ALL).content.decode()
    assert ('content="noindex"' in html) == (number <= ON_PROFILE)
    assert 'rel="canonical"' in html


def test_only_a_published_clinic_has_the_page(client, ryggen):
    assert client.get("/klinik/findes-ikke/anmeldelser/").status_code == 404
    clinic("Kladden", "Aarhus C", status="draft")
    assert client.get("/klinik/kladden/anmeldelser/").status_code == 404
    clinic("Lukket", "Aarhus C", status="closed")
    closed = client.get("/klinik/lukket/anmeldelser/")
    assert closed.status_code == 302 and closed["Location"] == "/klinik/lukket/"
    assert client.post(ALL).status_code == 405


def test_no_cookie_and_nothing_kept_for_long(client, ryggen):
    response = client.get(ALL)
    assert not response.cookies and response["Cache-Control"] == "private, max-age=60"


def test_search_engines_are_told_what_the_page_shows(client, ryggen):
    review(ryggen, 2, confirmation="email", text="Denne er ikke bekræftet og tæller ikke.")
    for stars in (5, 4, 4, 5):
        review(ryggen, stars, nickname="Venlig Måge", text=f"Jeg gav {stars}, og sådan var det.")
    data = json_ld(client)
    assert faults(data) == []
    assert data["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": "4.5", "reviewCount": 4, "bestRating": 5, "worstRating": 1,
    }  # fmt: skip
    assert [one["reviewRating"]["ratingValue"] for one in data["review"]] == [5, 4, 4]
    assert "4,5 af 5" in words(client)
    assert not any("tæller ikke" in one["reviewBody"] or "datePublished" in one for one in data["review"])


def test_an_invented_clinic_tells_search_engines_nothing_and_says_so(client):
    made = clinic("Ryggen", "Aarhus C", is_example=True)
    review(made, 5, is_example=True)
    html = client.get(URL).content.decode()
    assert "ld+json" not in html and "Eksempel – opdigtet anmeldelse" in html
    assert "Eksempel – opdigtet" in client.get(ALL).content.decode()


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7|add:7 }}{% now 'Y' %}",
        "</script><!--",
        "\u202eesrever\u202c og så videre",
        "a" + "\u0301" * 400,
        "x" * 1500,
    ],
)
def test_whatever_was_written_is_only_words(client, ryggen, evil):
    one = review(ryggen, 5, text=evil, nickname=evil[:40])
    reply(one, evil[:1000])
    for url in (URL, ALL):
        html = client.get(url).content.decode()
        page = Page(main(html))
        assert evil in page.words
        assert not any(name.startswith("on") or name == "style" for _, names in page.elements for name in names)
        assert "<script>alert" not in html and "onerror=alert(1)>" not in html.replace("&gt;", "")


def test_two_thousand_reviews_are_read_like_ten(client, ryggen):
    asked = {}
    for number in (10, 2_000):
        Review.objects.all().delete()
        many(ryggen, number)
        aggregate.rebuild()
        client.get(URL)
        for url in (URL, ALL, f"{ALL}?side=100"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            asked[number, url] = len(captured)
    assert all(asked[10, url] == asked[2_000, url] for _, url in asked), asked
    assert asked[2_000, URL] < 8 and asked[2_000, ALL] <= 3
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clinics_review, clinics_reviewreply")
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        rows = next(one["sql"] for one in captured if 'FROM "clinics_review"' in one["sql"])
        cursor.execute(f"EXPLAIN {rows}")
        assert "review_shown" in "\n".join(line for (line,) in cursor.fetchall()), "the index has them in order"
