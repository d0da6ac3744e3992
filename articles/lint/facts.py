"""What the database knows about an article and its condition, in three queries at most."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from articles.models import Article, FlagSuggestion, SignOff
from clinics.models import Condition, RedFlag


@dataclass(frozen=True)
class Facts:
    """`signed`: fingerprint of a place → reason. `suggestions`: dicts with sentence, line and state.

    `flag_texts`: key → what the flag says, of those that the text goes against.
    """

    signed: dict[str, str] = field(default_factory=dict)
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    has_condition: bool = False
    own_flags: bool = False
    flag_texts: dict[str, str] = field(default_factory=dict)
    awaits_acceptance: bool = False

    @property
    def pending(self) -> list[dict[str, Any]]:
        return [one for one in self.suggestions if one["state"] == FlagSuggestion.State.PENDING]


def facts_about(article: Article) -> Facts:
    signed, suggestions = _of_article(article) if article.pk else ([], [])
    condition = _condition(article.condition_id) if article.condition_id else None
    return Facts(
        signed={row["fingerprint"]: row["reason"] for row in signed},
        suggestions=suggestions,
        has_condition=condition is not None,
        own_flags=condition is not None and condition[0],
        flag_texts=_flag_texts({place["flag"] for place in article.safety}),
        awaits_acceptance=condition is not None and condition[1],
    )


def _flag_texts(keys: set[str]) -> dict[str, str]:
    return dict(RedFlag.objects.filter(key__in=keys).values_list("key", "text")) if keys else {}


def _of_article(article: Article) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    of_article = Q(article=OuterRef("pk"))
    signed = SignOff.objects.filter(of_article).values(json=JSONObject(fingerprint="fingerprint", reason="reason"))
    described = JSONObject(sentence="sentence", line="line", state="state")
    suggested = FlagSuggestion.objects.filter(of_article).order_by("line", "pk").values(json=described)
    row = (
        Article.objects.filter(pk=article.pk)
        .values_list(ArraySubquery(signed), ArraySubquery(suggested))
        .order_by("pk")
        .first()
    )
    return row or ([], [])


def _condition(pk: int) -> tuple[bool, bool] | None:
    """Whether it has flags of its own, and whether it waits for an editor.

    The flags of a condition that was merged are those of the other one too, as on the page (clinics.care).
    """
    flags = Condition.red_flags.through.objects
    own = flags.filter(Q(condition=OuterRef("pk")) | Q(condition=OuterRef("merged_into")))
    return Condition.objects.filter(pk=pk).values_list(Exists(own), "awaits_acceptance").first()
