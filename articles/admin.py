"""Articles in the admin, in Danish. Preview, dry-run upload and workflow come with the editors' issue."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from . import actions
from .models import Article


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ("title", "status", "condition", "updated_on", "next_review_due", "remarks", "is_demo")
    list_filter = ("status", "is_demo", "condition__body_region")
    list_select_related = ("condition",)
    search_fields = ("title", "name", "slug")
    autocomplete_fields = ("condition",)
    readonly_fields = ("source_name", "imported_at", "edited_at", "warnings_text")
    actions = ("publish", "archive")
    fieldsets = (
        (None, {"fields": ("title", "name", "slug", "condition", "body")}),
        ("Udgivelse", {"fields": ("status", "publish_at", "published_on", "updated_on")}),
        ("Søgemaskiner", {"fields": ("meta_title", "description")}),
        ("Faglighed", {"fields": ("author", "reviewer", "reviewed_at", "next_review_due", "sources")}),
        ("Import", {"fields": ("source_name", "imported_at", "edited_at", "warnings_text")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).defer("document")

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "body" in form.base_fields:
            form.base_fields["body"].widget.attrs["rows"] = 30
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        # The address stands once it is made: changing it with a redirect comes with the editors' issue.
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool) -> None:
        actions.save_article(obj)

    @admin.display(description="bemærkninger")
    def remarks(self, article: Article) -> int:
        return len(article.warnings)

    @admin.display(description="bemærkninger fra importen")
    def warnings_text(self, article: Article) -> str:
        return "\n".join(f"linje {w['line']}: {w['text']}" for w in article.warnings) or "Ingen"

    @admin.action(description="Udgiv de valgte artikler", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            actions.publish_article(article)
        self.message_user(request, f"{len(queryset)} udgivet. Ingen af dem er dermed fagligt gennemgået.")

    @admin.action(description="Arkivér de valgte artikler", permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            actions.archive_article(article)
        self.message_user(request, f"{len(queryset)} arkiveret.")
