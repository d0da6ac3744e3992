"""What people write when it is not a case for a physiotherapist, and what they write when it is."""

import itertools

import pytest
import yaml

from clinics.danger_words import spoken
from clinics.loading.safety_files import FLAGS, read_flags
from clinics.models import RedFlag

FLAG_FIELDS = ("key", "urgency", "kind", "text", "terms")


@pytest.fixture(scope="module")
def registry() -> list[RedFlag]:
    return [RedFlag(**{name: record[name] for name in FLAG_FIELDS}) for record in read_flags()]


def said(text: str, registry: list[RedFlag]) -> list[str]:
    return [flag.key for flag in spoken(text, registry)]


DANGER = [
    ("hævet læg", "blodprop-i-benet"),
    ("mit ben er hævet", "blodprop-i-benet"),
    ("Min mors ben er blevet meget hævet!", "blodprop-i-benet"),
    ("mor har fået et rødt og varmt ben", "blodprop-i-benet"),
    ("rødt og varmt ben", "blodprop-i-benet"),
    ("læggen er varm og øm", "blodprop-i-benet"),
    ("haevet laeg", "blodprop-i-benet"),
    ("HÆVET LÆG", "blodprop-i-benet"),
    ("hævt ben", "blodprop-i-benet"),
    ("hævet leg", "blodprop-i-benet"),  # heard, and written as it sounds
    ("hævet lag", "blodprop-i-benet"),  # from a keyboard without æ
    ("min leg er hævet", "blodprop-i-benet"),
    ("swollen leg", "blodprop-i-benet"),
    ("my calf is swollen", "blodprop-i-benet"),
    ("den ene læg er tykkere", "blodprop-i-benet"),
    ("hævede lægge", "blodprop-i-benet"),
    ("kramper i læggen og den er hævet", "blodprop-i-benet"),
    ("er det en blodprop?", "blodprop-i-benet"),
    ("tyk læg efter flyrejse", "blodprop-i-benet"),
    ("det ene ben er dobbelt så tykt", "blodprop-i-benet"),
    ("ondt i læggen efter operation", "oeget-risiko-for-blodprop"),
    ("gravid og ondt i læggen", "oeget-risiko-for-blodprop"),
    ("åndenød", "lungeemboli"),
    ("aandenoed", "lungeemboli"),
    ("andenod", "lungeemboli"),
    ("pludselig åndenød og ondt i benet", "lungeemboli"),
    ("jeg kan ikke få vejret", "lungeemboli"),
    ("jeg kunne næsten ikke trække vejret", "lungeemboli"),
    ("hoster blod", "lungeemboli"),
    ("trykken for brystet", "hjerte"),
    ("ondt i armen og brystet", "hjerte"),
    ("brystsmerter", "hjerte"),
    ("smerter i brystet", "hjerte"),
    ("venstre arm og kæbe gør ondt", "hjerte"),
    ("skæv mund", "apopleksi"),
    ("min far hænger i ansigtet", "apopleksi"),
    ("taler sløret", "apopleksi"),
    ("pludselig lam i armen", "apopleksi"),
    ("pludselig lam i benet", "apopleksi"),
    ("pludselig lam i benet", "svaghed-i-benet"),
    ("tegn på blodprop i hjernen", "apopleksi"),
    ("kold og bleg fod", "akut-iskaemi"),
    ("mit ben er koldt og hvidt", "akut-iskaemi"),
    ("benet er pludselig koldt og følelsesløst", "akut-iskaemi"),
    ("pludselig voldsomt ondt i maven og ryggen", "aorta"),
    ("det banker i maven", "aorta"),
    ("værste hovedpine nogensinde", "pludselig-hovedpine"),
    ("pludselig voldsom hovedpine", "pludselig-hovedpine"),
    ("feber og stiv nakke", "meningitis"),
    ("ondt i nakken og ser dobbelt", "halspulsaare"),
    ("så svimmel, at jeg næsten ikke kan gå", "halspulsaare"),
    ("slået hovedet og kaster op", "hoved-eller-nakkeskade"),
    ("kan ikke mærke mine ben", "lam-efter-ulykke"),
    ("faldet ned fra en stige", "lam-efter-ulykke"),
    ("læggen er stenhård efter et spark", "muskellogesyndrom"),
    ("gipsen strammer", "muskellogesyndrom"),
    ("min mor er faldet og kan ikke rejse sig", "hoftebrud"),
    ("faldet og ondt i hoften", "hoftebrud"),
    ("feber og forvirret", "sepsis"),
    ("jeg vil ikke leve mere", "selvmordsfare"),
    ("selvmordstanker", "selvmordsfare"),
    ("jeg orker ikke at leve", "selvmordstanker"),
    ("kan ikke tisse", "cauda-equina"),
    ("nu kan jeg slet ikke tisse", "cauda-equina"),
    ("min kone, som ikke kan tisse", "cauda-equina"),
    ("følelsesløs i skridtet", "cauda-equina"),
    ("foelelsesloes i skridtet", "cauda-equina"),
    ("følelsesløshed omkring endetarmen", "cauda-equina"),
    ("ondt i ryggen og tisser i bukserne", "cauda-equina"),
    ("iskias og kan ikke holde på vandet", "cauda-equina"),
    ("lam i benet", "svaghed-i-benet"),
    ("dropfod", "svaghed-i-benet"),
    ("kan ikke løfte foden", "svaghed-i-benet"),
    ("iskias i begge ben", "iskias-i-begge-ben"),
    ("pludselig svært ved at gå", "gangbesvaer"),
    ("kræft og svage ben", "kraeft-og-svage-ben"),
    ("ondt i ryggen efter biluheld", "ryg-efter-fald"),
    ("varmt og hævet knæ", "varmt-led"),
    ("feber og hævet knæ", "varmt-led"),
    ("brækket arm", "brud"),
    ("kan ikke støtte på benet", "brud"),
    ("smæld i akillessenen", "smaeld-i-akillessenen"),
    ("kan ikke stå på tæer", "smaeld-i-akillessenen"),
    ("såret væsker efter operation", "betaendt-saar"),
    ("min datter halter og har feber", "barn-der-halter"),
    ("gravid og hovedpine", "svangerskabsforgiftning"),
    ("ondt i tindingen og ser dårligt", "betaendt-tindingeaare"),
    ("mørk urin efter træning", "moerk-urin"),
    ("voldsomme mavesmerter", "staerke-mavesmerter"),
    ("feber og ondt i ryggen", "feber-og-smerter"),
    ("uforklarligt vægttab", "vaegttab"),
    ("kræft og ondt i ryggen", "tidligere-kraeft"),
    ("knogleskørhed og pludselig ondt i ryggen", "rygbrud-ved-knogleskoerhed"),
    ("klodsede hænder og ondt i nakken", "klodsede-haender"),
    ("sår på foden, som ikke vil hele", "saar-paa-foden"),
    ("knæet er låst", "laast-knae"),
    ("smerter ud i venstre arm", "hjerte"),
    ("for brystet trykken", "hjerte"),
    ("stikkende smerter i brystet, når jeg går op ad trapper", "hjerte"),
    ("lam i armen", "apopleksi"),
    ("armen er lam", "apopleksi"),
    ("lam i benet pludselig", "apopleksi"),
    ("pludseligt lammet i den ene side", "apopleksi"),
    ("pludselig utydelig tale", "apopleksi"),
    ("kold fod og ingen puls", "akut-iskaemi"),
    ("lammet fra livet og ned", "lam-efter-ulykke"),
    ("mistede bevidstheden, da jeg rejste mig", "lungeemboli"),
    ("Tisse kan jeg ikke", "cauda-equina"),
    ("har ikke kunnet tisse siden i går", "cauda-equina"),
    ("kan ikke komme af med vandet", "cauda-equina"),
    ("benet er lammet", "svaghed-i-benet"),
    ("kraftløs i benet", "svaghed-i-benet"),
    ("følelsesløs i begge ben", "iskias-i-begge-ben"),
    ("kan ikke træde på foden", "brud"),
    ("hørte et smæld i achillessenen", "smaeld-i-akillessenen"),
    ("operationssåret er rødt og varmt", "betaendt-saar"),
    ("ondt i læggen efter flyvetur", "oeget-risiko-for-blodprop"),
    ("livet er ikke værd at leve", "selvmordstanker"),
    ("nattesved og ondt i ryggen", "vaegttab"),
    ("genoptræning efter brækket arm, og nu er benet hævet", "blodprop-i-benet"),
    # what an audit wrote and nobody heard, with its neighbours: word order, forms, definite or not
    ("følelsesløs mellem benene", "cauda-equina"),
    ("følelsesløshed mellem mine ben", "cauda-equina"),
    ("det snurrer mellem benene og jeg kan ikke tisse", "cauda-equina"),
    ("kan ikke mærke numsen", "cauda-equina"),
    ("kan ikke mærke min numse", "cauda-equina"),
    ("jeg kan ikke mærke mine balder", "cauda-equina"),
    ("tisser uden at mærke det", "cauda-equina"),
    ("har tisset uden at mærke det", "cauda-equina"),
    ("mærker ikke, når jeg tisser", "cauda-equina"),
    ("taber vandet og har ondt i ryggen", "cauda-equina"),
    ("halvsidig lammelse", "apopleksi"),
    ("halvsidigt lammet", "apopleksi"),
    ("lammet i højre side", "apopleksi"),
    ("hænger i den ene side af munden", "apopleksi"),
    ("munden hænger i den ene side", "apopleksi"),
    ("min mors mundvig hænger", "apopleksi"),
    ("mistet synet", "apopleksi"),
    ("har mistet synet på det ene øje", "apopleksi"),
    ("mister synet", "apopleksi"),
    ("kan ikke se på venstre øje", "apopleksi"),
    ("min arm er blevet slap", "apopleksi"),
    ("arm er blevet slap", "apopleksi"),
    ("slap i venstre arm", "apopleksi"),
    ("slap i armen", "apopleksi"),
    ("mister kraften i armen", "apopleksi"),
    ("lammet", "apopleksi"),
    ("er blevet lam", "apopleksi"),
    ("stikken i brystet", "hjerte"),
    ("stikkende i brystet", "hjerte"),
    ("det brænder i brystet", "hjerte"),
    ("smerter i venstre arm", "hjerte"),
    ("ondt i min venstre arm", "hjerte"),
    ("hjertestop", "hjerte"),
    ("min mand har fået hjertestop", "hjerte"),
    ("bevidstløs", "lungeemboli"),
    ("min far er bevidstløs", "lungeemboli"),
    ("falder om", "lungeemboli"),
    ("faldt pludselig om", "lungeemboli"),
    ("er faldet om", "lungeemboli"),
    ("besvimede", "lungeemboli"),
    ("pludselig rygsmerte og kold sved", "aorta"),
    ("kold sved og ondt i ryggen", "aorta"),
    ("tager livet af mig", "selvmordsfare"),
    ("jeg tager livet af mig selv", "selvmordsfare"),
    ("selvskade", "selvmordsfare"),
    ("skærer i mig selv", "selvmordsfare"),
    ("cutter mig selv", "selvmordsfare"),
    ("mister kraften i benet", "svaghed-i-benet"),
    ("mister kraft i mit ben", "svaghed-i-benet"),
    ("har mistet kraften i begge ben", "svaghed-i-benet"),
    ("lammet", "svaghed-i-benet"),
    ("ingen følelse i benet", "svaghed-i-benet"),
    ("ingen følelse i min fod", "svaghed-i-benet"),
    ("kan ikke mærke min fod", "svaghed-i-benet"),
    ("kan ikke løfte min fod", "svaghed-i-benet"),
    ("snubler over min fod", "svaghed-i-benet"),
    ("snubler over mine egne tæer", "svaghed-i-benet"),
    ("hvid fod", "akut-iskaemi"),
    ("foden er hvid", "akut-iskaemi"),
    ("blå tæer", "akut-iskaemi"),
    ("mine tæer er blevet blå", "akut-iskaemi"),
    ("blå fod", "akut-iskaemi"),
    ("akillessenen sprunget", "smaeld-i-akillessenen"),
    ("min akillessene er sprunget", "smaeld-i-akillessenen"),
    ("har sprængt akillessenen", "smaeld-i-akillessenen"),
    ("achillessenen er revet over", "smaeld-i-akillessenen"),
    ("faldet og slået hoften", "hoftebrud"),
    ("faldt på hoften", "hoftebrud"),
    ("slog hoften da jeg faldt", "hoftebrud"),
    ("nakkestiv og feber", "meningitis"),
    ("nakkestiv og kaster op", "meningitis"),
    ("nakkestivhed og lysfølsomhed", "meningitis"),
    ("hvævet læg", "blodprop-i-benet"),
    ("hæfet læg", "blodprop-i-benet"),
    ("hævet min læg", "blodprop-i-benet"),
    ("min hånd er blevet svag", "svaghed-eller-foelelsesloeshed"),
    ("mister kraften i hånden", "svaghed-eller-foelelsesloeshed"),
    ("kraftig hovedpine", "pludselig-hovedpine"),
    ("hovedpinen er voldsom", "pludselig-hovedpine"),
    ("voldsomt ondt i hovedet", "pludselig-hovedpine"),
    # in English, as tourists and newcomers write
    ("chest pain", "hjerte"),
    ("can't breathe", "lungeemboli"),
    ("cannot pee", "cauda-equina"),
    ("numb between my legs", "cauda-equina"),
    ("face drooping", "apopleksi"),
    ("I want to die", "selvmordstanker"),
    # written in haste, or by somebody who spells badly
    ("hevet læg", "blodprop-i-benet"),
    ("min leg er helt hævvet og læggen er varm", "blodprop-i-benet"),
    ("er det en blodbrop", "blodprop-i-benet"),
    ("rødt og varmt bennet", "blodprop-i-benet"),
    ("kan ik tisse", "cauda-equina"),
    ("ka ikke tisse", "cauda-equina"),
    ("KAN IKK TISE", "cauda-equina"),
    ("kan ike lade vandet", "cauda-equina"),
    ("følesløs i skridtet", "cauda-equina"),
    ("følelses løs i skridtet", "cauda-equina"),
    ("folelselos i skridtet", "cauda-equina"),
    ("trykken for bryset", "hjerte"),
    ("tryken for brystet", "hjerte"),
    ("trygen for brystet", "hjerte"),
    ("smærter i brystet", "hjerte"),
    ("ont i brystet", "hjerte"),
    ("åndennød", "lungeemboli"),
    ("kan ik få vejert", "lungeemboli"),
    ("pludslig lam i benet", "apopleksi"),
    ("pluselig lamm i bennet", "apopleksi"),
    ("pludselig kraftløs i armen", "apopleksi"),
    ("slået hodet og svimel", "hoved-eller-nakkeskade"),
    ("brekket ben", "brud"),
    ("selmord", "selvmordsfare"),
]

HARMLESS = [
    "ondt i benet",
    "ondt i benene",
    "kramper",
    "kramper i læggen",
    "krampe i benet om natten",
    "ondt i lænden",
    "hold i ryggen",
    "ondt i ryggen, når jeg løfter",
    "iskias",
    "smerter i ballen og ned i benet",
    "hævede ankler",
    "hævede ben efter en lang dag",
    "hævet knæ",
    "hævet ankel efter forstuvning",
    "stiv nakke",
    "nakkesmerter og hovedpine",
    "hovedpine",
    "svimmelhed, når jeg vender mig i sengen",
    "feber",
    "løbeskader",
    "genoptræning efter blodprop",
    "genoptræning efter blodprop i hjernen",
    "genoptræning efter hjerneblødning",
    "genoptræning efter ny hofte",
    "lammelse i ansigtet",
    "kan ikke løfte armen over hovedet",
    "ondt i brystryggen",
    "kol og træning",
    "træning med hjertesygdom",
    "åreknuder",
    "kolde fødder",
    "følelsesløse fingre om natten",
    "gravid og ondt i bækkenet",
    "bækkenbund og inkontinens",
    "utæt, når jeg hopper",
    "ondt i hoften, når jeg går",
    "varme på læggen",
    "massage af læggen",
    "øvelser, hvor jeg hæver benet",
    "faldtræning for ældre",
    "sprunget akillessene genoptræning",
    "hjernerystelse",
    "ondt i ryggen efter havearbejde",
    "løft af strakt ben",
    "dårlig søvn og smerter",
    "stress og søvnproblemer",
    "fysioterapeut i nærheden",
    "8000 Aarhus C",
    "kiropraktor eller fysioterapeut",
    "slidgigt i knæet",
    "genoptræning efter brækket arm",
    "genoptræning efter brud på håndleddet",
    "optræning efter blodprop i benet",
    "rehabilitering efter selvmordsforsøg",
    "ømme lægge",
    "trætte ben",
    "hævede fødder om sommeren",
    "knæet hæver efter løb",
    "knæet er hævet efter leg",
    "benet sover",
    "min arm sover om natten",
    "ondt i venstre skulder",
    "genoptræning efter halvsidig lammelse",  # whoever lives with it looks for training
    "genoptræning efter hjertestop",
    "hjerterehabilitering efter hjertestop",
    "falder om natten",
    "min mor falder om morgenen",
    "slappe af i armene",
    "kan ikke slappe af i nakken",
    "slap af i skuldrene",
    "slap hud på armen efter vægttab",
    "slap mave efter fødsel",
    "ondt i venstre knæ",
    "venstrehåndet tennisalbue",
    "hvide fingre i kulde",
    "blå mærker efter massage",
    "blåt mærke på låret",
    "mellem skulderbladene",
    "stramt mellem benene, når jeg rider",
    "nakkestiv",  # without fever it is the condition whose own card names fever
    "ny sko giver ømme tæer",
    "ømme balder",
    "ondt i balderne",
    "faldforebyggelse og hofter",
    "kan ikke se mine tæer for maven",
    "svage ankler",
    "svag i knæene efter løb",
    "manglende kraft i grebet ved tennisalbue",
    "jeg vil gerne dyrke sport igen",
    "chest physiotherapy",
    "can't sleep",
    "ansigtslammelse",
    "hjerterehabilitering",
    "lungebetændelse genoptræning",
    "ondt i ryggen om natten",
    "ondt i hoften, når jeg ligger på den",
    "vil gerne tabe mig",
    "vægttab",
    "motion på recept",
    "forhøjet blodtryk",
    "knogleskørhed",
    "kræft",
    "bange for at falde",
    "tryk i hovedet",
    "tryk for ørerne",
    "går på tæer",
    "kan ikke løfte armen",
    "kan ikke sove",
    "angst",
    "lægen siger, at knæet er hævet",
    "Lammefjorden",
    "ik",
    "ka I komme hjem",
]


@pytest.mark.parametrize(("text", "key"), DANGER)
def test_words_of_danger_are_heard(text, key, registry):
    assert key in said(text, registry)


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_words_alarm_nobody(text, registry):
    assert said(text, registry) == []


def test_the_tables_are_large_enough_to_mean_something():
    assert len(DANGER) >= 60
    assert len(HARMLESS) >= 30


def test_every_term_is_heard_in_each_of_its_forms(registry):
    """Each alternative of each part, beside the first alternatives of the others."""
    deaf = []
    for flag in registry:
        for term in flag.terms:
            parts = [[phrase.strip() for phrase in part.split("/")] for part in term.split("+")]
            for number, part in enumerate(parts):
                for phrase in part:
                    text = " ".join(phrase if number == other else words[0] for other, words in enumerate(parts))
                    if flag.key not in said(text, registry):
                        deaf.append((flag.key, text))
    assert deaf == []


def test_every_sign_that_cannot_wait_has_words(registry):
    urgent = [flag for flag in registry if flag.urgency in ("112", "doctor_now") and flag.kind == "seek"]
    assert [flag.key for flag in urgent if not flag.terms] == []


# Names and everyday words of conditions that are danger signs at the same time: who writes them sees the card first.
BOTH_CONDITION_AND_DANGER = {
    "blodprop-i-benet",
    "brud",
    "hoftebrud",
    "hoved-eller-nakkeskade",
    "laast-knae",
    "smaeld-i-akillessenen",
}


@pytest.mark.parametrize("name", ["conditions", "specialities", "treatments"])
def test_the_words_of_the_vocabulary_raise_no_other_alarm(name, registry):
    entries = yaml.safe_load((FLAGS.parent / f"{name}.yaml").read_text(encoding="utf-8"))
    words = itertools.chain.from_iterable([entry["name"], *entry.get("synonyms", [])] for entry in entries)
    heard = {text: said(text, registry) for text in words}
    alarms = {text: keys for text, keys in heard.items() if set(keys) - BOTH_CONDITION_AND_DANGER}
    assert alarms == {}


class TestMatching:
    def flag(self, *terms: str) -> list[RedFlag]:
        return [RedFlag(key="flag", terms=list(terms))]

    @pytest.mark.parametrize(
        "text", ["hævet læg", "min hævet læg!", "hævet   læg", "hævet-læg", "haevet laeg", "hævet min læg"]
    )
    def test_a_phrase_stands_as_whole_words_in_either_fold(self, text):
        assert spoken(text, self.flag("hævet læg"))

    @pytest.mark.parametrize("text", ["", "hævet", "læg hævet", "uhævet læg", "hævet lægge", "hævet knæ læg"])
    def test_half_a_phrase_another_order_or_another_form_is_not_it(self, text):
        assert not spoken(text, self.flag("hævet læg"))

    def test_the_parts_of_a_term_may_come_in_any_order(self):
        assert spoken("min læg er hævet", self.flag("hævet / tyk + læg / læggen"))
        assert spoken("en tyk og øm læggen", self.flag("hævet / tyk + læg / læggen"))

    def test_parts_that_stand_far_apart_have_nothing_to_do_with_each_other(self):
        far = "knæet er hævet " + "og alt det andet " * 5 + "men min læg er fin"
        assert not spoken(far, self.flag("hævet + læg"))

    @pytest.mark.parametrize(
        "text", ["kan ikke tisse", "kan slet ikke tisse", "kan jeg ikke tisse", "som ikke kan tisse"]
    )
    def test_danish_word_order_does_not_matter(self, text):
        assert spoken(text, self.flag("kan ikke tisse"))

    @pytest.mark.parametrize("term", ["kold +", "+ kold", "", " ", "+", "kold + /"])
    def test_an_unfinished_term_says_nothing(self, term):
        assert not spoken("kold fod", self.flag(term))

    def test_flags_keep_their_order_and_come_once(self):
        flags = [
            RedFlag(key="a", terms=["feber"]),
            RedFlag(key="b", terms=["x"]),
            RedFlag(key="c", terms=["feber", "ryg"]),
        ]
        assert [flag.key for flag in spoken("feber i ryg", flags)] == ["a", "c"]

    def test_ten_thousand_letters_are_read_in_no_time(self, registry):
        assert "cauda-equina" in said("ondt i benet og hævet " * 500 + "kan ikke tisse", registry)
