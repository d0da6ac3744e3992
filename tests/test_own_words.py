"""Every urgent red flag hears its own card: in the site search, and in an article that sends such a reader too mildly."""

import pytest

from articles import safety
from clinics.danger_words import spoken

from .registry import document, flags

# key | what the card says, after "hvis" | the same as a question or a condition without "hvis"
OWN_WORDS = """\
lungeemboli|du pludselig får svært ved at trække vejret|Får du pludselig svært ved at trække vejret
lungeemboli|du hoster blod|Hoster du blod
lungeemboli|du er ved at besvime|Er du ved at besvime
hjerte|du har trykken for brystet|Har du trykken for brystet
hjerte|du har smerter for brystet|Har du smerter for brystet
apopleksi|du pludselig får en skæv mund|Får du pludselig en skæv mund
apopleksi|du får en slap arm|Får du en slap arm
apopleksi|du får et slapt ben i den ene side|Får du et slapt ben i den ene side
apopleksi|du ikke kan tale, som du plejer|Kan du ikke tale, som du plejer
apopleksi|du pludselig ikke kan se, som du plejer|Kan du pludselig ikke se, som du plejer
akut-iskaemi|du har meget ondt i et ben, som pludselig er koldt|Har du meget ondt i et ben, som pludselig er koldt
akut-iskaemi|en arm pludselig er kold og bleg|Er en arm pludselig kold og bleg
akut-iskaemi|et ben pludselig er uden følelse|Er et ben pludselig uden følelse
aorta|du pludselig får meget ondt i maven og bliver bleg|Får du pludselig meget ondt i maven og bliver bleg
aorta|du pludselig får meget ondt i ryggen og bliver klam|Får du pludselig meget ondt i ryggen og bliver klam
pludselig-hovedpine|du pludselig får den værste hovedpine|Får du pludselig den værste hovedpine
meningitis|du har feber sammen med stiv nakke|Har du feber sammen med stiv nakke
meningitis|du har feber og stærk hovedpine|Har du feber og stærk hovedpine
meningitis|du har feber og små mørke pletter i huden|Har du feber og små mørke pletter i huden
halspulsaare|du får ondt i nakken og ser dobbelt|Får du ondt i nakken og ser dobbelt
halspulsaare|du får ondt i hovedet og taler sløret|Får du ondt i hovedet og taler sløret
halspulsaare|du får ondt i nakken og har svært ved at synke|Får du ondt i nakken og har svært ved at synke
halspulsaare|du er så svimmel, at du ikke kan gå|Er du så svimmel, at du ikke kan gå
hoved-eller-nakkeskade|du har slået hovedet hårdt og bliver sløv|Har du slået hovedet hårdt og bliver sløv
hoved-eller-nakkeskade|du har slået nakken hårdt|Har du slået nakken hårdt
lam-efter-ulykke|du er faldet langt og ikke kan mærke benene|Er du faldet langt og kan ikke mærke benene
lam-efter-ulykke|du har været i en ulykke og ikke kan bevæge arme eller ben|Kan du ikke bevæge arme eller ben efter en ulykke
muskellogesyndrom|benet bliver hårdt og spændt|Bliver benet hårdt og spændt
muskellogesyndrom|du har gips, og armen bliver hård og spændt|Bliver armen hård og spændt
hoftebrud|du er faldet og ikke kan rejse dig|Er du faldet og kan ikke rejse dig
hoftebrud|du er faldet og ikke kan løfte benet|Er du faldet, og kan du ikke løfte benet
hoftebrud|du er faldet og ikke kan stå på det|Er du faldet, og kan du ikke stå på benet
sepsis|du har feber og bliver forvirret|Har du feber og bliver forvirret
sepsis|du har feber og bliver meget sløv|Har du feber og bliver meget sløv
sepsis|du har feber og bliver bleg og kold på huden|Har du feber og bliver bleg og kold på huden
selvmordsfare|du er ved at gøre skade på dig selv|Er du ved at gøre skade på dig selv
selvmordsfare|du har planer om at tage dit eget liv|Har du planer om at tage dit eget liv
blodprop-i-benet|det ene ben bliver hævet|Bliver det ene ben hævet
blodprop-i-benet|det ene ben bliver rødt|Bliver det ene ben rødt
blodprop-i-benet|det ene ben bliver varmt|Bliver det ene ben varmt
oeget-risiko-for-blodprop|du har nye smerter i læggen og er gravid|Har du nye smerter i læggen og er gravid
oeget-risiko-for-blodprop|du har nye smerter i læggen og har født for nylig|Har du født for nylig og fået smerter i læggen
oeget-risiko-for-blodprop|du har smerter i læggen og er opereret|Er du opereret og har smerter i læggen
oeget-risiko-for-blodprop|du har smerter i læggen og har ligget længe|Har du ligget længe og har smerter i læggen
oeget-risiko-for-blodprop|du har smerter i læggen og har kræft|Har du kræft og smerter i læggen
oeget-risiko-for-blodprop|du har smerter i læggen og har haft en blodprop før|Har du haft en blodprop før og smerter i læggen
cauda-equina|du mister følelsen i skridtet|Mister du følelsen i skridtet
cauda-equina|du mister følelsen ved endetarmen|Mister du følelsen ved endetarmen
cauda-equina|du har svært ved at tisse|Har du svært ved at tisse
cauda-equina|du ikke kan holde på vandet|Kan du ikke holde på vandet
cauda-equina|du ikke kan holde på vand eller afføring|Kan du ikke holde på vand eller afføring
cauda-equina|du ikke længere kan holde på afføringen|Kan du ikke længere holde på afføringen
svaghed-i-benet|et ben hurtigt bliver svagt|Bliver et ben hurtigt svagt
svaghed-i-benet|en fod hurtigt bliver svag|Bliver en fod hurtigt svag
svaghed-i-benet|du snubler over foden|Snubler du over foden
svaghed-i-benet|du ikke kan løfte foden|Kan du ikke løfte foden
iskias-i-begge-ben|smerten fra ryggen stråler ned i begge ben|Stråler smerten fra ryggen ned i begge ben
gangbesvaer|du pludselig får meget svært ved at gå|Får du pludselig meget svært ved at gå
kraeft-og-svage-ben|du har kræft, og dine ben bliver svage|Har du kræft, og bliver dine ben svage
kraeft-og-svage-ben|du har haft kræft, og det bliver svært at gå|Har du haft kræft, og bliver det svært at gå
ryg-efter-fald|du har fået meget ondt i ryggen efter et fald|Har du fået meget ondt i ryggen efter et fald
ryg-efter-fald|du har fået ondt i nakken efter et slag|Har du fået ondt i nakken efter et slag
ryg-efter-fald|du har fået ondt i nakken efter en ulykke|Har du fået ondt i nakken efter en ulykke
varmt-led|et led hurtigt bliver hævet og varmt|Bliver et led hurtigt hævet og varmt
brud|du er faldet, og en arm ser skæv ud|Er du faldet, og ser en arm skæv ud
brud|du har slået dig, og et ben ser skævt ud|Har du slået dig, og ser et ben skævt ud
brud|du er faldet, og en arm ikke kan bruges|Er du faldet, og kan en arm ikke bruges
smaeld-i-akillessenen|det gav et smæld bag på benet|Gav det et smæld bag på benet
smaeld-i-akillessenen|du ikke kan stå på tæer|Kan du ikke stå på tæer
laast-knae|knæet er låst|Er knæet låst
laast-knae|knæet er låst, så du ikke kan bøje det|Er knæet låst, så du ikke kan strække det
betaendt-saar|du er blevet opereret, og såret bliver rødt|Er du blevet opereret, og bliver såret rødt
betaendt-saar|du er opereret, og såret væsker|Er du opereret, og væsker såret
betaendt-saar|du er blevet opereret, og du får feber|Er du blevet opereret, og får du feber
barn-der-halter|dit barn halter og har feber|Halter dit barn, og har det feber
barn-der-halter|dit barn ikke vil støtte på benet|Vil dit barn ikke støtte på benet
svangerskabsforgiftning|du er gravid og får stærk hovedpine|Er du gravid, og får du stærk hovedpine
svangerskabsforgiftning|du er gravid og får flimmer for øjnene|Får du flimmer for øjnene, mens du er gravid
svangerskabsforgiftning|du er gravid og får ondt under ribbenene|Er du gravid, og får du ondt under ribbenene
betaendt-tindingeaare|du er over 50 år og får ny hovedpine|Er du over 50 år og får ny hovedpine
betaendt-tindingeaare|du har en øm tinding og ondt i kæben, når du tygger|Har du en øm tinding og ondt i kæben, når du tygger
betaendt-tindingeaare|du har en øm tinding og ser dårligere|Har du en øm tinding og ser dårligere
moerk-urin|din urin er blevet mørk|Er din urin blevet mørk
moerk-urin|dine muskler er meget ømme, og din urin er blevet brun|Er din urin blevet brun, og er dine muskler svage
staerke-mavesmerter|du har meget ondt i maven, og smerten bliver ved|Har du meget ondt i maven, og bliver smerten ved
staerke-mavesmerter|du har ondt, og maven er hård at røre ved|Har du ondt, og er maven hård at røre ved
selvmordstanker|du har tanker om ikke at ville leve|Har du tanker om ikke at ville leve
"""
ROWS = [row.split("|") for row in OWN_WORDS.splitlines()]
PARTS = [(key, part) for key, *parts in ROWS for part in parts]
URGENT = [flag for flag in flags() if flag.kind == "seek" and flag.urgency in ("112", "doctor_now")]

# What nobody should be alarmed by, though some of the words are there.
ORDINARY = [
    "hold på vandflasken under øvelsen",
    "hold på stangen, og løft foden",
    "svagt ben",
    "snubler i ordene",
    "fald og usikker gang",
    "jeg er faldet til ro i min nye by",
    "ømme muskler efter træning",
    "ondt i maven",
    "jeg har haft kræft og vil i gang med at træne",
    "genoptræning efter kræft",
    "bækkenbundstræning ved utæthed",
    "jeg kan ikke leve uden min træning",
    "stramme muskler i underlivet",
    "løft det ene ben, og hold på det",
    "stå på det ene ben",
    "rødt lys mod smerter i benet",
    "varmt bad til ømme ben",
    "over 50 år og ondt i knæet",
    "ny hovedpude",
]


@pytest.mark.parametrize("flag", URGENT, ids=lambda flag: flag.key)
def test_an_urgent_flag_hears_its_own_card(flag):
    assert flag.key in {key for key, _ in PARTS}
    assert flag in spoken(flag.text, flags())
    assert flag.key in weak(f"Tal med en fysioterapeut, hvis {flag.text}.")


@pytest.mark.parametrize(("key", "words"), PARTS)
def test_the_search_hears_each_part_of_a_card_in_either_order(key, words):
    assert key in {flag.key for flag in spoken(words, flags())}


@pytest.mark.parametrize(("key", "after_hvis", "inverted"), ROWS)
def test_an_article_must_not_send_it_to_a_physiotherapist(key, after_hvis, inverted):
    assert key in weak(f"Hvis {after_hvis}, så book tid hos en fysioterapeut.")
    assert key in weak(f"{inverted}, bør du kontakte en fysioterapeut.")
    assert key in weak(f"{inverted}, kan en fysioterapeut hjælpe.")


@pytest.mark.parametrize("words", ["mister følelsen i skridtet", "kan ikke holde på vandet", "snubler over foden"])
def test_half_a_sentence_is_enough_for_the_search(words):
    assert {flag.key for flag in spoken(words, flags())} & {"cauda-equina", "svaghed-i-benet"}


@pytest.mark.parametrize("words", ORDINARY)
def test_ordinary_words_alarm_nobody(words):
    assert [flag.key for flag in spoken(words, flags())] == []


def weak(text: str) -> set[str]:
    return {place["flag"] for place in safety.collisions(document(text), flags()) if place["kind"] == "weaker"}
