"""The words that lead to articles: what editors decide about them, and the report of what links where."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from articles import actions, link_terms
from articles.link_report import link_report
from articles.models import LinkTerm
from articles.phrases import words_of
from clinics.text import fold


class LinkTermForm(forms.ModelForm):
    class Meta:
        model = LinkTerm
        fields = ("phrase", "article")
        help_texts = {"phrase": "Store og små bogstaver er lige meget; endelser som “-en” og “-erne” findes også."}

    def clean_phrase(self) -> str:
        phrase = " ".join(self.cleaned_data["phrase"].split())
        if not words_of(phrase):
            raise ValidationError("Skriv et ord med bogstaver.")
        if link_terms.is_place(phrase):
            raise ValidationError(f"“{phrase}” er også navnet på et sted, og steder bliver aldrig til links.")
        if LinkTerm.objects.filter(folded=fold(phrase)).exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"“{phrase}” står på listen i forvejen.")
        return phrase


@admin.register(LinkTerm)
class LinkTermAdmin(admin.ModelAdmin):
    form = LinkTermForm
    list_display = ("phrase", "leads_to")
    list_select_related = ("article",)
    search_fields = ("phrase", "article__title")
    autocomplete_fields = ("article",)

    def get_urls(self) -> list[URLPattern]:
        own = path("report/", self.admin_site.admin_view(self.report), name="articles_linkterm_report")
        return [own, *super().get_urls()]

    def report(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = link_report()
        context = self.admin_site.each_context(request) | {
            "title": "Hvad linker hvorhen",
            "opts": self.opts,
            "report": found,
            "orphans": [(slug, found.names[slug]) for slug in found.orphans],
        }
        return render(request, "admin/articles/linkterm/report.html", context)

    def save_model(self, request: HttpRequest, obj: LinkTerm, form: forms.ModelForm, change: bool) -> None:
        actions.save_link_term(obj, before=form.initial.get("phrase", ""))

    def delete_model(self, request: HttpRequest, obj: LinkTerm) -> None:
        actions.delete_link_terms([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[LinkTerm]) -> None:
        actions.delete_link_terms(queryset)

    @admin.display(description="fører til", ordering="article__title")
    def leads_to(self, term: LinkTerm) -> Any:
        if term.article is None:
            return "aldrig et link"
        address = reverse("admin:articles_article_change", args=[term.article.pk])
        return format_html('<a href="{}">{}</a>', address, term.article)
