"""How urgent a text itself says that something is: "ring 112" → 112, "kontakt en fagperson" → physio.

Read from whom the text sends the reader to and how soon, clause by clause; the words stand in wording.yaml. In doubt the
answer is the milder one: then the text counts as weaker than the registry, the flag's card is shown, and a person decides.
"""

from functools import lru_cache

from clinics.models import RedFlag

from .clauses import STOPS, Tokens, clauses_of, padded, tokens_of, words_of
from .wording import wording

EMERGENCY, NOW, SOON, OWN, PHYSIO = (
    RedFlag.Urgency.EMERGENCY.value,
    RedFlag.Urgency.DOCTOR_NOW.value,
    RedFlag.Urgency.DOCTOR_SOON.value,
    RedFlag.Urgency.OWN_DOCTOR.value,
    RedFlag.Urgency.PHYSIO.value,
)
WAIT = "wait"  # there is no need to go anywhere, or wait and see
RANK = {urgency: rank for rank, urgency in enumerate((EMERGENCY, NOW, SOON, OWN, PHYSIO, WAIT))}


def weaker(urgency: str, than: str) -> bool:
    """Whether the first is milder than the second; an urgency that is not stated is not weaker.

    "Ofte ufarligt" is milder than a flag that somebody must act on soon; of the others it may be true.
    """
    return bool(urgency) and RANK[urgency] > RANK[than] and (urgency != WAIT or RANK[than] <= RANK[SOON])


@lru_cache(maxsize=2000)
def stated(text: str) -> str:
    """The highest urgency that a sentence states: a value of `RedFlag.Urgency`, WAIT, or "" when it advises nothing."""
    urgencies = (stated_in(clause) for clause in clauses_of(text))
    return min(filter(None, urgencies), key=RANK.__getitem__, default="")


def stated_in(clause: Tokens) -> str:
    """The same for one clause."""
    text = padded(words_of(clause))
    waits = not _says(text, "do_not_wait")
    if waits and _says(text, "not_needed"):
        return WAIT
    return _sends_to(text, clause) or (WAIT if waits and _says(text, "wait") else "")


def begins_with_also(text: str) -> bool:
    """Whether the sentence goes on with the advice of the one before it: "Det samme gælder …"."""
    return bool(wording().advice["also"].match(padded(words_of(tokens_of(text))), 1))


def _sends_to(text: str, clause: Tokens) -> str:
    if _says(text, "emergency"):
        return EMERGENCY
    if _says(text, "on_call"):
        return NOW
    contact, others = _says(text, "contact"), _says(text, "others")
    if _says(text, "doctors_look") or (_says(text, "doctor") and (contact or _says(text, "to_doctor"))):
        return OWN if others and _says(text, "either") else _how_soon(text, clause)
    if others:
        # "Få vurdering af en fagperson, akut ved hævelse": that haste is not for the physiotherapist.
        return (NOW if _is_in_haste(clause, after=",") else PHYSIO) if contact or _is_offered(clause) else ""
    helps = _says(text, "help")
    if helps and " faglig " in text:
        return PHYSIO
    if (helps and _says(text, "ask")) or (_says(text, "seek") and _is_now(text, clause)):
        return _how_soon(text, clause)
    return ""


def _is_offered(clause: Tokens) -> bool:
    """ "Snubler du over foden, kan en fysioterapeut hjælpe": help for what stands before the comma."""
    offers = wording().advice["offers"]
    starts = (at + 1 for at, word in enumerate(clause) if word == ",")
    return "hjaelpe" in clause and any(offers.match(padded(words_of(clause[start:])), 1) for start in starts)


def _how_soon(text: str, clause: Tokens) -> str:
    if _is_now(text, clause):
        return NOW
    return SOON if _says(text, "soon") else OWN


def _is_now(text: str, clause: Tokens) -> bool:
    return _says(text, "now") or _is_in_haste(clause)


def _is_in_haste(clause: Tokens, after: str = "") -> bool:
    """Whether an "akut" (right after a stop, if told) says how soon, and not how the pain is."""
    around = ("", *clause, ".")
    return any(
        following in STOPS or _says(f" {following} ", "after_akut") or _says(f" {before} ", "before_akut")
        for before, word, following in zip(around, around[1:], around[2:], strict=False)
        if word == "akut" and before.startswith(after)
    )


def _says(text: str, name: str) -> bool:
    return bool(wording().advice[name].search(text))
