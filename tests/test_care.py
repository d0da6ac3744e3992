"""Care cards: what stands before anything else on a page, in which order, whatever the data says."""

import datetime
from functools import cache

import pytest
import yaml

from clinics.care import MOST_SHARED, CareCard, care_cards, danger_flags, page_care, shared_cards
from clinics.loading.safety import FLAGS, load_safety
from clinics.models import BodyRegion, Condition, ConditionMatch, OutOfHoursService, RedFlag, Region, Speciality

from .worlds import kept

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 21)

ARTICLES = [
    "ondt-i-benene",
    "kramper-i-benene",
    "ondt-i-laenden",
    "smerter-i-ballen-og-ned-i-benet",
    "kramper-i-benene-ved-blodprop",
]
DEMO_ARTICLES = [
    "ondt-i-knaeet",
    "laegskade-og-fiberspraengning",
    "blodprop-i-benet-advarselstegn",
    "ondt-i-hoften",
    "iskias",
    "diskusprolaps-i-laenden",
    "skinnebensbetaendelse",
    "restless-legs",
    "vindueskiggersyndrom",
    "haelspore",
    "spaendinger-i-nakken",
    "frossen-skulder",
    "soevn-og-smerter",
]


@cache
def vocabulary(name: str) -> list[dict]:
    return yaml.safe_load((FLAGS.parent / f"{name}.yaml").read_text(encoding="utf-8"))


@kept
def registry() -> None:
    """The committed vocabulary as far as safety needs it, and the five regions."""
    BodyRegion.objects.bulk_create(BodyRegion(slug=r["slug"], name=r["name"]) for r in vocabulary("body_regions"))
    regions = {region.slug: region for region in BodyRegion.objects.all()}
    Condition.objects.bulk_create(
        Condition(slug=c["slug"], name=c["name"], body_region=regions.get(c.get("body_region")))
        for c in vocabulary("conditions")
    )
    five = ("hovedstaden", "sjaelland", "syddanmark", "midtjylland", "nordjylland")
    Region.objects.bulk_create(Region(slug=slug, name=f"Region {slug}") for slug in five)
    load_safety()


def cards_of(slug: str, **asked) -> list[CareCard]:
    return care_cards(condition=Condition.objects.get(slug=slug), day=DAY, **asked)


def urgencies(cards: list[CareCard]) -> list[str]:
    return [card.urgency for card in cards]


def keys(card: CareCard) -> list[str]:
    return [flag.key for flag in card.flags]


def card(cards: list[CareCard], urgency: str) -> CareCard:
    return next(one for one in cards if one.urgency == urgency)


# --- The pages that exist ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ARTICLES + DEMO_ARTICLES)
def test_every_article_begins_with_112_and_then_the_doctor(slug, registry):
    cards = cards_of(slug)
    assert [one.title for one in cards[:2]] == ["Ring 112 nu, hvis du …", "Ring til læge med det samme, hvis …"]
    assert cards[0].flags
    assert cards[1].flags


def test_so_does_every_condition_of_the_vocabulary(registry):
    wrong = [c.slug for c in Condition.objects.all() if urgencies(care_cards(condition=c))[:2] != ["112", "doctor_now"]]
    assert wrong == []


def test_no_card_is_longer_than_a_person_in_pain_can_read(registry):
    long = {
        (condition.slug, one.urgency): len(one.flags)
        for condition in Condition.objects.all()
        for one in care_cards(condition=condition)
        if len(one.flags) > 6
    }
    assert long == {}


def test_cramps_warn_of_the_lungs_the_leg_and_of_massage(registry):
    """The article itself never names 112, and tells its readers to massage and to use heat."""
    cards = cards_of("kramper-i-benene")
    assert urgencies(cards)[:3] == ["112", "doctor_now", "avoid"]
    assert "lungeemboli" in keys(cards[0])
    assert keys(cards[1])[0] == "blodprop-i-benet"
    assert cards[2].title == "Undgå …"
    assert {"ingen-massage-eller-varme", "stop-ikke-medicin"} <= set(keys(cards[2]))


@pytest.mark.parametrize("slug", ["ondt-i-laenden", "smerter-i-ballen-og-ned-i-benet", "iskias"])
def test_the_back_warns_of_the_great_artery_and_of_the_nerves(slug, registry):
    cards = cards_of(slug)
    assert "aorta" in keys(cards[0])
    assert "cauda-equina" in keys(cards[1])


def test_breathlessness_is_112_and_a_swollen_leg_the_doctor_whatever_the_text_of_the_article_says(registry):
    cards = cards_of("ondt-i-benene")
    assert "lungeemboli" in keys(card(cards, "112"))
    assert "blodprop-i-benet" in keys(card(cards, "doctor_now"))


def test_a_blood_clot_says_what_to_leave_alone(registry):
    cards = cards_of("kramper-i-benene-ved-blodprop")
    assert {"ingen-massage-eller-varme", "traening-efter-blodprop"} <= set(keys(card(cards, "avoid")))


def test_no_sign_stands_twice_on_a_page(registry):
    for condition in Condition.objects.all():
        every = [key for one in care_cards(condition=condition) for key in keys(one)]
        assert len(every) == len(set(every)), condition


# --- Order and merging ------------------------------------------------------------------------------------------------


def flag(key: str, urgency: str, *, kind: str = "seek", terms=(), order: int = 0) -> RedFlag:
    return RedFlag.objects.create(
        key=key, group="Test", urgency=urgency, kind=kind, text=key, terms=list(terms), order=order
    )


@kept
def leg() -> Condition:
    """A condition in a body region, both without a single flag, and a general default."""
    general = BodyRegion.objects.create(slug="hele-kroppen", name="Hele kroppen")
    general.red_flags.add(
        flag("general-112", "112"), flag("general-doctor", "doctor_now"), flag("general-gp", "own_doctor")
    )
    region = BodyRegion.objects.create(slug="ben", name="Ben")
    return Condition.objects.create(slug="ondt-i-benet", name="Ondt i benet", body_region=region)


def test_the_order_of_the_cards(leg):
    leg.red_flags.add(
        flag("a", "physio"),
        flag("b", "own_doctor"),
        flag("c", "doctor_soon"),
        flag("d", "physio", kind="avoid"),
        flag("e", "doctor_now"),
        flag("f", "112"),
    )
    assert urgencies(care_cards(condition=leg)) == ["112", "doctor_now", "avoid", "doctor_soon", "own_doctor", "physio"]


def test_flags_within_a_card_keep_the_order_of_the_registry(leg):
    leg.red_flags.add(flag("late", "112", order=20), flag("early", "112", order=10))
    assert keys(care_cards(condition=leg)[0]) == ["general-112", "early", "late"]


def test_a_condition_without_flags_shows_everything_of_its_body_region(leg):
    leg.body_region.red_flags.add(flag("r-112", "112"), flag("r-now", "doctor_now"), flag("r-gp", "own_doctor"))
    assert [keys(one) for one in care_cards(condition=leg)] == [["r-112"], ["r-now"], ["r-gp"]]


def test_a_condition_with_flags_adds_only_the_urgent_ones_of_its_region(leg):
    leg.red_flags.add(flag("own-now", "doctor_now"))
    leg.body_region.red_flags.add(
        flag("r-112", "112"),
        flag("r-now", "doctor_now", order=5),
        flag("r-gp", "own_doctor"),
        flag("r-soon", "doctor_soon"),
    )
    assert [keys(one) for one in care_cards(condition=leg)] == [["r-112"], ["own-now", "r-now"]]


def test_a_flag_of_condition_and_region_stands_once(leg):
    shared = flag("shared", "112")
    leg.red_flags.add(shared)
    leg.body_region.red_flags.add(shared)
    assert keys(care_cards(condition=leg)[0]) == ["shared"]


def test_an_urgent_class_that_nobody_filled_comes_from_the_general_default(leg):
    leg.red_flags.add(flag("own-gp", "own_doctor"))
    cards = care_cards(condition=leg)
    assert [keys(one) for one in cards] == [["general-112"], ["general-doctor"], ["own-gp"]]


def test_without_a_body_region_the_general_default_stands(leg):
    Condition.objects.update(body_region=None)
    leg.refresh_from_db()
    assert [keys(one) for one in care_cards(condition=leg)] == [["general-112"], ["general-doctor"], ["general-gp"]]


def test_a_merged_condition_shows_the_flags_of_the_one_it_became(leg):
    old = Condition.objects.create(slug="bensmerter", name="Bensmerter", merged_into=leg)
    leg.red_flags.add(flag("own-112", "112"))
    assert keys(care_cards(condition=old)[0]) == ["general-112", "own-112"]


def test_an_empty_registry_still_shows_both_cards():
    nothing = Condition.objects.create(slug="noget", name="Noget")
    cards = care_cards(condition=nothing)
    assert urgencies(cards) == ["112", "doctor_now"]
    assert all(one.flags for one in cards)


# --- Words of danger --------------------------------------------------------------------------------------------------


def test_a_swollen_leg_in_the_search_field_stands_first(registry):
    cards = care_cards(text="min mor har et hævet og rødt ben", day=DAY)
    assert urgencies(cards) == ["doctor_now", "112"]
    assert keys(cards[0])[0] == "blodprop-i-benet"


def test_whatever_else_the_text_is_about(registry):
    cards = cards_of("frossen-skulder", text="frossen skulder og kan ikke tisse")
    assert cards[0].urgency == "doctor_now"
    assert keys(cards[0])[0] == "cauda-equina"
    assert cards[1].urgency == "avoid"  # what to leave alone stays right after the acute card
    assert cards[2].urgency == "112"


def test_of_two_words_of_danger_the_more_urgent_stands_first(registry):
    cards = care_cards(text="hævet læg og pludselig åndenød", day=DAY)
    assert urgencies(cards)[:2] == ["112", "doctor_now"]
    assert keys(cards[0])[0] == "lungeemboli"
    assert keys(cards[1])[0] == "blodprop-i-benet"


def test_danger_flags_are_the_most_urgent_first(registry):
    found = [
        (one.key, one.urgency) for one in danger_flags("feber og ondt i ryggen, kan ikke tisse, trykken for brystet")
    ]
    assert found == [("hjerte", "112"), ("cauda-equina", "doctor_now"), ("feber-og-smerter", "doctor_soon")]


def test_an_editors_new_word_counts_at_once(registry):
    assert danger_flags("benet er som et tømmerstokkeben") == []
    known = RedFlag.objects.get(key="blodprop-i-benet")
    known.terms.append("tømmerstokkeben")
    known.save()
    assert [one.key for one in danger_flags("benet er som et tømmerstokkeben")] == ["blodprop-i-benet"]


@pytest.mark.parametrize("text", ["", "   ", "ondt i benet", "kramper", "\0", "<script>", "x" * 10_000])
def test_ordinary_and_broken_text_shows_no_card_by_itself(text, registry):
    assert danger_flags(text) == []
    assert care_cards(text=text, defaults=False) == []


def test_without_condition_and_words_the_general_default_stands_unless_it_is_not_wanted(registry):
    assert urgencies(care_cards()) == ["112", "doctor_now"]
    assert care_cards(defaults=False) == []


# --- Numbers and what the template needs ------------------------------------------------------------------------------


def test_only_the_acute_card_has_numbers_and_only_112_is_an_emergency(registry):
    cards = cards_of("ondt-i-laenden", region_slugs=["midtjylland"])
    assert [one.urgency for one in cards if one.services] == ["doctor_now"]
    assert [one.urgency for one in cards if one.is_emergency] == ["112"]
    (number,) = card(cards, "doctor_now").services
    assert (number.phone, number.note) == ("70113131", "Tjek nummeret på sundhed.dk")


def test_two_regions_two_numbers_no_region_all_five(registry):
    two = card(cards_of("iskias", region_slugs=["hovedstaden", "sjaelland"]), "doctor_now")
    assert [number.phone for number in two.services] == ["1813", "1818"]
    assert len(card(cards_of("iskias"), "doctor_now").services) == 5


def test_anchors_are_unique_and_fit_for_an_id(registry):
    anchors = [one.anchor for one in cards_of("ondt-i-benene")]
    assert len(anchors) == len(set(anchors)) == 6
    assert all(anchor.replace("-", "").isalnum() and anchor.isascii() for anchor in anchors)


@pytest.mark.parametrize("text", ["", "kan ikke tisse", "ondt i benet"])
@pytest.mark.parametrize("slug", ["ondt-i-laenden", "kol"])
def test_one_query_whatever_is_asked(slug, text, registry, django_assert_num_queries):
    condition = Condition.objects.get(slug=slug)
    with django_assert_num_queries(1):
        care_cards(condition=condition, region_slugs=["midtjylland"], text=text, day=DAY)


def test_no_query_for_an_empty_search_and_one_for_words(registry, django_assert_num_queries):
    with django_assert_num_queries(0):
        danger_flags(" ")
    with django_assert_num_queries(1):
        danger_flags("kan ikke tisse")


def test_cards_stand_even_without_any_number(registry):
    OutOfHoursService.objects.all().delete()
    assert card(cards_of("ondt-i-laenden"), "doctor_now").services == ()


# --- Cards inside a page, and cards of several conditions -------------------------------------------------------------


def test_a_card_inside_the_page_has_an_anchor_of_its_own_and_no_numbers(registry):
    care = page_care(
        condition=Condition.objects.get(slug="kramper-i-benene"), inside=["lungeemboli", "blodprop-i-benet"]
    )
    inside = care.above(["blodprop-i-benet", "lungeemboli"], "hvad-hjaelper", 3)
    assert [(one.urgency, one.anchor, one.level, one.services) for one in inside] == [
        ("112", "ring-112--hvad-hjaelper", 3, ()),
        ("doctor_now", "ring-til-laege--hvad-hjaelper", 3, ()),
    ]
    assert {one.anchor for one in inside}.isdisjoint(one.anchor for one in care.cards)


def test_what_to_avoid_stands_inside_the_page_without_an_acute_card(registry):
    key = "ingen-massage-eller-varme"
    (one,) = page_care(inside=[key]).above([key], "hjemme")
    assert (one.title, keys(one)) == ("Undgå …", [key])


def test_a_flag_that_does_not_stand_on_the_page_can_stand_inside_it(registry):
    care = page_care(condition=Condition.objects.get(slug="haelspore"), inside=["hoftebrud", "findes-ikke"])
    assert "hoftebrud" not in {key for one in care.cards for key in keys(one)}
    assert [keys(one) for one in care.above(["findes-ikke", "hoftebrud"], "x")] == [["hoftebrud"]]


def test_several_conditions_share_the_flags_that_most_of_them_have(registry):
    conditions = Condition.objects.filter(slug__in=["blodprop-i-lungen", "kramper-i-benene-ved-blodprop", "aareknuder"])
    cards = shared_cards(conditions)
    assert urgencies(cards)[:2] == ["112", "doctor_now"]
    assert keys(cards[0]) == ["lungeemboli"]
    assert "blodprop-i-benet" in keys(cards[1])
    assert all(len(one.flags) <= MOST_SHARED for one in cards if one.urgency not in ("112", "doctor_now"))
    assert len(card(cards, "doctor_now").services) == 5


def test_conditions_without_flags_share_the_general_ones(registry):
    assert urgencies(shared_cards([])) == ["112", "doctor_now"]


# --- Specialities -----------------------------------------------------------------------------------------------------


def knee_and_back() -> dict[str, BodyRegion]:
    """Two body regions and the general one, each with a 112 flag of its name."""
    regions = {}
    for slug in ("knae", "ryg", "hele-kroppen"):
        regions[slug] = BodyRegion.objects.create(slug=slug, name=slug)
        regions[slug].red_flags.add(flag(slug, "112"))
    return regions


def matched(speciality: Speciality, region: BodyRegion, name: str, weight: int = 3, **fields) -> Condition:
    made = Condition.objects.create(slug=name, name=name, body_region=region, **fields)
    ConditionMatch.objects.create(condition=made, speciality=speciality, weight=weight)
    return made


def emergencies(*specialities: Speciality) -> list[str]:
    return sorted(keys(care_cards(specialities=[one.pk for one in specialities], defaults=False)[0]))


def test_a_speciality_warns_of_what_the_body_region_of_most_of_its_main_conditions_does():
    regions = knee_and_back()
    knees = Speciality.objects.create(slug="knae", name="Knæ")
    matched(knees, regions["knae"], "a")
    matched(knees, regions["knae"], "b")
    matched(knees, regions["ryg"], "c")
    for name in "defg":
        matched(knees, regions["ryg"], name, weight=2)  # of many others it is only a partial match
    assert emergencies(knees) == ["knae"]


def test_a_speciality_of_no_single_body_region_warns_of_what_holds_everywhere():
    regions = knee_and_back()
    joints, work = (Speciality.objects.create(slug=slug, name=slug) for slug in ("led", "arbejde"))
    matched(joints, regions["knae"], "a")
    matched(joints, regions["ryg"], "b")
    assert emergencies(joints) == emergencies(work) == ["hele-kroppen"]


def test_several_specialities_warn_of_all_that_each_does():
    regions = knee_and_back()
    knees, backs = (Speciality.objects.create(slug=slug, name=slug) for slug in ("k", "r"))
    matched(knees, regions["knae"], "a")
    matched(backs, regions["ryg"], "b")
    assert emergencies(knees, backs) == ["knae", "ryg"]


def test_a_merged_condition_does_not_decide_for_a_speciality():
    regions = knee_and_back()
    knees = Speciality.objects.create(slug="k", name="k")
    whole = matched(knees, regions["knae"], "a")
    for name in "bcd":
        matched(knees, regions["ryg"], name, merged_into=whole)
    assert emergencies(knees) == ["knae"]
