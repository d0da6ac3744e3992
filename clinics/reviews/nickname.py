"""The name under a review: invented, so that nobody is recognised by it. What is refused and why: docs/review-text.md."""

import re
import secrets
import unicodedata

from clinics.models import Clinic

from .reading import Reading, cleaned
from .staff_names import named
from .text_checks import check, names_of

SHORTEST, LONGEST = 2, 40
MOST_FIGURES = 4  # a year at most

# Any two make a name: words that are kind to somebody in pain, and creatures, plants and things of the common gender. None speaks
# of a body or an illness, of where somebody lives, or is a usual name of people.
_KIND = (
    "Rolig Glad Venlig Modig Stille Klog Munter Blid Lun Mild Vågen Kvik Sjov Fin Lys Åben Ærlig Tålmodig Nysgerrig Fredelig"
    " Hyggelig Lystig Solrig Festlig Flittig Snild Trofast Rummelig Hjertelig Eventyrlig Dristig Kæk Livlig Godmodig"
    " Begejstret Drømmende Smilende Syngende Dansende Vandrende Strålende Funklende Glimtende Legende Summende Nynnende"
    " Hoppende Svævende Sejlende Cyklende Læsende Gylden Sommerlig Forårsglad Morgenfrisk Turglad Vejrbidt Himmelblå Havblå"
    " Skovgrøn Solgul Honninggul Lyseblå Nordisk Stribet Prikket Blød Usædvanlig Uforknyt Ukuelig Vennesæl Opmærksom"
    " Opfindsom Gavmild Rar Betænksom Retvendt Velment Luftig Frisindet"
)
_NOUNS = (
    "Sanglærke Solsort Stær Spurv Mejse Blåmejse Musvit Bogfinke Gråspurv Gærdesmutte Nattergal Gøg Ugle Hejre Stork Trane"
    " Strandskade Terne Måge Edderfugl Gråand Blishøne Svale Mursejler Rødhals Dompap Skovspætte Flagspætte Isfugl Havørn"
    " Lappedykker Tårnfalk Fasan Agerhøne Ringdue Grågås Bramgås Hare Bæver Odder Grævling Ræv Hjort Elg Markmus Muldvarp"
    " Flagermus Sæl Delfin Hval Laks Ørred Aborre Makrel Hornfisk Krabbe Reje Musling Søstjerne Konkylie Humlebi Guldsmed"
    " Sommerfugl Mariehøne Græshoppe Myre Edderkop Tudse Salamander Bøg Eg Hyld Hassel Kastanje Ahorn Valmue Kornblomst"
    " Anemone Tulipan Påskelilje Vintergæk Erantis Krokus Lavendel Timian Mynte Bølge Sky Regnbue Morgensol Måne Komet Fjord"
    " Bugt Klit Bakke Eng Sti Bæk Sten Lanterne Cykel Jolle Robåd Kano Drage Paraply Kanel Brombær Havtorn Gulerod Havregrød"
    " Kringle Tekande Vindmølle Trommestok Fløjte Violin Fregat Sejlbåd Strandskal Rullesten"
)
KIND, NOUNS = tuple(_KIND.split()), tuple(_NOUNS.split())

# The commonest surnames. With another word in front it is somebody's whole name.
_SURNAMES = (
    "Ahmed Ali Andersen Andreasen Bertelsen Bruun Christensen Christiansen Clausen Dahl Danielsen Eriksen Frandsen Frederiksen"
    " Friis Hansen Henriksen Hussain Iversen Jacobsen Jakobsen Jensen Jeppesen Jespersen Johansen Johnsen Juhl Jørgensen Khan"
    " Kjær Koch Kristensen Kristiansen Krogh Knudsen Larsen Lauridsen Laursen Madsen Mikkelsen Mogensen Mortensen Møller"
    " Nguyen Nielsen Nissen Olesen Olsen Pedersen Petersen Poulsen Rasmussen Schmidt Simonsen Svendsen Sørensen Thomsen"
    " Vestergaard Winther Østergaard"
)
SURNAMES = frozenset(_SURNAMES.lower().split())
_OURS = ("fysfinder", "moderator", "redaktion", "administrator", "klinikejer")  # wherever they stand
_OURS_ALONE = frozenset(["admin", "klinikken", "klinik", "ejer", "ejeren", "support", "kundeservice"])

EMPTY = "Skriv et kaldenavn på mindst to bogstaver."
LONG = f"Kaldenavnet er for langt. Der er plads til {LONGEST} tegn."
SIGNS = "Brug kun bogstaver, tal, mellemrum og bindestreg i kaldenavnet."
FIGURES = "Brug højst fire tal i kaldenavnet."
CONTACT = "Kaldenavnet må ikke være en adresse på nettet, en e-mail eller et nummer."
REAL = "Det ligner et rigtigt navn. Find på et andet, så ingen kan kende dig."
STAFF = "Kaldenavnet ligner navnet på en, der arbejder på klinikken. Vælg et andet."
TAKEN = "Kaldenavnet kan forveksles med klinikken eller FysFinder. Vælg et andet."


def suggest() -> str:
    """An invented name, another each time: `"Rolig Sanglærke"`, one of some ten thousand."""
    return f"{secrets.choice(KIND)} {secrets.choice(NOUNS)}"


def problem(nickname: str, clinic: Clinic) -> str | None:
    """Why this cannot stand under a review of this clinic, in one Danish sentence or two; None when it can.

    Judges `cleaned(nickname)`, which is what is stored. One query for the people of the clinic, unless they are read.
    """
    name = cleaned(nickname)
    letters = Reading(name[: 2 * LONGEST]).letters
    if len(name) < SHORTEST or sum(letter.isalpha() for letter in name) < SHORTEST:
        return EMPTY
    if len(name) > LONGEST:
        return LONG
    if any(finding.blocks for finding in check(name)):
        return CONTACT
    if not all(letter in " -'’." or unicodedata.category(letter)[0] in "LMN" for letter in name):
        return SIGNS
    if sum(letter.isdigit() for letter in letters) > MOST_FIGURES:
        return FIGURES
    words = re.findall(r"[^\W\d_]+", letters.lower())
    whole = "".join(words)
    if _OURS_ALONE.intersection(words) or any(word in whole for word in _OURS) or _is_clinic(whole, clinic):
        return TAKEN
    # After another word, for a name that is a word too counts inside a sentence only.
    people = [Reading(cleaned(person)).letters for person in names_of(clinic)]
    if any(True for _ in named(f"og {letters}", people)):
        return STAFF
    return REAL if len(words) > 1 and words[-1] in SURNAMES else None


def _is_clinic(whole: str, clinic: Clinic) -> bool:
    name = "".join(re.findall(r"[^\W\d_]+", Reading(cleaned(clinic.name)).letters.lower()))
    return len(name) > 3 and name in whole
