"""The steps of the workflow, each asked about on a page of its own when there is something to answer, and the medical review."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.models import Article
from articles.safety import unsigned
from articles.workflow import Transition, WorkflowError
from clinics import clock

from .screens import get_article, screen
from .words import state_in_words

PLAN, UNPLAN = "planlaeg", "ophaev"


class StepForm(forms.Form):
    """What a step asks for: a time, a reason, or nothing but a yes. `seen`: the article as the editor was shown it."""

    seen = forms.CharField(widget=forms.HiddenInput)
    publish_at = forms.SplitDateTimeField(
        label="Vises fra",
        widget=AdminSplitDateTime,
        help_text="Dansk tid. Artiklen kommer frem af sig selv på det tidspunkt.",
    )
    reason = forms.CharField(
        label="Begrundelse",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, step: Transition, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.scheduled:
            for box, name in zip(self.fields["publish_at"].widget.widgets, ("Dato", "Klokkeslæt"), strict=True):
                box.attrs["aria-label"] = name
            self.fields["publish_at"].initial = _next_morning()
        else:
            del self.fields["publish_at"]
        self.fields["reason"].required = needs_reason
        self.fields["reason"].help_text = "Gemmes i artiklens versioner." + ("" if needs_reason else " Kan være tom.")


class ReviewForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label="Fagpersonens navn og titel", max_length=150, help_text="Vises på siden.")
    on = forms.DateField(label="Gennemgået den", widget=AdminDateWidget)
    next_due = forms.DateField(
        label="Næste gennemgang",
        widget=AdminDateWidget,
        help_text=f"Højst {workflow.LONGEST_REVIEW_YEARS} år efter.",
    )


class WithdrawForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Hvorfor gælder gennemgangen ikke?", widget=forms.Textarea(attrs={"rows": 3}))


def name_of(step: Transition) -> str:
    """How the step is called in an address and on its button."""
    return {True: PLAN, False: UNPLAN, None: step.to}[step.scheduled]


NAMES = frozenset(name_of(step) for step in workflow.TRANSITIONS)


def asks(step: Transition, article: Article) -> bool:
    """Whether the step has a question to answer first."""
    public = step.to == workflow.PUBLISHED or step.scheduled
    return bool(step.scheduled or step.needs_reason or (public and unsigned(article)))


def find_step(request: HttpRequest, article: Article, name: str) -> Transition | None:
    return next((step for step in workflow.allowed(request.user, article) if name_of(step) == name), None)


def take(request: HttpRequest, article: Article, step: Transition, **answers: Any) -> None:
    """Take the step and say so. Raises WorkflowError."""
    workflow.move(article, to=step.to, by=request.user, **answers)  # type: ignore[arg-type]  # staff only get here
    messages.success(request, f"“{article}” er nu {state_in_words(article)}.")


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, object_id: int, name: str) -> HttpResponse:
    """One step of the workflow: what it asks, then taking it."""
    article = get_article(request, object_id, "change_article", "review_article", "publish_article")
    chosen = find_step(request, article, name)
    if chosen is None:
        if name not in NAMES:
            raise Http404
        messages.error(request, "Det trin kan ikke tages nu. Måske har en anden taget det imens.")
        return redirect("admin:articles_article_change", article.pk)
    seen = workflow.version_of(article)
    places = []
    if chosen.to == workflow.PUBLISHED or chosen.scheduled:
        article.render()  # here only: a flag may have changed since the page was made
        places = unsigned(article)
    needs_reason = chosen.needs_reason or bool(places)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": seen},
        step=chosen,
        needs_reason=needs_reason,
    )
    if form.is_valid():
        try:
            take(request, article, chosen, places=request.POST.getlist("place"), **form.cleaned_data)
            return redirect("admin:articles_article_change", article.pk)
        except WorkflowError as error:
            form.add_error(None, str(error))
    return screen(request, "step.html", chosen.verb, article=article, form=form, step=chosen, places=places)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, object_id: int) -> HttpResponse:
    """Record that a professional has read this text, or take such a record back."""
    article = get_article(request, object_id, "review_article")
    withdraw = bool(article.reviewer) and "withdraw" in request.POST
    data = request.POST if request.method == "POST" else None
    seen = {"seen": workflow.version_of(article)}
    today = clock.today()
    initial = seen | {"name": article.reviewer, "on": today, "next_due": today + datetime.timedelta(days=2 * 365)}
    form = ReviewForm(None if withdraw else data, initial=initial)
    withdrawal = WithdrawForm(data if withdraw else None, initial=seen, prefix="withdraw")
    asked = withdrawal if withdraw else form
    if asked.is_valid():
        verb: Any = workflow.withdraw_review if withdraw else workflow.record_review
        try:
            verb(article, by=request.user, **asked.cleaned_data)
            messages.success(
                request, "Gennemgangen er trukket tilbage." if withdraw else "Gennemgangen er registreret."
            )
            return redirect("admin:articles_article_change", article.pk)
        except WorkflowError as error:
            asked.add_error(None, str(error))
    return screen(request, "review.html", "Faglig gennemgang", article=article, form=form, withdrawal=withdrawal)


def _next_morning() -> datetime.datetime:
    return (clock.now() + datetime.timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
