"""The two locks on whatever belongs to a clinic: rows are those of one's own clinics, and each is asked about by itself.

Every screen of the admin for a clinic or for rows with a key `clinic` stands on `OwnedAdmin`, and rows inside another form on
`OwnedRows`; tests/test_admin_attack.py fails for one that does not. Limiting the rows alone leaves history and whatever
looks an object up by itself open; asking about objects alone leaves lists, filters and choices open.
"""

import re
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst

from clinics.models import Clinic
from clinics.ownership import limited, may_moderate, name_for, owned_models

# What hangs on a clinic and is shown to nobody before a moderator has decided.
_OF_REVIEWS = {"reviews", "review_replies", "contests", "reports", "appeals", "code_sheets", "visit_codes"}
_ADDRESS = re.compile(r"[^\s@“”]+@[^\s@“”]+\.\w+")


def is_member_here(request: HttpRequest) -> bool:
    """Whether this person looks after clinics as one of their members, and not as a moderator. Asked once a request."""
    if not hasattr(request, "_is_member_here"):
        request._is_member_here = not may_moderate(request.user)  # type: ignore[attr-defined]
    return bool(request._is_member_here)  # type: ignore[attr-defined]


class _Owned:
    """What a screen and rows in a form share. The object asked about may be the clinic itself or a row of it."""

    opts: Any

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj) or self._may(request, "change", obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        """One answer a request: a form with seven kinds of rows asks the same forty times."""
        name = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
        key = (name, obj and type(obj), obj and obj.pk)
        known = request.__dict__.setdefault("_may", {})
        if key not in known:
            # Without an object rules' permissions say no, so that the role alone answers.
            known[key] = request.user.has_perm(name, obj) if obj is not None else request.user.has_perm(name)
        return bool(known[key])

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """What can be chosen, and what is taken when it is sent all the same."""
        if db_field.related_model in owned_models():
            rows = kwargs.get("queryset", db_field.related_model._default_manager.all())
            kwargs["queryset"] = limited(rows, request.user)
        elif db_field.related_model is User and is_member_here(request):
            kwargs["queryset"] = User.objects.none()  # a list of everybody's addresses
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class OwnedRows(_Owned, admin.StackedInline):
    """Rows in the form of a clinic; `obj` of Django's questions is the clinic."""


class OwnedAdmin(_Owned, admin.ModelAdmin):
    """`members_lookups`: by what a member may filter in the address of a list, besides the filters beside it."""

    object_history_template = "admin/clinics/history.html"
    members_lookups: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Not in order yet, as Django's own: a screen can still name what it orders by. The list puts it in order."""
        return limited(self.model._default_manager.get_queryset(), request.user)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Django lets through whatever is one step away: `?claims__isnull=` would tell of a rival."""
        if is_member_here(request):
            return lookup in self.members_lookups
        # A moderator may belong to a clinic too, and asks no list whether a review of it waits.
        if self.model is Clinic and lookup.partition("__")[0] in _OF_REVIEWS:
            return False
        return super().lookup_allowed(lookup, value, request)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """By which field a window is asked to answer. Django falls over the other end of a key (`?_to_field=memberships`)."""
        return to_field == self.opts.pk.name

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Another's row and one that is not there are the same thing: not found."""
        raise Http404

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Headed by what the list holds; Django's own is “Vælg …, der skal ændres”."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        response: Any = super().history_view(request, object_id, extra_context)
        if row := response.context_data.get("object"):
            clinic = getattr(row, "clinic", row)
            for line in response.context_data["action_list"]:
                line.who = name_for(request.user, line.user, clinic)
                line.what = line.get_change_message()
                if is_member_here(request):  # a former owner's address may stand in what was written then
                    line.what = _ADDRESS.sub("en bruger", line.what)
        return response
