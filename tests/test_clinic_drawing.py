"""The form of a clinic is drawn without a template for each field, and looks to a browser as Django would have drawn it."""

import pytest
from django import forms
from django.db import connection
from django.forms.renderers import DjangoTemplates
from django.test.utils import CaptureQueriesContext

from clinics.admin.clinic.drawing import DRAWING
from clinics.models import ClinicSpeciality, ClinicTreatment, Practitioner, Price

from .clinic_form import address_of, made
from .html_reader import Page
from .people import speciality, treatment

GROUPED = [("", "Ikke oplyst"), ("Hold & kurser", [("a", '"Ryg" <b>'), ("b", "Æg & knæ")]), (3, "Tre")]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(attrs={"class": 'x" y', "maxlength": 9}), "<script>\"'&"),
        (forms.TextInput(), None),
        (forms.NumberInput(attrs={"min": 0}), 0),
        (forms.HiddenInput(), 7),
        (forms.EmailInput(), "mette@example.org"),
        (forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), "2026-11-21"),
        (forms.TimeInput(format="%H:%M", attrs={"type": "time"}), "08:30"),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(attrs={"disabled": True, "hidden": False}), False),
        (forms.Select(choices=GROUPED), ""),
        (forms.Select(choices=GROUPED, attrs={"required": True}), "b"),
        (forms.Select(choices=GROUPED), 3),
        (forms.Select(choices=GROUPED), "findes ikke"),
        (forms.Textarea(attrs={"rows": 4}), "\n<b>To\nlinjer"),
    ],
)
def test_as_django_draws_it(widget, value):
    drawn, wanted = (
        Page(widget.render("rows-0-name", value, {"id": "id_name"}, renderer=renderer))
        for renderer in (DRAWING, DjangoTemplates())
    )
    assert drawn.elements == wanted.elements and drawn.elements
    assert drawn.words.split() == wanted.words.split()


@pytest.mark.django_db
def test_more_rows_are_no_more_questions(admin_client):
    one = made()

    def rows(count: int) -> None:
        for number in range(count):
            person = Practitioner.objects.create(clinic=one, name=f"Mette {number}")
            ClinicSpeciality.objects.create(clinic=one, speciality=speciality("Ryg"), practitioner=person)
            ClinicTreatment.objects.create(clinic=one, treatment=treatment("Taping"), practitioner=person)
            Price.objects.create(clinic=one, kind="group", amount=100 + number, treatment=treatment("Taping"))

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(address_of(one)).status_code == 200
        return len(asked)

    rows(1)
    questions()  # what a process remembers is asked once
    few = questions()
    rows(9)
    assert questions() == few
