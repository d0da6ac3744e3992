"""Which facts a clinic has not stated yet, in the order in which they help patients.

Each fact is written twice, because it is asked in two places: `stated` looks at a clinic with its parts (`clinics.whole`),
and `stated_q` asks the database, so that a list can be filtered. A test holds both against each other. A stated no is as
good as a yes: nobody gets a better profile by offering more.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q

from .models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    HoursKind,
    OpeningHours,
    Photo,
    Practitioner,
    Price,
    Provenance,
)
from .models.offer import Stated

_SECTION = Provenance.Group


@dataclass(frozen=True)
class Fact:
    """`label` ends the sentence "mangler: …"; `why` is for the owner; `share` is in percent of a full profile."""

    key: str
    label: str
    why: str
    share: int
    section: str  # a group of facts, which is a section of the clinic's form
    stated: Callable[[Clinic], bool]
    stated_q: Q


@dataclass(frozen=True)
class Missing:
    """What a clinic has not stated; the fields are `Fact`'s."""

    key: str
    label: str
    why: str
    share: int
    section: str


def missing(clinic: Clinic) -> list[Missing]:
    """What helps patients most first; empty when nothing is missing. No queries for a filled clinic."""
    return [
        Missing(fact.key, fact.label, fact.why, fact.share, fact.section) for fact in FACTS if not fact.stated(clinic)
    ]


def percent(clinic: Clinic) -> int:
    """0 to 100: the shares of what is stated."""
    return 100 - sum(one.share for one in missing(clinic))


def summary(clinic: Clinic, most: int = 2) -> str:
    """`"78 % · mangler: priser uden henvisning, ventetid"`, the `most` important ones."""
    lacking = missing(clinic)
    share = f"{100 - sum(one.share for one in lacking)} %"
    if not lacking:
        return f"{share} · alt er udfyldt"
    more = f" og {len(lacking) - most} mere" if len(lacking) > most else ""
    return f"{share} · mangler: {', '.join(one.label for one in lacking[:most])}{more}"


def _fields(*names: str) -> tuple[Callable[[Clinic], bool], Q]:
    """Whether all of the fields hold something; a no is something, an empty text or an unknown is not."""
    asked = Q()
    for name in names:
        asked &= (
            Q(**{f"{name}__isnull": False}) & ~Q(**{name: ""}) if _is_text(name) else Q(**{f"{name}__isnull": False})
        )
    return lambda clinic: all(getattr(clinic, name) not in (None, "") for name in names), asked


def _is_text(name: str) -> bool:
    return Clinic._meta.get_field(name).get_internal_type() in ("CharField", "TextField")


def _any_row(name: str, model: type[Model], **values: str) -> tuple[Callable[[Clinic], bool], Q]:
    """Whether the clinic has a row of that kind. What is only suggested is no statement."""
    rows = model._base_manager.filter(clinic=OuterRef("pk"), **values)
    if issubclass(model, Stated):
        rows = rows.exclude(basis=Stated.Basis.SUGGESTED)

    def stated(clinic: Clinic) -> bool:
        return any(
            all(getattr(row, field) == value for field, value in values.items())
            and getattr(row, "basis", "") != Stated.Basis.SUGGESTED
            for row in getattr(clinic, name).all()
        )

    return stated, Q(Exists(rows))


def _website() -> tuple[Callable[[Clinic], bool], Q]:
    """Either will do: not every clinic has booking, and a patient finds the one from the other."""
    return lambda clinic: bool(clinic.website or clinic.booking_url), ~Q(website="") | ~Q(booking_url="")


def _point() -> tuple[Callable[[Clinic], bool], Q]:
    """The door itself, not the middle of its street or postcode."""
    exact = Clinic.Precision.ADDRESS
    return lambda clinic: clinic.location_precision == exact, Q(location_precision=exact)


FACTS: tuple[Fact, ...] = tuple(
    Fact(key, label, why, share, section, *how)
    for key, label, why, share, section, how in (
        ("phone", "telefonnummer", "De fleste ringer for at få en tid.", 12, _SECTION.CONTACT, _fields("phone")),
        (
            *("specialities", "specialer", "Patienter søger efter det, der gør ondt."),
            *(12, _SECTION.OFFERS, _any_row("specialities", ClinicSpeciality)),
        ),
        (
            *("price_first", "priser uden henvisning", "Prisen er det, flest vil sammenligne."),
            *(10, _SECTION.PRICES, _any_row("prices", Price, kind="first")),
        ),
        (
            *("price_next", "pris for opfølgende behandling", "Så kan patienten regne ud, hvad et forløb koster."),
            *(6, _SECTION.PRICES, _any_row("prices", Price, kind="follow_up")),
        ),
        (
            *("hours", "åbningstider", "Så kan patienten se, om der er åbent nu eller efter arbejde."),
            *(10, _SECTION.HOURS, _any_row("opening_hours", OpeningHours, kind=HoursKind.TREATMENT)),
        ),
        (
            *("ydernummer", "ydernummer", "Det afgør, om patienten kan få tilskud."),
            *(8, _SECTION.REFERRAL, _fields("has_ydernummer")),
        ),
        ("street", "vej og husnummer", "Så kan patienten finde frem.", 3, _SECTION.CONTACT, _fields("street")),
        (
            *("point", "klinikkens punkt på kortet", "Så passer afstanden, også for den, der går dårligt."),
            *(3, _SECTION.CONTACT, _point()),
        ),
        (
            *(
                "step_free",
                "adgang uden trin",
                "Den, der sidder i kørestol, skal vide det før turen. Et nej hjælper også.",
            ),
            *(5, _SECTION.ACCESS, _fields("step_free")),
        ),
        (
            *("waiting", "ventetid", "Den, der har ondt, vil vide, hvornår der er en tid."),
            *(5, _SECTION.WAITING, _fields("waiting_days")),
        ),
        (
            *("treatments", "behandlingstyper", "Nogle søger efter en bestemt behandling eller et hold."),
            *(3, _SECTION.OFFERS, _any_row("treatments", ClinicTreatment)),
        ),
        (
            *("people", "behandlere", "Patienten vil vide, hvem der tager imod."),
            *(3, _SECTION.PEOPLE, _any_row("practitioners", Practitioner)),
        ),
        ("website", "hjemmeside eller booking", "Så kan man læse mere.", 3, _SECTION.CONTACT, _website()),
        (
            *("home", "behandling hjemme hos patienten", "For den, der ikke kan komme ud."),
            *(2, _SECTION.ACCESS, _fields("home_visits")),
        ),
        ("online", "behandling online", "For den, der ikke kan komme ud.", 1, _SECTION.ACCESS, _fields("online")),
        ("lift", "elevator", "For den, der går dårligt.", 1, _SECTION.ACCESS, _fields("lift")),
        (
            *("toilet", "handicaptoilet", "For den, der sidder i kørestol."),
            *(1, _SECTION.ACCESS, _fields("accessible_toilet")),
        ),
        ("parking", "parkering", "For den, der går dårligt.", 1, _SECTION.ACCESS, _fields("parking")),
        ("loop", "teleslynge", "For den, der bruger høreapparat.", 1, _SECTION.ACCESS, _fields("hearing_loop")),
        (
            *("acute", "akutte tider", "Det spørger mange om i telefonen."),
            *(1, _SECTION.OFFERS, _fields("acute_appointments")),
        ),
        (
            *("plan", "undersøgelse og plan for træning", "Så ved patienten, hvad den første gang går med."),
            *(1, _SECTION.OFFERS, _fields("assessment_plan")),
        ),
        (
            *(
                "free",
                "vederlagsfri fysioterapi",
                "Nogle patienter har ret til gratis behandling. De vil vide, om I giver den.",
            ),
            *(1, _SECTION.REFERRAL, _fields("free_physiotherapy")),
        ),
        (
            *("insurance", "sygeforsikringen “danmark”", "Mange får penge tilbage og ved det ikke."),
            *(1, _SECTION.REFERRAL, _fields("danmark_insurance")),
        ),
        (
            *("languages", "sprog", "For den, der ikke taler dansk så godt."),
            *(1, _SECTION.ACCESS, _fields("languages")),
        ),
        ("about", "tekst om klinikken", "Nogle få ord om, hvem I er.", 1, _SECTION.ANSWERS, _fields("about")),
        (
            *("exercise", "sådan bruger I øvelser", "Et af tre spørgsmål, som mange stiller."),
            *(1, _SECTION.ANSWERS, _fields("approach_exercise")),
        ),
        (
            *("manual", "sådan bruger I manuel behandling", "Et af tre spørgsmål, som mange stiller."),
            *(1, _SECTION.ANSWERS, _fields("approach_manual")),
        ),
        (
            *("follow_up", "sådan følger I op", "Et af tre spørgsmål, som mange stiller."),
            *(1, _SECTION.ANSWERS, _fields("approach_follow_up")),
        ),
        (
            *("photos", "billeder", "Et billede af indgangen gør det lettere at finde frem."),
            *(1, _SECTION.PHOTOS, _any_row("photos", Photo, kind="photo")),
        ),
    )
)
BY_KEY = {fact.key: fact for fact in FACTS}
