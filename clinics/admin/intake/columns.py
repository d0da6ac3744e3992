"""What the columns of a list are: each heading with what stands under it, and a choice. A spreadsheet is taken without code."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from clinics.actions import ActionError
from clinics.intake import again, receiving
from clinics.intake.reading.columns import FACTS, IGNORED
from clinics.intake.reading.raw import UnreadableError
from clinics.intake.reading.sampling import MOST, Column, columns_of
from clinics.models import ImportBatch, ImportFile

# Fact with which a part of the choices begins, in the order of FACTS.
PARTS = {
    "external_id": "Klinik og adresse",
    "phone": "Kontakt",
    "price_first": "Priser",
    "monday": "Åbningstider",
    "waiting_days": "Behandling",
    "step_free": "Adgang",
    "danmark_insurance": "Tilskud og sprog",
    "cvr": "Numre i registre",
    "practitioners": "Kun til forslag om specialer",
}
MEANWHILE = "Filen har fået andre kolonner, siden du åbnede siden. Se dem igen."
NOBODY = "Vælg mindst den kolonne, der er klinikkens navn, eller et nummer fra et register."
NOWHERE = "Vælg den kolonne, der er postnummeret, adressen eller byen. Uden et sted kan ingen klinik oprettes."
WHO = {"name", "cvr", "p_number", "sor_id", "osm_id", "external_id"}
WHERE = {"postcode_id", "address", "town", "p_number", "sor_id", "osm_id"}


@dataclass
class Line:
    """A column with its choice; `name` in the form."""

    column: Column
    chosen: str
    problem: str = ""

    @property
    def name(self) -> str:
        return f"kolonne-{self.column.place}"


def columns_page(screen: Any, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    columns, problem = _columns(batch)
    lines = [Line(one, one.fact) for one in columns]
    if request.method == "POST":
        for line in lines:
            line.chosen = request.POST.get(line.name, "") or (IGNORED if "_rest" in request.POST else "")
        problem = problem or _problem(lines, request.POST.get("kolonner", ""))
        if not problem:
            mapping = {one.column.heading: one.chosen for one in lines}
            try:
                again.read_again(batch=batch, by=request.user, columns=mapping)  # type: ignore[arg-type]
            except ActionError as error:
                problem = error.text
            else:
                messages.success(request, "Kolonnerne er gemt, og listen læses nu.")
                return HttpResponseRedirect(reverse("admin:clinics_importbatch_change", args=[batch.pk]))
    is_refused = request.method == "POST"
    open_lines = [one for one in lines if not one.chosen]
    title = f"{'Fejl: ' if is_refused else ''}Hvad er kolonnerne i “{batch.name}”?"
    return screen.shown(
        request, "columns", batch, title, status=422 if is_refused else 200, lines=lines, parts=_parts(), ignored=IGNORED,
        problem=problem, unknown=len(open_lines), open_lines=open_lines, most=MOST,
        is_first=again.waits_for_columns(batch), focus=open_lines[0].name if open_lines else "",
        may_save=batch.status in again.READABLE and bool(lines),
    )  # fmt: skip


def _columns(batch: ImportBatch) -> tuple[list[Column], str]:
    """The columns of the file, or why there are none to ask about."""
    if batch.format != ImportBatch.Format.CSV:
        return [], "Kun CSV har kolonner. En GeoJSON fra OpenStreetMap læses, som den er."
    try:
        with receiving.opened(batch.pk) as content:
            return columns_of(content, batch.columns), ""
    except ImportFile.DoesNotExist:
        return [], "Filen er slettet. Læg listen ind på ny."
    except UnreadableError as error:
        return [], error.text


def _problem(lines: list[Line], seen: str) -> str:
    """ "" when the choices can be saved; also marks the lines at fault. `seen`: how many columns the page had."""
    if seen != str(len(lines)):
        return MEANWHILE
    for line in lines:
        if line.chosen not in FACTS and line.chosen != IGNORED:
            line.chosen, line.problem = "", "Vælg, hvad kolonnen er, eller at den ikke skal med."
    if wrong := sum(bool(one.problem) for one in lines):
        return f"Vælg, hvad {'kolonnen' if wrong == 1 else 'kolonnerne'} er. {wrong} mangler."
    chosen = {one.chosen for one in lines}
    if not WHO & chosen:
        return NOBODY
    return "" if WHERE & chosen else NOWHERE


def _parts() -> list[tuple[str, list[tuple[str, str]]]]:
    """For the select: (part, [(fact, label)])."""
    parts: list[tuple[str, list[tuple[str, str]]]] = []
    for name, fact in FACTS.items():
        if name in PARTS or not parts:
            parts.append((PARTS.get(name, ""), []))
        parts[-1][1].append((name, fact.label))
    return parts
