"""Another address for an article. The old ones lead on, so it is a step of its own and not a field."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from articles import actions
from clinics.addresses import ARTICLE, LONGEST, AddressError
from clinics.models import SlugHistory

from .screens import get_article, screen


class RenameForm(forms.Form):
    slug = forms.CharField(
        label="Ny adresse",
        max_length=LONGEST * 2,
        help_text="Sidste del af adressen, fx ondt-i-foden. Æ, ø og å skrives om.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, object_id: int) -> HttpResponse:
    article = get_article(request, object_id)
    data = request.POST if request.method == "POST" else None
    form = RenameForm(data, initial={"slug": article.slug})
    if form.is_valid():
        before = article.slug
        try:
            actions.rename_article(article, form.cleaned_data["slug"], by=request.user)  # type: ignore[arg-type]  # staff
            if article.slug == before:
                messages.info(request, "Adressen er den samme som før.")
            else:
                messages.success(
                    request, f"Artiklen ligger nu på /ordbog/{article.slug}/. Den gamle adresse fører dertil."
                )
            return redirect("admin:articles_article_change", article.pk)
        except AddressError as error:
            form.add_error("slug", error.text)
    old_slugs = SlugHistory.objects.filter(kind=ARTICLE, object_id=article.pk).order_by("-pk")
    old = old_slugs.values_list("slug", flat=True)
    return screen(request, "rename.html", "Skift adresse", article=article, form=form, old=old)
