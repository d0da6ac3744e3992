"""What people write, and the entry of the vocabulary it leads to."""

import pytest

from clinics import remembered, vocabulary
from clinics.loading.vocabulary import load_vocabulary
from clinics.models import Condition, Speciality
from clinics.text import folds
from clinics.vocabulary import Resolution, condition_for, resolve

# domain.md §2.1: the words in which the articles promise something. With the text around them, as a reader meets them.
PROMISES = {
    # P11
    "løbeskader, nerveudstrålende smerter eller venøse problemstillinger": (
        "S sport-og-loeb, S iskias-og-nerverod, S venoese-lidelser"
    ),
    "løbeskader": "S sport-og-loeb",
    "nerveudstrålende smerter": "S iskias-og-nerverod",
    "venøse problemstillinger": "S venoese-lidelser",
    # P12: the kind of pain you have
    "klinikker med erfaring i den type bensmerter, du har": "C ondt-i-benene",
    # P13
    "undersøgelse og plan for optræning": "F assessment_plan",
    "en, der tilbyder en undersøgelse og plan for optræning": "F assessment_plan",
    "undersøgelse + plan for optræning": "F assessment_plan",
    # P14
    "tilbyder genoptræning og vejledning efter venøse sygdomme": "S venoese-lidelser",
    # P17
    "sportsfysioterapeut": "S sportsfysioterapi",
    "kan en sportsfysioterapeut hjælpe": "S sportsfysioterapi",
    # P18
    "erfaring i rygsmerter og funktionel træning": "S ryg-og-nakke, S funktionel-traening",
    # P19
    "individuel behandling": "T individuel-behandling",
    "holdtræning målrettet ryg": "T holdtraening, S ryg-og-nakke",
    "både individuel behandling og holdtræning målrettet ryg": (
        "T individuel-behandling, T holdtraening, S ryg-og-nakke"
    ),
    # P21
    "skræddersyr øvelser til dine mål": "T individuelt-traeningsprogram",
    "individuelt træningsprogram": "T individuelt-traeningsprogram",
    # P22
    "erfaring i graviditetsrelaterede smerter": "S graviditet-og-efterfoedsel",
    # P23
    "få en hurtig vurdering hos en fysioterapeut": "F acute_appointments",
    "akut tid": "F acute_appointments",
    # P24
    "Overvej en løbeanalyse": "T loebeanalyse",
    # P26
    "ergonomiske tiltag til arbejde og hjem": "T ergonomisk-raadgivning",
    # P27
    "hjælp til at finde egnede sko og indlæg": "T indlaeg-og-sko",
    # The rest of what domain.md §2.2 names as specialities and treatment types
    "muskuloskeletal": "S muskuloskeletal-fysioterapi",
    "nerveglidning": "T nerveglidning",
    "mobilisering af ryg og hofte": "T manuel-terapi",
    "triggerpunktbehandling": "T triggerpunktbehandling",
    "belastningsjustering": "T belastningsstyring",
    "excentrisk træning": "T senetraening",
    "smertehåndtering": "T smertehaandtering",
    "rådgivning om kompression": "T kompressionsbehandling",
    "håndtering af hævelse": "T lymfoedembehandling",
    "gradvis genoptræning": "T gradvis-genoptraening",
}

# How people write, with and without æøå, with slips of the finger, in everyday words (domain.md §2.4, mixed spelling).
EVERYDAY = {
    "Iskias": "C iskias",
    "ischias": "C iskias",
    "jeg tror jeg har ischias": "C iskias",
    "ondt i lænden": "C ondt-i-laenden",
    "ONDT I LÆNDEN!": "C ondt-i-laenden",
    "ondt i laenden": "C ondt-i-laenden",
    "hold i ryggen": "C ondt-i-laenden",
    "hekseskud": "C ondt-i-laenden",
    "lændesmerter": "C ondt-i-laenden",
    "rygsmerter": "C ondt-i-ryggen",
    "har haft rygsmerter længe": "C ondt-i-ryggen",
    "claudicatio": "C vindueskiggersyndrom",
    "klaudicatio": "C vindueskiggersyndrom",
    "vindueskigger": "C vindueskiggersyndrom",
    "DVT": "C blodprop-i-benet-advarselstegn",
    "dyb venetrombose": "C blodprop-i-benet-advarselstegn",
    "blodprop": "C blodprop-i-benet-advarselstegn",
    "blodprop i lungen": "C blodprop-i-lungen",
    "blodprop i hjertet": "C hjertesygdom",
    "blodprop i hjernen": "C apopleksi",
    "krampe i læggen eller blodprop": "C kramper-i-benene, C blodprop-i-benet-advarselstegn",
    "kramper i benene ved blodprop": "C kramper-i-benene-ved-blodprop",
    "shin splints": "C skinnebensbetaendelse",
    "skinnebensbetændelse": "C skinnebensbetaendelse",
    "smerter i balden og ned i benet": "C smerter-i-ballen-og-ned-i-benet",
    "ondt i ballen": "C smerter-i-ballen-og-ned-i-benet",
    "frozen shoulder": "C frossen-skulder",
    "tennisalbue": "C tennisalbue",
    "loberknae": "C loeberknae",
    "løber knæ": "C loeberknae",
    "hæl spore": "C haelspore",
    "smerter under foden når jeg løber": "C haelspore",
    "svimmel": "C svimmelhed",
    "krystalsyge": "C oeresten",
    "musearm": "C musearm",
    "discusprolaps": "C diskusprolaps-i-laenden",
    "diskus-prolaps": "C diskusprolaps-i-laenden",
    "prolaps i nakken": "C diskusprolaps-i-nakken",
    "whiplash": "C piskesmaeld",
    "piskesmæld": "C piskesmaeld",
    "bækkenløsning": "C baekkenloesning",
    "gravid og ondt i bækkenet": "C baekkenloesning",
    "inkontinens": "C inkontinens",
    "KOL": "C kol",
    "sklerose": "C sclerose",
    "apopleksi": "C apopleksi",
    "slidgigt i knæ": "C slidgigt-i-knaeet",
    "gigt": "S gigt-og-slidgigt",
    "ondt i knæet": "C ondt-i-knaeet",
    "knæ": "S knae",
    "kramper i benene hos børn": "C kramper-i-benene, S boern",
    "urolige ben": "C restless-legs",
    "rectus diastase": "C delte-mavemuskler",
    "achillessenen": "C ondt-i-akillessenen",
    "vrikket om på foden": "C forstuvet-ankel",
    "ny hofte": "C efter-hofteoperation",
    "knogleskørhed": "C knogleskoerhed",
    "nattesøvn og søvnløshed": "C soevn-og-smerter",
    "erfaring med iskias": "S iskias-og-nerverod",
    "specialist i svimmelhed": "S svimmelhed",
    "genoptræning efter blodprop": "S venoese-lidelser",
    "McKenzie": "T mdt",
    "GLA:D": "T gla-d-knae-og-hofte",
    "glad ryg": "T gla-d-ryg",
    "chokbølge": "T shockwave",
    "tørnåling": "T dry-needling",
    "hjemmebesøg": "F home_visits",
    "fysioterapeut der kommer hjem": "F home_visits",
    "online": "F online",
    "vederlagsfri": "F free_physiotherapy",
    "ydernummer": "F has_ydernummer",
    "sygeforsikringen danmark": "F danmark_insurance",
    "kørestolsvenlig": "F step_free",
    "ondt i nakken med ydernummer": "C ondt-i-nakken, F has_ydernummer",
    # nothing that we know
    "": "",
    "   ": "",
    "xyzzy": "",
    "<script>alert(1)</script>": "",
    "\0": "",
    "Blåregn Fysioterapi": "",
    "%' OR 1=1 --": "",
}


def words_of(resolution: Resolution) -> set[str]:
    kinds = (
        ("C", resolution.conditions),
        ("S", resolution.specialities),
        ("T", resolution.treatments),
    )
    found = {f"{letter} {term.slug}" for letter, terms in kinds for term in terms}
    return found | {f"F {facet.key}" for facet in resolution.facets}


def expected(table: dict[str, str]) -> dict[str, set[str]]:
    return {text: set(filter(None, entries.split(", "))) for text, entries in table.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("table", [PROMISES, EVERYDAY], ids=["promises", "everyday"])
def test_phrases_lead_to_their_entries(table: dict[str, str]) -> None:
    load_vocabulary()

    assert {text: words_of(resolve(text)) for text in table} == expected(table)


@pytest.mark.django_db
def test_every_phrase_of_every_entry_is_found_without_danish_letters_too() -> None:
    load_vocabulary()
    lost = [
        spelling
        for condition in Condition.objects.all()
        for phrase in (condition.name, *condition.synonyms)
        for spelling in {phrase, phrase.upper(), *folds(phrase)}
        if not (found := resolve(spelling)).exact or [c.slug for c in found.conditions] != [condition.slug]
    ]

    assert lost == []


@pytest.mark.django_db
def test_exact_only_when_the_whole_text_is_known() -> None:
    load_vocabulary()

    assert resolve("  Ischias. ").exact
    assert not resolve("ischias i tre uger").exact
    assert not resolve("xyzzy").exact
    assert not resolve("xyzzy")


@pytest.mark.django_db
def test_one_query_whatever_the_text_and_none_for_the_next(django_assert_num_queries) -> None:
    load_vocabulary()
    vocabulary.forget()
    for queries, text in (
        (1, "iskias"),
        (0, "noget helt andet"),
        (0, "ondt i lænden, holdtræning og parkering " * 500),
    ):
        with django_assert_num_queries(queries):
            found = resolve(text)
            names = [term.name for term in (*found.conditions, *found.specialities, *found.treatments)]
        assert all(names)


@pytest.mark.django_db
def test_what_another_process_changes_is_found_after_twenty_seconds(monkeypatch) -> None:
    monkeypatch.setattr(remembered.time, "monotonic", lambda: now)
    now = 1000.0
    Condition.objects.create(slug="iskias", name="Iskias")
    assert not resolve("bensus")
    Condition.objects.update(synonyms=["bensus"])  # as if elsewhere: no signal
    now += remembered.SECONDS
    assert not resolve("bensus")
    now += 1
    assert resolve("bensus").exact


@pytest.mark.django_db
def test_what_an_editor_changes_is_found_at_once() -> None:
    condition = Condition.objects.create(slug="iskias", name="Iskias")
    assert not resolve("bensus")

    condition.synonyms = ["bensus"]
    condition.save()

    assert resolve("bensus").conditions == (condition,)


@pytest.mark.django_db
def test_a_name_beats_another_entrys_synonym() -> None:
    iskias = Condition.objects.create(slug="iskias", name="Iskias")
    other = Condition.objects.create(slug="noget-andet", name="Noget andet", synonyms=["iskias", "begge"])
    iskias.synonyms = ["begge"]
    iskias.save()

    assert resolve("iskias").conditions == (iskias,)
    assert set(resolve("begge").conditions) == {iskias, other}  # nobody can tell: both are offered


@pytest.mark.django_db
def test_a_merged_condition_lends_its_words_to_the_other() -> None:
    kept = Condition.objects.create(slug="iskias", name="Iskias")
    middle = Condition.objects.create(slug="nerverod", name="Nerverod", merged_into=kept)
    Condition.objects.create(slug="ischias", name="Ischias", synonyms=["ben jag"], merged_into=middle)

    for text in ("ischias", "ben jag", "nerverod", "iskias"):
        assert resolve(text).conditions == (kept,)
    assert resolve("ben jag").conditions[0].slug == "iskias"
    assert condition_for("ischias") == kept
    assert condition_for("iskias") == kept


@pytest.mark.django_db
def test_conditions_merged_in_a_circle_still_answer() -> None:
    one = Condition.objects.create(slug="en", name="Ene")
    two = Condition.objects.create(slug="to", name="Anden", merged_into=one)
    one.merged_into = two
    one.save()

    assert condition_for("en") in (one, two)
    assert resolve("anden").conditions


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["findes-ikke", "", "a\0b", "' OR 1=1"])
def test_unknown_condition(slug: str) -> None:
    assert condition_for(slug) is None


@pytest.mark.django_db
def test_the_words_for_expertise_prefer_the_speciality() -> None:
    condition = Condition.objects.create(slug="ondt-i-ryggen", name="Ondt i ryggen", synonyms=["rygsmerter"])
    speciality = Speciality.objects.create(slug="ryg", name="Ryg", synonyms=["rygsmerter"])

    assert resolve("rygsmerter").conditions == (condition,)
    assert resolve("rygsmerter").specialities == ()
    assert resolve("en med erfaring i rygsmerter").specialities == (speciality,)
    assert resolve("en med erfaring i rygsmerter").conditions == ()
