"""No single editor's step takes a warning off a page: not a stronger one beside it, and not another condition."""

import pytest
from django.test import Client

from articles import actions, safety
from articles.models import FlagSuggestion
from clinics import warnings
from clinics.care import MOST_SHARED, shared_cards
from clinics.merging import merge_conditions
from clinics.models import BodyRegion, Condition, RedFlag
from clinics.registry import registry_for
from clinics.weakening import split
from fysfinder.roles import EDITOR, MEDICAL_REVIEWER

from . import staff as colleagues
from .editors import address, article, edith, form_of, messages_of, save, staff, unsafe
from .people import condition

pytestmark = pytest.mark.django_db
GATE = "Kun efter lægens ja."
GENERAL = {"hjerte", "slag", "feber"}


def flag(key: str, urgency: str = "112", **fields) -> RedFlag:
    sources = [{"title": "A", "url": "https://a.dk/"}]
    return RedFlag.objects.create(key=key, group=key, urgency=urgency, text=f"har {key}", sources=sources, **fields)


def send(browser: Client, row, **changes):
    page = f"/admin/clinics/{row._meta.model_name}/{row.pk}/change/"
    return browser.post(page, form_of(browser.get(page)) | changes)


# --- A stronger warning beside it -------------------------------------------------------------------------------------


@pytest.fixture
def arm() -> Condition:
    """A condition of a body region, both without flags, and the general ones that stand on its page."""
    general = BodyRegion.objects.create(slug="hele-kroppen", name="Hele kroppen")
    general.red_flags.add(flag("hjerte"), flag("slag"), flag("feber", "doctor_now"), flag("mild", "own_doctor"))
    return condition("Arm", {}, body_region=BodyRegion.objects.create(slug="arm", name="Arm"))


def add(arm):
    send(edith(), arm, red_flags=[flag("ny").pk])


def add_to_the_region(arm):
    send(edith(), arm.body_region, red_flags=[flag("ny").pk])


def accept(arm):
    one = article(condition=arm)
    FlagSuggestion.objects.create(article=one, flag=flag("ny"), sentence="s", line=1, urgency="")
    edith().post(address(one, "safety"), {"accept": "all"})


def raise_own(arm):
    arm.red_flags.add(mild := flag("ny", "physio"))
    warnings.raise_urgency(flag=mild, urgency="112", by=colleagues.staff()["edith"])


def raise_the_regions(arm):
    arm.body_region.red_flags.add(mild := flag("ny", "physio"))
    send(edith(), mild, urgency="112")


def raise_a_general_one(arm):
    """The region has 112 flags of its own, so that a general one that becomes 112 would no longer stand there."""
    arm.body_region.red_flags.add(flag("ny"), *RedFlag.objects.filter(key__in=["hjerte", "slag"]))
    warnings.raise_urgency(flag=RedFlag.objects.get(key="feber"), urgency="112", by=colleagues.staff()["edith"])


def merge(arm):
    arm.red_flags.add(flag("egen", "physio"))
    other = condition("Kilde", {})
    other.red_flags.add(flag("ny"))
    merge_conditions(source=other, target=arm)


@pytest.mark.parametrize(
    "step", [add, add_to_the_region, accept, raise_own, raise_the_regions, raise_a_general_one, merge]
)
def test_one_more_urgent_flag_takes_none_away(step, arm):
    step(arm)
    shown = registry_for(Condition.objects.get(pk=arm.pk)).in_force
    assert shown >= GENERAL | {"ny"}
    assert registry_for(Condition(body_region=arm.body_region)).in_force >= GENERAL, "nor from the others there"


def test_what_the_file_gives_a_region_stands_in_for_the_general_ones(arm):
    arm.body_region.red_flags.add(flag("arm-112"), flag("arm-now", "doctor_now"))
    assert registry_for(arm).in_force == {"arm-112", "arm-now"}


def test_a_flag_that_few_share_stays_on_an_urgent_card_but_not_on_a_mild_one():
    leg = condition("Ben", {})
    leg.red_flags.add(*(flag(f"a{n}", order=n) for n in range(6)), *(flag(f"b{n}", "physio") for n in range(6)))
    sizes = {card.urgency: len(card.flags) for card in shared_cards([leg])}
    assert (sizes["112"], sizes["physio"]) == (6, MOST_SHARED)


# --- Another condition ------------------------------------------------------------------------------------------------


@pytest.fixture
def lung() -> Condition:
    made = condition("Lunge", {}, care_gate=GATE)
    made.red_flags.add(flag("alvor"), flag("lad-vaere", "physio", kind="avoid"), flag("mild", "own_doctor"))
    return made


def errors_of(response) -> str:
    return " ".join(response.context["adminform"].form.errors.get("condition", []))


@pytest.mark.parametrize("fields", [{"status": "published"}, {"status": "ready", "publish_at": "2100-01-01T08:00Z"}])
@pytest.mark.parametrize("to", ["Andet", ""])
def test_another_condition_takes_no_warning_off_a_page_that_comes_out(fields, to, lung):
    one = article(condition=lung, **fields)
    said = errors_of(save(edith(), one, condition=condition(to, {"Sport": 3}).pk if to else "", title="Ny"))
    assert "de røde flag alvor og lad-vaere og betingelsen “Kun efter lægens ja.”" in said
    assert "mild" not in said and "træk artiklen tilbage" in said
    assert ("sæt det på “Andet”, læg “Lunge” sammen med “Andet”" in said) == bool(to)
    one.refresh_from_db()
    assert (one.condition, one.title) == (lung, "Ondt i knæet")


@pytest.mark.parametrize("status", ["published", "draft"])
def test_another_condition_lifts_no_hold(status):
    held = condition("Lungeblodprop", {}, awaits_acceptance=True)
    one = article(condition=held, status=status)
    said = errors_of(save(edith(), one, condition=condition("Andet", {"Sport": 3}).pk))
    assert "godkend klinikkerne for “Lungeblodprop”" in said
    one.refresh_from_db()
    assert one.condition == held


def test_a_condition_that_warns_as_much_may_be_chosen(lung):
    one, same = article(condition=lung, status="published"), condition("Luftvej", {}, care_gate=f"{GATE} Og røntgen.")
    same.red_flags.set(lung.red_flags.all())
    assert save(edith(), one, condition=same.pk).status_code == 302
    one.refresh_from_db()
    assert one.condition == same


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "published", "condition": None}])
def test_a_draft_and_an_article_without_a_condition_may_choose_any(fields, lung):
    one, other = article(**{"condition": lung} | fields), condition("Andet", {})
    assert save(edith(), one, condition=other.pk).status_code == 302
    one.refresh_from_db()
    assert one.condition == other


def test_restoring_an_old_version_keeps_the_condition_that_warns(lung):
    one, browser = article(), edith()
    first = one.history.get().pk
    save(browser, one, condition=lung.pk, body="Kort.")
    type(one).objects.filter(pk=one.pk).update(status="published")
    latest = one.history.order_by("-history_id").first().pk
    said = browser.post(address(one, "history", first), {"latest": latest}, follow=True)
    one.refresh_from_db()
    assert one.condition == lung and one.body != "Kort."
    assert any(text.startswith("Tilstanden er stadig “Lunge”. Uden tilstand mister") for text in messages_of(said))


# --- What was answered and reviewed -----------------------------------------------------------------------------------


def test_a_sign_off_ends_when_the_flag_becomes_more_urgent():
    one, editor = unsafe(), colleagues.staff()["edith"]
    RedFlag.objects.update(urgency="own_doctor")
    actions.render_stale()
    one.refresh_from_db()
    places = {place["fingerprint"] for place in one.safety}
    safety.sign_off(article=one, fingerprints=places, reason="Kun egen læge.", by=editor)
    assert not one.needs_attention
    warnings.raise_urgency(flag=RedFlag.objects.get(), urgency="112", by=editor)
    actions.render_stale()
    one.refresh_from_db()
    assert one.needs_attention


def test_an_editor_claims_no_clinical_review_of_a_flag():
    one = flag("alvor")
    send(edith(), one, reviewed_by="Overlæge Hansen", reviewed_at="2026-01-01", order=3)
    one.refresh_from_db()
    assert (one.reviewed_by, one.reviewed_at, one.order) == ("", None, 3)


@pytest.mark.parametrize(
    ("changes", "stays"),
    [({"terms": "ondt"}, False), ({"urgency": "112"}, False), ({"text": "har ondt"}, False), ({"order": 3}, True)],
)
def test_a_review_of_a_flag_ends_when_somebody_else_changes_it(changes, stays):
    one = flag("alvor", "own_doctor", reviewed_by="Frida", reviewed_at="2026-01-01")
    send(edith(), one, **changes)
    one.refresh_from_db()
    assert bool(one.reviewed_by) == bool(one.reviewed_at) == stays


def test_who_may_review_says_so_and_may_mend_what_was_reviewed():
    one = flag("alvor", "own_doctor")
    both = staff("frida", MEDICAL_REVIEWER)
    staff("frida", EDITOR)
    send(both, one, reviewed_by="Frida", reviewed_at="2026-01-01", text="har ondt")
    one.refresh_from_db()
    assert (one.text, one.reviewed_by) == ("har ondt", "Frida")


def test_what_two_editors_weaken_is_no_longer_reviewed():
    people, one = colleagues.staff(), flag("alvor", reviewed_by="Frida", reviewed_at="2026-01-01")
    _, (weaker,) = split(one, {"urgency": "physio"})
    change = warnings.propose(row=one, weakening=weaker, reason="Vi er enige.", by=people["edith"])
    warnings.approve(change=change, by=people["eva"])
    one.refresh_from_db()
    assert (one.urgency, one.reviewed_by, one.reviewed_at) == ("physio", "", None)
