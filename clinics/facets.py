"""The yes-or-no facts of a clinic that people search and filter by, and the words they use for them.

Each is a field of `Clinic` with three states; only a stated yes is found. Home treatment, online consultation and
treatment free of charge are facts here and not treatment types, so that each has one place. Group training is a
treatment type (`holdtraening`), and `ClinicTreatment.format` says which treatments are given in groups.
To add one: a field on `Clinic`, a row here, `manage.py rebuild_search_index`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facet:
    """`key` stands in the search index and never changes; `field` is the field of `Clinic`; `label` is Danish."""

    key: str
    label: str
    field: str
    synonyms: tuple[str, ...] = ()


def _facet(field: str, label: str, *synonyms: str) -> Facet:
    return Facet(key=field, label=label, field=field, synonyms=synonyms)


FACETS: dict[str, Facet] = {
    facet.key: facet
    for facet in (
        _facet(
            "has_ydernummer",
            "Ydernummer",
            "yder nummer",
            "med ydernummer",
            "overenskomst",
            "med tilskud",
            "offentligt tilskud",
            "tilskud fra regionen",
            "sygesikring",
            "sygesikringen",
            "med henvisning",
        ),
        _facet(
            "free_physiotherapy",
            "Vederlagsfri fysioterapi",
            "vederlagsfri",
            "vederlagsfrit",
            "gratis fysioterapi",
            "gratis fysioterapeut",
            "gratis behandling",
            "vederlagsfri behandling",
        ),
        _facet(
            "home_visits",
            "Behandling hjemme hos dig",
            "hjemmebehandling",
            "hjemmebesøg",
            "behandling i hjemmet",
            "behandling hjemme",
            "fysioterapi i hjemmet",
            "fysioterapeut i hjemmet",
            "fysioterapeut der kommer hjem",
            "udkørende fysioterapeut",
            "mobil fysioterapeut",
            "kommer hjem til dig",
        ),
        _facet(
            "online",
            "Behandling online",
            "onlinekonsultation",
            "online",
            "online konsultation",
            "online fysioterapi",
            "online fysioterapeut",
            "online behandling",
            "videokonsultation",
            "video konsultation",
            "over video",
        ),
        _facet(
            "acute_appointments",
            "Akutte tider",
            "akut tid",
            "akuttid",
            "akuttider",
            "hurtig tid",
            "hurtig vurdering",
            "hurtig undersøgelse",
            "tid i dag",
            "tid samme dag",
            "samme dag",
            "akut fysioterapeut",
            "akut fysioterapi",
            "akut behandling",
            "tid hurtigt",
            "kort ventetid",
        ),
        _facet(
            "assessment_plan",
            "Undersøgelse og plan for træning",
            "undersøgelse og plan for optræning",
            "undersøgelse og plan",
            "plan for træning",
            "plan for optræning",
            "plan for genoptræning",
            "undersøgelse og træningsplan",
            "træningsplan",
            "optræningsplan",
        ),
        _facet(
            "step_free",
            "Adgang uden trin",
            "niveaufri adgang",
            "uden trapper",
            "ingen trapper",
            "kørestolsadgang",
            "kørestol",
            "kørestolsvenlig",
            "adgang for kørestol",
            "handicapvenlig",
            "handicapadgang",
            "rampe",
            "stueplan",
            "niveaufri",
            "adgang uden trin",
        ),
        _facet("lift", "Elevator", "med elevator", "adgang med elevator"),
        _facet(
            "accessible_toilet",
            "Handicaptoilet",
            "handicap toilet",
            "toilet for kørestolsbrugere",
            "tilgængeligt toilet",
        ),
        _facet(
            "parking",
            "Parkering ved døren",
            "parkering",
            "parkeringsplads",
            "parkeringspladser",
            "p plads",
            "p pladser",
            "gratis parkering",
            "handicapparkering",
        ),
        _facet("hearing_loop", "Teleslynge", "tele slynge", "hørehæmmet", "hørehæmmede", "høreapparat"),
        _facet(
            "danmark_insurance",
            "Tilskud fra sygeforsikringen “danmark”",
            "sygeforsikringen danmark",
            "sygeforsikring danmark",
            "tilskud fra danmark",
            "medlem af danmark",
            "danmark tilskud",
        ),
    )
}
