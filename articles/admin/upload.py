"""Upload of files in two steps: what would happen, and then exactly that."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from articles.differences import from_unified
from articles.models import Article, Upload
from articles.uploads import IMAGES, LARGEST_UPLOAD, TEXTS, UploadError, apply_upload, look_at_files
from clinics.models import Condition, RedFlag, Speciality, TreatmentType

from .screens import require, screen

RECENT = 10
MOST_FILES = 100  # Django's own limit for a form
_OUTCOMES = {
    "created": ("ny", "nye"),
    "updated": ("opdateret", "opdaterede"),
    "unchanged": ("uændret", "uændrede"),
    "conflict": ("rettet her", "rettet her"),
    "failed": ("fejl", "fejl"),
}
_KINDS = {"self_help": "selvhjælp", "exercises": "øvelser", "faq": "spørgsmål og svar", "references": "kilder"}


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; the value is a list."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in files or [None]]


class UploadForm(forms.Form):
    chosen = ManyFilesField(
        label="Filer",
        allow_empty_file=True,  # the report says which file is empty
        widget=ManyFilesInput(attrs={"multiple": True, "accept": ",".join((*TEXTS, ".zip", *IMAGES))}),
        help_text=f"Højst {LARGEST_UPLOAD // 1024**2} MB og {MOST_FILES} filer. Har du flere, så pak dem i en zip-fil.",
        error_messages={"required": "Vælg mindst én fil."},
    )

    def clean_chosen(self) -> list[UploadedFile]:
        files = self.cleaned_data["chosen"]
        if sum(file.size or 0 for file in files) > LARGEST_UPLOAD:  # before any of it is read
            raise ValidationError(
                f"Filerne fylder tilsammen over {LARGEST_UPLOAD // 1024**2} MB. Del dem i flere omgange."
            )
        return files


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    require(request, "add_article")
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        files = [(file.name or "uden-navn", file.read()) for file in form.cleaned_data["chosen"]]
        try:
            made = look_at_files(files, by=request.user)
            return redirect("admin:articles_article_upload_report", made.pk)
        except UploadError as error:
            form.add_error("chosen", str(error))
    recent = Upload.objects.select_related("created_by").defer("files", "report")[:RECENT]
    return screen(request, "upload.html", "Upload artikler", form=form, recent=recent)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What an upload would do or has done. POST imports it, with `publish` also publishing drafts."""
    require(request, "add_article")
    if request.method == "POST":
        return _apply(request, pk)
    made = get_object_or_404(Upload.objects.select_related("created_by").defer("files"), pk=pk)
    rows = made.report.get("files", [])
    counts = {name: made.report.get("summary", {}).get(name, 0) for name in _OUTCOMES}
    return screen(
        request,
        "upload_report.html",
        "Resultat af importen" if made.applied_at else "Hvad der vil ske",
        upload=made,
        files=_readable(rows, made.name),
        summary=[(_OUTCOMES[name][number != 1], number, name) for name, number in counts.items() if number],
        conflicts=counts["conflict"],
        failed=counts["failed"],
        can_apply=made.applied_at is None and any(row["outcome"] != "failed" for row in rows),
        may_publish=request.user.has_perm("articles.publish_article"),
    )


def _apply(request: HttpRequest, pk: int) -> HttpResponse:
    publish = "publish" in request.POST
    if publish:
        require(request, "publish_article")
    try:
        made = apply_upload(pk=pk, publish=publish, by=request.user)
    except UploadError as error:
        messages.warning(request, str(error))
        exists = Upload.objects.filter(pk=pk).exists()
        return (
            redirect("admin:articles_article_upload_report", pk)
            if exists
            else redirect("admin:articles_article_upload")
        )
    failed = made.report["summary"]["failed"]
    if failed:
        messages.warning(request, f"Importeret, men {failed} {'fil' if failed == 1 else 'filer'} havde fejl.")
    else:
        messages.success(
            request, "Importeret." + (" Ingen af artiklerne er dermed fagligt gennemgået." if publish else "")
        )
    return redirect("admin:articles_article_upload_report", pk)


def _readable(rows: list[dict[str, Any]], upload_name: str) -> list[dict[str, Any]]:
    """The rows of a report with names for slugs and keys, and the difference as rows."""
    names = _names(rows)
    return [
        row
        | {
            "path": row["path"].removeprefix(f"{upload_name}/"),
            "outcome_words": _OUTCOMES[row["outcome"]][0],
            "article_pk": names["article"].get(row["slug"]),
            "condition": names["condition"].get(row.get("condition"), row.get("condition")),
            "matches": [names["match"].get(slug, slug) for slug in row.get("matches", [])],
            "flags": [names["flag"].get(key, key) for key in row.get("suggested_flags", [])],
            "rows": from_unified(row.get("diff") or ""),
            "tree": [part | {"kind_words": _KINDS.get(part["kind"], "")} for part in row.get("tree") or []],
        }
        for row in rows
    ]


def _names(rows: list[dict[str, Any]]) -> dict[str, dict[Any, Any]]:
    """What slugs and keys of a report are called, in five queries however many files there are."""
    slugs = {slug for row in rows for slug in row.get("matches", [])}
    match = dict(TreatmentType.objects.filter(slug__in=slugs).values_list("slug", "name"))
    match |= dict(Speciality.objects.filter(slug__in=slugs).values_list("slug", "name"))
    flags = RedFlag.objects.filter(key__in={key for row in rows for key in row.get("suggested_flags", [])})
    return {
        "match": match,
        "flag": dict(flags.values_list("key", "text")),
        "article": dict(Article.objects.filter(slug__in={row["slug"] for row in rows}).values_list("slug", "pk")),
        "condition": dict(
            Condition.objects.filter(slug__in={row.get("condition") for row in rows} - {None}).values_list(
                "slug", "name"
            )
        ),
    }
