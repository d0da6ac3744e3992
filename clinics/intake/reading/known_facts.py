"""The facts a list may state: their headings in the template, the other words for them, and how a cell is read."""

from collections.abc import Callable
from dataclasses import dataclass

from . import values
from .values import Told

Parser = Callable[[str], Told]


@dataclass(frozen=True)
class Fact:
    """`label` as on the clinic's page. `heading` in the template and in mapping files. `parser`: None for what is read together
    with other cells (`parsing`). `example` "": made up, it might be somebody's, or the fact need not stand in the template.
    `join`: what stands between several columns that a mapping file gives one fact; "": the first that says something counts.
    """

    label: str
    heading: str
    explained: str = ""
    example: str = ""
    synonyms: tuple[str, ...] = ()
    parser: Parser | None = None
    join: str = ""


_YES_NO = "Ja eller nej. Tom: ikke oplyst."
_DAY = "Fx 8-17 eller 8-12, 13-17. Tom eller lukket: lukket. Er hele ugen tom, er tiderne ikke oplyst."

FACTS: dict[str, Fact] = {
    "external_id": Fact(
        "Id i listen", "id", "Rækkens eget nummer eller navn i listen, så samme klinik kendes igen næste gang.", "EKSEMPEL-1",
        ("idnr", "kliniknr", "klinik id"),
    ),
    "name": Fact(
        "Navn", "navn", "Klinikkens navn. Skal udfyldes.", "Eksempelklinikken Fysioterapi",
        ("kliniknavn", "klinik", "lokation", "enhedsnavn", "virksomhedsnavn", "name"), join=" ",
    ),
    "address": Fact(
        "Adresse", "adresse", "Vej og husnummer. Etage, postnummer og by må gerne stå her også.", "Nørregade 5, 2. tv.",
        ("vej og husnummer", "gade", "vej", "vejnavn", "gadenavn", "besøgsadresse", "address"), join=" ",
    ),
    "address_extra": Fact(
        "Etage, dør, bygning", "etage", "Etage, dør eller bygning, hvis det ikke står i adressen.", "indgang fra gården",
        ("etage dør bygning", "etage dør", "adresse2", "bygning", "c/o"), join=", ",
    ),
    "postcode_id": Fact(
        "Postnummer", "postnr", "Fire cifre. Skal udfyldes.", "8000",
        ("postnummer", "postkode", "post nr", "zip"),
    ),
    "town": Fact("By", "by", "Byen, der hører til postnummeret.", "Aarhus C", ("bynavn", "postdistrikt", "city")),
    "latitude": Fact("Breddegrad", "breddegrad", "Grader (WGS 84), hvis kilden har dem.", "56,1572", ("latitude", "lat")),
    "longitude": Fact(
        "Længdegrad", "længdegrad", "Grader (WGS 84), hvis kilden har dem.", "10,2107",
        ("longitude", "lon", "lng", "long"),
    ),
    "phone": Fact(
        "Telefon", "telefon", "Med eller uden mellemrum og landekode.", "86 12 12 12",
        ("tlf", "tlf nr", "tlfnr", "telefonnr", "telefonnummer", "mobil", "phone"), values.phone,
    ),
    "email": Fact(
        "E-mail", "email", "Klinikkens e-mail. Vises for patienter.", "",
        ("e-mail", "mail", "e-mailadresse", "emailadresse"), values.email,
    ),
    "website": Fact(
        "Hjemmeside", "hjemmeside", "Klinikkens egen side.", "",
        ("website", "web", "url", "www", "hjemmesideadresse"), values.website,
    ),
    "booking_url": Fact(
        "Online booking", "booking", "Siden, hvor man selv bestiller tid.", "",
        ("online booking", "tidsbestilling", "bookinglink"), values.website,
    ),
    "price_first": Fact(
        "Første konsultation", "pris_første", "Kroner uden henvisning, med alle tillæg. Flere priser: den højeste.", "506,72",
        ("førstekons", "første konsultation", "første konsult", "førstegang", "pris første konsultation"), values.price,
    ),
    "price_follow_up": Fact(
        "Opfølgende behandling", "pris_opfølgning", "Kroner uden henvisning, med alle tillæg.", "367,50",
        ("opfølgning", "opfølgende", "opfølgende behandling", "opfølgende konsultation", "pris opfølgende behandling"),
        values.price,
    ),
    **{
        day: Fact(word.capitalize(), word, _DAY, example, (word[:3], f"åbningstid {word}", f"åbningstider {word}"))
        for day, word, example in (
            ("monday", "mandag", "8-17"), ("tuesday", "tirsdag", "8-17"), ("wednesday", "onsdag", "8-12, 13-19"),
            ("thursday", "torsdag", "8-17"), ("friday", "fredag", "8-15.30"), ("saturday", "lørdag", "lukket"),
            ("sunday", "søndag", "lukket"),
        )
    },
    "opening_hours": Fact(
        "Åbningstider", "åbningstider", "Hele ugen i én celle, fx man-fre 8-17, lør 9-12.", "",
        ("åbningstid", "opening hours"), join="; ",
    ),
    "waiting_days": Fact(
        "Ventetid i dage", "ventetid", "Dage til den første tid for en ny patient.", "5",
        ("ventetid i dage", "ventedage"), values.waiting_days,
    ),
    "has_ydernummer": Fact(
        "Ydernummer", "ydernummer", f"{_YES_NO} Et nummer betyder ja.", "ja",
        ("ydernr", "har ydernummer"), values.ydernummer,
    ),
    "free_physiotherapy": Fact(
        "Vederlagsfri fysioterapi", "vederlagsfri", _YES_NO, "ja",
        ("vederlagsfri fysioterapi",), values.yes_no,
    ),
    "home_visits": Fact(
        "Behandling hjemme", "hjemmebehandling", _YES_NO, "nej",
        ("hjemmebesøg", "behandling hjemme"), values.yes_no,
    ),
    "online": Fact(
        "Onlinekonsultation", "online", _YES_NO, "ja",
        ("onlinekonsultation", "videokonsultation", "video"), values.yes_no,
    ),
    "acute_appointments": Fact(
        "Akutte tider", "akutte_tider", _YES_NO, "ja",
        ("akut tid", "akuttid", "akut"), values.yes_no,
    ),
    "assessment_plan": Fact(
        "Undersøgelse og plan for træning", "undersøgelse_og_plan", _YES_NO, "ja",
        ("undersøgelse", "træningsplan"), values.yes_no,
    ),
    "step_free": Fact(
        "Niveaufri adgang", "niveaufri_adgang", f"{_YES_NO} “Delvis” tages ikke med.", "ja",
        ("handicapadgang", "niveaufri", "handicap adgang", "handicapvenlig", "kørestol", "kørestolsadgang"), values.step_free,
    ),
    "lift": Fact("Elevator", "elevator", _YES_NO, "ja", ("lift",), values.yes_no),
    "accessible_toilet": Fact("Handicaptoilet", "handicaptoilet", _YES_NO, "nej", ("handicap toilet",), values.yes_no),
    "parking": Fact(
        "Parkering ved døren", "parkering", _YES_NO, "ja",
        ("p-plads", "handicapparkering", "parkering ved døren"), values.yes_no,
    ),
    "hearing_loop": Fact("Teleslynge", "teleslynge", _YES_NO, "nej", ("teleslyngeanlæg",), values.yes_no),
    "danmark_insurance": Fact(
        "Tilskud fra “danmark”", "sygeforsikring_danmark", _YES_NO, "ja",
        ("danmark", "sygesikringen danmark"), values.yes_no,
    ),
    "languages": Fact(
        "Sprog", "sprog", "Sprog, man kan blive behandlet på, med komma imellem.", "dansk, engelsk",
        ("talte sprog", "languages"), values.languages, ", ",
    ),
    "cvr": Fact(
        "CVR-nummer", "cvr", "8 cifre. Vises ikke for patienter.", "",
        ("cvr nr", "cvrnr", "cvr nummer"), values.cvr,
    ),
    "p_number": Fact(
        "P-nummer", "p_nummer", "10 cifre. Vises ikke for patienter.", "",
        ("p nr", "pnr", "produktionsenhedsnummer"), values.p_number,
    ),
    "sor_id": Fact(
        "SOR-nummer", "sor", "Nummeret i Sundhedsvæsenets Organisationsregister.", "",
        ("sor id", "sor kode", "sor nummer", "sornr"), values.sor_id,
    ),
    "osm_id": Fact("Id i OpenStreetMap", "osm_id", "Fx node/4711.", "", ("osm",), values.osm_id),
    "practitioners": Fact(
        "Behandlere", "behandlere", "Navne med komma imellem. Bruges kun til forslag om specialer og vises ikke.",
        "Karen Eksempel, Jens Prøve", ("behandler", "fysioterapeut", "fysioterapeuter", "ansatte"), values.practitioners, "\n",
    ),
    "text": Fact(
        "Tekst fra hjemmesiden", "hjemmesidetekst", "Højst 5.000 tegn. Bruges kun til forslag om specialer og vises ikke.",
        "Vi hjælper især med knæ og skulder.", ("beskrivelse", "om klinikken", "tekst", "description"), values.text, "\n",
    ),
}  # fmt: skip
