"""The rules that the committed vocabulary keeps. How a mistake in a file is refused: test_load_vocabulary.py."""

from collections.abc import Iterable

import pytest

from clinics.facets import FACETS
from clinics.loading import vocabulary_files
from clinics.models import Clinic
from clinics.text import folds

VENOUS_GATE = "Genoptræning er først aktuelt, når din læge har sagt god for det."

DATA = vocabulary_files.read()
CONDITIONS = {entry["slug"]: entry for entry in DATA["conditions"]}
SPECIALITIES = {entry["slug"]: entry for entry in DATA["specialities"]}
TREATMENTS = {entry["slug"]: entry for entry in DATA["treatments"]}
OFFERED_BY_NEARLY_ALL = {"oevelsesterapi", "individuel-behandling", "individuelt-traeningsprogram"}


def phrases(entries: Iterable[dict]) -> list[str]:
    return [phrase for entry in entries for phrase in (entry["name"], *entry["synonyms"])]


def test_there_is_enough_of_everything() -> None:
    official = [entry for entry in DATA["specialities"] if entry["kind"] == "official"]

    assert len(official) == 10
    assert len(DATA["specialities"]) - len(official) >= 25
    assert len(DATA["treatments"]) >= 30
    assert len(DATA["conditions"]) >= 60
    assert all(entry["description"] for entry in (*DATA["specialities"], *DATA["treatments"]))
    assert all(entry["parent"] in SPECIALITIES for entry in DATA["specialities"] if entry["kind"] == "focus")


@pytest.mark.parametrize(
    ("slug", "primary", "others"),
    [
        # domain.md §2.2: bold is primary. A focus area stands for the table's words, its official one beside it.
        (
            "ondt-i-benene",
            {"sport-og-loeb", "iskias-og-nerverod", "venoese-lidelser"},
            {"muskuloskeletal-fysioterapi", "manuel-terapi", "udspaending", "taping", "belastningsstyring"}
            | {"gradvis-genoptraening", "ergonomisk-raadgivning", "indlaeg-og-sko", "loebeanalyse"},
        ),
        (
            "kramper-i-benene",
            {"sportsfysioterapi", "sport-og-loeb"},
            {"muskuloskeletal-fysioterapi", "graviditet-og-efterfoedsel", "boern", "aeldre-og-faldforebyggelse"}
            | {"udspaending", "styrketraening", "manuel-terapi", "belastningsstyring", "ganganalyse", "loebeanalyse"},
        ),
        (
            "ondt-i-laenden",
            {"ryg-og-nakke"},
            {"funktionel-traening", "arbejdsskade-og-ergonomi", "arbejdsliv"}
            | {"manuel-terapi", "ergonomisk-raadgivning", "holdtraening"},
        ),
        (
            "smerter-i-ballen-og-ned-i-benet",
            {"iskias-og-nerverod", "hofte-og-balle"},
            {"graviditet-og-efterfoedsel", "sport-og-loeb", "nerveglidning", "manuel-terapi", "triggerpunktbehandling"}
            | {"senetraening", "udspaending", "styrketraening", "belastningsstyring", "smertehaandtering"},
        ),
        (
            "kramper-i-benene-ved-blodprop",
            {"venoese-lidelser"},
            {"lymfoedem", "hjerte-og-lungefysioterapi", "kompressionsbehandling", "gangtraening", "kredsloebsoevelser"}
            | {"lymfoedembehandling", "styrketraening"},
        ),
    ],
)
def test_the_five_articles_lead_to_what_they_say(slug: str, primary: set[str], others: set[str]) -> None:
    weights = CONDITIONS[slug]["specialities"] | CONDITIONS[slug]["treatments"]

    assert {name for name, weight in weights.items() if weight == 3} == primary
    assert {name for name, weight in weights.items() if weight < 3} == others
    assert all(CONDITIONS[slug]["specialities"][name] == 3 for name in primary)
    assert all(CONDITIONS[slug]["specialities"].get(name, 2) == 2 for name in others)


def test_after_a_blood_clot_the_doctor_comes_first() -> None:
    for slug in ("kramper-i-benene-ved-blodprop", "blodprop-i-benet-advarselstegn"):
        assert CONDITIONS[slug]["care_gate"] == VENOUS_GATE
        assert CONDITIONS[slug]["box_title"] == "Genoptræning efter blodprop"
    assert SPECIALITIES["venoese-lidelser"]["care_gate"] == VENOUS_GATE


@pytest.mark.parametrize(
    "words",
    [
        "blodprop",
        "operation",
        "opereret",
        "brækket",
        "brud",
        "apopleksi",
        "hjerte",
        "kræft",
        "hjernerystelse",
        "whiplash",
    ],
)
def test_what_a_doctor_must_clear_first_has_a_gate(words: str) -> None:
    about = [c for c in DATA["conditions"] if words in " ".join((c["name"], *c["synonyms"])).lower()]

    assert about
    assert [c["slug"] for c in about if not c["care_gate"]] == []


def test_every_condition_leads_somewhere_first_unless_it_is_only_to_read_about() -> None:
    for entry in DATA["conditions"]:
        weights = entry["specialities"] | entry["treatments"]
        if entry["is_generic"]:
            assert not weights, entry["slug"]
        else:
            assert 3 in entry["specialities"].values(), entry["slug"]
            assert not OFFERED_BY_NEARLY_ALL & set(weights), entry["slug"]
        assert entry["body_region"], entry["slug"]
    assert [entry["slug"] for entry in DATA["conditions"] if entry["is_generic"]] == ["soevn-og-smerter"]


def test_every_speciality_is_led_to() -> None:
    led_to = {slug for entry in DATA["conditions"] for slug in entry["specialities"]}

    assert set(SPECIALITIES) - led_to == set()


def test_no_condition_leads_only_to_specialities_with_another_gate_without_one_of_its_own() -> None:
    gated = {slug for slug, entry in SPECIALITIES.items() if entry["care_gate"]}
    loose = [
        entry["slug"]
        for entry in DATA["conditions"]
        if entry["specialities"]
        and not entry["care_gate"]
        and {slug for slug, weight in entry["specialities"].items() if weight == 3} <= gated
    ]

    assert loose == []


# Words of everyday texts. Without its rings and slashes a phrase could look like one of them ("hår" → "har").
ORDINARY = """
af al alle alt altid ar at bare blev blive da de dem den der det dig din du efter ej eller en end er et fa fik
for fra gar giver glad god godt gor ham han har hen hende her hjem hold hun hvis hvor i ikke ind jeg kan kom
kommer kun lar led lidt lige ma mad man mange med meget men mig min mod mon mor na nar ned noget nok nu nye og
ogsa om op os over pa par ra sa sadan sar se selv set sig sin skal sma som stor ta tag tar tid til tit tre ud
uden under var ved vej vi vil vore
"""


def test_no_single_word_is_an_ordinary_word() -> None:
    entries = (*DATA["conditions"], *DATA["specialities"], *DATA["treatments"])
    every = [*phrases(entries), *(words for facet in FACETS.values() for words in (facet.label, *facet.synonyms))]

    assert {folded for phrase in every for folded in folds(phrase)} & set(ORDINARY.split()) == set()


def test_one_kind_of_entry_never_claims_the_same_words_twice() -> None:
    for name, entries in {**DATA, "facets": None}.items():
        if name == "body_regions":
            continue
        labelled = (
            [(facet.key, words) for facet in FACETS.values() for words in (facet.label, *facet.synonyms)]
            if entries is None
            else [(entry["slug"], phrase) for entry in entries for phrase in (entry["name"], *entry["synonyms"])]
        )
        owners: dict[str, set[str]] = {}
        for owner, phrase in labelled:
            for folded in folds(phrase):
                owners.setdefault(folded, set()).add(owner)
        assert {folded: who for folded, who in owners.items() if len(who) > 1} == {}


def test_descriptions_promise_nothing() -> None:
    promises = (
        "helbred",
        "garanti",
        "garanter",
        "bedst",
        "effektiv",
        "smertefri",
        "kurer",
        "fjerner",
        "lindrer",
        " virker",
    )
    texts = [entry["description"].lower() for entry in (*DATA["specialities"], *DATA["treatments"])]

    assert [text for text in texts if any(word in text for word in promises)] == []


def test_every_facet_is_a_three_state_field_of_a_clinic() -> None:
    for facet in FACETS.values():
        field = Clinic._meta.get_field(facet.field)
        assert field.get_internal_type() == "BooleanField" and field.null, facet.key
        assert facet.key in FACETS and facet.label
