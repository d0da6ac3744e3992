"""Invented clinics: where they are, what they treat, what they ask for it."""

import datetime
import math
import random
from collections.abc import Iterable
from functools import cache
from itertools import accumulate

from clinics.clock import now, today
from clinics.copying import Row, copy_values, next_keys
from clinics.facets import FACETS
from clinics.models import Clinic, ClinicSpeciality, ClinicTreatment, Postcode, Price, Speciality, TreatmentType
from clinics.models.clinic import Source
from clinics.text import slugify_da

from .facts import Facts
from .inhabitants import inhabitants
from .reviews import Reviewer

SEED = 20261121
NAMES = [
    "Blåregn", "Havtorn", "Solsort", "Bøgeblad", "Kløvereng", "Morgendis", "Lærkefryd", "Skovmærke", "Fjordlys",
    "Anemone", "Engblomme", "Vindrosen", "Rugmarken", "Hyldeblomst", "Strandsneppen", "Kaprifol", "Lyngbakken",
    "Måneskin", "Sommerfugl", "Egekrat", "Muslingen", "Viben", "Pilehegn", "Brombær", "Stormsvalen", "Perlegræs",
    "Bølgen", "Nordstjernen",
]  # fmt: skip
PATTERNS = (
    "{name} Fysioterapi",
    "Fysioterapien {name}",
    "Klinik {name}",
    "{name} Fys og Træning",
    "Fysioterapihuset {name}",
    "{name} Bevægelse",
)
CHAIN = "Fysioterapikæden Eksempel"
STREETS = ("Eksempelvej", "Eksempelgade", "Eksempel Allé", "Eksempeltorvet", "Eksempelstræde", "Eksempelparken")
# Places without any clinic, so that a search there has to widen, also across water.
GAPS = frozenset({"4970", "4983", "6720", "7790", "8305", "8592", "9492", "9940"})
ABOUT = (
    "Vi er en opdigtet klinik, som viser, hvordan en udfyldt profil kan se ud. "
    "Vi undersøger dig, lægger en plan sammen med dig og følger op.",
    "Eksempel på en klinik med både individuel behandling og hold. "
    "Teksten er skrevet til afprøvning og beskriver ingen virkelig klinik.",
    "En opdigtet klinik i rolige lokaler. "
    "Her ville klinikken selv fortælle, hvad den lægger vægt på, og hvem den især hjælper.",
)
COMMON = ("ryg-og-nakke", "skulder", "knae", "sport-og-loeb", "muskuloskeletal-fysioterapi")


class Maker:
    """Draws clinics one after the other from one seeded generator, so that the same call gives the same clinics."""

    def __init__(self) -> None:
        self.random = random.Random(SEED)
        specialities = list(Speciality.objects.order_by("slug"))
        treatments = list(TreatmentType.objects.order_by("slug"))
        self.postcodes = [
            p
            for p in Postcode.objects.order_by("code")
            if p.kind != Postcode.Kind.LARGE_RECIPIENT and p.code not in GAPS
        ]
        if not (specialities and treatments and self.postcodes):
            raise ValueError(
                "load the vocabulary and the places first: manage.py load_vocabulary, manage.py load_places"
            )
        weights = inhabitants(self.postcodes)
        # Summed up once: to do so for every clinic takes longer than to draw all the rest of it.
        self.weights = list(accumulate(weights[p.code] for p in self.postcodes))
        self.specialities = [(s.pk, s.kind == Speciality.Kind.OFFICIAL) for s in specialities]
        self.speciality_weights = list(accumulate(6.0 if s.slug in COMMON else 1.0 for s in specialities))
        self.towns = {p.code: p.town for p in self.postcodes}
        self.treatments = [(t.pk, _format(t)) for t in treatments]
        self.today = today()
        self.facts = Facts(random.Random(SEED + 1), self.today)
        self.reviews = Reviewer(now())
        self.slugs: set[str] = set()
        self.last: Row = {}

    def make(self, numbers: range, count: int) -> None:
        clinics = [self._clinic(number, count) for number in numbers]
        for clinic, pk in zip(clinics, next_keys(Clinic, len(clinics)), strict=True):
            clinic["id"] = pk
        copy_values(Clinic, clinics)
        specialities: list[Row] = []
        treatments: list[Row] = []
        prices: list[Row] = []
        for number, clinic in zip(numbers, clinics, strict=True):
            self.reviews.add(clinic["id"], number)
            if number % 3 == 2:
                continue  # a third has name, address and phone only
            full = number % 3 == 0
            said = {"clinic_id": clinic["id"], "confirmed_at": clinic["confirmed_at"], "source": Source.EXAMPLE}
            stated = self._specialities(number, full)
            specialities += [said | {"speciality_id": one} for one, _ in stated]
            treatments += [said | {"treatment_id": one, "format": form} for one, form in self._treatments(number, full)]
            prices += (asked := [said | price for price in self._prices(full)])
            self.facts.add(said, number, full, stated, [price["amount"] for price in asked])
        copy_values(ClinicSpeciality, specialities)
        copy_values(ClinicTreatment, treatments)
        copy_values(Price, prices)
        self.facts.store()

    def _clinic(self, number: int, count: int) -> Row:
        draw = self.random
        postcode = draw.choices(self.postcodes, cum_weights=self.weights)[0]
        # Within about 700 m of the postcode's point, so that two clinics of a postcode are told apart.
        away, angle = draw.uniform(0.05, 0.7) / 111.2, draw.uniform(0, 2 * math.pi)
        clinic: Row = {
            "name": draw.choice(PATTERNS).format(name=draw.choice(NAMES)),
            "status": Clinic.Status.CLOSED if number == count // 2 else Clinic.Status.PUBLISHED,
            "street": f"{draw.choice(STREETS)} {draw.randint(1, 99)}{draw.choice(['', '', '', 'A', 'B'])}",
            "postcode_id": postcode.code,
            "latitude": round(postcode.latitude + away * math.cos(angle), 6),
            "longitude": round(
                postcode.longitude + away * math.sin(angle) / math.cos(math.radians(postcode.latitude)), 6
            ),
            "location_source": Clinic.LocationSource.HAND,
            "location_precision": Clinic.Precision.ADDRESS,
            "phone": f"+4500{number % 1_000_000:06}",
            "is_example": True,
            "source": Source.EXAMPLE,
        }
        if number % 50 == 7:
            clinic["name"] = CHAIN
        if number % 60 == 11 and self.last:  # two clinics at one address
            clinic |= {name: self.last[name] for name in ("street", "postcode_id", "latitude", "longitude")}
            clinic["address_extra"] = "1. sal"
        elif number % 9 == 5:  # no address was found: the postcode's own point
            clinic |= {
                "latitude": postcode.latitude,
                "longitude": postcode.longitude,
                "location_source": Clinic.LocationSource.POSTCODE,
                "location_precision": Clinic.Precision.POSTCODE,
            }
        if number % 3 != 2:
            self._facts(clinic, number)
        clinic["slug"] = self._slug(clinic, number)
        self.last = clinic
        return clinic

    def _facts(self, clinic: Row, number: int) -> None:
        draw, full = self.random, number % 3 == 0
        # Half-filled profiles leave most facts open: unknown must be as common here as in real lists.
        answers = [True, True, False, None] if full else [True, None, None, None]
        for facet in FACETS.values():
            clinic[facet.field] = draw.choice(answers)
        if clinic["has_ydernummer"] is False and clinic["free_physiotherapy"]:
            clinic["free_physiotherapy"] = False  # it takes an agreement with the region
        # Every tenth was last confirmed more than a year ago.
        age = draw.randint(380, 900) if number % 10 == 4 else draw.randint(2, 200)
        clinic["confirmed_at"] = self.today - datetime.timedelta(days=age) if full or number % 2 else None
        if full:
            clinic["about"] = draw.choice(ABOUT)
            clinic["email"] = f"klinik{number}@example.org"
            clinic["website"] = f"https://klinik{number}.example.org/"
            clinic["waiting_days"] = draw.choice([0, 1, 2, 3, 5, 7, 10, 14, 21, None])
            if clinic["waiting_days"] is not None:
                clinic["waiting_stated_on"] = self.today - datetime.timedelta(days=draw.randint(1, 30))
        self.facts.describe(clinic, number, full)

    def _slug(self, clinic: Row, number: int) -> str:
        slug = f"{_slugged(clinic['name'])}-{_slugged(self.towns[clinic['postcode_id']])}"[:100]
        if slug in self.slugs:
            slug = f"{slug}-{number}"
        self.slugs.add(slug)
        return slug

    def _specialities(self, number: int, full: bool) -> list[tuple[int, bool]]:
        """Keys, and whether the speciality is an official one."""
        # One in turn, so that every speciality has clinics, and some by chance, the common ones more often.
        turn = self.specialities[(number // 3) % len(self.specialities)]
        drawn = self.random.choices(self.specialities, cum_weights=self.speciality_weights, k=5 if full else 2)
        return list(dict.fromkeys([turn, *drawn]))

    def _treatments(self, number: int, full: bool) -> Iterable[tuple[int, str]]:
        """Keys and forms."""
        turn = self.treatments[(number // 3) % len(self.treatments)]
        return dict.fromkeys([turn, *self.random.sample(self.treatments, 6 if full else 1)])

    def _prices(self, full: bool) -> list[Row]:
        if not full and self.random.random() < 0.6:
            return []
        first = self.random.randrange(420, 760, 10)
        prices: list[Row] = [
            {"kind": Price.Kind.FIRST, "amount": first, "minutes": self.random.choice([40, 45, 60])},
        ]
        if full:
            again = first - self.random.randrange(80, 160, 10)
            prices.append({"kind": Price.Kind.FOLLOW_UP, "amount": again, "minutes": 30})
        return prices


_slugged = cache(slugify_da)  # of some hundred names and towns


def _format(treatment: TreatmentType) -> str:
    in_groups = treatment.slug.startswith(("holdtraening", "gla-d"))
    return ClinicTreatment.Format.GROUP if in_groups else ClinicTreatment.Format.INDIVIDUAL
