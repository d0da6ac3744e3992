"""Articles: the list, and the form with its preview. The other screens are plain views beside this file."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join

from articles import actions, workflow
from articles.models import Article
from articles.preview import DAYS, preview_url
from articles.safety import sign_off, unsigned
from articles.workflow import WorkflowError
from clinics import clock

from . import address, flags, history, preview, steps, upload
from .forms import ArticleForm
from .image import ImageInline
from .listing import ArticleChangeList, ExampleFilter, WorkFilter, with_counts
from .words import moment, state_in_words

ROOM = {"is_nav_sidebar_enabled": False}  # for the list with its filters, for the text with its preview
STEP_NOT_TAKEN = (
    "Artiklen er {} nu: det har en anden gjort, mens du skrev. Din tekst er gemt, men trinnet er ikke taget."
)
# The stylesheets of the public page, for the preview alone.
PREVIEW_SHEETS = [f"css/{name}.css" for name in ("base", "controls", "care-cards", "clinic-box", "article", "preview")]


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ("title", "state", "findings", "subject", "review_due", "updated_on")
    list_filter = (WorkFilter, "status", ("is_demo", ExampleFilter), "condition__body_region")
    list_select_related = ("condition",)
    ordering = ("sort_name", "pk")  # of every select of articles too; the list: ArticleChangeList
    search_fields = ("title", "name", "slug", "body")
    autocomplete_fields = ("condition",)
    readonly_fields = ("slug_now", "reviewed", "source_name", "imported_at", "edited_at", "warnings_text")
    actions = ("publish", "archive")
    inlines = (ImageInline,)
    fieldsets = (
        (None, {"fields": ("title", "body")}),
        ("Om artiklen", {"fields": ("name", "slug", "condition", "related_slugs")}),
        ("Faglighed", {"fields": ("author", "sources", "reviewed", ("published_on", "updated_on"))}),
        ("Søgemaskiner", {"fields": ("meta_title", "description"), "classes": ("collapse",)}),
        (
            "Import",
            {"fields": ("source_name", "imported_at", "edited_at", "warnings_text"), "classes": ("collapse",)},
        ),
        (None, {"fields": ("safety_reason", "change_reason", "base_version", "seen")}),
    )

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return with_counts(super().get_queryset(request))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, ROOM | {"title": "Artikler"} | (extra_context or {}))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ArticleChangeList]:
        return ArticleChangeList

    @admin.display(description="status", ordering="status")
    def state(self, article: Article) -> str:
        return state_in_words(article)

    @admin.display(description="tilstand", ordering="condition__name", empty_value="")
    def subject(self, article: Article) -> str:
        return str(article.condition or "")

    @admin.display(description="næste gennemgang", ordering="next_review_due", empty_value="")
    def review_due(self, article: Article) -> str:
        due = article.next_review_due
        if due is None or article.status == Article.Status.ARCHIVED:
            return ""
        late = due < clock.today()
        return format_html('<span class="due due--late">{} · forfalden</span>' if late else "{}", f"{due:%d.%m.%Y}")

    @admin.display(description="fund", ordering="remark_count", empty_value="")
    def findings(self, article: Any) -> str:
        """Safety first, then what the parser noticed; the counts come from the database."""
        words = [
            (
                "tag tag--danger",
                _count(article.open_count, "sted strider mod rødt flag", "steder strider mod røde flag"),
            ),
            ("tag tag--quiet", _count(article.pending_count, "forslag venter", "forslag venter")),
            ("tag", _count(article.remark_count, "bemærkning", "bemærkninger")),
            ("tag tag--quiet", "eksempel") if article.is_demo else None,
        ]
        return format_html_join(" ", '<span class="{}">{}</span>', [word for word in words if word and word[1]])

    @admin.action(description="Udgiv de valgte artikler", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._move_all(request, queryset, workflow.PUBLISHED)

    @admin.action(description="Arkivér de valgte artikler", permissions=["publish"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._move_all(request, queryset, workflow.ARCHIVED)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def _move_all(self, request: HttpRequest, queryset: QuerySet[Article], to: str) -> None:
        """Each on its own: one that may not move stops none of the others."""
        moved = 0
        for article in Article.objects.filter(pk__in=queryset.values("pk")).order_by("sort_name", "pk"):
            try:
                workflow.move(article, to=to, by=request.user)  # type: ignore[arg-type]  # staff only get here
                moved += 1
            except WorkflowError as error:
                messages.error(request, f"“{article}”: {error}")
        if moved:
            said = "udgivet. Ingen af dem er dermed fagligt gennemgået." if to == workflow.PUBLISHED else "arkiveret."
            messages.success(request, f"{_count(moved, 'artikel', 'artikler')} {said}")

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        if obj:  # a new address is a step of its own, so that the old one leads on
            shown = _with("slug", "slug_now", self.fieldsets)
            return shown if self.has_change_permission(request, obj) else shown[:-1]  # what is asked when one saves
        return [(name, options) for name, options in _with("reviewed", None, self.fieldsets) if name != "Import"]

    def get_inlines(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return self.inlines if obj else ()  # a picture belongs to an article that exists

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """While an editor's change is saved the row is locked: two that save at once are told of each other.

        A screen without a transaction (the history, sent as a form) has nothing to lock for.
        """
        article = super().get_object(request, object_id, from_field)
        if article and request.method == "POST" and connection.in_atomic_block:
            Article.objects.select_for_update().filter(pk=article.pk).values("pk").first()
            article = super().get_object(request, object_id, from_field)
        return article

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and "_preview" in request.POST:
            return preview.whole_page(request, object_id)
        return super().changeform_view(request, object_id, form_url, ROOM | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        article, form = kwargs.get("obj"), context["adminform"].form
        shown = preview.of_form(form)
        context |= {"preview": shown, "preview_sheets": PREVIEW_SHEETS, "conflict": getattr(form, "conflict", None)}
        if article:
            context |= {
                "state": state_in_words(article),
                "places": unsigned(article),
                "pending": article.flag_suggestions.filter(state="pending").count(),
                "safety_url": reverse("admin:articles_article_safety", args=[article.pk]),
                "steps": [
                    {"name": steps.name_of(step), "verb": step.verb, "to": step.to}
                    for step in workflow.allowed(request.user, article)
                ],
                "is_public": workflow.stage(article) == workflow.PUBLISHED,
                "link": article.status != Article.Status.ARCHIVED
                and {
                    "url": request.build_absolute_uri(preview_url(article)),
                    "until": moment(clock.now() + datetime.timedelta(days=DAYS)),
                },
                "may_review": request.user.has_perm("articles.review_article"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool) -> None:
        if change and not form.changed_data:
            return  # a step alone: no version that changes nothing
        obj._change_reason = form.cleaned_data.get("change_reason") or None  # type: ignore[attr-defined]
        actions.save_article(obj)
        if signed := form.signed & {place["fingerprint"] for place in unsigned(obj)}:  # type: ignore[attr-defined]
            sign_off(article=obj, fingerprints=signed, reason=form.cleaned_data["safety_reason"], by=request.user)  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            actions.render_articles([Article.objects.get(pk=form.instance.pk)])  # the pictures stand in the page

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """After saving, the step whose button was pressed; one that asks something has a page of its own."""
        if "_continue" in request.POST:
            messages.success(request, "Gemt. Du kan rette videre herunder.")
            return HttpResponseRedirect(request.get_full_path())
        name = request.POST.get("_step")
        if not name:
            return super().response_change(request, obj)
        if name not in steps.NAMES:
            raise Http404
        obj = Article.objects.get(pk=obj.pk)  # its pictures too are saved by now
        step = steps.find_step(request, obj, name)
        if request.POST.get("seen") != workflow.standing_of(obj):
            messages.warning(request, STEP_NOT_TAKEN.format(state_in_words(obj)))
            step = None
        if step is None or steps.asks(step, obj):
            return HttpResponseRedirect(reverse("admin:articles_article_step", args=[obj.pk, name]))
        try:
            steps.take(request, obj, step)
        except WorkflowError as error:  # perhaps something that the page of the step can answer
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:articles_article_step", args=[obj.pk, name]))
        return HttpResponseRedirect(request.path)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        actions.delete_article(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            actions.delete_article(article)

    @admin.display(description="adresse")
    def slug_now(self, article: Article) -> str:
        return format_html(
            '<code>/ordbog/{}/</code> <a href="{}">Skift adresse</a>',
            article.slug,
            reverse("admin:articles_article_rename", args=[article.pk]),
        )

    @admin.display(description="faglig gennemgang")
    def reviewed(self, article: Article) -> str:
        if not article.reviewer or not article.reviewed_at:
            return "Ikke gennemgået. Siden siger det heller ikke."
        due = f" Næste gennemgang: {article.next_review_due:%d.%m.%Y}." if article.next_review_due else ""
        said = f"{article.reviewer}, {article.reviewed_at:%d.%m.%Y}.{due}"
        return said if article.is_reviewed else f"{said} Artiklen er ændret siden, så siden siger det ikke længere."

    @admin.display(description="bemærkninger")
    def warnings_text(self, article: Article) -> str:
        imported = article.imported_at and (article.edited_at is None or article.edited_at < article.imported_at)
        where = "linje {} i filen" if imported else "linje {}"
        rows = [(where.format(w["line"]), w["text"]) for w in article.warnings]
        return format_html('<ul class="remarks">{}</ul>', _items(rows)) if rows else "Ingen"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404
        return history.history(request, int(object_id[:18]))

    # The other screens

    def get_urls(self) -> list[URLPattern]:
        def named(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"articles_article_{name}")

        return [
            named("upload/", upload.upload, "upload"),
            named("upload/<int:pk>/", upload.report, "upload_report"),
            named("new/preview/", preview.live, "preview_new"),
            named("<int:object_id>/preview/", preview.live, "preview"),
            named("<int:object_id>/safety/", flags.flags, "safety"),
            named("<int:object_id>/trin/<slug:name>/", steps.step, "step"),
            named("<int:object_id>/gennemgang/", steps.review, "review"),
            named("<int:object_id>/adresse/", address.rename, "rename"),
            named("<int:object_id>/history/<int:version_id>/", history.version, "version"),
            *super().get_urls(),
        ]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _items(rows: list[tuple[str, str]]) -> str:
    return format_html_join("", "<li><b>{}</b> {}</li>", rows)


def _with(old: str, new: str | None, fieldsets: Any) -> Any:
    """The fieldsets with one field in another's place, or without it."""
    result = []
    for name, options in fieldsets:
        fields = [new if field == old else field for field in options["fields"]]
        result.append((name, options | {"fields": tuple(field for field in fields if field)}))
    return result
