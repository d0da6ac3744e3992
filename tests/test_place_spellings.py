"""What people write in the place field, on the committed tables: the place it means, a question back, or a kind sentence.

Each table is asked in one go, so that a row costs a millisecond. A row is somebody's real spelling; add yours.
"""

import pytest

from clinics.loading.places import load_places
from clinics.places import AmbiguousPlace, InvalidPlace, PlaceError, UnknownPlace, find_place

from .memory import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    """Two thousand rows, loaded once for this file and rolled back after it."""
    with shared_rows(django_db_blocker):
        load_places()
        yield


def read(text: str) -> str | list[str]:
    """The label of the place, the labels to choose between, the question with its mark, or the sentence."""
    try:
        return find_place(text).label
    except AmbiguousPlace as several:
        return [choice.label for choice in several.choices]
    except PlaceError as error:
        return getattr(error, "question", "") or error.message


FOUND = {
    "a postcode, whatever stands around it": {
        "2200": "2200 København N",
        "2200 Kbh N": "2200 København N",
        "DK-2200": "2200 København N",
        "dk2200": "2200 København N",
        "dk-2200 København N": "2200 København N",
        "DK 8000": "8000 Aarhus C",
        "  8000  ": "8000 Aarhus C",
        "8000.": "8000 Aarhus C",
        "(8000)": "8000 Aarhus C",
        "8000 C": "8000 Aarhus C",
        "8000 Aarhus": "8000 Aarhus C",
        "8000 århus c": "8000 Aarhus C",
        "8000 - Aarhus": "8000 Aarhus C",
        "8000aarhus": "8000 Aarhus C",
        "aarhus8000": "8000 Aarhus C",
        "Aarhus C 8000": "8000 Aarhus C",
        "Aarhus (8000)": "8000 Aarhus C",
        "8000, Aarhus C, Danmark": "8000 Aarhus C",
        "8000 Aarhus C, Region Midtjylland": "8000 Aarhus C",
        "8000 Odense": "8000 Aarhus C",  # digits win over names
        "postnr. 8000": "8000 Aarhus C",
        "postnummer 5000": "5000 Odense C",
        "jeg bor i 9000": "9000 Aalborg",
        "i nærheden af 8000": "8000 Aarhus C",
        "8000 tak": "8000 Aarhus C",
        "8000???": "8000 Aarhus C",
        "8000 <b>": "8000 Aarhus C",
        "8000, 8000": "8000 Aarhus C",
        "\uff18\uff10\uff10\uff10": "8000 Aarhus C",  # full-width digits from a phone keyboard
        "80\u200b00 ": "8000 Aarhus C",  # a zero-width space pasted along
        "8000\n": "8000 Aarhus C",
        "9000 Aalborg SØ": "9000 Aalborg",
        "frederiksberg 2000": "2000 Frederiksberg",
    },
    "a street address": {
        "Nørregade 12, 8000 Aarhus C": "8000 Aarhus C",
        "Vestergade 12B, 2. tv., 5000 Odense C, Danmark": "5000 Odense C",
        "Vesterbrogade 100, 3. th, 1620 København V": "1620 København V",
        "Ny Munkegade 118, 8000 Aarhus C": "8000 Aarhus C",
        "Hovedgaden 7, 2970 Hørsholm, Danmark": "2970 Hørsholm",
        "Strandvejen 12 2900": "2900 Hellerup",
        "Strandvejen 12, 2900 Hellerup": "2900 Hellerup",
        "Frederiksberg Allé 10, 1820": "1820 Frederiksberg C",
        "Vestergade 1, 8600": "8600 Silkeborg",
        "Odensevej 5, 5550 Langeskov": "5550 Langeskov",
        "Aarhusvej 200, 8900 Randers": "8900 Randers C",
        "Rådhuspladsen 1, København": "København",
        "Torvet 5, Viborg": "Viborg",
        "Storegade 3, Ry": "Ry",
        "Vestergade 1, Silkeborg": "Silkeborg",
    },
    "the first and the last codes, streets of their own, large recipients, islands": {
        "0800": "0800 Høje Taastrup",
        "0900": "0900 København C",
        "0999": "0999 København C",
        "1050": "1050 København K",
        "1092": "1092 København K",
        "1532": "1532 København V",
        "1786": "1786 København V",
        "1799": "1799 København V",
        "2000": "2000 Frederiksberg",
        "2300": "2300 København S",
        "3700": "3700 Rønne",
        "3770": "3770 Allinge",
        "4305": "4305 Orø",
        "5970": "5970 Ærøskøbing",
        "5985": "5985 Søby Ærø",
        "6720": "6720 Fanø",
        "8100": "8100 Aarhus C",
        "8305": "8305 Samsø",
        "8592": "8592 Anholt",
        "8789": "8789 Endelave",
        "9100": "9100 Aalborg",
        "9940": "9940 Læsø",
        "9990": "9990 Skagen",
    },
    "whole cities": {
        "københavn": "København",
        "kobenhavn": "København",
        "koebenhavn": "København",
        "köbenhavn": "København",
        "KØBENHAVN": "København",
        "Copenhagen": "København",
        "copenhagen, denmark": "København",
        "Kopenhagen": "København",
        "kbh": "København",
        "Kbh.": "København",
        "kbn": "København",
        "cph": "København",
        "Københavns Kommune": "København",
        "aarhus": "Aarhus",
        "AARHUS": "Aarhus",
        "århus": "Aarhus",
        "arhus": "Aarhus",
        "A\u030arhus": "Aarhus",  # a ring as a character of its own
        "Aarhus Kommune": "Aarhus",
        "i Aarhus": "Aarhus",
        "tæt på Aarhus": "Aarhus",
        "i hele Aarhus": "Aarhus",
        "Aarhus og omegn": "Aarhus",
        "aarhus, danmark": "Aarhus",
        "Aarhus, Jylland": "Aarhus",
        "Aarhus!!!": "Aarhus",
        "”Aarhus”": "Aarhus",
        "#aarhus": "Aarhus",
        "aarhus;": "Aarhus",
        "Ålborg": "Aalborg",
        "aalborg": "Aalborg",
        "alborg": "Aalborg",
        "odense": "Odense",
        "omkring Odense": "Odense",
        "Odense, Fyn": "Odense",
        "Esbjerg": "Esbjerg",
        "Randers": "Randers",
        "Randers Kommune": "Randers",
    },
    "their parts": {
        "kbh n": "København N",
        "KbhN": "København N",
        "Kbh-N": "København N",
        "kbh. ø": "København Ø",
        "kbh oe": "København Ø",
        "kbh. v": "København V",
        "kbhs": "København S",
        "kbh sv": "København SV",
        "Copenhagen K": "København K",
        "københavn nv": "København NV",
        "odense c": "Odense C",
        "Odense Nord": "Odense N",
        "odense sydøst": "Odense SØ",
        "århus c": "Aarhus C",
        "arhus n": "Aarhus N",
        "Aarhus Nord": "Aarhus N",
        "Aarhus midtby": "Aarhus C",
        "aalborg øst": "Aalborg Øst",
        "Aalborg Sydvest": "Aalborg SV",
        "frb": "Frederiksberg",
        "Frederiksberg": "Frederiksberg",
        "Frb. C": "Frederiksberg C",
        "østerbro": "Østerbro",
        "oesterbro": "Østerbro",
        "osterbro": "Østerbro",
        "Nørrebro": "Nørrebro",
        "Vesterbro": "Vesterbro",
        "amager": "Amager",
        "Amagerbro": "København S",
        "amager øst": "København S",
        "sydhavn": "Sydhavnen",
        "Bispebjerg": "Nordvest",
        "Husum": "Brønshøj",
        "Ørestad": "Ørestad",
        "Islands Brygge": "Islands Brygge",
        "Christiania": "Christianshavn",
        "indre by": "Indre By",
        "Nørrebro, København": "Nørrebro",
        "Nørrebro København": "Nørrebro",
        "kbh nørrebro": "Nørrebro",
        "Viby, Aarhus": "Viby J",
        "Viby (Aarhus)": "Viby J",
        "Hasle, Aarhus": "Aarhus V",
        "brabrand": "Brabrand",
        "Trøjborg": "Trøjborg",
        "Skåde": "Højbjerg",
        "abyhoj": "Åbyhøj",
        "aabyhoej": "Åbyhøj",
        "Vollsmose": "Vollsmose",
        "Bolbro": "Odense V",
        "Randers SØ": "Randers SØ",
        "Nr. Sundby": "Nørresundby",
        "norresundby": "Nørresundby",
    },
    "towns": {
        "Lyngby": "Kongens Lyngby",
        "Kgs. Lyngby": "Kongens Lyngby",
        "Kgs.Lyngby": "Kongens Lyngby",
        "kongens lyngby": "Kongens Lyngby",
        "aabenraa": "Aabenraa",
        "åbenrå": "Aabenraa",
        "abenra": "Aabenraa",
        "ærøskøbing": "Ærøskøbing",
        "aeroskobing": "Ærøskøbing",
        "aeroeskoebing": "Ærøskøbing",
        "naestved": "Næstved",
        "nastved": "Næstved",
        "Koge": "Køge",
        "Koege": "Køge",
        "helsingor": "Helsingør",
        "Elsinore": "Helsingør",
        "hilleroed": "Hillerød",
        "Holbaek": "Holbæk",
        "Sonderborg": "Sønderborg",
        "Toender": "Tønder",
        "Faborg": "Faaborg",
        "Fåborg": "Faaborg",
        "Grenå": "Grenaa",
        "Grena": "Grenaa",
        "Års": "Aars",
        "Saeby": "Sæby",
        "Neksø": "Nexø",
        "Hjorring": "Hjørring",
        "Hurup": "Hurup Thy",
        "Nr. Alslev": "Nørre Alslev",
        "Nr. Nebel": "Nørre Nebel",
        "Sdr. Omme": "Sønder Omme",
        "St. Heddinge": "Store Heddinge",
        "Ll. Skensved": "Lille Skensved",
        "nykøbing falster": "Nykøbing F",
        "Nykøbing F.": "Nykøbing F",
        "Nyk. F": "Nykøbing F",
        "Nykøbing (Falster)": "Nykøbing F",
        "Nykobing Mors": "Nykøbing M",
        "Nykøbing, Sjælland": "Nykøbing Sj",
        "viby j": "Viby J",
        "viby jylland": "Viby J",
        "viby sjælland": "Viby Sjælland",
        "Viby Sj.": "Viby Sjælland",
        "Svenstrup": "Svenstrup J",
        "Tåstrup": "Taastrup",
        "Høje-Taastrup": "Høje Taastrup",
        "harlev": "Harlev J",  # as it is spelt, before Hårlev without its ring
        "hårlev": "Hårlev",
        "Roskilde Kommune": "Roskilde",
        "Vejle by": "Vejle",
        "ved Vejle": "Vejle",
        "Fakse": "Faxe",
        "strib": "Strib",  # a town without a postcode of its own
        "Hasle, Bornholm": "Hasle",
        "Rønne Bornholm": "Rønne",
        "Skagen Nordjylland": "Skagen",
    },
    "islands, areas, regions, all of it": {
        "Bornholm": "Bornholm",
        "på Bornholm": "Bornholm",
        "hele Bornholm": "Bornholm",
        "aero": "Ærø",
        "aeroe": "Ærø",
        "fanø": "Fanø",
        "Nordby, Fanø": "Fanø",
        "Nordby, Samsø": "Samsø",
        "på Samsø": "Samsø",
        "samso": "Samsø",
        "Læsø": "Læsø",
        "Thurø By": "Thurø",
        "Als": "Als",
        "Fyn": "Fyn",
        "sjælland": "Sjælland",
        "Lolland-Falster": "Lolland-Falster",
        "Lolland og Falster": "Lolland-Falster",
        "Djursland": "Djursland",
        "Vendsyssel": "Vendsyssel",
        "sønderjylland": "Sønderjylland",
        "østjylland": "Østjylland",
        "Vestjylland": "Vestjylland",
        "Sydfyn": "Sydfyn",
        "nordsjaelland": "Nordsjælland",
        "Gribskov": "Gribskov Kommune",
        "Favrskov": "Favrskov Kommune",
        "region midtjylland": "Region Midtjylland",
        "midtjylland": "Region Midtjylland",
        "Region Hovedstaden": "Region Hovedstaden",
        "storkøbenhavn": "Region Hovedstaden",
        "Østdanmark": "Region Østdanmark",
        "hele Danmark": "Danmark",
        "i hele danmark": "Danmark",
        "Denmark": "Danmark",
        "hele landet": "Danmark",
        "Himmerland": "Himmerland",
        "Trekantområdet": "Trekantområdet",
        "på Mols": "Mols",
        "Vestegnen": "Vestegnen",
    },
    "a small island or a part of a town, which shares its postcode": {
        "Christiansø": "Christiansø",
        "Mandø": "Mandø",
        "Drejø": "Drejø",
        "Årø": "Aarø",
        "Bågø": "Bågø",
        "Holme": "Holme",
        "Holme, Aarhus": "Holme",
        "Hou, Odder": "Hou Odder",
    },
    "coordinates, as maps copy them": {
        "55.6761,12.5683": "1453 København K",
        "55.6761, 12.5683": "1453 København K",
        "55,6761 12,5683": "1453 København K",
        "12.5683 55.6761": "1453 København K",  # longitude first
        "56.1572° N, 10.2107° E": "8000 Aarhus C",
        "lat: 56.1572, lng: 10.2107": "8000 Aarhus C",
        "https://www.google.com/maps/@56.1572,10.2107,15z": "8000 Aarhus C",
        "55.32, 15.19": "3760 Gudhjem",  # Christiansø
        "Nørregade 12,8000 Aarhus": "8000 Aarhus C",  # none
        "8000.8200": "8000 Aarhus C",  # nor this
    },
}


@pytest.mark.parametrize("table", FOUND)
def test_it_is_found(table):
    assert {text: read(text) for text in FOUND[table]} == FOUND[table]


def test_the_tables_are_large_enough_to_mean_something():
    assert sum(map(len, FOUND.values())) >= 250


SEVERAL = {
    "Nykøbing": ["Nykøbing F", "Nykøbing M", "Nykøbing Sj"],
    "nykobing": ["Nykøbing F", "Nykøbing M", "Nykøbing Sj"],
    "Viby": ["Viby J", "Viby Sjælland"],
    "Nordby": ["Fanø", "Samsø"],
    "Hou": ["Hou Hals", "Hou Odder"],
    "Hasle": ["3790 Hasle", "Aarhus V"],
    "Odense, Aarhus": ["Aarhus", "Odense"],
    "Vesterbro, Aalborg": ["Aalborg", "Vesterbro"],
    "8000, 8200": ["8000 Aarhus C", "8200 Aarhus N"],
    "8000 8200": ["8000 Aarhus C", "8200 Aarhus N"],
    "8000/8200": ["8000 Aarhus C", "8200 Aarhus N"],
    "8200 eller 8000": ["8200 Aarhus N", "8000 Aarhus C"],
    "1050-1799": ["1050 København K", "1799 København V"],
    "8000, 8888, 9000": ["8000 Aarhus C", "9000 Aalborg"],  # what we do not know cannot be chosen
    "Algade 1000, 4000 Roskilde": ["1000 København K", "4000 Roskilde"],
}


def test_it_asks_which_with_the_largest_first():
    assert {text: read(text) for text in SEVERAL} == SEVERAL
    for text in SEVERAL:
        with pytest.raises(AmbiguousPlace) as raised:
            find_place(text)
        assert raised.value.message.endswith("?")
        assert [find_place(choice.sted) for choice in raised.value.choices] == list(raised.value.choices)


GUESSED = {
    # a slip of the finger
    "aahrus": "Aarhus",
    "Aarhsu": "Aarhus",
    "Nørregade 12, Aahrus": "Aarhus",
    "københaven": "København",
    "kobenhvan": "København",
    "Kbenhavn": "København",
    "odnese": "Odense",
    "Odnse": "Odense",
    "Ålborgg": "Aalborg",
    "Esbjrg": "Esbjerg",
    "Randres": "Randers",
    "Koldng": "Kolding",
    "Vejel": "Vejle",
    "Roskild": "Roskilde",
    "Silkborg": "Silkeborg",
    "Svenborg": "Svendborg",
    "Holbek": "Holbæk",
    "Nestved": "Næstved",
    "Frederecia": "Fredericia",
    "fredrikshavn": "Frederikshavn",
    "Skandeborg": "Skanderborg",
    "Helsinør": "Helsingør",
    "fyen": "Fyn",
    "frederikss": "Frederikssund",  # not written to the end
    "V. Hassing": "Vester Hassing",
    # among other words
    "fysioterapeut aarhus": "Aarhus",
    "Aarhus tak": "Aarhus",
    "Aarhus C tak": "Aarhus C",
    "jeg bor i Odense": "Odense",
    "randers kom.": "Randers",
    "Gl. Holte": "Holte",
    "8888 Aarhus": "Aarhus",  # the number is wrong, the town is not
}


def test_it_asks_about_a_slip_and_never_uses_it():
    asked = {}
    for text in GUESSED:
        with pytest.raises(UnknownPlace) as raised:
            find_place(text)
        asked[text] = raised.value.question
    assert asked == {text: f"Mente du {name}?" for text, name in GUESSED.items()}


UNKNOWN = ["xyzzyxyzzy", "<script>", "<script>alert(1)</script>", "' OR 1=1 --", "%%%aa%%%", "a", "Paris", "Malmö"]
# Far from the name that would be asked about: by way of another name of it, or with another first sound.
UNKNOWN += ["Christiansund", "Gershøj", "Skallerup"]
UNKNOWN += ["her", "min placering", "overalt", "8OOO", "Sønderjyllands Allé 1", "javascript:alert(1)"]
NO_POSTCODE = ["8888", "1234", "9999", "0000", "8888 8889", "DK-8888"]
INVALID = {
    "fire cifre": ["800", "80000", "80 00", "12 34 56 78 90", "-1", "12"],
    "ikke i Danmark": ["48.8566, 2.3522", "55.6050, 13.0038", "0.00,0.00", "-55.6761,12.5683"],
    "postnummer eller en by": ["", "   ", "\0\0", "?!.,-", "🦵🩹", "%"],
}


def test_what_we_do_not_know_is_said_without_a_guess():
    for text in UNKNOWN + NO_POSTCODE:
        with pytest.raises(UnknownPlace) as raised:
            find_place(text)
        assert (raised.value.suggestion, raised.value.question) == (None, ""), text
        sentence = "Vi kender ikke postnummer 8888. Tjek" if "888" in text else "Vi kender ikke "
        assert raised.value.message.startswith(sentence), text
    assert read("3900 Nuuk").startswith("Postnummer 3900 ligger i Grønland.")


@pytest.mark.parametrize("hint", INVALID)
def test_what_cannot_be_a_place_is_said_so(hint):
    for text in INVALID[hint]:
        with pytest.raises(InvalidPlace) as raised:
            find_place(text)
        assert hint in raised.value.message, text
