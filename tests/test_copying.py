"""Rows that are copied into a table are the rows that saving them one by one would have made."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from clinics.copying import copy_rows, copy_values, next_keys
from clinics.models import Clinic, OpeningException, Postcode, Price

from .people import clinic

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 18, 12, tzinfo=datetime.UTC)


def columns(one) -> dict:
    return {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}


@time_machine.travel(NOON, tick=False)
def test_plain_values_make_the_row_that_the_model_would():
    row = {
        "name": "Ærø Fys",
        "postcode_id": clinic("Nabo", "Aarhus C").postcode_id,
        "latitude": 56.1,
        "longitude": 10.2,
    }
    row |= {"languages": ["da", "tr"], "insurers": [], "lift": False, "confirmed_at": datetime.date(2026, 3, 1)}
    saved = Clinic.objects.create(slug="saved", **row)
    first, second = next_keys(Clinic, 2)
    copy_values(Clinic, [row | {"id": first, "slug": "copied"}])
    copy_rows([Clinic(id=second, slug="instance", **row)])
    saved.refresh_from_db()
    for copied in Clinic.objects.filter(pk__in=[first, second]):
        assert columns(copied) == columns(saved) | {"id": copied.pk, "slug": copied.slug}
        assert copied.sort_name == "{r| fys" and copied.updated_at == NOON


def test_rows_without_a_key_get_one_and_may_leave_out_different_things():
    pk = clinic("Nabo", "Aarhus C").pk
    copy_values(
        Price,
        [
            {"clinic_id": pk, "kind": "first", "amount": 450, "minutes": 45},
            {"amount": 2000, "kind": "package", "sessions": 5, "clinic_id": pk, "refundable": True},
        ],
    )
    first, package = Price.objects.order_by("pk")
    assert (first.amount, first.minutes, first.sessions, first.refundable, first.terms) == (450, 45, None, None, "")
    assert (package.amount, package.minutes, package.sessions, package.refundable) == (2000, None, 5, True)
    copy_values(Price, [])
    assert Price.objects.count() == 2


def test_a_name_that_is_no_field_is_refused_and_nothing_is_copied():
    pk, day = clinic("Nabo", "Aarhus C").pk, datetime.date(2026, 7, 1)
    good = {"clinic_id": pk, "first_day": day, "last_day": day}
    with pytest.raises(TypeError, match="OpeningException has no notes"), transaction.atomic():
        copy_values(OpeningException, [good, good | {"notes": "Ferie"}])
    assert not OpeningException.objects.exists()


def test_what_the_table_refuses_is_an_error_of_the_database():
    day = datetime.date(2026, 7, 1)
    wrong = {"clinic_id": clinic("Nabo", "Aarhus C").pk, "first_day": day, "last_day": day - datetime.timedelta(1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_values(OpeningException, [wrong])
    assert Postcode.objects.exists() and not OpeningException.objects.exists()
