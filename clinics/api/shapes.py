"""What `/api/v1/clinics/<slug>/` looks like, for the schema: the shapes of what `clinic_facts` makes."""

from rest_framework import serializers

from clinics.models import Clinic, ClinicTreatment, HoursKind, Photo, Practitioner, Price, Provenance, Tariff
from clinics.models.clinic import Source
from clinics.models.offer import Stated

from .clinic_facts import ACCESS, APPROACH, OF_CLINIC, OFFERED, PAID
from .clinics import RATING, OpenStateSerializer, TermSerializer


def text() -> serializers.CharField:
    return serializers.CharField(allow_null=True)


def fact() -> serializers.BooleanField:
    return serializers.BooleanField(allow_null=True)


def day() -> serializers.DateField:
    return serializers.DateField(allow_null=True)


def shape(ref: str, /, **fields: serializers.Field) -> type[serializers.Serializer]:
    """A serializer of these fields, which the schema calls by that name."""
    meta = type("Meta", (), {"ref_name": ref})
    return type(ref, (serializers.Serializer,), fields | {"Meta": meta})


Code = shape("Code", code=serializers.CharField(), name=serializers.CharField())
Approach = shape("Approach", **{name: text() for name in APPROACH})
Access = shape("Access", **{name: fact() for name in ACCESS}, note=text())
Waiting = shape(
    "Waiting",
    days=serializers.IntegerField(),
    stated_on=day(),
    is_current=serializers.BooleanField(help_text="Oplyst de seneste 60 dage; ellers tæller den ikke i søgningen."),
)
Hours = shape(
    "OpeningHours",
    kind=serializers.ChoiceField(HoursKind.values),
    weekday=serializers.IntegerField(min_value=1, max_value=7, help_text="1 er mandag."),
    opens=serializers.CharField(help_text="TT:MM, dansk tid."),
    closes=serializers.CharField(help_text="På eller før opens: næste morgen."),
)
Exceptions = shape(
    "OpeningException",
    kind=serializers.ChoiceField(HoursKind.values),
    first_day=serializers.DateField(),
    last_day=serializers.DateField(),
    opens=serializers.CharField(allow_null=True, help_text="null er lukket hele dagen."),
    closes=text(),
    note=text(),
)
PriceShape = shape(
    "Price",
    kind=serializers.ChoiceField(Price.Kind.values),
    treatment=TermSerializer(allow_null=True),
    amount=serializers.FloatField(help_text="Kr. uden henvisning, med alle tillæg."),
    minutes=serializers.IntegerField(allow_null=True),
    sessions=serializers.IntegerField(allow_null=True),
    valid_months=serializers.IntegerField(allow_null=True),
    refundable=fact(),
    terms=text(),
    confirmed_at=day(),
    source=serializers.ChoiceField(Source.values),
)
Share = shape("Share", service=serializers.ChoiceField(Tariff.Service.values), amount=serializers.FloatField())
WithReferral = shape(
    "WithReferral",
    covered=serializers.BooleanField(allow_null=True, help_text="Om klinikken har ydernummer."),
    shares=Share(many=True, help_text="Patientens andel i dag, ens hos alle klinikker med ydernummer."),
    text=text(),
)


def stated() -> dict[str, serializers.Field]:
    return {
        "basis": serializers.ChoiceField([Stated.Basis.STATED.value, Stated.Basis.DOCUMENTED.value]),
        "grade": serializers.ChoiceField(Stated.Grade.values, allow_null=True),
        "evidence": text(),
        "person": serializers.CharField(allow_null=True, help_text="null er klinikken som helhed."),
        "confirmed_at": day(),
        "source": serializers.ChoiceField(Source.values),
    }


StatedSpeciality = shape(
    "StatedSpeciality",
    slug=serializers.SlugField(),
    name=serializers.CharField(),
    is_official=serializers.BooleanField(
        help_text="Et dokumenteret officielt speciale; alt andet er klinikkens egne ord."
    ),
    care_gate=text(),
    **stated(),
)
StatedTreatment = shape(
    "StatedTreatment",
    slug=serializers.SlugField(),
    name=serializers.CharField(),
    format=serializers.ChoiceField(ClinicTreatment.Format.values),
    group_topic=TermSerializer(allow_null=True),
    **stated(),
)
PersonShape = shape(
    "Person",
    name=serializers.CharField(),
    role=serializers.CharField(),
    profession=serializers.ChoiceField(Practitioner.Profession.values),
    languages=Code(many=True, allow_null=True),
    authorisation_checked_on=day(),
    is_restricted=serializers.BooleanField(
        allow_null=True, help_text="Under skærpet tilsyn eller med begrænset autorisation: skal oplyses."
    ),
    confirmed_at=day(),
    source=serializers.ChoiceField(Source.values),
)
PhotoShape = shape(
    "Photo",
    kind=serializers.ChoiceField(Photo.Kind.values),
    url=serializers.URLField(),
    alt=serializers.CharField(),
    credit=text(),
)
SourceShape = shape(
    "SourceOfFacts",
    source=serializers.ChoiceField(Source.values),
    text=serializers.CharField(),
    stated_on=day(),
    is_stale=serializers.BooleanField(help_text="Over et år gammel."),
)
Sources = shape("Sources", **{group: SourceShape() for group in Provenance.Group.values})
ClinicShape = shape(
    "Clinic",
    slug=serializers.SlugField(),
    name=serializers.CharField(),
    url=serializers.URLField(),
    is_example=serializers.BooleanField(help_text="Klinikken er opdigtet."),
    confirmed_at=day(),
    address=text(),
    address_extra=text(),
    postcode=serializers.CharField(),
    town=serializers.CharField(),
    latitude=serializers.FloatField(),
    longitude=serializers.FloatField(),
    location_precision=serializers.ChoiceField(Clinic.Precision.values),
    **{name: text() for name in OF_CLINIC},
    **{name: fact() for name in (*PAID, *OFFERED)},
    approach=Approach(),
    access=Access(),
    languages=Code(many=True, allow_null=True),
    insurers=Code(many=True, allow_null=True),
    waiting=Waiting(allow_null=True),
    open_state=OpenStateSerializer(),
    closed_on_holidays=fact(),
    opening_hours=Hours(many=True),
    opening_exceptions=Exceptions(many=True, help_text="Kommende dage, der er anderledes."),
    prices=PriceShape(many=True),
    with_referral=WithReferral(),
    specialities=StatedSpeciality(many=True),
    treatments=StatedTreatment(many=True),
    people=PersonShape(many=True),
    photos=PhotoShape(many=True),
    sources=Sources(help_text="Hvem der har oplyst hvad, og hvornår."),
    rating=serializers.FloatField(allow_null=True, help_text=RATING),
    review_count=serializers.IntegerField(help_text="Bekræftede besøg, som gennemsnittet er lavet af."),
)
