"""Forms that can change a warning: what makes it stronger is saved, what makes it weaker is proposed to a second editor.

The rule itself is clinics.weakening; here it meets Django's forms, for every role, the superuser too.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest

from clinics import warnings
from clinics.keeping import urgent_kept
from clinics.warnings import ChangeError, describe
from clinics.weakening import Weakening, split, warned_by

REASON = "weakening_reason"


class GuardedForm(forms.ModelForm):
    """After `is_valid`, `weakened` is what waits for a second editor; the instance holds only what may be saved now."""

    weakening_reason = forms.CharField(
        label="Begrundelse for at svække en advarsel",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=(
            "Kun når en advarsel bliver svagere: lavere hast, færre røde flag eller faresignaler, en anden tekst på et flag, der"
            " haster, eller en ændret betingelse. En anden redaktør skal godkende det, før det sker."
        ),
    )
    weakened: list[Weakening]
    held_back: frozenset[str] = frozenset()

    @property
    def changed_data(self) -> list[str]:
        """Without what waits for a second editor: the log of the admin says what was changed."""
        return [name for name in super().changed_data if name not in self.held_back and name != REASON]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.weakened = []
        if self.instance.pk is None:
            return cleaned
        with transaction.atomic():
            # As the row is now, not as it was when the form was opened: somebody may have made it stronger since.
            current = type(self.instance)._base_manager.select_for_update(of=("self",)).get(pk=self.instance.pk)
            saved, self.weakened = split(current, cleaned)
            waiting = {name for one in self.weakened for name in one.after}
            self.held_back = frozenset(name for name in waiting if saved[name] == getattr(current, name))
        if self.weakened and not cleaned.get(REASON, "").strip():
            what = "; ".join(describe(current, one) for one in self.weakened)
            self.add_error(REASON, f"Skriv en begrundelse: advarslen bliver svagere ({what}).")
        return saved


class GuardedAdmin(admin.ModelAdmin):
    form = GuardedForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [name for name in super().get_fields(request, obj) if name != REASON]
        return [*fields, REASON] if obj and self.has_change_permission(request, obj) else fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with urgent_kept():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        with urgent_kept():
            super().save_related(request, form, formsets, change)
        for one in getattr(form, "weakened", ()):
            try:
                made = warnings.propose(
                    row=form.instance,
                    weakening=one,
                    reason=form.cleaned_data[REASON],
                    by=request.user,  # type: ignore[arg-type]  # staff only get here
                )
                messages.warning(request, f"Venter på en anden redaktør: {made.subject}. Alt andet er gemt.")
            except ChangeError as error:
                messages.error(request, f"{error} Advarslen er ikke ændret.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What carries a warning is not deleted: its flags and its gate must be taken away first, and that takes two."""
        deleted, count, perms_needed, protected = super().get_deleted_objects(objs, request)
        kept = [
            f"{row}: har {lost}. Fjern det først; det kræver en anden redaktør."
            for row in objs
            if (lost := warned_by(row))
        ]
        return deleted, count, perms_needed, [*protected, *kept]
