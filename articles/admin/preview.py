"""What the page will look like, while it is being written: the same renderer, the same templates, nothing saved."""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template import Context
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from articles.lint import lint
from articles.lint.finding import LEVELS, Finding
from articles.models import Article
from articles.views import page_of
from clinics.models import Condition

from .fields import MarkdownField
from .screens import screen


class PreviewForm(forms.Form):
    """The parts of the form that the page is made of, as far as they are written."""

    title = forms.CharField(required=False, max_length=200)
    body = MarkdownField(required=False)
    condition = forms.ModelChoiceField(Condition.objects.all(), required=False)


@dataclass(frozen=True)
class Preview:
    """The page of an article that is not stored, what the machine noticed in it, or why there is none."""

    article: Article | None = None
    findings: list[Finding] = field(default_factory=list)
    page: dict[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def html(self) -> SafeString:
        """The public page without its frame: the block that its template fills in."""
        template = get_template("articles/detail.html").template  # type: ignore[attr-defined]  # of Django's engine
        content = next(node for node in template.nodelist.get_nodes_by_type(BlockNode) if node.name == "content")
        context = Context(self.page)
        with context.bind_template(template):
            return content.render(context)

    @property
    def has_errors(self) -> bool:
        return any(one.level == "error" for one in self.findings)

    @property
    def summary(self) -> str:
        """`"2 fejl, 1 advarsel, 4 råd"`, or that nothing was found."""
        counts = [(sum(one.level == level for one in self.findings), level) for level in LEVELS]
        return ", ".join(f"{count} {_NAMES[level][count != 1]}" for count, level in counts if count) or "Intet fundet"


_NAMES = {"error": ("fejl", "fejl"), "warning": ("advarsel", "advarsler"), "advice": ("råd", "råd")}


@require_POST
def live(request: HttpRequest, object_id: int | None = None) -> HttpResponse:
    """The answer to somebody who writes: findings, and the page as a template that the editor's script shows."""
    shown = _read(request, object_id)
    return render(request, "admin/articles/article/_preview_answer.html", {"preview": shown})


def whole_page(request: HttpRequest, object_id: int | str | None) -> HttpResponse:
    """The public page of what stands in the form, in a window of its own; also without JavaScript."""
    shown = _read(request, object_id)
    if shown.article is None:
        return screen(request, "preview_problem.html", "Forhåndsvisning", problem=shown.problem)
    context = shown.page | {"shown": shown, "noindex": True, "canonical": "", "json_ld": []}
    return render(request, "admin/articles/article/preview_page.html", context)


def of_form(form: forms.ModelForm) -> Preview:
    """The preview of what a form shows: the stored text, or what was typed when it could not be saved."""
    if "body" not in form.fields:  # somebody who may only look
        return preview_of(form.instance, title=form.instance.title, body=form.instance.body)
    try:
        body = MarkdownField(required=False).clean(form["body"].value())
    except ValidationError as error:
        return Preview(problem=error.messages[0])
    return preview_of(form.instance, title=str(form["title"].value() or "")[:200], body=body)


def preview_of(article: Article, *, title: str, body: str) -> Preview:
    """Make the page of these words. The stored article and its row stay as they are."""
    shown = copy(article)
    shown.title, shown.body = title or "Uden titel", body
    shown.render()
    findings = sorted(lint(shown), key=lambda one: (LEVELS.index(one.level), one.line))  # the worst first
    return Preview(shown, findings, page_of(shown))


def _read(request: HttpRequest, object_id: int | str | None) -> Preview:
    permission = "articles.change_article" if object_id else "articles.add_article"
    if not request.user.has_perm(permission):
        raise PermissionDenied
    if object_id and not str(object_id).isdecimal():
        raise Http404
    article = get_object_or_404(Article, pk=object_id) if object_id else Article()
    form = PreviewForm(request.POST)
    if not form.is_valid():
        return Preview(problem=" ".join(str(text) for errors in form.errors.values() for text in errors))
    article.condition = form.cleaned_data["condition"]
    return preview_of(article, title=form.cleaned_data["title"], body=form.cleaned_data["body"])
