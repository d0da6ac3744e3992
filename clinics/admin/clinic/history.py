"""“Historik” in the form of a clinic: its versions, what is different between them, and going back. docs/clinic-history.md."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from clinics import versions
from clinics.actions import ActionError
from clinics.models import Clinic, ClinicVersion
from clinics.ownership import name_for

PAGE = 50  # versions on a page


class HistoryScreens:
    """What the screen of clinics has besides its list and its form: /history/, /history/7/ and /history/7/restore/."""

    object_history_template: Any = "admin/clinics/clinic/history.html"
    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/history/<int:version_id>/", view(self.version_view), name="clinics_clinic_version"),
            path(
                "<path:object_id>/history/<int:version_id>/restore/",
                view(self.restore_view),
                name="clinics_clinic_restore",
            ),
            *super().get_urls(),  # type: ignore[misc]
        ]

    # Keeping them

    def lock(self, request: HttpRequest, clinic: Clinic) -> None:
        """Before a change is saved. In the same statement: whether there is a version of the clinic already."""
        has_one = Exists(ClinicVersion.objects.filter(clinic=OuterRef("pk")))
        rows = Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic.pk).annotate(has_one=has_one)
        found = rows.values_list("has_one", flat=True).first()
        request._has_version = bool(found)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        if change and not getattr(request, "_has_version", False):
            versions.begin(clinic=obj)  # as it is stored, before anything of this save is
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    # Showing them

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        response: Any = super().history_view(request, object_id, extra_context)  # type: ignore[misc]
        if clinic := response.context_data.get("object"):
            rows = ClinicVersion.objects.filter(clinic=clinic).defer("facts").select_related("made_by")
            page = Paginator(rows, PAGE).get_page(request.GET.get("side"))
            _say_who(request, clinic, page)
            response.context_data |= {"title": f"Historik for {clinic}", "versions": page}
        return response

    def version_view(self, request: HttpRequest, object_id: str, version_id: int) -> HttpResponse:
        """One version: what was changed then, beside what was there before it."""
        clinic, version = self._version(request, object_id, version_id, "view")
        rows = ClinicVersion.objects.filter(clinic=clinic, made_at__lte=version.made_at).exclude(pk__gte=version.pk)
        before = rows.first()
        _say_who(request, clinic, [version])
        context = {
            "title": f"{clinic}: {version.note or 'version'}",
            "differences": versions.differences(before.facts, version.facts) if before else [],
            "is_first": before is None,
            "may_restore": self.has_change_permission(request, clinic),  # type: ignore[attr-defined]
        }
        return self._page(request, "version", clinic, version, context)

    def restore_view(self, request: HttpRequest, object_id: str, version_id: int) -> HttpResponse:
        """What going back would change, and the button for it."""
        clinic, version = self._version(request, object_id, version_id, "change")
        by: Any = request.user
        problem = ""
        if request.method == "POST":
            try:
                left_out = versions.restore(version=version, by=by, seen=request.POST.get("seen", ""))
            except ActionError as error:
                problem = error.text
            else:
                messages.success(request, "Gendannet. Den er nu klinikkens nyeste version.")
                for text in left_out:
                    messages.info(request, text)
                return HttpResponseRedirect(reverse("admin:clinics_clinic_history", args=[clinic.pk]))
        plan = versions.plan_for(version=version, by=by)
        _say_who(request, clinic, [version])
        title = f"Gendan versionen af {clinic}"
        context = {"title": f"Fejl: {title}" if problem else title, "plan": plan, "problem": problem}
        return self._page(request, "restore", clinic, version, context, status=422 if problem else 200)

    def _page(
        self, request: HttpRequest, name: str, clinic: Clinic, version: ClinicVersion, context: Any, status: int = 200
    ) -> HttpResponse:
        shared = {"opts": self.opts, "clinic": clinic, "version": version}
        context = self.admin_site.each_context(request) | shared | context
        return TemplateResponse(request, f"admin/clinics/clinic/{name}.html", context, status=status)

    def _version(
        self, request: HttpRequest, object_id: str, version_id: int, verb: str
    ) -> tuple[Clinic, ClinicVersion]:
        """Raises Http404 for another's, and for a version of another clinic."""
        clinic = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if clinic is None:
            raise Http404
        if not request.user.has_perm(f"clinics.{verb}_clinic", clinic):
            raise PermissionDenied
        version = ClinicVersion.objects.filter(clinic=clinic, pk=version_id).select_related("made_by").first()
        if version is None or not request.user.has_perm("clinics.view_clinicversion", version):
            raise Http404
        return clinic, version


def _say_who(request: HttpRequest, clinic: Clinic, rows: Any) -> None:
    """Sets `who`; each person is asked about once."""
    known: dict[int | None, str] = {}
    for row in rows:
        if row.made_by_id not in known:
            known[row.made_by_id] = name_for(request.user, row.made_by, clinic)
        row.who = "" if row.note == versions.recording.BEFORE else known[row.made_by_id]
