"""“Sikkerhed”: everything that an editor is asked about one article's safety, on one screen."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles import safety
from articles.models import Article, FlagSuggestion
from articles.safety import SafetyError
from articles.safety.urgency import WAIT
from clinics import warnings
from clinics.matching import matches_of
from clinics.models import Condition, ConditionMatch, RedFlag
from clinics.warnings import ChangeError

from .screens import get_article, require, screen

URGENCIES = {**dict(RedFlag.Urgency.choices), WAIT: "Vent og se", "": "Ingen"}
KINDS = {"weaker": "Mildere end det røde flag", "collides": "Råd, som det røde flag forbyder"}


@dataclass(frozen=True)
class Passage:
    """One sentence of the text, and every flag that it is milder than or collides with."""

    sentence: str
    line: int
    section: str
    flags: list[dict[str, str]]
    fingerprints: str
    reason: str
    by: str

    @property
    def number(self) -> str:
        """An id on the page."""
        return self.fingerprints[:12]


@require_http_methods(["GET", "HEAD", "POST"])
def flags(request: HttpRequest, object_id: int) -> HttpResponse:
    article = get_article(request, object_id, "view_article", "change_article")
    if request.method == "POST":
        require(request, "change_article")
        return _answer(request, article)
    condition = article.condition
    context: dict[str, Any] = {
        "form_url": reverse("admin:articles_article_change", args=[article.pk]),
        "pending": sorted(
            (_suggested(row) for row in _suggestions(article).filter(state=FlagSuggestion.State.PENDING)),
            key=_most_urgent,
        ),
        "decided": [_suggested(row) for row in _suggestions(article).exclude(state=FlagSuggestion.State.PENDING)],
        "passages": _passages(article),
        "condition": condition,
        "own_flags": condition.red_flags.all() if condition else [],
        "matches": _matches(condition) if condition and condition.awaits_acceptance else [],
        "may_change": request.user.has_perm("articles.change_article"),
    }
    return screen(request, "safety.html", f"Sikkerhed: {article}", article=article, **context)


def _answer(request: HttpRequest, article: Article) -> HttpResponse:
    """One button of the screen. Whatever it says stands on the screen afterwards."""
    verbs = {"accept": _accept, "refuse": _refuse, "sign_off": _sign_off, "clinics": _accept_clinics}
    verb = next((verbs[name] for name in verbs if name in request.POST), None)
    try:
        if verb:
            messages.success(request, verb(request, article))
    except (SafetyError, ChangeError) as error:
        messages.error(request, str(error))
    return redirect("admin:articles_article_safety", article.pk)


def _accept(request: HttpRequest, article: Article) -> str:
    count = safety.accept_suggestions(article=article, pks=_chosen(request, article, "accept"), by=request.user)  # type: ignore[arg-type]  # staff only get here
    _log(request, article, f"Godkendte {_flags(count)}")
    return f"{_flags(count).capitalize()} står nu på siderne om “{article.condition}”."


def _refuse(request: HttpRequest, article: Article) -> str:
    count = safety.refuse_suggestions(article=article, pks=_chosen(request, article, "refuse"), by=request.user)  # type: ignore[arg-type]
    _log(request, article, f"Afviste {_flags(count)}")
    return f"{_flags(count).capitalize()} er afvist og bliver ikke foreslået igen."


def _sign_off(request: HttpRequest, article: Article) -> str:
    safety.sign_off(
        article=article,
        fingerprints=request.POST["sign_off"].split(),
        reason=request.POST.get("reason", ""),
        by=request.user,  # type: ignore[arg-type]
    )
    return "Begrundelsen er gemt med dit navn. Advarselskortet bliver stående over afsnittet."


def _accept_clinics(request: HttpRequest, article: Article) -> str:
    if article.condition is None:
        raise ChangeError("Artiklen har ingen tilstand.")
    gate, without = request.POST.get("gate", ""), request.POST.get("without_gate", "")
    condition = warnings.accept_clinics(
        condition=article.condition,
        matches=_numbers(request, "match"),
        gate=gate,
        without_gate=without,
        by=request.user,  # type: ignore[arg-type]
    )
    said = condition.care_gate or f"ingen betingelse ({without.strip()})"
    _log(request, article, f"Godkendte klinikker for {condition}: {said}")
    _log(request, condition, f"Godkendte klinikker: {said}")
    return f"Siderne om “{condition}” viser nu klinikker."


def _chosen(request: HttpRequest, article: Article, name: str) -> list[int]:
    """The one suggestion whose button was pressed, or all that wait."""
    if request.POST[name] != "all":
        return _numbers(request, name)
    return list(_suggestions(article).filter(state=FlagSuggestion.State.PENDING).values_list("pk", flat=True))


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(value[:18]) for value in request.POST.getlist(name) if value.isascii() and value.isdecimal()]


def _suggestions(article: Article) -> Any:
    return article.flag_suggestions.select_related("flag", "decided_by").order_by("line", "pk")


def _suggested(row: FlagSuggestion) -> dict[str, Any]:
    return {"row": row, "flag": row.flag, "stated": URGENCIES.get(row.urgency, row.urgency)}


def _most_urgent(one: dict[str, Any]) -> tuple[int, int]:
    """The order in which suggestions are asked about: by the urgency of the flag, then by line."""
    return RedFlag.Urgency.values.index(one["flag"].urgency), one["row"].line


def _passages(article: Article) -> list[Passage]:
    """Sentence by sentence, what nobody has signed off first."""
    signed = {row.fingerprint: row for row in article.sign_offs.select_related("by")}
    texts = dict(RedFlag.objects.filter(key__in={place["flag"] for place in article.safety}).values_list("key", "text"))
    headings = {entry["id"]: entry["heading"] for entry in article.contents}
    places = sorted(article.safety, key=lambda place: (place["line"], place["sentence"]))
    passages = []
    for (line, sentence), group in groupby(places, key=lambda place: (place["line"], place["sentence"])):
        rows = list(group)
        open_rows = [row for row in rows if row["fingerprint"] not in signed]
        decided = [signed[row["fingerprint"]] for row in rows if row["fingerprint"] in signed]
        passages.append(
            Passage(
                sentence=sentence,
                line=line,
                section=headings.get(rows[0]["section"], ""),
                flags=[_flag(row, texts) for row in rows],
                fingerprints=" ".join(dict.fromkeys(row["fingerprint"] for row in open_rows)),
                reason="" if open_rows or not decided else decided[0].reason,
                by="" if open_rows or not decided else str(decided[0].by or ""),
            )
        )
    return sorted(passages, key=lambda passage: (bool(passage.reason), passage.line))


def _flag(place: dict[str, Any], texts: dict[str, str]) -> dict[str, str]:
    return {
        "key": place["flag"],
        "text": texts.get(place["flag"], ""),
        "kind": KINDS.get(place["kind"], place["kind"]),
        "urgency": URGENCIES.get(place["urgency"], place["urgency"]),
        "stated": URGENCIES.get(place.get("stated", ""), "") if place["kind"] == "weaker" else "",
    }


def _matches(condition: Condition) -> list[ConditionMatch]:
    return matches_of(condition)


def _flags(count: int) -> str:
    return "et rødt flag" if count == 1 else f"{count} røde flag"


def _log(request: HttpRequest, row: Article | Condition, message: str) -> None:
    LogEntry.objects.log_actions(request.user.pk or 0, [row], CHANGE, change_message=message, single_object=True)
