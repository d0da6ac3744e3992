"""Flags that an article's text describes, places that need a reason, and checking again when the registry changes."""

import pytest

from articles import safety
from articles.actions import render_stale, save_article
from articles.importer import import_paths
from articles.models import Article, SignOff
from articles.safety import SafetyError
from clinics.models import RedFlag

from .cramps import BODY, MASSAGE, article, cramps_condition, pending, red_flags, reload
from .people import condition
from .staff import staff
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def flags():
    return red_flags()


@kept
def leg(flags):
    return cramps_condition(flags)


@kept
def cramps(leg):
    return article(leg)


@kept
def edith():
    return staff()["edith"]


# Suggestions


def test_saving_suggests_what_the_text_describes_and_the_condition_lacks(cramps):
    assert pending(cramps) == ["dvt"]
    row = cramps.flag_suggestions.get()
    assert row.sentence == "Kontakt en fagperson, hvis benet er hævet, rødt og varmt."
    assert (row.line, row.urgency) == (9, "physio")
    assert reload(cramps).needs_attention


def test_what_is_attached_is_no_work(flags):
    made = condition("Lunger", {})
    made.red_flags.add(flags["lungeemboli"])
    one = article(made, "Ring 112 ved åndenød.")
    assert pending(one) == []
    assert not reload(one).needs_attention


def test_stale_suggestions_go_and_decided_ones_stay(cramps, flags, edith):
    cramps.body += "\nRing 112 ved åndenød. Tal med din læge i dag ved vægttab.\n"
    cramps.save()
    assert pending(cramps) == ["dvt", "lungeemboli", "vaegttab"]
    refused = cramps.flag_suggestions.get(flag=flags["vaegttab"])
    safety.refuse_suggestions(article=cramps, pks=[refused.pk], by=edith)
    cramps.body = "Ring 112 ved åndenød."
    cramps.save()
    assert pending(cramps) == ["lungeemboli"]
    assert cramps.flag_suggestions.get(flag=flags["vaegttab"]).state == "refused"
    cramps.body = "Tal med din læge i dag ved vægttab."
    cramps.save()
    assert pending(cramps) == [], "what was refused is not asked again"


def test_a_suggestion_follows_the_sentence(cramps):
    cramps.body = "Kort.\n\nEt hævet ben skal til læge straks."
    cramps.save()
    row = cramps.flag_suggestions.get()
    assert (row.sentence, row.line, row.urgency) == ("Et hævet ben skal til læge straks.", 3, "doctor_now")


def test_an_import_suggests_too_and_never_touches_what_was_decided(flags, edith, tmp_path):
    file = tmp_path / "ondt-i-brystet.md"
    file.write_text('---\ntitle: "Ondt i brystet"\n---\nRing 112 ved åndenød.\n', encoding="utf-8")
    import_paths([file], publish=True)
    one = Article.objects.get()
    assert pending(one) == ["lungeemboli"]
    safety.accept_suggestions(article=one, pks=one.flag_suggestions.values_list("pk", flat=True), by=edith)
    file.write_text('---\ntitle: "Ondt i brystet"\n---\nNy tekst.\n', encoding="utf-8")
    import_paths([file])
    assert Article.objects.get().flag_suggestions.get().state == "accepted"
    assert list(one.condition.red_flags.all()) == [flags["lungeemboli"]]


def test_accepting_attaches_and_checks_the_article_again(flags, edith):
    made = condition("Ben", {})
    one = article(made, "Kontakt læge akut ved et hævet ben.\n\n## Hjemme\n\nStræk ud.\n")
    other = article(made, "## Hjemme\n\nMassér benet.\n", slug="andet", title="Andet")
    assert reload(other).safety == []
    made.red_flags.add(flags["ingen-massage-eller-varme"])
    assert safety.accept_suggestions(article=one, pks=one.flag_suggestions.values_list("pk", flat=True), by=edith) == 1
    assert set(made.red_flags.all()) == {flags["dvt"], flags["ingen-massage-eller-varme"]}
    row = one.flag_suggestions.get()
    assert (row.state, row.decided_by, row.decided_at is not None) == ("accepted", edith, True)
    assert not reload(one).needs_attention
    assert [place["flag"] for place in reload(other).safety] == ["ingen-massage-eller-varme"]
    assert one.history.count() == other.history.count() == 1


def test_an_article_without_a_condition_has_nowhere_to_attach_them(flags, edith):
    one = article(None, "Ring 112 ved åndenød.")
    assert pending(one) == ["lungeemboli"]
    with pytest.raises(SafetyError, match="ingen tilstand"):
        safety.accept_suggestions(article=one, pks=[one.flag_suggestions.get().pk], by=edith)


# Sign-offs and attention


def test_an_article_asks_for_attention_until_every_place_has_a_reason(cramps, edith):
    safety.refuse_suggestions(article=cramps, pks=cramps.flag_suggestions.values_list("pk", flat=True), by=edith)
    prints = [place["fingerprint"] for place in reload(cramps).safety]
    assert len(prints) == 3
    for number, one in enumerate(prints):
        assert reload(cramps).needs_attention, number
        safety.sign_off(article=cramps, fingerprints=[one], reason="Teksten står lige under kortet.", by=edith)
    assert not reload(cramps).needs_attention
    assert {(row.by, row.reason) for row in cramps.sign_offs.all()} == {(edith, "Teksten står lige under kortet.")}


def test_a_sign_off_is_of_the_sentence(cramps, edith):
    prints = [place["fingerprint"] for place in cramps.safety]
    safety.sign_off(article=cramps, fingerprints=prints, reason="Det er drøftet med en læge.", by=edith)
    cramps.body = BODY.replace("Stræk musklen.", "Stræk musklen længe.")
    cramps.save()
    assert safety.unsigned(cramps) == []
    cramps.body = BODY.replace("roligt", "hårdt")
    cramps.save()
    assert [place["sentence"] for place in safety.unsigned(cramps)] == [MASSAGE.replace("roligt", "hårdt")]
    assert reload(cramps).needs_attention


@pytest.mark.parametrize("reason", ["", "  ", "nej", "nul\0byte her", "x" * 2001])
def test_a_sign_off_needs_a_reason(reason, cramps, edith):
    with pytest.raises(SafetyError, match="egrundelse"):
        safety.sign_off(article=cramps, fingerprints=[cramps.safety[0]["fingerprint"]], reason=reason, by=edith)
    assert not SignOff.objects.exists()


def test_a_place_that_is_gone_cannot_be_signed_off(cramps, edith):
    with pytest.raises(SafetyError, match="findes ikke mere"):
        safety.sign_off(article=cramps, fingerprints=["0" * 64], reason="Det er drøftet.", by=edith)


def test_a_text_that_repeats_itself_ten_thousand_times_is_stored_in_a_page(leg):
    one = article(leg, "Massér læggen. " * 10_000)
    assert len(reload(one).safety) == safety.MOST_PLACES
    assert "Massér" not in one.search_text


def test_mending_the_text_is_enough(cramps, edith):
    safety.refuse_suggestions(article=cramps, pks=cramps.flag_suggestions.values_list("pk", flat=True), by=edith)
    cramps.body = "Kontakt læge akut, hvis benet er hævet og rødt.\n\n## Hjemme\n\nStræk ud.\n"
    save_article(cramps)
    assert (reload(cramps).safety, reload(cramps).needs_attention) == ([], False)


# When the registry changes


def test_a_flag_that_becomes_more_urgent_finds_its_articles(flags):
    made = condition("Tab", {})
    made.red_flags.add(flags["vaegttab"])
    one = article(made, "Kontakt din læge inden for få dage ved vægttab.")
    assert one.safety == []
    assert render_stale() == 0
    RedFlag.objects.filter(key="vaegttab").update(urgency="doctor_now")
    assert render_stale() == 1
    assert [place["flag"] for place in reload(one).safety] == ["vaegttab"]
    assert reload(one).needs_attention
    assert render_stale() == 0
    assert one.history.count() == 1


def test_a_new_word_of_a_flag_is_suggested_and_a_new_condition_is_checked(cramps, flags, leg):
    one = article(None, "Ring 112, hvis du bliver blå om munden.", slug="andet", title="Andet")
    RedFlag.objects.filter(key="lungeemboli").update(terms=["åndenød", "blå om munden"])
    render_stale()
    assert pending(one) == ["lungeemboli"]
    other = condition("Andet", {})
    cramps.condition = other
    cramps.save()
    assert {place["kind"] for place in reload(cramps).safety} == {"weaker", "collides"}, (
        "the text itself describes a clot"
    )


def test_a_change_of_condition_keeps_the_remarks_of_the_import(cramps, flags):
    Article.objects.filter(pk=cramps.pk).update(warnings=[{"line": 3, "code": "x", "text": "Fra filen."}])
    one = reload(cramps)
    one.condition = condition("Andet", {})
    one.save()
    assert [remark["text"] for remark in reload(one).warnings] == ["Fra filen."]
