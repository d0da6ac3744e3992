"""The form of a clinic's own fields: read generously, stored one way, and what cannot be used is said at its field."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from clinics import addresses, claims, clock
from clinics.addresses import CLINIC, AddressError
from clinics.geo import Point
from clinics.models import Clinic, HoursKind, Postcode, Speciality, TreatmentType
from clinics.phones import EXAMPLES
from clinics.plain_text import plain

from .closed_days import ClosedDaysField, check_closed
from .conflict import Difference, Marks, changed_since, mark, of_fields, seen_by
from .days import check_period
from .drawing import DRAWING
from .fields import DegreesField, LineField, PhoneField, PostcodeField, TextField, WebsiteField
from .hours import WeekField, week_of
from .offers import Ticks, ticked_specialities, ticked_treatments

CONFLICT = "Nogen har gemt imens. Intet er overskrevet, og det, du har skrevet, står stadig i felterne."
WEEKS = {f"hours_{kind}": kind for kind in HoursKind.values}
CLAIMED = (
    *("about", "approach_exercise", "approach_manual", "approach_follow_up"),
    *("access_note", "hours_note", "insurers_note"),
)  # what R13 and R17 of the project hold for
LONGEST_ABOUT = 2000
LONGEST_WAIT = 730  # days; a typing mistake above
NEAR_KM = 15  # how far the point may lie from its postcode's before somebody is asked to look
COAST_KM = 15  # how far from the nearest postcode's point Denmark still is
WEST, EAST, SOUTH, NORTH = 8.0, 15.3, 54.5, 57.8  # Blåvandshuk, Christiansø, Gedser, Skagen


class ClinicForm(forms.ModelForm):
    """`hours_*` are the weeks, `focus_areas` and `treatment_types` the plain rows of what the clinic offers."""

    default_renderer = DRAWING

    name = LineField(label="Klinikkens navn", min_length=2, max_length=160)
    slug = forms.CharField(
        label="Adresse på FysFinder", max_length=160, required=False,
        help_text="Den sidste del af klinikkens adresse her. En gammel adresse fører videre til den nye.",
    )  # fmt: skip
    street = LineField(label="Vej og husnummer", max_length=160, required=False)
    address_extra = LineField(label="Etage, dør, bygning", max_length=120, required=False)
    postcode = PostcodeField(label="Postnummer og by", help_text="Fx 8000 Aarhus C.")
    latitude = DegreesField(
        label="Punktets breddegrad", required=False, help_text="Fx 56,1572. Tomt: postnummerets punkt."
    )
    longitude = DegreesField(label="Punktets længdegrad", required=False, help_text="Fx 10,2107.")
    phone = PhoneField(label="Telefon", required=False)
    email = forms.EmailField(label="E-mail", required=False, max_length=254, help_text="Vises for patienter.")
    website = WebsiteField(label="Hjemmeside", required=False)
    booking_url = WebsiteField(label="Online booking", required=False, help_text="Siden, hvor man selv vælger en tid.")
    about = TextField(
        label="Om klinikken",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"Hvem I er, og hvem I især hjælper. Højst {LONGEST_ABOUT} tegn. Ikke “bedst”, “garanti” eller rabatter.",
    )
    waiting_days = forms.IntegerField(
        label="Ventetid i dage", required=False, min_value=0, max_value=LONGEST_WAIT, widget=forms.NumberInput(),
        help_text="Hvor længe en ny patient venter på den første tid. 0: der er tider i dag.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Skriv et helt tal fra 0 til {LONGEST_WAIT}."
        ),
    )  # fmt: skip
    hours_treatment = WeekField(
        label="Behandling",
        required=False,
        help_text="Skriv fx “8-17”, “8-12, 13-17” eller “8-17, pause 12-13”. En dag uden tider er lukket. "
        "Er alle tomme, er tiderne ikke oplyst.",
    )
    hours_phone = WeekField(
        label="Telefontid", required=False, help_text="Kun hvis den er en anden end tiderne ovenfor."
    )
    hours_training = WeekField(
        label="Træning på egen hånd", required=False, help_text="Når træningslokalet er åbent uden behandler."
    )
    closed_days = ClosedDaysField(
        label="Lukket i ferien",
        help_text="Uger eller datoer, fx uge 29-30, 24/12 eller 1.7.-14.7. Flere skilles med komma. Vi finder selv året.",
    )
    focus_areas = Ticks(
        label="Det hjælper vi især med",
        queryset=Speciality.objects.filter(kind=Speciality.Kind.FOCUS).order_by("name"),
        help_text="Jeres egne ord om jer selv. Patienter ser “Klinikken oplyser”. Vælg det, I har mest erfaring med.",
    )
    treatment_types = Ticks(
        label="Det tilbyder vi",
        queryset=TreatmentType.objects.order_by("name"),
        help_text="Individuel behandling. Hold, behandling hjemme eller online, og det, en bestemt behandler kan, står nedenfor.",
    )

    class Meta:
        labels: ClassVar = {
            "location_precision": "Hvor nøjagtigt er punktet?",
            "step_free": "Adgang uden trin",
            "home_visits": "Behandling hjemme hos patienten",
            "online": "Behandling online",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in WEEKS.items():
            self.initial[name] = week_of(self.instance, kind)
        self.initial["focus_areas"] = ticked_specialities(self.instance)
        self.initial["treatment_types"] = ticked_treatments(self.instance)
        self.marks: Marks = {name: mark(self.initial.get(name)) for name in self.fields}
        self.differences: list[Difference] = []  # what another has changed since the page was shown

    def clean_slug(self) -> str:
        text = self.cleaned_data["slug"] or (self.instance.slug if self.instance.pk else "")
        try:
            slug = addresses.cleaned(CLINIC, text or self._suggested_slug())
        except AddressError as error:
            raise ValidationError(error.text) from error
        if Clinic.objects.exclude(pk=self.instance.pk).filter(slug=slug).exists():
            raise ValidationError(f"Adressen “{slug}” bruges af en anden klinik. Vælg en anden, fx med byens navn.")
        return slug

    def clean_closed_days(self) -> Any:
        periods = self.cleaned_data["closed_days"]
        if periods and self.instance.pk:
            gone = re.compile(r"(opening_exceptions-[0-9]+-)DELETE")
            going = [self.data.get(f"{match[1]}id", "") for name in self.data if (match := gone.fullmatch(name))]
            check_closed(self.instance, periods, going)
        return periods

    def _suggested_slug(self) -> str:
        """The name; with the town where another clinic has it."""
        name = self.cleaned_data.get("name") or "klinik"
        if Clinic.objects.filter(slug=addresses.cleaned(CLINIC, name)).exists():
            code = self.data.get(self.add_prefix("postcode"), "")[:4]
            town = Postcode.objects.filter(pk=code).values_list("town", flat=True).first() if code.isdecimal() else None
            return f"{name} {town or code}"
        return str(name)

    def clean_about(self) -> str:
        text: str = self.cleaned_data["about"]
        if len(text) > LONGEST_ABOUT:
            raise ValidationError(f"Teksten er på {len(text)} tegn. Der er plads til {LONGEST_ABOUT}.")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_texts(cleaned)
        self._clean_phone(cleaned)
        self._clean_waiting(cleaned)
        if "latitude" in self.fields:
            self._clean_point(cleaned)
        if self.instance.pk:
            self._compare()
        return cleaned

    def _compare(self) -> None:
        """Nobody's change is taken back unseen. The admin holds the row locked, so nobody saves between this and the save."""
        names = changed_since(seen_by(self.data), self.marks) & set(self.changed_data)
        self.differences = of_fields(self, [name for name in self.fields if name in names])
        if self.differences:
            self.add_error(None, ValidationError(CONFLICT, code="conflict"))

    def _clean_texts(self, cleaned: dict[str, Any]) -> None:
        for name in CLAIMED:
            if isinstance(cleaned.get(name), str):
                cleaned[name] = plain(cleaned[name])
                for problem in claims.problems(cleaned[name]):
                    self.add_error(name, problem.text)

    def _clean_phone(self, cleaned: dict[str, Any]) -> None:
        if not {"phone", "is_example"} & set(self.changed_data):
            return
        if cleaned.get("phone", "").startswith(EXAMPLES) and not cleaned.get("is_example", self.instance.is_example):
            self.add_error("phone", "Det nummer findes ikke. Skriv klinikkens eget telefonnummer.")

    def _clean_waiting(self, cleaned: dict[str, Any]) -> None:
        """A waiting time has a day on which it was stated: today, unless somebody says another."""
        stated_on, today = cleaned.get("waiting_stated_on"), clock.today()
        if stated_on and stated_on > today:
            self.add_error("waiting_stated_on", "Dagen ligger i fremtiden. Skriv den dag, ventetiden blev oplyst.")
        else:
            check_period(self, ["waiting_stated_on"])
        if cleaned.get("waiting_days") is None:
            cleaned["waiting_stated_on"] = None
        elif stated_on is None or (
            "waiting_days" in self.changed_data and "waiting_stated_on" not in self.changed_data
        ):
            cleaned["waiting_stated_on"] = today

    def _clean_point(self, cleaned: dict[str, Any]) -> None:
        """An empty point, or one that was the postcode's, is the postcode's; one that was typed is somebody's hand."""
        if {"latitude", "longitude", "postcode"} & set(self.errors):
            return
        self._leave_point(cleaned)
        postcode: Postcode | None = cleaned.get("postcode")
        if postcode is None:
            return
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        typed = {"latitude", "longitude"} & set(self.changed_data)
        follows = self.instance.location_source == Clinic.LocationSource.POSTCODE and not typed
        if (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            self.add_error(missing, "Skriv både breddegrad og længdegrad, eller lad begge stå tomme.")
        elif latitude is None or longitude is None or (follows and "postcode" in self.changed_data):
            cleaned["latitude"], cleaned["longitude"] = postcode.latitude, postcode.longitude
            cleaned["location_source"] = Clinic.LocationSource.POSTCODE
            cleaned["location_precision"] = Clinic.Precision.POSTCODE
        elif typed:
            if not in_denmark(Point(latitude, longitude)):
                self.add_error("latitude", "Punktet ligger ikke i Danmark. Er breddegrad og længdegrad byttet om?")
            cleaned["location_source"] = Clinic.LocationSource.HAND
            if "location_precision" not in self.changed_data:
                cleaned["location_precision"] = Clinic.Precision.ADDRESS
        for name in ("location_source", "location_precision"):
            if name in cleaned:
                setattr(self.instance, name, cleaned[name])  # shown, not asked for

    def _leave_point(self, cleaned: dict[str, Any]) -> None:
        """A point that the worker looked up while the page was open is nobody's change: where the page still shows the one
        of before, nobody has typed."""
        seen = seen_by(self.data)
        if self.instance.location_source == Clinic.LocationSource.HAND:
            return
        for name in {"latitude", "longitude", "location_precision"} & set(self.changed_data):
            if seen.get(name) == mark(cleaned.get(name)):
                cleaned[name] = self.initial[name]
                self.changed_data.remove(name)

    def warnings(self) -> list[str]:
        """After a valid form: what somebody should look at once more, as Danish sentences."""
        found, clinic = [], self.instance
        point = Point(clinic.latitude, clinic.longitude)
        km = point.km_to(Point(clinic.postcode.latitude, clinic.postcode.longitude))
        if km > NEAR_KM and {"latitude", "longitude", "postcode"} & set(self.changed_data):
            found.append(f"Punktet ligger {km:.0f} km fra {clinic.postcode}. Er både punkt og postnummer rigtige?")
        elif (
            "street" in self.changed_data and clinic.location_source != Clinic.LocationSource.POSTCODE and self.initial
        ):
            found.append("Adressen er ændret. Se efter, om punktet på kortet stadig passer.")
        return found


def in_denmark(point: Point) -> bool:
    """Whether a point lies in Denmark or just off its coast; the Faroes and Greenland have no postcodes here."""
    if not (SOUTH <= point.latitude <= NORTH and WEST <= point.longitude <= EAST):
        return False
    postcodes = Postcode.objects.values_list("latitude", "longitude")
    return any(point.km_to(Point(*one)) <= COAST_KM for one in postcodes)
