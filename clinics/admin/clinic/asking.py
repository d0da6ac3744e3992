"""What an owner can only ask for, out of the form of the clinic: a small form for each subject, and what waits already."""

import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from clinics import claims, ownership, pending
from clinics.actions import ActionError
from clinics.models import Clinic, ClinicTreatment, PendingChange, Practitioner, Speciality, TreatmentType
from clinics.models.offer import Stated
from clinics.pending import subjects
from clinics.pending.asking import LONGEST_EVIDENCE, LONGEST_PROOF
from clinics.plain_text import has_cpr

from . import owners
from .fields import LineField, TextField
from .form import ClinicForm
from .sections import Asked

Subject = PendingChange.Subject
# What the link says, why it is asked for, and what is needed to decide.
WORDS: dict[str, tuple[str, str, str]] = {
    Subject.NAME: (
        "Bed om et andet navn",
        "Vi ser på det, så ingen andre kan omdøbe klinikken. Adressen på FysFinder følger navnet; den gamle virker stadig.",
        "Skriv, hvor vi kan se det nye navn, fx CVR-nummer eller jeres hjemmeside.",
    ),
    Subject.ADDRESS: (
        "Bed om en anden adresse",
        "Vi ser på det, så ingen andre kan flytte klinikken.",
        "Skriv, hvor vi kan se den nye adresse, fx CVR-nummer eller jeres hjemmeside, og fra hvilken dag den gælder.",
    ),
    Subject.AUTHORISATION: (
        "Oplys en autorisation",
        "Vi slår autorisationen op i det offentlige autorisationsregister, før den vises.",
        "Autorisations-ID er nok. Skriv her, hvis navnet i registret er et andet.",
    ),
    Subject.TITLE: (
        "Dokumentér en titel",
        "“Specialist” og “certificeret” er titler, som andre giver. De vises, når vi har set dokumentationen.",
        "Skriv, hvem der har givet titlen, hvornår, og hvor vi kan se det. Teksten vises for patienter, når den er godkendt.",
    ),
    Subject.SPECIALITY: (
        "Dokumentér et speciale",
        "Uden dokumentation ser patienter “Klinikken oplyser”. Det behøver I ikke bede om.",
        "Skriv kursus eller uddannelse, hvem der holdt det, og hvornår. Teksten vises for patienter, når den er godkendt.",
    ),
}


def asked_in(clinic: Clinic, user: Any) -> dict[str, tuple[Asked, ...]]:
    """Section of the form → what can be asked for there, and what waits. Two statements."""
    may_ask, found = ownership.is_owner(user, clinic), pending.waiting(clinic)
    result = {}
    for section, names in owners.ASKED_IN.items():
        result[section] = tuple(
            Asked(
                name,
                WORDS[name][0],
                reverse("admin:clinics_clinic_ask", args=[clinic.pk, name]) if may_ask else "",
                [_waiting(one) for one in found if one.subject == name],
            )
            for name in names
        )
    return result


def _waiting(change: PendingChange) -> dict[str, str]:
    url = reverse("admin:clinics_pendingchange_change", args=[change.pk])
    return {"text": subjects.summary(change), "url": url}


class AskForm(forms.Form):
    """`values` are those of `subjects.FIELDS`; a field `person` is the practitioner concerned."""

    subject = ""
    proof_is_needed = True

    def __init__(self, clinic: Clinic, *args: Any, **kwargs: Any) -> None:
        self.clinic = clinic
        super().__init__(*args, **kwargs)
        longest = LONGEST_PROOF if self.subject in subjects.OF_OFFERS else LONGEST_EVIDENCE
        self.fields["evidence"] = TextField(
            label="Dokumentation", required=self.proof_is_needed, max_length=longest, help_text=WORDS[self.subject][2],
            widget=forms.Textarea(attrs={"rows": 4}),
        )  # fmt: skip
        if "person" in self.fields:
            people: Any = self.fields["person"]
            people.queryset = Practitioner.objects.filter(clinic=clinic)

    def clean_evidence(self) -> str:
        text: str = self.cleaned_data["evidence"]
        if has_cpr(text):
            raise ValidationError("Skriv aldrig et CPR-nummer her.")
        if self.subject in subjects.OF_OFFERS and (problem := claims.message(text)):
            raise ValidationError(problem)
        return text

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in subjects.FIELDS[self.subject]}


class NameForm(AskForm):
    subject = Subject.NAME
    name = copy.deepcopy(ClinicForm.declared_fields["name"])


class AddressForm(AskForm):
    subject = Subject.ADDRESS
    street = LineField(label="Vej og husnummer", max_length=160)
    address_extra = copy.deepcopy(ClinicForm.declared_fields["address_extra"])
    postcode = copy.deepcopy(ClinicForm.declared_fields["postcode"])

    @property
    def values(self) -> dict[str, Any]:
        return super().values | {"postcode": self.cleaned_data["postcode"].pk}


class AuthorisationForm(AskForm):
    subject = Subject.AUTHORISATION
    proof_is_needed = False
    person = forms.ModelChoiceField(label="Behandler", queryset=Practitioner.objects.none(), empty_label="Vælg")
    authorisation_id = LineField(label="Autorisations-ID", max_length=20, help_text="Fem tegn, fx 09YM8.")

    def clean_authorisation_id(self) -> str:
        text = "".join(self.cleaned_data["authorisation_id"].split()).upper()
        Practitioner._meta.get_field("authorisation_id").run_validators(text)
        return text


class _OfferForm(AskForm):
    """A row of what is offered, judged as the moderator's form judges it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"person", "term", "grade", "evidence"} & set(self.errors):
            return cleaned
        model, name, term = subjects.kind_of(cleaned["term"])
        if term is None:
            self.add_error("term", "Vælg fra listen.")
            return cleaned
        row = model(
            clinic=self.clinic, practitioner=cleaned.get("person"), grade=cleaned.get("grade", ""),
            basis=Stated.Basis.DOCUMENTED, evidence=cleaned["evidence"], **{name: term},
        )  # fmt: skip
        if model is ClinicTreatment:
            row.format = ClinicTreatment.Format.INDIVIDUAL
        try:
            row.clean()
        except ValidationError as error:
            for field, said in error.message_dict.items():
                self.add_error(field if field in self.fields else None, said)
        return cleaned


class TitleForm(_OfferForm):
    subject = Subject.TITLE
    person = forms.ModelChoiceField(label="Behandler", queryset=Practitioner.objects.none(), empty_label="Vælg")
    term = forms.ChoiceField(label="Speciale eller behandling")
    grade = forms.ChoiceField(label="Titel", choices=[("", "Vælg"), *Stated.Grade.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        official = Speciality.objects.filter(kind=Speciality.Kind.OFFICIAL).order_by("name")
        treatments = TreatmentType.objects.order_by("name")
        term: Any = self.fields["term"]
        term.choices = [
            ("", "Vælg"),
            ("Officielle specialer", _choices("speciality", official)),
            ("Behandlinger (kun “certificeret”)", _choices("treatment", treatments)),
        ]


class SpecialityForm(_OfferForm):
    subject = Subject.SPECIALITY
    person = forms.ModelChoiceField(
        label="Behandler", queryset=Practitioner.objects.none(), required=False, empty_label="Klinikken som helhed"
    )
    term = forms.ChoiceField(label="Speciale")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term: Any = self.fields["term"]
        term.choices = [("", "Vælg"), *_choices("speciality", Speciality.objects.order_by("name"))]

    @property
    def values(self) -> dict[str, Any]:
        return {"term": self.cleaned_data["term"], "documented": True}


def _choices(kind: str, rows: Any) -> list[tuple[str, str]]:
    return [(f"{kind}/{row.slug}", row.name) for row in rows]


FORMS: dict[str, type[AskForm]] = {
    one.subject: one for one in (NameForm, AddressForm, AuthorisationForm, TitleForm, SpecialityForm)
}


class AskingScreens:
    """What the screen of clinics has besides: /ask/name/ and the like, for the clinic's owners."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.ask_view)
        own = path("<path:object_id>/ask/<slug:name>/", view, name="clinics_clinic_ask")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def ask_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        clinic = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if clinic is None or name not in FORMS:
            raise Http404
        if not (request.user.has_perm("clinics.add_pendingchange") and ownership.is_owner(request.user, clinic)):
            raise PermissionDenied
        form = FORMS[name](clinic, request.POST or None, initial=_initial(clinic, name))
        if request.method == "POST" and form.is_valid():
            person = form.cleaned_data.get("person")
            try:
                by: Any = request.user
                pending.ask(
                    clinic=clinic, by=by, subject=name, row=person.pk if person else None, new=form.values,
                    evidence=form.cleaned_data["evidence"],
                )  # fmt: skip
            except ActionError as error:
                form.add_error(None, error.text)
            else:
                messages.success(request, "Vi har fået det. Du får svar på mail, og indtil da er profilen, som den er.")
                return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[clinic.pk]))
        waits = [_waiting(one) for one in pending.waiting(clinic) if one.subject == name]
        label, why, _ = WORDS[name]
        context = self.admin_site.each_context(request) | {
            "title": f"{'Fejl: ' if form.errors else ''}{label}",
            "opts": self.opts,
            "clinic": clinic,
            "form": form,
            "why": why,
            "waits": waits,
            "now": _now(clinic, name),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/clinics/clinic/ask.html", context, status=status)


def _initial(clinic: Clinic, subject: str) -> dict[str, Any]:
    if subject == Subject.NAME:
        return {"name": clinic.name}
    if subject == Subject.ADDRESS:
        return {"street": clinic.street, "address_extra": clinic.address_extra, "postcode": clinic.postcode}
    return {}


def _now(clinic: Clinic, subject: str) -> str:
    """What stands there now, in a line; "" where it depends on what is chosen."""
    return {Subject.NAME.value: clinic.name, Subject.ADDRESS.value: clinic.address}.get(subject, "")
