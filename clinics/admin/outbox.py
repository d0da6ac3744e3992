"""“Mails”: what we have promised to send, to whom, and what became of it. What stands in them is shown to nobody."""

import re
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from clinics import outbox
from clinics.actions import ActionError
from clinics.admin.owned import OwnedAdmin
from clinics.claiming.proofs import masked
from clinics.danish import count
from clinics.mailing.registry import MAILS
from clinics.models import Outbox
from clinics.ownership import may_moderate
from clinics.reviews.retention import PRIVATE_MAILS

ROOM = {"is_nav_sidebar_enabled": False}  # what a mail server says is long


_PRIVATE = reduce(or_, (Q(template__startswith=beginning) for beginning in PRIVATE_MAILS))


class TemplateFilter(admin.SimpleListFilter):
    title = "mail"
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((name, mail.label) for name, mail in MAILS.items()), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Outbox]) -> QuerySet[Outbox]:
        return queryset.filter(template=self.value()) if self.value() in MAILS else queryset


@admin.register(Outbox)
class OutboxAdmin(OwnedAdmin):
    """For moderators alone, whatever other rights somebody may get: addresses of people stand in it."""

    # Field by field: `context` holds codes and links, and a field that comes later shall not show by itself.
    fields = ("what", "recipient", "clinic", "status", "attempts", "created_at", "next_attempt", "sent_at", "fault")
    readonly_fields = fields
    list_display = ("what", "status", "recipient", "fault", "attempts", "created_at", "sent_at")
    list_filter = ("status", TemplateFilter)
    list_select_related = ("clinic",)
    search_fields = ("to", "clinic__name")
    actions = ("resend_chosen", "drop_chosen")
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, ROOM | {"title": "Mails"} | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """To be read: what can be done is done in the list."""
        context = ROOM | {"title": "Mail", "subtitle": None, "show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outbox]:
        return super().get_queryset(request).defer("context")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Django lets every field of the row through: `?context__code__startswith=4` would tell a code, digit by digit."""
        return lookup.partition("__")[0] == "status"

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        return verb in ("view", "change") and may_moderate(request.user) and super()._may(request, verb, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Outbox], search_term: str) -> Any:
        """Whoever knows an address is not told by a search that its owner has written a review, or reported one."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return (found.exclude(_PRIVATE) if search_term else found), may_repeat

    @admin.display(description="til")
    def recipient(self, row: Outbox) -> str:
        """Of people without an account hardly a letter: a moderator may be their physiotherapist."""
        return masked(row.to) if row.template.startswith(PRIVATE_MAILS) else row.to

    @admin.display(description="fejl")
    def fault(self, row: Outbox) -> str:
        """Mail servers repeat the address."""
        private = row.template.startswith(PRIVATE_MAILS)
        return re.sub(re.escape(row.to), masked(row.to), row.error, flags=re.IGNORECASE) if private else row.error

    @admin.display(description="mail", ordering="template")
    def what(self, row: Outbox) -> str:
        return MAILS[row.template].label if row.template in MAILS else row.template

    @admin.display(description="næste forsøg")
    def next_attempt(self, row: Outbox) -> str:
        waits = row.status == Outbox.Status.WAITING
        return date_format(localtime(row.next_attempt_at), "j. F Y H:i") if waits else "–"

    @admin.action(description="Send igen", permissions=["change"])
    def resend_chosen(self, request: HttpRequest, queryset: QuerySet[Outbox]) -> None:
        _each(request, queryset, outbox.resend, "sendes igen")

    @admin.action(description="Drop (send ikke)", permissions=["change"])
    def drop_chosen(self, request: HttpRequest, queryset: QuerySet[Outbox]) -> None:
        _each(request, queryset, outbox.drop, "bliver ikke sendt")


def _each(request: HttpRequest, rows: QuerySet[Outbox], act: Callable[..., None], done: str) -> None:
    """Do it to each, and say how many, and once for each reason why not."""
    went, refused = 0, dict[str, int]()
    for row in rows.order_by("pk"):
        try:
            act(row=row, by=request.user)
            went += 1
        except ActionError as error:
            refused[error.text] = refused.get(error.text, 0) + 1
    if went:
        messages.success(request, f"{count(went, 'mail', 'mails')} {done}.")
    for text, times in refused.items():
        messages.warning(request, f"{count(times, 'mail', 'mails')} er uændret. {text}")
