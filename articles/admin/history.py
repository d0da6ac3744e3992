"""The versions of an article: who changed what and why, how two of them differ, and back to an earlier one."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from articles import actions, workflow
from articles.losses import lost_with
from articles.models import Article
from articles.safety import added
from clinics.models import Condition

from .forms import in_words
from .screens import get_article, require, screen
from .versions import WRITTEN, Version, changes, field_of, latest_version
from .words import moment

VERSIONS_A_PAGE = 30


@require_safe
def history(request: HttpRequest, object_id: int) -> HttpResponse:
    article = get_article(request, object_id, "view_article", "change_article")
    records = article.history.select_related("history_user").order_by("-history_id")
    page = Paginator(records, VERSIONS_A_PAGE).get_page(request.GET.get("side"))
    first = max(page.start_index() - 1, 0)
    # One more than the page shows: its last version is compared with the one before.
    rows = list(records[first : first + VERSIONS_A_PAGE + 1])
    versions = [Version(record, before) for record, before in zip(rows, [*rows[1:], None], strict=True)]
    return screen(
        request,
        "history.html",
        f"Versioner af {article}",
        article=article,
        page=page,
        versions=versions[:VERSIONS_A_PAGE],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, object_id: int, version_id: int) -> HttpResponse:
    """One version: what changed in it, and what would change if it were restored."""
    article = get_article(request, object_id, "view_article", "change_article")
    record = get_object_or_404(article.history.select_related("history_user"), pk=version_id)
    if request.method == "POST":
        return _restore(request, article.pk, record)
    before = article.history.filter(pk__lt=record.pk).order_by("-history_id").first()
    latest = latest_version(article)
    return screen(
        request,
        "version.html",
        f"Version fra {moment(record.history_date)}",
        article=article,
        version=Version(record, before),
        newest=latest is not None and latest.pk == record.pk,
        latest=latest,
        back=changes(article, record, WRITTEN),
        is_public=workflow.stage(article) == workflow.PUBLISHED,
        may_restore=request.user.has_perm("articles.change_article"),
    )


@transaction.atomic
def _restore(request: HttpRequest, pk: int, record: Any) -> HttpResponse:
    """The words of an old version again, as a new version: nothing that came after it is lost."""
    require(request, "change_article")
    article = Article.objects.select_for_update().get(pk=pk)
    latest = latest_version(article)
    if latest is not None and request.POST.get("latest") != str(latest.pk):
        messages.warning(request, "Artiklen er ændret, siden du åbnede siden. Se forskellen igen, før du gendanner.")
        return redirect(request.path)
    before = copy(article)
    for name in WRITTEN:
        attribute = field_of(name).attname
        setattr(article, attribute, getattr(record, attribute))
    if article.condition_id and not Condition.objects.filter(pk=article.condition_id).exists():
        article.condition = None  # deleted since
    if lost := lost_with(before, article.condition):
        article.condition = before.condition
        messages.warning(request, f"Tilstanden er stadig “{before.condition}”. {lost}")
    if workflow.comes_out(before) and (places := added(before, article.body, article.condition)):
        messages.error(request, f"Versionen er ikke gendannet. {in_words(places)} Træk artiklen tilbage først.")
        return redirect(request.path)
    article._change_reason = f"Gendannet fra versionen af {moment(record.history_date)}"  # type: ignore[attr-defined]
    actions.save_article(article)
    messages.success(
        request, f"Versionen fra {moment(record.history_date)} er gendannet. Den, du havde før, står i listen."
    )
    return redirect("admin:articles_article_change", pk)
