"""Screens on which moderators decide who is right: reviews, replies, contests, reports, appeals.

Whoever belongs to a clinic, a moderator too, meets none of its rows here: not in the list, not by its address, not in a
count. Rows are decided by actions alone: nothing is written, made or deleted by hand, and no filter in the address asks what
the list does not show (`?email__startswith=` would tell an address letter by letter).
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, Model, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from clinics.actions import ActionError
from clinics.ownership import own_clinics

from .owned import OwnedAdmin


def without_own(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Of rows with a key `clinic`, those of clinics to which this person does not belong."""
    return rows.exclude(clinic__in=own_clinics(user).values("pk"))


class ImpartialAdmin(OwnedAdmin):
    """`waiting`: the statuses that wait for a decision; `since`: the field that says since when.

    A screen gives `template`, `context_of` and `decide`.
    """

    waiting: tuple[str, ...] = ("waiting",)
    since = "created_at"
    lookups: tuple[str, ...] = ("status", "status__exact", "status__in")
    template = ""
    list_per_page = 50
    show_full_result_count = False  # it counts all there are once more
    actions = None
    empty_value_display = ""  # what does not wait says nothing

    class Media:
        css = {"all": ["css/admin-review.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        waits = When(status__in=self.waiting, then=Value(0))
        rows = without_own(super().get_queryset(request), request.user)
        return rows.annotate(turn=Case(waits, default=Value(1), output_field=IntegerField()))

    def get_ordering(self, request: HttpRequest) -> Any:
        """What waits first, the oldest of it first; then what was decided, the newest first."""
        oldest_first = Case(When(status__in=self.waiting, then=F(self.since)))
        return ("turn", oldest_first.asc(nulls_last=True), "-created_at", "-pk")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in self.lookups and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied  # the list has no actions
        return super().changelist_view(request, extra_context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One row: what it stands on, and the answers. A refused answer comes back with what was typed."""
        row = self._row(request, object_id)
        problem = ""
        if request.method == "POST":
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            try:
                done = self.decide(request, row)
            except ActionError as error:
                problem = error.text
            else:
                messages.success(request, done)
                return HttpResponseRedirect(reverse("admin:index"))  # what waits besides
            row = self._row(request, object_id)
        context = self.admin_site.each_context(request) | self.context_of(request, row)
        context |= {
            "title": f"{'Fejl: ' if problem else ''}{context['title']}",
            "opts": self.opts,
            "row": row,
            "problem": problem,
            "typed": request.POST if problem else {},
            "may_decide": self.has_change_permission(request, row),
        }
        return TemplateResponse(request, self.template, context, status=422 if problem else 200)

    def context_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the template needs, with a `title`."""
        raise NotImplementedError

    def decide(self, request: HttpRequest, row: Any) -> str:
        """Take the step of the button that was pressed; says what was done. Raises ActionError."""
        raise NotImplementedError

    def _row(self, request: HttpRequest, object_id: str) -> Model:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row
