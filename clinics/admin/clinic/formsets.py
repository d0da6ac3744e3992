"""The rows of a part as one form: nothing twice, nothing of another's taken back unseen, and room made before saving."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .conflict import (
    CONFIRM,
    GONE,
    NOT_THERE,
    Difference,
    Marks,
    changed_since,
    mark_of_row,
    row_in_words,
    row_key,
    seen_by,
)

CHANGED = "Nogen har gemt imens. Forskellen står øverst på siden."
LOST = "En række findes ikke længere hos denne klinik. Det, du havde skrevet i den, står øverst på siden."
MOST_FORMS = 1000  # as Django's own limit


class RowFormSet(forms.BaseInlineFormSet):
    """`once`: fields whose values one row of the clinic has at most, an empty one is a value too. `differences`: what
    another has changed since the page was shown."""

    model: Any  # set by Django's factory, as prefix and form
    prefix: str
    form: Any
    once: tuple[str, ...] = ()
    section = ""
    label = ""  # of one row

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, files, *args, **kwargs)
        self.differences: list[Difference] = []
        self.seen: Marks = seen_by(data) if data is not None else {}
        # Before any form writes what was typed into its row.
        self.marks: Marks = {row_key(self.prefix, row.pk): mark_of_row(row) for row in self.get_queryset()}
        if self.seen:
            self._drop_gone()

    # What another has changed

    def _drop_gone(self) -> None:
        """Take rows out of what was sent that the page showed and that are gone; what was typed into them is told."""
        sent = [str(self.data.get(f"{self.prefix}-{number}-id", "")) for number in range(self._count("INITIAL_FORMS"))]
        gone = [
            number
            for number, key in enumerate(sent)
            if row_key(self.prefix, key) in self.seen and row_key(self.prefix, key) not in self.marks
        ]
        for number in gone:
            form = self.form(self.data, prefix=f"{self.prefix}-{number}", **self.get_form_kwargs(number))
            if f"{self.prefix}-{number}-DELETE" not in self.data:
                self.differences.append(Difference(self.label, GONE, row_in_words(form)))
        if gone:
            self.data, self.files = (self._without(sent_, gone) for sent_ in (self.data, self.files))
            self.__dict__.pop("management_form", None)

    def _without(self, sent: Any, gone: list[int]) -> Any:
        """The fields that were sent, with these rows left out and the later ones counted anew."""
        kept, start = sent.copy(), f"{self.prefix}-"
        total = self._count("TOTAL_FORMS")
        numbers = [number for number in range(total) if number not in gone]
        new = {str(old): str(number) for number, old in enumerate(numbers)}
        for name in sent:
            number, _, field = name.removeprefix(start).partition("-")
            if name.startswith(start) and number.isdecimal() and field:
                del kept[name]
        for name in sent:
            number, _, field = name.removeprefix(start).partition("-")
            if name.startswith(start) and field and number in new:
                kept.setlist(f"{start}{new[number]}-{field}", sent.getlist(name))
        for count in ("TOTAL_FORMS", "INITIAL_FORMS"):
            if f"{start}{count}" in sent:
                kept[f"{start}{count}"] = str(self._count(count) - len(gone))
        return kept

    def _count(self, name: str) -> int:
        text = str(self.data.get(f"{self.prefix}-{name}", ""))
        return min(int(text), MOST_FORMS) if text.isascii() and text.isdecimal() and len(text) < 6 else 0

    def _compare(self) -> None:
        """Where another changed a row that differs here; and rows that came, when more are added or all is confirmed."""
        changed = changed_since(self.seen, self.marks)
        for form in self.initial_forms:
            if row_key(self.prefix, form.instance.pk) in changed and form.has_changed():
                typed = GONE if form.cleaned_data.get("DELETE") else row_in_words(form)
                self.differences.append(Difference(self.label, row_in_words(form, typed=False), typed))
        if CONFIRM in self.data or any(form.has_changed() for form in self.extra_forms):
            sent = {form.instance.pk for form in self.initial_forms}
            for row in self.get_queryset():
                if row.pk not in sent and row_key(self.prefix, row.pk) not in self.seen:
                    heading = self.form(instance=row).heading
                    self.differences.append(Difference(self.label, heading, NOT_THERE))
        if self.differences:
            lost = [LOST] if any(one.stored == GONE for one in self.differences) else []
            raise ValidationError([CHANGED, *lost], code="conflict")

    # Nothing twice

    def clean(self) -> None:
        """Instead of Django's own check, which passes over rows with an empty field."""
        self._check_once()
        if self.seen:
            self._compare()

    def _check_once(self) -> None:
        if not self.once:
            return
        sent = {form.instance.pk for form in self.initial_forms}
        taken = {self._key(row) for row in self.get_queryset() if row.pk not in sent}
        for form in sorted(self.kept(), key=lambda form: form.has_changed()):  # the changed one is told
            if self._key(form.instance) in taken:
                form.add_error(self.once[0], f"{form.subject} står her to gange. Slet den ene linje.")
            taken.add(self._key(form.instance))

    def kept(self) -> Iterator[Any]:
        """The forms of rows that are there after saving, but for those with faults."""
        for form in self.forms:
            if not form.errors and not form.cleaned_data.get("DELETE") and (form.instance.pk or form.has_changed()):
                yield form

    def _key(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, self.model._meta.get_field(name).attname) for name in self.once)

    def save(self, commit: bool = True) -> Any:
        if commit and self.once and self.instance.pk:
            self._make_room()
        return super().save(commit)

    def _make_room(self) -> None:
        """Rows that go or change places leave first: saved one by one, two that swap would meet. So does what is no row of
        the form, a tick, when a row takes its place. Each row that stays comes back under its own key."""
        shown = {row.pk for row in self.get_queryset()}
        keys = {self._key(form.instance) for form in self.kept()}
        leave = [
            form.instance.pk
            for form in self.initial_forms
            if form.instance.pk and {*self.once, "DELETE"} & set(form.changed_data)
        ]
        others = self.model._base_manager.filter(**{self.fk.name: self.instance}).exclude(pk__in=shown)
        leave += [row.pk for row in others if self._key(row) in keys]
        self.model._base_manager.filter(pk__in=leave).delete()
