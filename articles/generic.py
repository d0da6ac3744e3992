"""Whether an article is generic: something to read about (diet, sleep, anatomy), which leads to no clinics.

The rule, in this order; the first that fits decides, and its reason stands in the report of the import:

1. The name says a complaint (ondt, smerter, skade, syndrom, brud, -itis …): not generic, whatever else it says.
2. The name is that of a condition, a speciality or a treatment, or a synonym of one, that leads to clinics: not generic.
3. The name says a subject from the list below (kost, søvn, anatomi, udstyr, "hvad er fysioterapi" …): generic.
4. Nothing is matched, and no heading asks what one asks about a complaint (årsag, symptomer, behandling …): generic.
5. Otherwise not: an article about a complaint without clinics is worse than clinics beside one about sleep.

Only a condition that an import makes gets the verdict; the tick in the admin is an editor's from then on.
"""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Q

from clinics.models import Condition, Speciality, TreatmentType
from clinics.models.vocabulary import SearchableTerm
from clinics.text import fold

# Of folded words (æ→ae, ø→oe, å→aa); each is looked for as it stands here, \b marking where a word begins or ends.
_COMPLAINTS = re.compile(
    r"ondt\b|smert|pine\b|migraene|\boemme?\b|oemhed|stiv\b|stivhed|svimmel|snurren|foelelsesloes|prikken|haevelse"
    r"|skade|syndrom|brud\b|braekket|forstuv|forstraek|forvrid|spraengning|overriv|sprunget|luksation|gaaet af led"
    r"|itis\b|[^dp]ose\b|algi\b|pati\b|gigt|betaendelse|irritation|inflammation|prolaps|stenose|diskus|impingement"
    r"|sygdom|lidelse|krampe|(?<!ud)(?<!af)spaending|spaendt|hold i\b|laasning|infiltration|vaerk\b|\buro\b|angst|stress"
    r"|blodprop|trombose|apopleksi|lammelse|lammet|parese|hjernerystelse|piskesmaeld|kraeft|cancer|tumor|neurom|cyste"
    r"|infektion|astma|\bkol\b|diabetes|overvaegt|inkontinens|nedsynkning|loesning|klemme\b|overbelastning|slid\b"
    r"|spore\b|springfinger|albue\b|musearm|knude|vaeske i|vand i|oedem|skoliose|hypermobil|skoerhed|svind\b"
    r"|operation|opereret|efter foedsel|genoptraening|senfoelger|parkinson|sclerose|sklerose|schlatter|usikker gang"
    r"|restless|iskias|ischias|claudicatio|klaudicatio|vindueskigger|valgus|varus|platfod|hulfod|frossen|sammenfald"
)
_SUBJECTS = re.compile(
    r"\b(?:kost|kosten|kostraad|kosttilskud|ernaering|mad|maden|maaltid\w*|protein\w*|vitamin\w*|mineral\w*"
    r"|magnesium|kalcium|vaeskebalance|alkohol|rygning|koffein|kaffe|vaegttab"
    r"|soevn\w*|sovestilling\w*|hvile|restitution|afspaending|mindfulness|meditation|aandedraet\w*|vejrtraekning\w*"
    r"|anatomi|anatomien|fysiologi|fysiologien|opbygning|nervesystemet|kredsloebet|bindevaev|fascier"
    r"|ordliste|ordbog|ordforklaring\w*|hvad (?:er|koster|goer|laver|kan) (?:en )?fysioterap\w*"
    r"|foerste besoeg|foerste gang hos|valg af fysioterapeut|henvisning\w*|tilskud\w*|pris|priser|prisen|sygesikring\w*"
    r"|sundhedsforsikring\w*|forsikring\w*|patientrettigheder|ydernummer|journal\w*"
    r"|udstyr\w*|hjaelpemid\w*|traeningsudstyr|foam ?roller|traeningselastik\w*|elastikker|massagepistol\w*|varmepude\w*"
    r"|sko|skoene|loebesko|indlaegssaaler|kontorstol\w*|haevesaenkebord\w*|madras\w*|hovedpude\w*"
    r"|ergonomi|arbejdsstilling\w*|siddestilling\w*|kropsholdning|arbejdsplads\w*"
    r"|motion|motionsraad|opvarmning|bevaegelse|fysisk aktivitet|hverdagsmotion|loebeteknik"
    r"|motivation|vaner|livsstil)\b"
    # As the first word only: "uro i kroppen" is a complaint.
    r"|^(?:kroppen|kroppens|muskler|musklerne|muskelgrupper|knogler|knoglerne|led|leddene|sener|senerne|nerver|nerverne)\b"
    r"|^fysioterap(?:i|ien|eut|euten|euter)$"
)
_ASKS_ABOUT_A_COMPLAINT = re.compile(
    r"symptom|aarsag|skyldes|behandl|diagnos|advarsel|faresignal|laege\b|lindr|ondt|smert|skade|risikofaktor|forebyg"
)


class Verdict(NamedTuple):
    """`reason` is a Danish sentence for editors."""

    is_generic: bool
    reason: str

    def as_json(self) -> dict[str, bool | str]:
        return {"verdict": self.is_generic, "reason": self.reason}


def judge(name: str, headings: Iterable[str], matches: Collection[object]) -> Verdict:
    """The verdict on a subject without a condition of its own; `matches` is what the text was matched to.

    At most three queries.
    """
    folded = fold(name)
    if found := _COMPLAINTS.search(folded):
        return Verdict(False, f"Navnet siger en gene eller sygdom (“{_word(name, folded, found)}”).")
    if known := _known(name):
        return Verdict(False, f"Navnet hører til “{known}”, som fører til klinikker.")
    if found := _SUBJECTS.search(folded):
        return Verdict(True, f"Navnet er et generelt emne (“{_word(name, folded, found)}”).")
    if not matches and not any(_ASKS_ABOUT_A_COMPLAINT.search(fold(heading)) for heading in headings):
        return Verdict(True, "Hverken navn, overskrifter eller match peger på noget, en fysioterapeut behandler.")
    return Verdict(False, "Navnet er ikke et af de generelle emner.")


def _known(name: str) -> SearchableTerm | None:
    spellings = Q(name__iexact=name) | Q(synonyms__contains=[name[:120].lower()])
    with_clinics = (Condition.objects.filter(is_generic=False), Speciality.objects.all(), TreatmentType.objects.all())
    return next((term for terms in with_clinics if (term := terms.filter(spellings).first())), None)


def _word(name: str, folded: str, found: re.Match[str]) -> str:
    """The whole word, as it is written in the name, where folding kept the number of words."""
    words = re.findall(r"\w+", name)
    if len(words) != len(folded.split()):
        return found.group()
    first = folded.count(" ", 0, found.start())
    last = folded.count(" ", 0, found.end())
    return " ".join(words[first : last + 1]).lower()
