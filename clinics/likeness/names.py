"""What a clinic's name says: the words that tell it from others, whose it is, and which trade."""

import re
from dataclasses import dataclass
from enum import Enum

from clinics.models.name_key import name_key
from clinics.names import COMMON
from clinics.text import typos_allowed, typos_between

_LEGAL = re.compile(
    r"(?i)(?<![^\W_])(?:a/s|i/s|k/s|p/s|aps|ivs|amba|a\.m\.b\.a\.?|fmba|smba|holding|danmark aps)(?![^\W_])"
)
_OWNER = re.compile(r"(?i)(?<![^\W_])(?:v\s*[/.]|ved (?=[A-ZÆØÅ]))")  # "Ryggen v/Mette Hansen": whose it is
_MORE_COMMON = frozenset(
    name_key(
        "fysioterapeutisk fysioterapeuternes autoriseret aut ergoterapi genoptræning behandling behandlerhus sundhedscenter"
        " sundhedscentret sundhedscenteret sundhedshus sundhedshuset lægehus lægehuset klinikfællesskab"
    ).split()
)
# Another trade in the same house, often under the same name: "Ryggen Kiropraktik" is not "Ryggen Fysioterapi".
_TRADES = frozenset(
    name_key(
        "fitness fitnesscenter motionscenter træningscenter svømmehal hotel kiropraktik kiropraktor kiropraktorer osteopati"
        " osteopat massage massør zoneterapi zoneterapeut akupunktur akupunktør fodterapi fodterapeut fodklinik tandlæge"
        " tandlægerne psykolog psykologerne jordemoder yoga pilates hudpleje kosmetolog"
    ).split()
)


class Alike(Enum):
    """How two names stand to each other."""

    SAME = "same"
    TYPO = "typo"  # a slip of the pen
    MOST = "most"  # two words or more in common, and one has others besides: a middle name
    MORE = "more"  # one word in common, and one has others besides: a department
    OWNER = "owner"  # called otherwise, but the same person's
    PLAIN = "plain"  # both say nothing but what they are, in the same words
    UNKNOWN = "unknown"  # one of them says nothing that tells
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """`words` tell, folded; `told` has the town's too; `whole` is everything but owner and legal form, without spaces.

    `plain`: no word tells. `local`: only its town does, and a town has many.
    """

    words: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    whole: str = ""
    owner: tuple[str, ...] = ()
    trades: frozenset[str] = frozenset()
    plain: bool = True
    local: bool = False


def read_name(name: str, town: str = "") -> Name:
    head, _, tail = _OWNER.sub("\0", _LEGAL.sub(" ", name[:200])).partition("\0")
    head_words, tail_words = name_key(head).split(), name_key(tail).split()
    where = set(name_key(town).split())
    told = [word for word in head_words if word not in COMMON | _MORE_COMMON]
    owner = [word for word in tail_words if word not in COMMON | _MORE_COMMON]
    kept, kept_owner = ([word for word in words if word not in where] for words in (told, owner))
    words = kept or kept_owner or told or owner or head_words + tail_words
    return Name(
        words=tuple(words),
        told=tuple(told),
        whole="".join(head_words) if told else "",
        owner=tuple(owner),
        # "Fysioterapi og Fitness" is a physiotherapist's too.
        trades=frozenset() if any(word[:3] == "fys" for word in head_words) else _TRADES.intersection(head_words),
        plain=not (told or owner),
        local=not (kept or kept_owner),
    )


def core(name: str, town: str = "") -> tuple[str, ...]:
    """The words that tell one clinic from another, folded: `"Klinik for Fysioterapi, Ryggen ApS v/Mette"` → `("ryggen",)`.

    A name that says nothing but what it is and where keeps what it has: `"Aarhus Fysioterapi"` → `("arhus",)`.
    """
    return read_name(name, town).words


def names_alike(one: str, town: str, other: str, other_town: str) -> str:
    """`"same"`, `"alike"` (a slip of the pen, or one has words more) or "". "Fysioterapi" alone is like no name."""
    found = compare(read_name(one, town), read_name(other, other_town))
    return "same" if found is Alike.SAME else "alike" if found in (Alike.TYPO, Alike.MOST, Alike.MORE) else ""


def compare(one: Name, other: Name) -> Alike:
    """Symmetric."""
    mine, theirs = one.words, other.words
    if one.plain or other.plain:
        both = bool(mine) and mine == theirs
        return Alike.PLAIN if both else Alike.UNKNOWN
    joined, their_joined = "".join(mine), "".join(theirs)
    if joined == their_joined or set(mine) == set(theirs) or (one.whole and one.whole == other.whole):
        return Alike.SAME
    if nearly(joined, their_joined):
        return Alike.TYPO
    if one.local != other.local:  # "Tarm Fysioterapi", "Tarm Fysioterapi & Sundhed": a town's name alone tells nothing
        short, long = (one, other) if one.local else (other, one)
        return Alike.MORE if short.told and set(short.told) <= set(long.told) else Alike.UNKNOWN
    fewer, more = sorted((mine, theirs), key=len)
    telling = any(len(word) > 3 for word in fewer) or all(len(word) == 3 and word in more for word in fewer)
    if telling and (_covers(fewer, more) or (len(fewer) == len(more) and _covers(more, fewer))):
        return Alike.TYPO if len(fewer) == len(more) else Alike.MOST if len(fewer) > 1 else Alike.MORE
    return Alike.OWNER if _share(one.owner or mine, other.owner or theirs, one, other) else Alike.OTHER


def owners_differ(one: Name, other: Name) -> bool:
    """Both tell whose they are, and no name in common."""
    if not one.owner or not other.owner:
        return False
    return not any(_means(word, their) for word in one.owner for their in other.owner)


def nearly(one: str, other: str) -> bool:
    """The same but for a slip of the pen; in three letters nothing can be guessed."""
    if one == other or (min(len(one), len(other)) > 2 and (one + "s" == other or one == other + "s")):
        return True  # "Møn", "Møns"
    most = min(typos_allowed(one), typos_allowed(other))
    return most > 0 and typos_between(one, other, most) <= most


def _share(mine: tuple[str, ...], theirs: tuple[str, ...], one: Name, other: Name) -> bool:
    """The same person: at least two names of one, where one of the clinics says that it is an owner's."""
    if not one.owner and not other.owner:
        return False
    fewer, more = sorted((mine, theirs), key=len)
    return len(fewer) > 1 and (_covers(fewer, more) or (len(fewer) == len(more) and _covers(more, fewer)))


def _covers(fewer: tuple[str, ...], more: tuple[str, ...]) -> bool:
    """Every word means another one of `more`: "Sund i Sind" is not "Sund i Krop"."""
    left = list(more)
    for word in sorted(fewer, key=lambda one: one not in left):  # what is there to the letter goes first
        meant = word if word in left else next((other for other in left if _means(word, other)), None)
        if meant is None:
            return False
        left.remove(meant)
    return True


def _means(word: str, other: str) -> bool:
    """ "M. Hansen" may be Mette's."""
    if len(word) == 1 or len(other) == 1:
        return word[0] == other[0] and word.isalpha() and other.isalpha()
    return nearly(word, other)
