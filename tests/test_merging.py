"""Two conditions become one: words and addresses lead on, warnings never get milder, and it can be taken back."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command

from articles.models import Article
from clinics import filters
from clinics.merging import MergeError, merge_conditions, unmerge_condition
from clinics.models import BodyRegion, Condition, RedFlag
from clinics.registry import registry_for
from clinics.vocabulary import condition_for, resolve
from fysfinder.roles import ADMINISTRATOR, sync_roles
from tests.people import clinic, condition, places
from tests.test_admin import form_of

pytestmark = pytest.mark.django_db
RESULTS = "/find/fysioterapeut/"


def flag(key: str, urgency: str = "doctor_now", **fields) -> RedFlag:
    return RedFlag.objects.create(key=key, group="g", urgency=urgency, text=key, **fields)


@pytest.fixture
def kept() -> Condition:
    return condition("Iskias", {"Ryg": 3}, synonyms=["ischias"])


@pytest.fixture
def other() -> Condition:
    return condition("Nerverodssmerter", {"Nakke": 3}, synonyms=["jag i benet", "Ischias"])


def merge(source: Condition, target: Condition) -> Condition:
    return merge_conditions(source=source, target=target)


# --- Words and matches ---


def test_the_words_of_both_lead_to_one(kept, other):
    merged = merge(other, kept)
    assert merged.synonyms == ["ischias", "Nerverodssmerter", "jag i benet"]
    for text in ("nerverodssmerter", "jag i benet", "ischias", "iskias"):
        assert resolve(text).conditions == (kept,)
    assert condition_for("nerverodssmerter") == kept


def test_the_matches_are_those_of_the_one_that_stays(kept, other):
    merge(other, kept)
    assert [str(match.speciality) for match in kept.matches.all()] == ["Ryg"]
    assert other.matches.count() == 1  # for the day when it is taken back


def test_names_that_are_no_synonyms(kept):
    merged = merge(Condition.objects.create(slug="x", name="Ben, knæ " + "x" * 130), kept)
    assert merged.synonyms == ["ischias"]
    merged = merge(Condition.objects.create(slug="y", name="Ben, knæ"), kept)
    assert merged.synonyms == ["ischias", "Ben knæ"]  # the admin separates synonyms by commas


def test_chains_are_one_step(kept, other):
    first = condition("Lændejag", {})
    merge(first, other)
    merge(other, kept)
    first.refresh_from_db()
    assert first.merged_into == kept
    assert "Lændejag" in Condition.objects.get(pk=kept.pk).synonyms


def test_what_cannot_be_merged(kept, other):
    third = condition("Tredje", {})
    with pytest.raises(MergeError, match="sig selv"):
        merge(kept, kept)
    merge(other, kept)
    with pytest.raises(MergeError, match="selv lagt sammen med “Iskias”"):
        merge(third, other)
    with pytest.raises(MergeError, match="selv lagt sammen med"):
        merge(kept, other)  # would be a ring
    with pytest.raises(MergeError, match="Tøm feltet"):
        merge(other, third)
    unsaved = Condition(slug="væk", name="Væk", pk=10**6)
    with pytest.raises(MergeError, match="findes ikke"):
        merge(unsaved, kept)
    assert merge(other, kept) == kept  # twice is once


# --- Warnings ---


@pytest.mark.parametrize(
    ("target", "source", "gate"),
    [
        ("", "", ""),
        ("Lægen først.", "", "Lægen først."),
        ("", "Lægen først.", "Lægen først."),
        ("Lægen først.", "Lægen først. ", "Lægen først."),
        ("Lægen først.", "Vent seks uger.", "Lægen først. Vent seks uger."),
        ("Lægen først. Vent seks uger.", "Vent seks uger.", "Lægen først. Vent seks uger."),
    ],
)
def test_the_stricter_gate_wins_and_of_two_none_is_lost(kept, other, target, source, gate):
    kept.care_gate, other.care_gate = target, source
    kept.save()
    other.save()
    assert merge(other, kept).care_gate == gate


@pytest.mark.parametrize(
    ("target_waits", "source_waits", "gate", "waits"),
    [
        (False, False, "", False),
        (True, False, "Gate.", True),
        (False, True, "", True),
        (False, True, "Gate.", False),
    ],
)
def test_a_hold_on_clinics_moves_along_unless_there_is_a_gate(kept, other, target_waits, source_waits, gate, waits):
    Condition.objects.filter(pk=kept.pk).update(awaits_acceptance=target_waits, care_gate=gate)
    Condition.objects.filter(pk=other.pk).update(awaits_acceptance=source_waits)
    assert merge(other, kept).awaits_acceptance is waits


@pytest.mark.parametrize("own_of_target", [True, False])
@pytest.mark.parametrize("own_of_source", [True, False])
def test_no_flag_that_stood_on_either_page_is_lost(kept, other, own_of_target, own_of_source):
    leg, back = (BodyRegion.objects.create(slug=slug, name=slug) for slug in ("ben", "ryg"))
    leg.red_flags.set([flag("dvt"), flag("lungeemboli", "112"), flag("krampe-mild", "own_doctor")])
    back.red_flags.set(
        [flag("cauda"), flag("aorta", "112"), flag("ryg-mild", "own_doctor"), flag("loeft", kind="avoid")]
    )
    kept.body_region, other.body_region = back, leg
    kept.save()
    other.save()
    if own_of_target:
        kept.red_flags.set([flag("egen-ryg", "doctor_soon")])
    if own_of_source:
        other.red_flags.set([flag("egen-ben", "physio")])
    before = registry_for(kept).in_force | registry_for(other).in_force
    merge(other, kept)
    assert registry_for(Condition.objects.get(pk=kept.pk)).in_force >= before


def test_a_merge_that_adds_no_flag_leaves_the_defaults_defaults(kept, other):
    back = BodyRegion.objects.create(slug="ryg", name="ryg")
    back.red_flags.set([flag("cauda"), flag("aorta", "112")])
    Condition.objects.update(body_region=back)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert merge(other, kept).red_flags.count() == 0


# --- Articles and addresses ---


def test_articles_go_along_with_a_note_in_their_history(kept, other):
    edith = get_user_model().objects.create_user("edith@example.org")
    article = Article.objects.create(slug="nerverodssmerter", title="Nerverod", body="Tekst.", condition=other)
    merge_conditions(source=other, target=kept, by=edith)
    article.refresh_from_db()
    assert article.condition == kept
    version = article.history.first()
    assert (version.history_user, version.history_change_reason) == (edith, "Lagt sammen: Nerverodssmerter → Iskias")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (f"{RESULTS}?tilstand=nerverodssmerter", f"{RESULTS}?tilstand=iskias"),
        (
            f"{RESULTS}?tilstand=nerverodssmerter&sted=8000&speciale=ryg&speciale=nakke&side=2",
            f"{RESULTS}?tilstand=iskias&sted=8000&speciale=ryg&speciale=nakke&side=2",
        ),
        (f"{RESULTS}randers/?tilstand=nerverodssmerter", f"{RESULTS}randers/?tilstand=iskias"),
    ],
)
def test_the_old_condition_leads_to_the_other(client, kept, other, asked, answer):
    places()
    clinic("Ryggen", "Randers", specialities=["Ryg"])
    filters.forget()
    merge(other, kept)
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, answer)
    assert client.get(answer).status_code == 200


def test_conditions_merged_in_a_ring_by_hand_lead_in_no_circle(client, kept, other):
    Condition.objects.filter(pk=kept.pk).update(merged_into=other)
    Condition.objects.filter(pk=other.pk).update(merged_into=kept)
    for slug in ("iskias", "nerverodssmerter"):
        response = client.get(RESULTS, {"tilstand": slug}, follow=True)
        assert response.status_code == 200


# --- The committed vocabulary ---


def test_loading_the_vocabulary_does_not_undo_a_merge():
    call_command("load_vocabulary", verbosity=0)
    target, source = Condition.objects.get(slug="iskias"), Condition.objects.get(slug="piriformis-syndrom")
    merge(source, target)
    target.refresh_from_db()
    words, flags = target.synonyms, set(target.red_flags.all())
    call_command("load_vocabulary", verbosity=0)
    source.refresh_from_db()
    target.refresh_from_db()
    assert source.merged_into == target
    assert target.synonyms == words and "Piriformis-syndrom" in words
    assert set(target.red_flags.all()) == flags


# --- Taking it back ---


def test_a_merge_can_be_taken_back(kept, other):
    own = Article.objects.create(slug="nerverodssmerter", title="Nerverod", body="Tekst.", condition=other)
    also = Article.objects.create(slug="ben", title="Ben", body="Tekst.", condition=other)
    other.red_flags.set([flag("dvt")])
    other.care_gate = "Lægen først."
    other.save()
    merge(other, kept)
    unmerge_condition(condition=other)
    for row in (kept, other, own, also):
        row.refresh_from_db()
    assert other.merged_into is None and other.synonyms == ["jag i benet", "Ischias"]
    assert resolve("jag i benet").conditions == (other,)
    assert kept.synonyms == [] and resolve("ischias").conditions == (other,)  # both claimed it; it goes back
    assert (own.condition, also.condition) == (other, kept)
    assert kept.care_gate == "Lægen først." and kept.red_flags.filter(key="dvt").exists()  # never milder by itself
    unmerge_condition(condition=other)  # twice is once


def test_taking_it_back_takes_no_warning_away(kept, other):
    """One editor alone could otherwise remove what was added while the two were one."""
    article = Article.objects.create(slug="nerverodssmerter", title="Nerverod", body="Tekst.", condition=other)
    merge(other, kept)
    kept.refresh_from_db()
    kept.red_flags.add(flag("cauda"))
    Condition.objects.filter(pk=kept.pk).update(care_gate="Lægen først.", awaits_acceptance=True)
    shown = registry_for(Condition.objects.get(pk=kept.pk)).in_force
    unmerge_condition(condition=other)
    article.refresh_from_db()
    assert article.condition == other
    assert registry_for(article.condition).in_force >= shown
    assert (article.condition.care_gate, article.condition.awaits_acceptance) == ("Lægen først.", True)


# --- In the admin ---


@pytest.fixture
def adam(client):
    sync_roles()
    user = get_user_model().objects.create_user("adam@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=ADMINISTRATOR))
    client.force_login(user)
    return client


def save(client, row: Condition, **values):
    address = f"/admin/clinics/condition/{row.pk}/change/"
    shown = {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in form_of(client.get(address)).items()
    }
    shown["red_flags"] = list(row.red_flags.values_list("pk", flat=True))
    shown = {name: value for name, value in shown.items() if value is not False}
    return client.post(address, shown | values, follow=True)


def test_the_field_merges_and_takes_back(adam, kept, other):
    response = save(adam, other, merged_into=kept.pk, synonyms="jag i benet,jag i låret")
    assert "er nu en del af “Iskias”" in response.content.decode()
    kept.refresh_from_db()
    other.refresh_from_db()
    assert other.merged_into == kept and "jag i låret" in kept.synonyms
    response = save(adam, other, merged_into="")
    assert "er skilt ud igen" in response.content.decode()
    kept.refresh_from_db()
    assert "jag i låret" not in kept.synonyms


def test_the_field_refuses_in_one_sentence(adam, kept, other):
    third = condition("Tredje", {})
    merge(other, kept)
    for row, target, sentence in (
        (third, third, "ikke lægges sammen med sig selv"),
        (third, other, "selv lagt sammen med “Iskias”"),
        (other, third, "Tøm feltet, og gem"),
    ):
        row.refresh_from_db()
        assert sentence in save(adam, row, merged_into=target.pk).content.decode()
        before = row.merged_into
        row.refresh_from_db()
        assert row.merged_into == before
