"""What hurts, in the words of those it hurts: phrase → condition, on the committed vocabulary.

Names that doctors use are in test_vocabulary.py; here stands what people write in the field. A row is a real way of saying
it. Whoever adds a condition adds its rows.
"""

import pytest

from clinics.loading.vocabulary import load_vocabulary
from clinics.spelling import suggestion
from clinics.vocabulary import every_name, resolve

from .memory import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def known(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        load_vocabulary()
        yield


MEANT = """
haelspore: smerter under foden når jeg løber / ondt under hælen om morgenen / ondt i hælen når jeg står op / hæl spore
ondt-i-foden: ondt i foden / platfod / knyst / ondt i storetåen / skæve storetæer
smerter-i-forfoden: ondt i forfoden / mortons neurom
ondt-i-akillessenen: achilles / ondt i akillessenen
sprunget-akillessene: overrevet akillessene
forstuvet-ankel: vrikket foden / forstuvet fod / vrikkede om på foden i går
ondt-i-anklen: ondt i anklen
ondt-i-knaeet: ondt i knæet / ondt i knaeet / ONDT I KNÆ / cyklist ondt i knæ / dårlige knæ
smerter-foran-paa-knaeet: ondt i knæskallen
loeberknae: løbeknæ / loeberknae / ondt på ydersiden af knæet når jeg løber
springerknae: hopperknæ / jumpers knee
meniskskade: menisk / overrevet menisk
korsbaandsskade: korsbånd / korsbaand / overrevet korsbånd
efter-knaeoperation: nyt knæ / knæprotese / genoptræning efter knæoperation
slidgigt-i-knaeet: slidgigt i knæ / slidgigt i begge knæ
skinnebensbetaendelse: skinnebensirritation / ondt i skinnebenet når jeg løber / shin splints
laegskade-og-fiberspraengning: fibersprængning
skade-i-baglaaret: forstrakt baglår / ondt i baglåret
kramper-i-benene: lægkrampe / krampe i benet om natten / kramper i benene om natten / kramper i læggene når jeg sover
restless-legs: uro i benene / urolige ben om natten / rastløse ben
ondt-i-benene: ondt i låret / tunge ben / ondt i benene når jeg går
vindueskiggersyndrom: dårligt kredsløb i benene / ondt i læggene når jeg går
nervesmerter: snurren i benet / prikken i benene / klemt nerve
iskias: ischias / isjas / iskjas / smerter ned i benet / jagende smerter ned i benet / iskiasnerven i klemme
diskusprolaps-i-laenden: prolaps / diskusprolabs / prolaps i ryggen
diskusprolaps-i-nakken: prolaps i nakken
spinalstenose: forsnævring i ryggen
ondt-i-laenden: ondt i lænden / ondt i laenden / ondt i lenden / hekseskud / lændehold / hold i ryggen efter rengøring
ondt-i-ryggen: ondt i ryggen / rygsmerter / rygsmærter / dårlig ryg / ondt i ryggen når jeg sidder
ondt-mellem-skulderbladene: ondt mellem skulderbladene / ondt i brystryggen
ondt-i-ribbenene: ondt i ribbenene
ondt-i-halebenet: haleben / ondt i halebenet når jeg sidder
skoliose: skæv ryg / krum ryg
ondt-i-nakken: stiv nakke / hold i nakken / nakkehold / ondt i nakken efter computerarbejde / computernakke
spaendinger-i-nakken: spændinger i nakken / spændt i skuldrene / myoser / muskelspændinger
spaendingshovedpine: hovedpine fra nakken / spændingshovedpine
migraene: migræne / migraene
piskesmaeld: whiplash / piskesmæld
hjernerystelse: senfølger efter hjernerystelse
kaebesmerter: ondt i kæben / skærer tænder / kæbespændinger
svimmelhed: svimmel / svimmelhed
oeresten: krystalsyge / ørestene / svimmel når jeg vender mig i sengen
ondt-i-skulderen: ondt i skulderen / ondt i skulderen om natten
frossen-skulder: frossen skulder / frozen shoulder
impingement-i-skulderen: slimsæk i skulderen / svømmeskulder / håndboldskulder
skulder-gaaet-af-led: skulderen er gået af led
tennisalbue: tennisalbue / tennis albue
golfalbue: golfalbue
musearm: musearm
karpaltunnelsyndrom: karpaltunnel
ondt-i-haanden: ondt i håndleddet
slidgigt-i-haenderne: slidgigt i fingrene / gigt i tommelfingeren
ondt-i-hoften: ondt i hoften
smerter-paa-ydersiden-af-hoften: ondt på ydersiden af hoften / slimsækbetændelse i hoften
slidgigt-i-hoften: hofteslidgigt / slidgigt i hoften
efter-hofteoperation: ny hofte / genoptræning efter ny hofte
lyskesmerter: ondt i lysken / lyskeskade
smerter-i-ballen-og-ned-i-benet: ondt i ballen / smerter i balden og ned i benet
baekkenloesning: bækkenløsning / gravid ondt i ryggen / gravid og ondt i bækkenet
inkontinens: tisser når jeg hopper / inkontinens / urinlækage
nedsynkning: nedsunken livmoder / prolaps i underlivet
delte-mavemuskler: mavemuskler efter fødsel / delte mavemuskler
genoptraening-efter-foedsel: efter kejsersnit
favoritside-og-skaevt-hoved-hos-baby: skævt hoved baby
kol: rygerlunger / KOL
hjertesygdom: blodprop i hjertet
apopleksi: blodprop i hjernen / slagtilfælde
parkinsons-sygdom: parkinson / parkinsons
sclerose: sklerose / multipel sklerose
ansigtslammelse: ansigtslammelse / lammelse i ansigtet
lymfoedem: hævet arm efter brystkræft
genoptraening-efter-kraeft: brystkræft / genoptræning efter brystkræft
genoptraening-efter-knoglebrud: efter brud / brækket håndled
knogleskoerhed: knogleskørhed / osteoporose
fald-og-usikker-gang: dårlig balance / faldtendens
kroniske-smerter: ondt i hele kroppen / langvarige smerter
senfoelger-efter-covid-19: senfølger efter corona / long covid
soevn-og-smerter: kan ikke sove for smerter
hypermobilitet: hypermobil
rygsoejlegigt: bechterew
"""
ROWS = {
    phrase.strip(): slug
    for slug, phrases in (row.split(": ") for row in MEANT.strip().splitlines())
    for phrase in phrases.split(" / ")
}


def test_the_words_lead_to_the_condition():
    assert {phrase: [one.slug for one in resolve(phrase).conditions] for phrase in ROWS} == {
        phrase: [slug] for phrase, slug in ROWS.items()
    }
    assert len(ROWS) >= 120


# Compounds written apart, with or without the letter that binds them, and without the little words.
LOOSELY = """
karpaltunnelsyndrom: karpal tunnel / karpal tunnel syndrom / Carpal Tunnel
musearm: mus arm / muse arm
frossen-skulder: frosen skulder
tennisalbue: tennis albue
haelspore: hæl spore / hael spore
piskesmaeld: piske smæld
hjernerystelse: hjerne rystelse
skinnebensbetaendelse: skinne bens betændelse / skinneben betændelse
laegskade-og-fiberspraengning: fiber sprængning
leddegigt: leddegikt / ledde gigt / ledde gikt
slidgigt-i-hoften: slidgigt hofte / slidgigt hoften / hofte slidgigt
slidgigt-i-knaeet: slidgigt knæ
ondt-i-ryggen: ondt ryg / ondt ryggen / ondt i min ryg
ondt-i-knaeet: ondt knæ / ondt knæet
ondt-i-nakken: nakkestiv / nakkestivhed / nakke stiv
"""
LOOSE = {
    phrase.strip(): slug
    for slug, phrases in (row.split(": ") for row in LOOSELY.strip().splitlines())
    for phrase in phrases.split(" / ")
}


def test_words_that_are_put_together_loosely_lead_there_too():
    found = {phrase: resolve(phrase) for phrase in LOOSE}
    assert {phrase: [one.slug for one in about.conditions] for phrase, about in found.items()} == {
        phrase: [slug] for phrase, slug in LOOSE.items()
    }
    assert [phrase for phrase, about in found.items() if not about.exact] == []


def test_a_compound_written_apart_is_heard_in_a_sentence():
    assert [one.slug for one in resolve("har karpal tunnel om natten").conditions] == ["karpaltunnelsyndrom"]
    assert [one.slug for one in resolve("ondt af min mus arm").conditions] == ["musearm"]


def test_slidgit_is_slidgigt():
    about = resolve("slidgit")
    assert about.exact and [one.slug for one in about.conditions] == ["slidgigt"]
    assert suggestion("slidgit hofte", every_name()) == "Slidgigt i hoften"


# A slip of the finger is asked about ("Mente du …?"), and what is asked leads on.
GUESSED = {
    "hælspoore": "haelspore",
    "hælsporre": "haelspore",
    "tenisalbue": "tennisalbue",
    "diskusprolabs i lænden": "diskusprolaps-i-laenden",
    "menisskade": "meniskskade",
    "korsbåndskade": "korsbaandsskade",
    "hjernerystlse": "hjernerystelse",
    "piskesmell": "piskesmaeld",
    "ondt i skulren": "ondt-i-skulderen",
    "ondt i nakkken": "ondt-i-nakken",
    "ont i ryggen": "ondt-i-ryggen",
    "migrene": "migraene",
    "bækkenløsnign": "baekkenloesning",
    "inkontinans": "inkontinens",
    "fibromylagi": "fibromyalgi",
    "parkinssons sygdom": "parkinsons-sygdom",
    "karpeltunnel": "karpaltunnelsyndrom",
    "ondt i knææet": "ondt-i-knaeet",
    "slidigt i hoften": "slidgigt-i-hoften",
    "leddegit": "leddegigt",
}


def test_a_slip_is_asked_about():
    names = every_name()
    meant = {text: suggestion(text, names) for text in GUESSED}
    assert {text: [one.slug for one in resolve(guess).conditions] for text, guess in meant.items()} == {
        text: [slug] for text, slug in GUESSED.items()
    }, meant


NOTHING = [
    "blåbærgrød",
    "frisør",
    "tandlæge i Odense",
    "åbner kl 8",
    "er I åbne i morgen",
    "tak",
    "hej",
    "12345",
    "???",
]


def test_what_is_about_nothing_is_about_nothing():
    assert {text: resolve(text).conditions for text in NOTHING} == dict.fromkeys(NOTHING, ())
