"""The condition of an imported article, found or made, and what its text is matched to."""

from typing import NamedTuple

from articles import generic
from articles.derived import short_name
from articles.importing.candidate import Candidate
from articles.importing.run import Run
from articles.lint.finding import quote
from articles.models import Article
from articles.safety import urgent_subject
from clinics.actions import store_suggestions
from clinics.matching import matches_of
from clinics.models import Condition, ConditionMatch
from clinics.suggesting import SuggestedMatch, suggest_matches
from clinics.vocabulary import condition_for


class Subject(NamedTuple):
    """A condition, whether it is generic and why, and the slugs that it is matched to, strongest first."""

    condition: Condition
    verdict: generic.Verdict
    matches: list[str]


def subject_of(article: Article, candidate: Candidate, run: Run) -> Subject:
    """The condition of an article that is about to be stored.

    One that an editor chose stays. Otherwise it is the one with the article's slug, made where there is none; one that was
    merged leads to the other. Of one that exists nothing changes but its suggested matches. The subject of a new one may
    itself be an acute red flag: then it waits for an editor.
    """
    known = article.condition
    if known is None and run.may_have_condition(article.slug):
        known = condition_for(article.slug)
    if known:
        # What another article says of a condition that both lead to is no reason to match it anew.
        if known.slug == article.slug and not _is_decided(known):
            store_suggestions(condition=known, suggestions=_suggestions(article, candidate))
        return known_subject(known)
    name = short_name(article.title, candidate.subject)[:160]
    suggestions = _suggestions(article, candidate)
    verdict = generic.judge(name, candidate.headings, suggestions)
    acute = next(iter(urgent_subject(f"{name}. {article.title}", run.acute_flags)), None)
    if acute:
        text = (
            f"Emnet er selv et rødt flag ({acute.get_urgency_display()}: {quote(acute.text)}), så siden viser ingen klinikker,"
            " før en redaktør har godkendt match og betingelse."
        )
        candidate.remark(candidate.front.lines.get("title", 1), "acute_subject", text)
    if name.upper() in run.condition_names:
        text = f"Der findes allerede en tilstand, der hedder “{name}”. Læg dem sammen, eller giv filen dens navn."
        candidate.remark(candidate.front.lines.get("title", 1), "condition_name_taken", text)
    condition = Condition.objects.create(
        slug=article.slug, name=name, is_generic=verdict.is_generic, awaits_acceptance=acute is not None
    )
    if verdict.is_generic or not suggestions:
        return Subject(condition, verdict, [])
    store_suggestions(condition=condition, suggestions=suggestions, is_new=True)
    strongest_first = sorted(suggestions, key=lambda match: -match.weight)
    return Subject(condition, verdict, [match.slug for match in strongest_first])


def known_subject(condition: Condition) -> Subject:
    """What has been decided about a condition that exists."""
    decided = "et generelt emne" if condition.is_generic else "ikke et generelt emne"
    verdict = generic.Verdict(condition.is_generic, f"Tilstanden “{condition.name}” findes og er {decided}.")
    rows = [] if condition.is_generic else matches_of(condition)
    return Subject(condition, verdict, [term.slug for row in rows if (term := row.speciality or row.treatment)])


def _is_decided(condition: Condition) -> bool:
    """Whether suggestions would not be stored: an editor has matched it, or said that it leads to no clinics."""
    edited = condition.edited_at or condition.is_generic
    return bool(edited) or condition.matches.filter(origin=ConditionMatch.Origin.EDITOR).exists()


def _suggestions(article: Article, candidate: Candidate) -> list[SuggestedMatch]:
    return suggest_matches(article.title, candidate.headings, candidate.words)
