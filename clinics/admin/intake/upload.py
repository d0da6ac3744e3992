"""A list is handed in: the file, who made it and when; then what its columns are, unless they are all known."""

import datetime
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from clinics import clock
from clinics.actions import ActionError
from clinics.intake import again, receiving, working
from clinics.intake.reading import openstreetmap
from clinics.intake.reading.columns import FACTS, MappingError, explained, read_mapping
from clinics.intake.reading.raw import MOST_BYTES, UnreadableError
from clinics.intake.reading.sampling import columns_of
from clinics.models import ImportBatch
from clinics.models.clinic import Source

Format = ImportBatch.Format
ENDINGS = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".tsv": Format.CSV,
    ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON,
}
SHEETS = (".xlsx", ".xls", ".ods", ".numbers")
LARGEST_MAPPING = 200_000  # bytes
MB = 1024 * 1024


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Fil",
        allow_empty_file=True,  # receive says so
        max_length=1000,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=f"CSV eller GeoJSON, højst {MOST_BYTES // MB} MB. Et regneark gemmer du først som CSV.",
        error_messages={"required": "Vælg filen med klinikkerne."},
    )
    name = forms.CharField(
        label="Listens navn", max_length=120,
        help_text="Står som kilde på klinikkernes sider. Skriv navnet på registret eller den, der har lavet listen.",
        error_messages={"required": "Skriv, hvad listen hedder.", "max_length": "Listens navn må højst fylde 120 tegn."},
    )  # fmt: skip
    source = forms.ChoiceField(
        label="Hvad er det?", initial=Source.IMPORT, widget=forms.RadioSelect,
        choices=[(Source.IMPORT.value, "En liste, som nogen har lavet"), (Source.REGISTER.value, "Et offentligt register")],
    )  # fmt: skip
    stated_on = forms.DateField(
        label="Listens dato", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Den dag, kilden selv siger det; OpenStreetMap skriver den i filen. Uden dato rettes intet, som har en.",
        error_messages={"invalid": "Skriv datoen som dag, måned og år, fx 14-11-2026."},
    )  # fmt: skip
    licence = forms.CharField(
        label="Vilkår for at bruge den", max_length=60, required=False,
        help_text="Fx “ODbL 1.0” eller “CC BY 4.0”. Kendes de ikke, så lad feltet stå tomt.",
        error_messages={"max_length": "Vilkårene må højst fylde 60 tegn."},
    )  # fmt: skip
    format = forms.ChoiceField(
        label="Format", required=False, choices=[("", "Se på filens navn"), *Format.choices],
    )  # fmt: skip
    mapping = forms.FileField(
        label="Fil med kolonner", required=False, allow_empty_file=True, max_length=1000,
        help_text="Kun hvis du har en fra sidst. Ellers spørger vi, hvad kolonnerne er.",
    )  # fmt: skip

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_stated_on(self) -> datetime.date | None:
        day = self.cleaned_data["stated_on"]
        if day and day > clock.today():
            raise ValidationError("Datoen ligger i fremtiden. Skriv den dag, kilden selv siger det.")
        return day

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() in SHEETS:
            raise ValidationError("Det er et regneark. Gem det som CSV (UTF-8), og vælg den fil.")
        if file.size > MOST_BYTES:  # before any of it is read
            raise ValidationError(f"Filen fylder for meget. Der er plads til {MOST_BYTES // MB} MB.")
        return file

    def clean_mapping(self) -> dict[str, str] | None:
        file = self.cleaned_data["mapping"]
        if not file:
            return None
        if file.size > LARGEST_MAPPING:
            raise ValidationError("Filen er for stor til at være en fil med kolonner.")
        try:
            return read_mapping(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError("Filen med kolonner skal gemmes som UTF-8.") from None
        except MappingError as error:
            raise ValidationError(error.text) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("format") and (file := cleaned.get("file")):
            cleaned["format"] = ENDINGS.get(PurePath(file.name).suffix.lower(), "")
            if not cleaned["format"]:
                self.add_error("format", "Vælg et format: filens navn siger det ikke.")
        return cleaned


def upload_page(screen: Any, request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            batch = _receive(form.cleaned_data, request.user)
        except receiving.StillWorkingError as error:
            messages.warning(request, error.text)
            return HttpResponseRedirect(reverse("admin:clinics_importbatch_change", args=[error.batch.pk]))
        except ActionError as error:
            form.add_error("file", error.text)
        else:
            page = "columns" if again.waits_for_columns(batch) else "change"
            return HttpResponseRedirect(reverse(f"admin:clinics_importbatch_{page}", args=[batch.pk]))
    if wrong := next((name for name in form.fields if name in form.errors), ""):
        form.fields[wrong].widget.attrs["autofocus"] = True
    title = f"{'Fejl: ' if form.errors else ''}Læg en liste ind"
    return screen.shown(
        request, "upload", None, title, status=422 if form.errors else 200, form=form, explained=explained()
    )


@transaction.atomic
def _receive(cleaned: dict[str, Any], by: Any) -> ImportBatch:
    """Read at once when every column is known or said; else it waits for a person. Raises ActionError."""
    file, mapping = cleaned["file"], cleaned["mapping"] or {}
    if cleaned["format"] == Format.GEOJSON and (said := openstreetmap.said_of(file.read(openstreetmap.HEAD))):
        cleaned["licence"] = cleaned["licence"] or said.licence
        cleaned["stated_on"] = cleaned["stated_on"] or said.stated_on
    file.seek(0)
    batch = receiving.receive(
        content=file, file_name=file.name or "", by=by, name=cleaned["name"], licence=cleaned["licence"],
        stated_on=cleaned["stated_on"], source=cleaned["source"], format=cleaned["format"], columns=mapping, nudge=False,
    )  # fmt: skip
    if batch.format == Format.CSV and not _all_known(file, mapping):
        again.wait_for_columns(batch=batch)
    else:
        working.nudge_on_commit(batch.pk)
    return batch


def _all_known(file: UploadedFile, mapping: dict[str, str]) -> bool:
    """A file that cannot be read at all goes on to the worker, who says so where everybody sees it."""
    file.seek(0)
    try:
        columns = columns_of(file, mapping)  # type: ignore[arg-type]
    except UnreadableError:
        return True
    return all(one.fact for one in columns) and any(one.fact in FACTS for one in columns)
