import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models

import clinics.models.clinic
import clinics.models.search
from clinics.extensions import NeededExtension


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        NeededExtension("cube"),
        NeededExtension("intarray"),
        NeededExtension("pg_trgm"),
        migrations.CreateModel(
            name="BodyRegion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Bruges i webadressen. Kun små bogstaver, tal og bindestreg.",
                        max_length=120,
                        unique=True,
                        verbose_name="adresse",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="navn")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rettet i administrationen"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="rækkefølge")),
            ],
            options={
                "verbose_name": "kropsdel",
                "verbose_name_plural": "kropsdele",
                "ordering": ["order", "name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Postcode",
            fields=[
                ("code", models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name="postnummer")),
                ("town", models.CharField(max_length=60, verbose_name="by")),
                ("municipality", models.CharField(blank=True, max_length=60, verbose_name="kommune")),
                ("latitude", models.FloatField(verbose_name="breddegrad")),
                ("longitude", models.FloatField(verbose_name="længdegrad")),
                ("land", models.SlugField(max_length=40, verbose_name="landsdel")),
                (
                    "kind",
                    models.CharField(
                        choices=[("area", "område"), ("street", "gade"), ("large_recipient", "stormodtager")],
                        default="area",
                        max_length=16,
                        verbose_name="art",
                    ),
                ),
            ],
            options={
                "verbose_name": "postnummer",
                "verbose_name_plural": "postnumre",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="RedFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=80, unique=True, verbose_name="nøgle")),
                ("group", models.CharField(max_length=60, verbose_name="gruppe")),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("112", "Ring 112"),
                            ("doctor_now", "Ring til læge nu"),
                            ("doctor_soon", "Egen læge i dag eller i morgen"),
                            ("own_doctor", "Egen læge"),
                            ("physio", "Fysioterapeut"),
                        ],
                        max_length=12,
                        verbose_name="hast",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("seek", "søg hjælp"), ("avoid", "undgå")],
                        default="seek",
                        max_length=5,
                        verbose_name="art",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="Fuldender kortets overskrift, fx “pludselig får svært ved at trække vejret”.",
                        verbose_name="tekst",
                    ),
                ),
                (
                    "terms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Viser kortet, når nogen skriver ordene i søgefeltet. Adskil med komma.",
                        size=None,
                        verbose_name="faresignaler i folks egne ord",
                    ),
                ),
                (
                    "sources",
                    models.JSONField(default=list, help_text='Liste af {"title": …, "url": …}.', verbose_name="kilder"),
                ),
                ("reviewed_by", models.CharField(blank=True, max_length=160, verbose_name="fagligt gennemgået af")),
                ("reviewed_at", models.DateField(blank=True, null=True, verbose_name="gennemgået")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="rækkefølge")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rettet i administrationen"
                    ),
                ),
            ],
            options={
                "verbose_name": "rødt flag",
                "verbose_name_plural": "røde flag",
                "ordering": ["order", "key"],
            },
        ),
        migrations.CreateModel(
            name="TreatmentType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Bruges i webadressen. Kun små bogstaver, tal og bindestreg.",
                        max_length=120,
                        unique=True,
                        verbose_name="adresse",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="navn")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rettet i administrationen"
                    ),
                ),
                (
                    "synonyms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Andre ord for det samme, også hverdagsord og almindelige stavefejl. Adskil med komma.",
                        size=None,
                        verbose_name="synonymer",
                    ),
                ),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Ord i en tekst, som tyder på emnet, uden at betyde det samme. Adskil med komma.",
                        size=None,
                        verbose_name="stikord",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="beskrivelse")),
            ],
            options={
                "verbose_name": "behandlingstype",
                "verbose_name_plural": "behandlingstyper",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Bruges i webadressen. Kun små bogstaver, tal og bindestreg.",
                        max_length=120,
                        unique=True,
                        verbose_name="adresse",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="navn")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rettet i administrationen"
                    ),
                ),
                (
                    "synonyms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Andre ord for det samme, også hverdagsord og almindelige stavefejl. Adskil med komma.",
                        size=None,
                        verbose_name="synonymer",
                    ),
                ),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Ord i en tekst, som tyder på emnet, uden at betyde det samme. Adskil med komma.",
                        size=None,
                        verbose_name="stikord",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="beskrivelse")),
                (
                    "care_gate",
                    models.TextField(
                        blank=True,
                        help_text="Står før klinikkerne på alle sider om tilstanden.",
                        verbose_name="betingelse før fysioterapi",
                    ),
                ),
                (
                    "box_title",
                    models.CharField(
                        blank=True,
                        help_text="Tomt felt giver “Find en fysioterapeut”.",
                        max_length=120,
                        verbose_name="overskrift over klinikkerne",
                    ),
                ),
                (
                    "is_generic",
                    models.BooleanField(
                        default=False,
                        help_text="Fx kost, søvn eller anatomi.",
                        verbose_name="generelt emne uden klinikker",
                    ),
                ),
                (
                    "body_region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conditions",
                        to="clinics.bodyregion",
                        verbose_name="kropsdel",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="clinics.condition",
                        verbose_name="lagt sammen med",
                    ),
                ),
                (
                    "red_flags",
                    models.ManyToManyField(
                        blank=True, related_name="conditions", to="clinics.redflag", verbose_name="røde flag"
                    ),
                ),
            ],
            options={
                "verbose_name": "tilstand",
                "verbose_name_plural": "tilstande",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Clinic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="navn")),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="adresse")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "kladde"), ("published", "offentlig"), ("closed", "lukket")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("street", models.CharField(blank=True, max_length=160, verbose_name="vej og husnummer")),
                ("address_extra", models.CharField(blank=True, max_length=120, verbose_name="etage, dør, bygning")),
                ("latitude", models.FloatField(verbose_name="breddegrad")),
                ("longitude", models.FloatField(verbose_name="længdegrad")),
                (
                    "location_source",
                    models.CharField(
                        choices=[
                            ("postcode", "postnummerets punkt"),
                            ("geocoder", "adresseopslag"),
                            ("hand", "sat i hånden"),
                        ],
                        default="postcode",
                        max_length=10,
                        verbose_name="punktets kilde",
                    ),
                ),
                (
                    "location_precision",
                    models.CharField(
                        choices=[("address", "adresse"), ("street", "vej"), ("postcode", "postnummer")],
                        default="postcode",
                        max_length=10,
                        verbose_name="punktets præcision",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, help_text="Med landekode, fx +4586121212.", max_length=20, verbose_name="telefon"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("website", models.URLField(blank=True, verbose_name="hjemmeside")),
                ("booking_url", models.URLField(blank=True, verbose_name="online booking")),
                ("about", models.TextField(blank=True, verbose_name="om klinikken")),
                ("has_ydernummer", models.BooleanField(blank=True, null=True, verbose_name="ydernummer")),
                (
                    "free_physiotherapy",
                    models.BooleanField(blank=True, null=True, verbose_name="vederlagsfri fysioterapi"),
                ),
                ("home_visits", models.BooleanField(blank=True, null=True, verbose_name="hjemmebehandling")),
                ("online", models.BooleanField(blank=True, null=True, verbose_name="onlinekonsultation")),
                ("acute_appointments", models.BooleanField(blank=True, null=True, verbose_name="akutte tider")),
                (
                    "assessment_plan",
                    models.BooleanField(blank=True, null=True, verbose_name="undersøgelse og plan for træning"),
                ),
                ("step_free", models.BooleanField(blank=True, null=True, verbose_name="niveaufri adgang")),
                ("lift", models.BooleanField(blank=True, null=True, verbose_name="elevator")),
                ("accessible_toilet", models.BooleanField(blank=True, null=True, verbose_name="handicaptoilet")),
                ("parking", models.BooleanField(blank=True, null=True, verbose_name="parkering ved døren")),
                ("hearing_loop", models.BooleanField(blank=True, null=True, verbose_name="teleslynge")),
                (
                    "danmark_insurance",
                    models.BooleanField(blank=True, null=True, verbose_name="tilskud fra sygeforsikringen “danmark”"),
                ),
                (
                    "waiting_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ventetid i dage"),
                ),
                ("waiting_stated_on", models.DateField(blank=True, null=True, verbose_name="ventetid oplyst")),
                ("is_example", models.BooleanField(default=False, verbose_name="eksempel (opdigtet klinik)")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("clinic", "klinikken"),
                            ("register", "offentligt register"),
                            ("import", "importeret liste"),
                            ("example", "eksempel"),
                        ],
                        default="register",
                        max_length=10,
                        verbose_name="oplysningernes kilde",
                    ),
                ),
                ("confirmed_at", models.DateField(blank=True, null=True, verbose_name="bekræftet af klinikken")),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=clinics.models.clinic.DanishOrder(django.db.models.functions.text.Lower("name")),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="oprettet"),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="ændret")),
                (
                    "postcode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clinics",
                        to="clinics.postcode",
                        verbose_name="postnummer",
                    ),
                ),
            ],
            options={
                "verbose_name": "klinik",
                "verbose_name_plural": "klinikker",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="bodyregion",
            name="red_flags",
            field=models.ManyToManyField(
                blank=True, related_name="body_regions", to="clinics.redflag", verbose_name="røde flag"
            ),
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="adresse")),
                ("name", models.CharField(max_length=60, verbose_name="navn")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="gælder fra")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="gælder til og med")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="kilde")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="clinics.region",
                        verbose_name="afløses af",
                    ),
                ),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regioner",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="postcode",
            name="regions",
            field=models.ManyToManyField(related_name="postcodes", to="clinics.region", verbose_name="regioner"),
        ),
        migrations.CreateModel(
            name="OutOfHoursService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="navn")),
                (
                    "phone",
                    models.CharField(
                        help_text="Som det tastes, uden mellemrum.", max_length=20, verbose_name="telefon"
                    ),
                ),
                ("hours", models.CharField(blank=True, max_length=160, verbose_name="telefontid")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="gælder fra")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="gælder til og med")),
                ("checked_at", models.DateField(blank=True, null=True, verbose_name="sidst undersøgt")),
                ("verified_at", models.DateField(blank=True, null=True, verbose_name="bekræftet af en person")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="kilde")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rettet i administrationen"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="out_of_hours_services",
                        to="clinics.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "lægevagt",
                "verbose_name_plural": "lægevagter",
                "ordering": ["region__name", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Speciality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Bruges i webadressen. Kun små bogstaver, tal og bindestreg.",
                        max_length=120,
                        unique=True,
                        verbose_name="adresse",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="navn")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="rettet i administrationen"
                    ),
                ),
                (
                    "synonyms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Andre ord for det samme, også hverdagsord og almindelige stavefejl. Adskil med komma.",
                        size=None,
                        verbose_name="synonymer",
                    ),
                ),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Ord i en tekst, som tyder på emnet, uden at betyde det samme. Adskil med komma.",
                        size=None,
                        verbose_name="stikord",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="beskrivelse")),
                (
                    "kind",
                    models.CharField(
                        choices=[("official", "officielt speciale"), ("focus", "fokusområde")],
                        default="focus",
                        max_length=10,
                        verbose_name="art",
                    ),
                ),
                (
                    "care_gate",
                    models.TextField(
                        blank=True,
                        help_text="Står før klinikkerne, fx at lægen først skal have sagt god for genoptræning.",
                        verbose_name="betingelse før fysioterapi",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="clinics.speciality",
                        verbose_name="hører under",
                    ),
                ),
            ],
            options={
                "verbose_name": "speciale",
                "verbose_name_plural": "specialer",
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClinicSpeciality",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("stated", "oplyst af klinikken"),
                            ("documented", "dokumenteret"),
                            ("suggested", "forslag, ikke vist"),
                        ],
                        default="stated",
                        max_length=10,
                        verbose_name="grundlag",
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="dokumentation")),
                ("confirmed_at", models.DateField(blank=True, null=True, verbose_name="bekræftet")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("clinic", "klinikken"),
                            ("register", "offentligt register"),
                            ("import", "importeret liste"),
                            ("example", "eksempel"),
                        ],
                        default="clinic",
                        max_length=10,
                        verbose_name="kilde",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="specialities",
                        to="clinics.clinic",
                        verbose_name="klinik",
                    ),
                ),
                (
                    "speciality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clinics",
                        to="clinics.speciality",
                        verbose_name="speciale",
                    ),
                ),
            ],
            options={
                "verbose_name": "klinikkens speciale",
                "verbose_name_plural": "klinikkens specialer",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("number", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("state", "State"),
                            ("facet", "Facet"),
                            ("land", "Land"),
                            ("region", "Region"),
                            ("speciality", "Speciality"),
                            ("treatment", "Treatment"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="tag_once")],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "første konsultation"),
                            ("follow_up", "opfølgende behandling"),
                            ("group", "holdtræning"),
                            ("surcharge", "tillæg"),
                            ("package", "pakke"),
                        ],
                        max_length=10,
                        verbose_name="ydelse",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Uden henvisning, med alle tillæg.",
                        max_digits=8,
                        verbose_name="beløb i kr.",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutter")),
                (
                    "sessions",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Kun for pakker og hold.", null=True, verbose_name="antal gange"
                    ),
                ),
                ("terms", models.CharField(blank=True, max_length=300, verbose_name="betingelser")),
                ("confirmed_at", models.DateField(blank=True, null=True, verbose_name="bekræftet")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("clinic", "klinikken"),
                            ("register", "offentligt register"),
                            ("import", "importeret liste"),
                            ("example", "eksempel"),
                        ],
                        default="clinic",
                        max_length=10,
                        verbose_name="kilde",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="clinics.clinic",
                        verbose_name="klinik",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinics.treatmenttype",
                        verbose_name="behandlingstype",
                    ),
                ),
            ],
            options={
                "verbose_name": "pris",
                "verbose_name_plural": "priser",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ConditionMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        choices=[(3, "3 – primær"), (2, "2 – beslægtet"), (1, "1 – svag")],
                        default=2,
                        verbose_name="vægt",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("editor", "redaktør"), ("suggested", "forslag")],
                        default="editor",
                        max_length=10,
                        verbose_name="kilde",
                    ),
                ),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="clinics.condition",
                        verbose_name="tilstand",
                    ),
                ),
                (
                    "speciality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="clinics.speciality",
                        verbose_name="speciale",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="clinics.treatmenttype",
                        verbose_name="behandlingstype",
                    ),
                ),
            ],
            options={
                "verbose_name": "match",
                "verbose_name_plural": "match",
                "ordering": ["-weight", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ClinicTreatment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("stated", "oplyst af klinikken"),
                            ("documented", "dokumenteret"),
                            ("suggested", "forslag, ikke vist"),
                        ],
                        default="stated",
                        max_length=10,
                        verbose_name="grundlag",
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="dokumentation")),
                ("confirmed_at", models.DateField(blank=True, null=True, verbose_name="bekræftet")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("clinic", "klinikken"),
                            ("register", "offentligt register"),
                            ("import", "importeret liste"),
                            ("example", "eksempel"),
                        ],
                        default="clinic",
                        max_length=10,
                        verbose_name="kilde",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("individual", "individuelt"),
                            ("group", "på hold"),
                            ("home", "hjemme hos dig"),
                            ("online", "online"),
                        ],
                        default="individual",
                        max_length=10,
                        verbose_name="form",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="treatments",
                        to="clinics.clinic",
                        verbose_name="klinik",
                    ),
                ),
                (
                    "group_topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="clinics.speciality",
                        verbose_name="holdets emne",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clinics",
                        to="clinics.treatmenttype",
                        verbose_name="behandlingstype",
                    ),
                ),
            ],
            options={
                "verbose_name": "klinikkens behandling",
                "verbose_name_plural": "klinikkens behandlinger",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "clinic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="clinics.clinic",
                    ),
                ),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                (
                    "loc",
                    models.GeneratedField(
                        db_persist=True,
                        expression=clinics.models.search.UnitSphere(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.math.Cos(
                                    django.db.models.functions.math.Radians("latitude")
                                ),
                                "*",
                                django.db.models.functions.math.Cos(
                                    django.db.models.functions.math.Radians("longitude")
                                ),
                            ),
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.math.Cos(
                                    django.db.models.functions.math.Radians("latitude")
                                ),
                                "*",
                                django.db.models.functions.math.Sin(
                                    django.db.models.functions.math.Radians("longitude")
                                ),
                            ),
                            django.db.models.functions.math.Sin(django.db.models.functions.math.Radians("latitude")),
                        ),
                        output_field=clinics.models.search.CubeField(),
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("price", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("rating", models.FloatField(null=True)),
                ("review_count", models.PositiveIntegerField(default=0)),
                ("waiting_days", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["loc", "tags"],
                        name="entry_loc_tags_gist",
                        opclasses=["gist_cube_ops", "gist__intbig_ops(siglen=16)"],
                    ),
                    models.Index(
                        models.OrderBy(models.F("rating"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("review_count"), descending=True),
                        models.F("clinic"),
                        name="entry_rating",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.IsNull(clinics.models.search.NullPosition("tags"), True),
                        name="entry_tags_no_null",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="adresse")),
                ("name", models.CharField(max_length=80, verbose_name="navn")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "hel by"),
                            ("district", "bydel"),
                            ("town", "postby"),
                            ("island", "ø"),
                            ("region", "region"),
                            ("country", "land"),
                        ],
                        max_length=10,
                        verbose_name="art",
                    ),
                ),
                (
                    "preposition",
                    models.CharField(
                        choices=[("i", "i"), ("på", "på")], default="i", max_length=2, verbose_name="forholdsord"
                    ),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="andre navne",
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, editable=False, size=None
                    ),
                ),
                ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="indbyggere")),
                ("latitude", models.FloatField(verbose_name="breddegrad")),
                ("longitude", models.FloatField(verbose_name="længdegrad")),
                ("land", models.SlugField(max_length=40, verbose_name="landsdel")),
                (
                    "postcodes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), default=list, size=None, verbose_name="postnumre"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="clinics.place",
                        verbose_name="ligger i",
                    ),
                ),
            ],
            options={
                "verbose_name": "sted",
                "verbose_name_plural": "steder",
                "ordering": ["name"],
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="place_keys_gin")],
            },
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                name="clinic_point_on_earth",
                violation_error_message="Punktet ligger ikke på jorden: breddegrad -90 til 90, længdegrad -180 til 180.",
            ),
        ),
        migrations.AddConstraint(
            model_name="clinicspeciality",
            constraint=models.UniqueConstraint(fields=("clinic", "speciality"), name="clinic_speciality_once"),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)),
                name="price_not_negative",
                violation_error_message="En pris kan ikke være negativ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="conditionmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("speciality__isnull", True), ("treatment__isnull", True), _connector="XOR"),
                name="match_has_one_target",
                violation_error_message="Vælg enten et speciale eller en behandlingstype.",
            ),
        ),
        migrations.AddConstraint(
            model_name="conditionmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__range", (1, 3))), name="match_weight_1_to_3"
            ),
        ),
        migrations.AddConstraint(
            model_name="conditionmatch",
            constraint=models.UniqueConstraint(fields=("condition", "speciality"), name="match_speciality_once"),
        ),
        migrations.AddConstraint(
            model_name="conditionmatch",
            constraint=models.UniqueConstraint(fields=("condition", "treatment"), name="match_treatment_once"),
        ),
        migrations.AddConstraint(
            model_name="clinictreatment",
            constraint=models.UniqueConstraint(
                fields=("clinic", "treatment", "format", "group_topic"),
                name="clinic_treatment_once",
                nulls_distinct=False,
            ),
        ),
    ]
