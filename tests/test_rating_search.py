"""The rating in a search: an order, a filter with its numbers, cards, the comparison and the API, all from the same row."""

import random
import re
from decimal import Decimal

import pytest
from django.http import QueryDict

from clinics import index
from clinics.choices import AVERAGES
from clinics.inquiry import Inquiry
from clinics.models import Clinic, Rating, SearchEntry
from clinics.reviews import aggregate, mean

from .html_reader import Page
from .people import clinic, places
from .reviews import review
from .scattered import query, scatter
from .test_orders import names

pytestmark = pytest.mark.django_db
URL = "/find/fysioterapeut/"


@pytest.fixture(autouse=True)
def denmark():
    places()


def rated(name: str, town: str = "Aarhus C", total: int = 0, many: int = 0, **fields) -> Clinic:
    """A clinic whose confirmed reviews come to so much."""
    made = clinic(name, town, **fields)
    if many:
        Rating.objects.create(clinic=made, shown=many, counted=many, overall=total)
        index.rebuild([made.pk])
    return made


def page_of(client, **asked) -> str:
    return re.sub(r"\s+", " ", Page(client.get(URL, {"sted": "8000"} | asked).content.decode()).words)


def test_best_first_and_who_has_none_last(client):
    rated("Ingen")
    rated("Daarlig", total=20, many=10)
    rated("God", "Viby J", total=93, many=20)
    rated("Midt", "Aarhus N", total=80, many=20)
    assert names(client, sorter="bedoemmelse") == ["god", "midt", "daarlig", "ingen"]
    assert "Sorteret efter bedømmelse (mange anmeldelser vejer tungere end få), derefter afstand" in page_of(
        client, sorter="bedoemmelse"
    )


def test_one_review_of_five_does_not_beat_forty_of_nearly_five(client):
    rated("Een", total=5, many=1)
    rated("Fyrre", "Viby J", total=192, many=40)
    assert names(client, sorter="bedoemmelse") == ["fyrre", "een"]
    entries = dict(SearchEntry.objects.values_list("clinic__slug", "rating"))
    assert entries["een"] == pytest.approx((mean.PRIOR_MEAN * mean.PRIOR_WEIGHT + 5) / (mean.PRIOR_WEIGHT + 1))


def test_the_distance_breaks_ties_and_pages_repeat_nobody(client):
    rated("Fjern", "Viby J", total=40, many=10)
    rated("Naer", total=40, many=10)
    assert names(client, sorter="bedoemmelse") == ["naer", "fjern"]


@pytest.mark.parametrize(
    ("least", "found"),
    [
        ("3", {"fire", "naesten", "halv"}),
        ("4", {"fire", "naesten", "halv"}),
        ("4,5", {"naesten", "halv"}),
        ("4.5", {"naesten", "halv"}),
        ("4,6", set()),
    ],
)
def test_who_shows_as_much_is_found_and_who_has_none_is_not(client, least, found):
    rated("Fire", total=40, many=10)
    rated("Naesten", total=446, many=100)  # 4.46, which is shown as 4,5
    rated("Halv", total=9, many=2)
    rated("To", total=20, many=10)
    rated("Ingen")
    assert set(names(client, bedoemmelse_min=least, kun_filtre="ja")) == found


def test_the_filter_stands_in_the_form_among_the_chips_and_in_the_address(client):
    for number in range(25):
        rated(f"K{number}", total=40, many=10)
    html = client.get(URL, {"sted": "8000", "bedoemmelse_min": "4"}).content.decode()
    assert '<option value="4" selected>Mindst 4 af 5 (25)' in html
    assert "Bedømmelse: mindst 4 af 5" in html and "bedoemmelse_min=4" in html
    assert '<option value="4.5" disabled>Mindst 4,5 af 5 (0)' in html


@pytest.mark.parametrize("wrong", ["0", "6", "fem", "NaN", "4,555", "1e9"])
def test_a_number_that_cannot_be_is_named_and_left_out(client, wrong):
    clinic("En", "Aarhus C")
    page = page_of(client, bedoemmelse_min=wrong)
    assert "En" in page and "Laveste bedømmelse: " in page


def test_when_nobody_has_so_much_the_filter_is_set_aside_and_named(client):
    rated("To", total=20, many=10)
    page = page_of(client, bedoemmelse_min="4.5")
    assert "Ingen klinikker med en bedømmelse på mindst 4,5 af 5 passer til resten af din søgning." in page
    assert "Her er dem uden hensyn til bedømmelse." in page


def test_the_numbers_at_the_filter_are_what_a_search_finds():
    draw = random.Random(7)
    scatter(draw, 40)
    for one in Clinic.objects.order_by("pk"):
        if many := draw.choice([0, 1, 4, 10]):
            Rating.objects.create(clinic=one, shown=many, counted=many, overall=draw.randint(2 * many, 5 * many))
    index.rebuild()
    for _ in range(15):
        asked = query(draw)
        asked["kun_filtre"] = "ja"
        if draw.random() < 0.5:
            asked["bedoemmelse_min"] = draw.choice(["3", "4.2"])
        found = Inquiry.read(asked).found(facets=True)
        assert found.facets is not None
        for least in choices(asked):
            chosen = QueryDict(mutable=True)
            chosen.update(asked)
            chosen["bedoemmelse_min"] = str(least)
            hits = Inquiry.read(chosen).found(size=1000).hits
            if found.step == Inquiry.read(chosen).found(size=1000).step:
                assert found.facets.within_limit("bedoemmelse_min", least) == len(hits)


def choices(asked: QueryDict) -> list[Decimal]:
    own = asked.get("bedoemmelse_min")
    return [*AVERAGES, *([Decimal(own)] if own else [])]


def test_the_card_says_average_count_and_how_it_is_checked(client):
    rated("Rated", total=93, many=20)
    rated("Een", total=4, many=1)
    rated("Ingen")
    html = client.get(URL, {"sted": "8000"}).content.decode()
    assert "4,7 af 5 · 20 bekræftede besøg" in html and "4,0 af 5 · 1 bekræftet besøg" in html
    assert html.count("Sådan kontrollerer vi<span") == 2, "beside every rating"
    assert html.count(" af 5 ·") == 2


def test_the_short_list_of_names_has_the_rating_of_a_clinic(client):
    rated("Solsort Fysioterapi", total=93, many=20)
    clinic("Solsort Bevægelse", "Randers")
    page = client.get(URL, {"q": "solsort"}).content.decode()
    assert page.count("4,7 af 5 · 20 bekræftede besøg") >= 1 and 'class="named__rating"' in page
    assert page.count('class="named__rating"') == 1


def test_a_published_review_is_on_the_card_at_once_and_leaves_it_too(client):
    one = review(clinic("Een", "Aarhus C"), 4)
    assert "4,0 af 5 · 1 bekræftet besøg" in page_of(client)
    aggregate.take_away(one)
    assert "af 5 ·" not in page_of(client)


def test_the_comparison_has_the_same_rating(client):
    rated("Een", total=93, many=20)
    rated("To")
    page = Page(client.get("/sammenlign/?klinik=een&klinik=to").content.decode()).words
    assert "4,7 af 5" in page and "20 bekræftede besøg" in page and "Ingen bekræftede besøg endnu" in page
    assert "Sådan kontrollerer vi anmeldelser" in page


def test_the_api_has_it_in_the_list_the_clinic_the_filter_and_the_order(client):
    rated("Een", total=93, many=20)
    rated("To", total=30, many=10)
    rated("Ingen")

    def listed(asked: str) -> list[tuple]:
        body = client.get(f"/api/v1/clinics/?place=8000&{asked}").json()
        return [(one["slug"], one["rating"], one["review_count"]) for one in body["results"]]

    assert listed("sort=rating") == [("een", 4.7, 20), ("to", 3.0, 10), ("ingen", None, 0)]
    assert listed("min_rating=3.5") == [("een", 4.7, 20)]
    one = client.get("/api/v1/clinics/een/").json()
    assert (one["rating"], one["review_count"]) == (4.7, 20)
    none = client.get("/api/v1/clinics/ingen/").json()
    assert (none["rating"], none["review_count"]) == (None, 0)
