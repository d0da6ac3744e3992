"""Warnings get stronger by one editor's hand and weaker only by two: proposing, approving and refusing what would weaken one.

Every verb is one transaction. Raises ChangeError when something cannot be done, and then nothing is changed. The proposals
stay as the log of what was weakened, when, by whom and why, whatever becomes of the rows that they were about.
"""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Model

from . import clock
from .actions import mark_edited
from .keeping import urgent_kept
from .models import BodyRegion, Condition, ConditionMatch, RedFlag, Speciality, WarningChange
from .weakening import Weakening, lowers

PROPOSE, DECIDE = "clinics.add_warningchange", "clinics.change_warningchange"
REVIEW = "articles.review_article"  # whose word a medical review is, of an article as of a flag
REVIEWED = ("text", "urgency", "kind", "terms")  # what a review of a flag is a review of
SHORTEST_REASON, LONGEST_REASON, LONGEST_GATE = 5, 2000, 500

Kind, State = WarningChange.Kind, WarningChange.State
Row = RedFlag | Condition | BodyRegion | Speciality
_FIELDS: dict[type[Model], str] = {
    RedFlag: "flag",
    Condition: "condition",
    BodyRegion: "body_region",
    Speciality: "speciality",
}


class ChangeError(Exception):
    """The text is a Danish sentence that says why not."""


@transaction.atomic
def raise_urgency(*, flag: RedFlag, urgency: str, by: AbstractUser) -> RedFlag:
    """One editor raises an urgency at once. Returns the flag as it is now."""
    if not by.has_perm("clinics.change_redflag"):
        raise ChangeError("Du har ikke ret til at ændre røde flag.")
    stored = _locked(RedFlag, flag.pk)
    if urgency not in RedFlag.Urgency.values or lowers(stored.urgency, urgency):
        raise ChangeError(
            "Hasten kan kun hæves her. En lavere hast skal foreslås, så en anden redaktør kan godkende den."
        )
    changed = stored.urgency != urgency
    stored.urgency = urgency
    with urgent_kept():
        stored.save(update_fields=["urgency"])
    if changed:
        end_review(flag=stored, by=by)
    mark_edited(row=stored)
    return stored


def end_review(*, flag: RedFlag, by: AbstractUser) -> None:
    """What was reviewed is changed: the review is of other words, unless a reviewer changed them."""
    if (flag.reviewed_by or flag.reviewed_at) and not by.has_perm(REVIEW):
        flag.reviewed_by, flag.reviewed_at = "", None
        flag.save(update_fields=["reviewed_by", "reviewed_at"])


@transaction.atomic
def propose(*, row: Row, weakening: Weakening, reason: str, by: AbstractUser) -> WarningChange:
    """Ask for a second editor. Nothing changes before somebody else approves."""
    if not by.has_perm(PROPOSE):
        raise ChangeError("Du har ikke ret til at foreslå ændringer af advarsler.")
    reason = checked_reason(reason)
    stored = _locked(type(row), row.pk)
    after = weakening.after
    about: dict[str, Any] = {_FIELDS[type(stored)]: stored}
    if weakening.flag and not isinstance(stored, RedFlag):
        about["flag"] = weakening.flag
    same = WarningChange.objects.filter(kind=weakening.kind, state=State.PENDING, values__after=after, **about)
    if waiting := same.first():
        raise ChangeError(f"Det er allerede foreslået og venter på en anden redaktør: {waiting.subject}.")
    before = {name: _value(stored, name) for name in after}
    if weakening.kind == Kind.DELETE:
        before = {name: _value(stored, name) for name in ("key", "urgency", "kind", "text", "terms")}
    return WarningChange.objects.create(
        kind=weakening.kind,
        subject=describe(stored, weakening)[:300],
        values={"before": before, "after": after, "proposed_by": str(by)},
        reason=reason,
        proposed_by_id=by.pk,
        **about,
    )


@transaction.atomic
def approve(*, change: WarningChange, by: AbstractUser) -> WarningChange:
    """A second editor agrees, and it is done. Returns the proposal as it is now."""
    stored = _pending(change, by)
    if stored.proposed_by_id is None:
        raise ChangeError("Den, der foreslog det, findes ikke længere. Foreslå det igen.")
    if stored.proposed_by_id == by.pk:
        raise ChangeError("Du har selv foreslået det. En anden redaktør skal godkende det.")
    _apply(stored, by)
    return _decide(stored, State.APPROVED, by)


@transaction.atomic
def refuse(*, change: WarningChange, by: AbstractUser, answer: str = "") -> WarningChange:
    """The warning stays as it is. Who proposed it withdraws it. Returns the proposal as it is now."""
    stored = _pending(change, by)
    return _decide(stored, State.WITHDRAWN if stored.proposed_by_id == by.pk else State.REFUSED, by, answer)


@transaction.atomic
def accept_clinics(
    *, condition: Condition, matches: list[int], gate: str, without_gate: str, by: AbstractUser
) -> Condition:
    """An editor has looked at who may help and under which condition, and clinics are shown from now on.

    `matches` are the keys of those that are right; the others are taken away. `gate` is what must be in order first, or
    `without_gate` the reason why nothing must; one that the condition has already stays. Returns the condition.
    """
    if not by.has_perm("clinics.change_condition"):
        raise ChangeError("Du har ikke ret til at godkende klinikker.")
    stored = _locked(Condition, condition.pk)
    if not stored.awaits_acceptance:
        raise ChangeError("Klinikkerne er allerede godkendt.")
    rows = list(stored.matches.select_for_update(of=("self",)))
    chosen = [row for row in rows if row.pk in set(matches)]
    if not chosen:
        raise ChangeError("Vælg mindst ét match. Passer ingen, så ret tilstandens match først.")
    if not stored.care_gate.strip():
        stored.care_gate = gate.replace("\0", "").strip()
        if len(stored.care_gate) > LONGEST_GATE:
            raise ChangeError(f"Betingelsen er for lang. Der er plads til {LONGEST_GATE} tegn.")
        if not stored.care_gate:
            checked_reason(without_gate, "Skriv en betingelse, eller skriv, hvorfor der ikke skal stå nogen.")
    for row in rows:
        if row not in chosen:
            row.delete()
        elif row.origin != ConditionMatch.Origin.EDITOR:
            row.origin = ConditionMatch.Origin.EDITOR
            row.save(update_fields=["origin"])
    stored.awaits_acceptance = False
    stored.save(update_fields=["awaits_acceptance", "care_gate"])
    mark_edited(row=stored)
    return stored


def checked_reason(reason: str, problem: str = "Skriv en begrundelse, som andre redaktører kan forstå.") -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON or "\0" in reason:
        raise ChangeError(problem)
    if len(reason) > LONGEST_REASON:
        raise ChangeError(f"Begrundelsen er for lang. Der er plads til {LONGEST_REASON} tegn.")
    return reason


def describe(row: Row, weakening: Weakening) -> str:
    """What it is about, in words that outlive the rows: `"cauda-equina: hast “Ring til læge nu” → “Egen læge”"`."""
    if weakening.kind == Kind.DELETE:
        return f"{row}: “{row.text}”" if isinstance(row, RedFlag) else str(row)
    if weakening.kind == Kind.DETACH and weakening.flag:
        return f"{weakening.flag} fjernes fra {row}"
    return f"{row}: {', '.join(_change(row, name, value) for name, value in weakening.after.items())}"


def _change(row: Row, name: str, after: Any) -> str:
    label, before = label_of(row, name), _value(row, name)
    if isinstance(before, list):
        gone = [item for item in before if item not in after]
        return f"{label} uden {shown(row, name, gone)}"
    return f"{label} {shown(row, name, before)} → {shown(row, name, after)}"


def shown(row: Row | type[Row], name: str, value: Any) -> str:
    """A value of a field as an editor reads it."""
    if name == "body_region":
        value = BodyRegion.objects.filter(pk=value).first() or "ingen"
    elif choices := dict(_field(row, name).flatchoices):
        value = choices.get(value, value)
    elif isinstance(value, list):
        value = "; ".join(value)
    return f"“{value}”" if value else "(tom)"


def label_of(row: Row | type[Row], name: str) -> str:
    return str(_field(row, name).verbose_name)


def _field(row: Row | type[Row], name: str) -> Any:
    return row._meta.get_field(name)


def _pending(change: WarningChange, by: AbstractUser) -> WarningChange:
    if not by.has_perm(DECIDE):
        raise ChangeError("Du har ikke ret til at afgøre forslag.")
    stored = WarningChange.objects.select_for_update().filter(pk=change.pk).first()
    if stored is None or stored.state != State.PENDING:
        raise ChangeError("Forslaget er allerede afgjort.")
    return stored


def _decide(change: WarningChange, state: str, by: AbstractUser, answer: str = "") -> WarningChange:
    change.state, change.decided_by_id, change.decided_at = state, by.pk, clock.now()
    change.values = {**change.values, "decided_by": str(by), "answer": answer.strip()[:LONGEST_REASON]}
    change.save(update_fields=["state", "decided_by", "decided_at", "values"])
    return change


def _apply(change: WarningChange, by: AbstractUser) -> None:
    """Do what was proposed, if the row is still as it was when it was proposed."""
    model, pk = _subject_of(change)
    row = _locked(model, pk)
    after, before = change.values.get("after", {}), change.values.get("before", {})
    if any(_value(row, name) != value for name, value in before.items()):
        raise ChangeError("Advarslen er ændret, siden det blev foreslået. Afvis forslaget, og foreslå det igen.")
    if change.kind == Kind.DELETE:
        row.delete()
        change.flag = None
        return
    if change.kind == Kind.DETACH and not after:
        flags = row.red_flags
        if change.flag_id is None or not flags.filter(pk=change.flag_id).exists():
            raise ChangeError("Flaget er allerede fjernet.")
        flags.remove(change.flag_id)
    for name, value in after.items():
        setattr(row, _field(row, name).attname, value)
    row.save(update_fields=list(after) or None)
    if isinstance(row, RedFlag) and not after.keys().isdisjoint(REVIEWED):
        end_review(flag=row, by=by)
    mark_edited(row=row)


def _subject_of(change: WarningChange) -> tuple[type[Row], int | None]:
    """Which row the proposal is about: the flag itself, unless it is to be taken from another."""
    for model in (Condition, BodyRegion, Speciality, RedFlag):
        if pk := getattr(change, f"{_FIELDS[model]}_id"):
            return model, pk
    return RedFlag, None


def _locked(model: type[Any], pk: int | None) -> Any:
    row = model.objects.select_for_update(of=("self",)).filter(pk=pk).first() if pk else None
    if row is None:
        raise ChangeError("Det, forslaget handler om, findes ikke længere.")
    return row


def _value(row: Any, name: str) -> Any:
    value = getattr(row, _field(row, name).attname)
    return list(value) if isinstance(value, tuple) else value
