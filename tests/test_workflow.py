"""The way of an article: each step by each role, and what a step refuses."""

import threading

import pytest
from django.db import connection

from articles import safety, workflow
from articles.models import Article, SignOff
from articles.workflow import TRANSITIONS, WorkflowError, allowed, move, stage, version_of
from clinics import clock
from clinics.models import Condition, RedFlag

from .workflow_people import DAY, article, staff
from .worlds import kept

pytestmark = pytest.mark.django_db

# Each step: from, to, and who may take it. `+tid` sets a time, `-tid` takes it away.
STEPS = """\
draft     → review      edith adam
draft     → ready       edith adam
draft     → ready+tid   edith adam
draft     → published   edith adam
draft     → archived    edith adam
review    → draft       edith frida adam
review    → ready       frida adam
review    → archived    edith adam
ready     → draft       edith frida adam
ready     → review      edith adam
ready     → ready+tid   edith adam
ready     → published   edith adam
ready     → archived    edith adam
planned   → draft       edith frida adam
planned   → review      edith adam
planned   → ready+tid   edith adam
planned   → ready-tid   edith adam
planned   → published   edith adam
planned   → archived    edith adam
published → draft       edith adam
published → archived    edith adam
archived  → draft       edith adam
archived  → published   edith adam
"""


@kept
def people():
    return staff()


def in_state(state: str) -> Article:
    Article.objects.all().delete()
    if state == "planned":
        return article("ready", publish_at=clock.now() + DAY)
    return article(state)


def take(state: str, step: str, who) -> str:
    """Take a step as the table writes it; the state that it led to, as the table writes it."""
    to, _, time = step.partition("+")
    one = in_state(state)
    move(
        one,
        to=to.removesuffix("-tid"),
        by=who,
        reason="Fordi.",
        publish_at=clock.now() + 2 * DAY if time else None,
    )
    stored = Article.objects.get(pk=one.pk)
    assert (stored.status, stored.publish_at) == (one.status, one.publish_at), "the caller's article says the same"
    return "planned" if workflow.is_scheduled(stored) else stage(stored)


def expected(step: str) -> str:
    return {"ready+tid": "planned", "ready-tid": "ready"}.get(step, step)


@pytest.mark.parametrize("line", STEPS.splitlines())
def test_each_step_by_each_role(people, line):
    state, _, step, *may = line.split()
    for name, user in people.items():
        if name in may:
            assert take(state, step, user) == expected(step)
        else:
            with pytest.raises(WorkflowError):
                take(state, step, user)
            stored = Article.objects.get()
            assert ("planned" if workflow.is_scheduled(stored) else stored.status) == state


def test_the_table_names_every_step_and_the_buttons_are_the_same(people):
    written = {(state, step): set(may) for state, _, step, *may in map(str.split, STEPS.splitlines())}
    shown: dict[tuple[str, str], set[str]] = {}
    for state in ("draft", "review", "ready", "planned", "published", "archived"):
        one = in_state(state)
        for name, user in people.items():
            for step in allowed(user, one):
                time = {True: "+tid", False: "-tid", None: ""}[step.scheduled]
                shown.setdefault((state, f"{step.to}{time}"), set()).add(name)
    assert shown == written
    assert len({(step.source, step.to, step.scheduled, step.permissions) for step in TRANSITIONS}) == len(TRANSITIONS)


def test_every_other_step_is_refused(people):
    steps = {(state, step) for state, _, step, *_ in map(str.split, STEPS.splitlines())}
    for state in ("draft", "review", "ready", "published", "archived"):
        for to in ("draft", "review", "ready", "published", "archived"):
            if (state, to) not in steps:
                with pytest.raises(WorkflowError, match="findes ikke"):
                    take(state, to, people["adam"])


def test_buttons_say_what_they_do_once(people):
    verbs = [step.verb for step in allowed(people["adam"], article("ready"))]
    assert verbs == ["Udgiv", "Planlæg", "Send til faglig gennemgang", "Træk tilbage", "Arkivér"]
    Article.objects.all().delete()
    assert [step.verb for step in allowed(people["frida"], article("review"))] == ["Godkend", "Send tilbage"]


def test_a_reviewer_who_sends_it_back_says_why(people):
    one = article("review")
    with pytest.raises(WorkflowError, match="hvorfor"):
        move(one, to="draft", by=people["frida"], reason="  ")
    move(one, to="draft", by=people["frida"], reason="Afsnittet om blodprop er for mildt.")
    assert one.history.first().history_change_reason == "Send tilbage: Afsnittet om blodprop er for mildt."


def test_the_history_knows_who_and_why(people):
    one = article()
    move(one, to="published", by=people["edith"], reason="x" * 300)
    version = one.history.first()
    assert version.history_user == people["edith"]
    assert version.history_change_reason.startswith("Udgiv: xxx") and len(version.history_change_reason) > 300


# Somebody else was faster


def test_two_editors_at_one_article(people):
    mine, theirs = article(), Article.objects.get()
    move(theirs, to="archived", by=people["adam"])
    with pytest.raises(WorkflowError, match="ændret, siden du åbnede den"):
        move(mine, to="published", by=people["edith"])
    assert Article.objects.get().status == "archived"


def test_a_step_is_taken_of_the_text_that_was_seen(people):
    one = article()
    seen = version_of(one)
    one.body = "Noget helt andet."
    one.save()
    with pytest.raises(WorkflowError, match="ændret, siden du åbnede den"):
        move(Article.objects.get(), to="published", by=people["edith"], seen=seen)
    move(Article.objects.get(), to="published", by=people["edith"], seen=version_of(one))


def test_an_article_that_is_gone(people):
    one = article()
    Article.objects.all().delete()
    with pytest.raises(WorkflowError, match="findes ikke længere"):
        move(one, to="published", by=people["edith"])


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(people):
    one = article("ready")
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def go(to: str) -> None:
        seen = Article.objects.get(pk=one.pk)
        start.wait()
        try:
            move(seen, to=to, by=people["adam"])
            outcomes.append("taken")
        except WorkflowError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(to,)) for to in ("published", "archived")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "taken"]


# Safety


MILD = "Kontakt en fysioterapeut, hvis det ene ben er hævet, rødt og varmt."
MILDER = "Se tiden an, hvis det ene ben er hævet, rødt og varmt."


def unsafe(*sentences: str) -> Article:
    """An article whose sentences are milder than the flag that its condition has."""
    flag = RedFlag.objects.create(
        key="blodprop-i-benet", group="DVT", urgency="doctor_now", text="det ene ben er hævet", terms=["hævet + ben"]
    )
    condition = Condition.objects.create(slug="ben", name="Ben")
    condition.red_flags.add(flag)
    one = article(body="Indledning.\n\n## Hvad nu?\n\n" + "\n\n".join(sentences), condition=condition)
    assert len(one.safety) == len(sentences) and one.needs_attention
    return one


@pytest.mark.parametrize("time", [None, DAY])
def test_what_is_milder_than_a_flag_goes_out_with_a_reason_only(people, time):
    one = unsafe(MILD, MILDER)
    goal = {"to": "ready", "publish_at": clock.now() + time} if time else {"to": "published"}
    with pytest.raises(WorkflowError, match=r"2 steder .* begrundelse"):
        move(one, by=people["edith"], **goal)
    with pytest.raises(WorkflowError, match="andre redaktører kan forstå"):
        move(one, by=people["edith"], reason="ok", **goal)
    assert Article.objects.get().status == "draft" and not SignOff.objects.exists()
    move(one, by=people["edith"], reason="Kortet står lige over afsnittet.", **goal)
    signed = SignOff.objects.values_list("reason", "by__username")
    assert list(signed) == [("Kortet står lige over afsnittet.", "edith@example.org")] * 2
    assert {place["fingerprint"] for place in one.safety} == set(SignOff.objects.values_list("fingerprint", flat=True))


def test_what_was_signed_off_needs_no_new_reason(people):
    one = unsafe(MILD)
    safety.sign_off(article=one, fingerprints={one.safety[0]["fingerprint"]}, reason="Set på.", by=people["adam"])
    move(one, to="published", by=people["edith"])
    assert SignOff.objects.count() == 1


def test_a_new_place_needs_a_reason_of_its_own(people):
    one = unsafe(MILD, MILDER)
    safety.sign_off(article=one, fingerprints={one.safety[0]["fingerprint"]}, reason="Set på.", by=people["adam"])
    with pytest.raises(WorkflowError, match="Ét sted"):
        move(one, to="published", by=people["edith"])


def test_a_flag_that_became_more_urgent_since_the_page_was_made(people):
    flag = RedFlag.objects.create(
        key="blodprop-i-benet", group="DVT", urgency="physio", text="det ene ben er hævet", terms=["hævet + ben"]
    )
    one = article(body=f"Indledning.\n\n## Hvad nu?\n\n{MILD}")
    assert one.safety == []
    RedFlag.objects.filter(pk=flag.pk).update(urgency="112")
    with pytest.raises(WorkflowError, match="Ét sted"):
        move(one, to="published", by=people["edith"])


def test_steps_that_publish_nothing_ask_for_no_reason(people):
    move(unsafe(MILD), to="review", by=people["edith"])
    assert not SignOff.objects.exists()
