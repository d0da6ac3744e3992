"""What our own screens in the admin have in common: whom they let in, and the frame around them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.models import Article


def require(request: HttpRequest, *permissions: str) -> None:
    """One of these rights ("change_article" …), or 403."""
    if not any(request.user.has_perm(f"articles.{permission}") for permission in permissions):
        raise PermissionDenied


def get_article(request: HttpRequest, object_id: int, *permissions: str) -> Article:
    """The article, for somebody who has one of these rights ("change_article" unless told); 403 or 404 otherwise."""
    require(request, *(permissions or ("change_article",)))
    return get_object_or_404(Article.objects.select_related("condition"), pk=object_id)


def screen(
    request: HttpRequest,
    template: str,
    title: str,
    *,
    article: Article | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page inside the admin; `article` gives it its place in the breadcrumb."""
    frame = admin.site.each_context(request) | {
        "title": title,
        "article": article,
        "original": article,
        "opts": Article._meta,
        "is_nav_sidebar_enabled": False,  # room for the text
    }
    return render(request, f"admin/articles/article/{template}", frame | context, status=status)
