"""The form of a clinic as its members have it: what they may write is written here, and nothing else can be sent."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import models

from clinics.admin.clinic.owners import KEPT_BACK
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    Membership,
    OpeningException,
    OpeningHours,
    Photo,
    Practitioner,
    Price,
    Provenance,
    Speciality,
)

from . import attack
from .attack import World
from .clinic_form import address_of, bare, faults, form_of, row
from .people import clinic, postcode
from .worlds import kept

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 20)

# What a member of a clinic may write; a new field of a model is not here, and so it is nobody's until somebody decides.
WRITABLE = {
    *(
        "phone",
        "email",
        "website",
        "booking_url",
        "about",
        "approach_exercise",
        "approach_manual",
        "approach_follow_up",
    ),
    *(
        "has_ydernummer",
        "free_physiotherapy",
        "danmark_insurance",
        "insurers",
        "insurers_note",
        "home_visits",
        "online",
    ),
    *("acute_appointments", "assessment_plan", "step_free", "lift", "accessible_toilet", "parking", "hearing_loop"),
    *("access_note", "languages", "waiting_days", "waiting_stated_on", "closed_on_holidays", "hours_note"),
}
NO_FIELDS = {"hours_treatment", "hours_phone", "hours_training", "closed_days", "focus_areas", "treatment_types"}
ROWS: dict[str, tuple[type[models.Model], set[str]]] = {
    "specialities": (ClinicSpeciality, {"speciality", "practitioner"}),
    "treatments": (ClinicTreatment, {"treatment", "format", "practitioner", "group_topic"}),
    "prices": (Price, {"kind", "amount", "minutes", "sessions", "valid_months", "refundable", "treatment", "terms"}),
    "practitioners": (Practitioner, {"name", "title", "profession", "gender", "languages", "position"}),
    "opening_exceptions": (OpeningException, {"first_day", "last_day", "opens", "closes", "kind", "note"}),
    "photos": (Photo, {"kind", "alt", "credit", "position"}),
}
# Written by the save itself, never from the form.
BY_THE_SAVE = {"confirmed_at", "source"}


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC), tick=False):
        yield


@kept(at=datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC))
def world() -> World:
    return attack.build()


@pytest.fixture(params=["olga", "stella"])
def member(client, world, request):
    client.force_login(world.people[request.param])
    return client


@pytest.fixture
def olga(client, world):
    client.force_login(world.people["olga"])
    return client


def fields_of(model: type[models.Model]) -> dict[str, models.Field]:
    return {field.name: field for field in model._meta.concrete_fields if not field.primary_key}


def another(field: models.Field, value: Any) -> str:
    """A value of the field that is not this one, as a form would send it."""
    if field.choices:
        return str(next(key for key, _ in field.flatchoices if key != value))
    if isinstance(field, models.ForeignKey):
        other = field.related_model._default_manager.exclude(pk=value).first()
        return str(other.pk if other else "")
    if isinstance(field, models.BooleanField):
        return "" if value else "on"
    if isinstance(field, models.DateTimeField):
        return "2001-02-03 04:05"
    if isinstance(field, models.DateField):
        return "2025-02-03"
    if isinstance(field, models.FloatField | models.DecimalField | models.IntegerField):
        return str(int(value or 0) + 1)
    return "09ZZ9" if field.max_length == 5 else "kapret"


def forged(prefix: str, model: type[models.Model], writable: set[str], one: models.Model) -> dict[str, str]:
    """Every field of the model that is not theirs, with another value."""
    return {
        f"{prefix}{name}": another(field, getattr(one, field.attname))
        for name, field in fields_of(model).items()
        if name not in writable
    }


def state(model: type[models.Model], writable: set[str], **rows: Any) -> dict[int, dict[str, Any]]:
    """What a member must not write, row by row, but for what a save writes by itself."""
    names = [field.attname for name, field in fields_of(model).items() if name not in writable | BY_THE_SAVE]
    return {one.pk: {name: getattr(one, name) for name in names} for one in model._base_manager.filter(**rows)}


def test_the_fields_of_the_form_are_these(member, world):
    page = member.get(address_of(world.a))
    assert set(page.context["adminform"].form.fields) == WRITABLE | NO_FIELDS
    inlines = {one.formset.prefix: one.formset for one in page.context["inline_admin_formsets"]}
    assert set(inlines) == set(ROWS)
    for prefix, formset in inlines.items():
        extra = {"id", "clinic", "DELETE", "file"}
        assert set(formset.empty_form.fields) - extra == ROWS[prefix][1], prefix
    assert not WRITABLE & KEPT_BACK


def test_no_field_of_the_clinic_can_be_smuggled_in(member, world):
    """Every field of the model that is not in the form, one value after the other and all at once."""
    before = state(Clinic, WRITABLE, pk=world.a.pk)
    sent = form_of(member, address_of(world.a)) | forged("", Clinic, WRITABLE, world.a)
    response = member.post(address_of(world.a), sent | {"phone": "86 13 13 13"})
    assert faults(response) == ""
    after = state(Clinic, WRITABLE, pk=world.a.pk)
    for one in (before, after):
        one[world.a.pk].pop("updated_at")
    assert after == before
    world.a.refresh_from_db()
    assert (world.a.phone, world.a.source, world.a.confirmed_at) == ("+4586131313", "register", None)


@pytest.mark.parametrize("prefix", ROWS)
def test_no_field_of_a_row_can_be_smuggled_in(member, world, prefix):
    model, writable = ROWS[prefix]
    one = getattr(world.a, prefix).first()
    before = state(model, writable)
    sent = form_of(member, address_of(world.a)) | forged(f"{prefix}-0-", model, writable | {"clinic"}, one)
    changes = {"terms": "ny", "alt": "Ny tekst", "note": "ny", "position": "3"}
    sent |= {f"{prefix}-0-{name}": value for name, value in changes.items() if name in writable}
    response = member.post(address_of(world.a), sent)
    assert faults(response) == ""
    assert state(model, writable) == before
    changed = {name: str(getattr(model.objects.get(pk=one.pk), name)) for name in changes if name in writable}
    assert changed == {name: value for name, value in changes.items() if name in writable}, "and the rest was saved"


def test_a_row_is_not_given_away_nor_taken(member, world):
    """The clinic of a row is hidden in the page; it is not read from there."""
    price = world.a.prices.first()
    sent = form_of(member, address_of(world.a)) | {"prices-0-clinic": world.b.pk, "prices-0-terms": "givet væk"}
    member.post(address_of(world.a), sent)
    price.refresh_from_db()
    assert price.clinic_id == world.a.pk
    assert Price.objects.filter(clinic=world.b).count() == 1


def new(member: Any, one: Clinic, prefix: str, **fields: Any) -> Any:
    """Send one new row of this kind and nothing else."""
    return member.post(address_of(one), _fields(one) | row(prefix, **fields))


def _fields(one: Clinic) -> dict[str, Any]:
    return {name: value for name, value in bare(one).items() if name not in KEPT_BACK}


def test_a_new_person_has_no_papers(olga, world):
    papers = {"authorisation_id": "09YM8", "authorisation_checked_on": "2026-11-01", "is_restricted": "no"}
    response = new(olga, world.a, "practitioners", name="Bo Holm", profession="physiotherapist", position=1, **papers)
    assert faults(response) == ""
    bo = world.a.practitioners.get(name="Bo Holm")
    assert (bo.authorisation_id, bo.authorisation_checked_on, bo.is_restricted) == ("", None, None)
    assert (bo.source, bo.confirmed_at) == ("clinic", TODAY)


@pytest.mark.parametrize("title", ["Specialist i idræt", "certificeret i MDT", "Autoriseret fysioterapeut"])
def test_a_title_that_others_give_needs_proof(olga, world, title):
    response = new(
        olga, world.a, "practitioners", name="Bo Holm", profession="physiotherapist", position=1, title=title
    )
    assert "skal dokumenteres" in faults(response)
    assert not world.a.practitioners.filter(name="Bo Holm").exists()


def test_what_a_clinic_says_of_itself_is_its_own_word(olga, world):
    """No title, no evidence, however it is sent."""
    term = Speciality.objects.create(name="Muskuloskeletal", slug="muskuloskeletal", kind="official")
    forged_ = {
        "grade": "specialist",
        "basis": "documented",
        "evidence": "Danske Fysioterapeuter 2020",
        "source": "register",
    }
    person = world.a.practitioners.get()
    response = new(olga, world.a, "specialities", speciality=term.pk, practitioner=person.pk, **forged_)
    assert faults(response) == ""
    made = world.a.specialities.get(speciality=term)
    assert (made.grade, made.basis, made.evidence, made.source) == ("", "stated", "", "clinic")


def test_what_is_documented_is_about_somebody_and_something(olga, world):
    """The row, and the name of the person whom it is about, stay as they are."""
    other = Speciality.objects.create(name="Ryg", slug="ryg")
    bo = Practitioner.objects.create(clinic=world.a, name="Bo Holm", position=5)
    mette = world.a.practitioners.first()
    sent = form_of(olga, address_of(world.a))
    sent |= {"specialities-0-speciality": other.pk, "specialities-0-practitioner": bo.pk}
    sent |= {"treatments-0-format": "online", "practitioners-0-name": "En Anden", "practitioners-0-profession": "other"}
    assert faults(olga.post(address_of(world.a), sent)) == ""
    documented, group = world.a.specialities.get(), world.a.treatments.get()
    assert (documented.speciality.name, documented.practitioner_id) == ("Idræt", mette.pk)
    assert group.format == "group"
    mette.refresh_from_db()
    assert (mette.name, mette.profession) == ("havn Mette", "physiotherapist")


def test_what_is_wrong_with_a_row_where_a_clinic_cannot_mend_it_does_not_stop_it(olga, world):
    """An import may have left a title on a focus area: the clinic saves its telephone number all the same."""
    world.a.specialities.update(speciality=Speciality.objects.create(name="Ryg", slug="ryg"))
    sent = form_of(olga, address_of(world.a)) | {"phone": "86 17 17 17"}
    assert faults(olga.post(address_of(world.a), sent)) == ""


def test_papers_of_a_person_are_also_rows_with_the_name(olga, world):
    ida = Practitioner.objects.create(clinic=world.a, name="Ida Juhl", position=9)
    sent = form_of(olga, address_of(world.a)) | {"practitioners-1-name": "Ida Ny"}
    olga.post(address_of(world.a), sent)
    ida.refresh_from_db()
    assert ida.name == "Ida Ny", "nobody has looked at any papers of hers"
    world.a.specialities.update(practitioner=ida)
    sent = form_of(olga, address_of(world.a)) | {"practitioners-1-name": "En Anden"}
    olga.post(address_of(world.a), sent)
    ida.refresh_from_db()
    assert ida.name == "Ida Ny"


def test_a_person_under_restriction_is_not_left_out(olga, world):
    world.a.practitioners.update(is_restricted=True)
    sent = form_of(olga, address_of(world.a)) | {"practitioners-0-DELETE": "on"}
    assert "kan ikke fjernes her" in faults(olga.post(address_of(world.a), sent))
    assert world.a.practitioners.exists()


def test_a_suggestion_that_was_changed_is_the_clinics_word(olga, world):
    mette = world.a.practitioners.first()
    term = Speciality.objects.create(name="Ryg", slug="ryg")
    one = ClinicSpeciality.objects.create(clinic=world.a, speciality=term, practitioner=mette, basis="suggested")
    sent = form_of(olga, address_of(world.a)) | {"specialities-1-practitioner": ""}
    assert faults(olga.post(address_of(world.a), sent)) == ""
    one.refresh_from_db()
    assert (one.basis, one.practitioner_id) == ("stated", None)


def test_other_kinds_of_rows_are_not_read(olga, world):
    """Sources, members, claims: no form asks for them, and no prefix brings them in."""
    sent = form_of(olga, address_of(world.a)) | row("provenance", group="prices", source="register", note="x")
    sent |= row("memberships", user=world.people["per"].pk, role="owner") | row("opening_hours", weekday=6)
    members, rows = set(Membership.objects.values_list("pk", "role")), OpeningHours.objects.count()
    assert faults(olga.post(address_of(world.a), sent)) == ""
    assert (set(Membership.objects.values_list("pk", "role")), OpeningHours.objects.count()) == (members, rows)
    assert world.a.provenance.get(group="prices").note == "havn"


def test_what_a_member_saves_is_the_clinics_word_of_today(olga, world):
    """Of the groups that were changed, and of no other."""
    Provenance.objects.create(clinic=world.a, group="hours", source="import", stated_on=datetime.date(2025, 1, 1))
    sent = form_of(olga, address_of(world.a)) | {"phone": "86 14 14 14", "parking": "yes", "prices-0-amount": "550"}
    assert faults(olga.post(address_of(world.a), sent)) == ""
    told = {one.group: (one.source, one.stated_on, one.note) for one in world.a.provenance.all()}
    mine = ("clinic", TODAY, "")
    assert told == {
        **dict.fromkeys(("contact", "access", "prices"), mine),
        "hours": ("import", datetime.date(2025, 1, 1), ""),
    }
    price = world.a.prices.first()
    assert (price.amount, price.source, price.confirmed_at) == (550, "clinic", TODAY)


def test_a_moderators_save_is_nobodys_word(client, world):
    client.force_login(world.people["mona"])
    sent = form_of(client, address_of(world.a)) | {"phone": "86 14 14 14", "name": "Nyt Navn"}
    assert faults(client.post(address_of(world.a), sent)) == ""
    world.a.refresh_from_db()
    assert (world.a.name, world.a.phone) == ("Nyt Navn", "+4586141414")
    assert set(world.a.provenance.values_list("group", "source")) == {("prices", "register")}


def test_a_member_confirms_for_the_clinic(olga, world):
    sent = form_of(olga, address_of(world.a)) | {"_confirm": "1"}
    assert faults(olga.post(address_of(world.a), sent)) == ""
    world.a.refresh_from_db()
    assert (world.a.source, world.a.confirmed_at) == ("clinic", TODAY)
    assert set(world.a.provenance.values_list("source", flat=True)) == {"clinic"}


def test_all_that_one_chooses_is_all_of_ones_own(olga, world):
    sent = {
        "action": "confirm_chosen",
        "_selected_action": [world.b.pk, world.a.pk],
        "select_across": "1",
        "index": "0",
    }
    assert olga.post("/admin/clinics/clinic/", sent).status_code == 302
    confirmed = Clinic.objects.exclude(confirmed_at=None)
    assert [(one.pk, one.source) for one in confirmed] == [(world.a.pk, "clinic")]


def test_name_and_address_are_shown_and_whom_to_write_to(member, world):
    page = member.get(address_of(world.a)).content.decode()
    assert "Havnens Fysioterapi" in page and "8000 Aarhus C" in page
    assert 'name="name"' not in page and 'name="street"' not in page and 'name="status"' not in page
    assert "Navn og adresse ser vi på" in page
    assert 'href="/admin/clinics/postcode' not in page and "Slet klinikken" not in page


def test_another_clinics_mail_does_not_follow_a_conflict(olga, world):
    """Who saved meanwhile is told by name to those who know each other."""
    page = form_of(olga, address_of(world.a))
    Clinic.objects.filter(pk=world.a.pk).update(phone="+4586151515")
    answer = olga.post(address_of(world.a), page | {"phone": "86 16 16 16"}).content.decode()
    assert "FysFinder har gemt imens" in answer and attack.SECRET not in answer


def test_the_start_page_takes_one_statement_for_all_clinics(client, world, django_assert_max_num_queries):
    client.force_login(world.people["olga"])
    postcode("Odense C")
    assert "<h1>Havnens Fysioterapi</h1>" in client.get("/admin/").content.decode()
    for number in range(20):
        Membership.objects.create(clinic=clinic(f"Klinik {number}", "Odense C"), user=world.people["olga"])
    with django_assert_max_num_queries(12):
        page = client.get("/admin/").content.decode()
    assert "Dine klinikker" in page and "Klinik 19" in page and "Seneste handlinger" not in page
