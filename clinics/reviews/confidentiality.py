"""Words of a reply that tell that somebody was, or was not, a patient.

Whoever treats patients keeps silent about them (sundhedsloven § 40), also about their ever having been in touch, and also when
the patient has written so first: docs/review-owners.md. What is found is a warning; a moderator reads every reply.
"""

import re

from .text_checks import Finding

KIND = "patient"
MESSAGE = (
    "Det kan læses, som om I bekræfter (eller afviser), at personen har været patient hos jer. Skriv det mere generelt."
)

# "Hvis du har været hos os" asks, and tells nothing.
_ASKED = r"(?<!hvis )(?<!såfremt )(?<!om )"
_BEEN = r"(?:har |ikke |aldrig |også |jo |altid |selv )*"
_YOUR = (
    r"behandling(?:en|er|sforløb)?|forløb|besøg|konsultation(?:er)?|undersøgelse(?:r)?|diagnose|journal|skade|operation|"
    r"genoptræning|aftale(?:r)?|tid(?:er)? (?:hos|kl|den)|session(?:er)?|træning|øvelser|træningsprogram|smerter?|ryg|"
    r"nakke|knæ|skulder|hofte|fod|fødder|ben|arm|lænd|krop|tilstand|situation|afbud|udeblivelse|henvisning"
)
_DID = r"behandlede|undersøgte|mødte|trænede|hjalp|vejledte|rådgav|afsluttede|henviste|sendte"
_DONE = r"behandlet|undersøgt|mødt|trænet|hjulpet|vejledt|rådgivet|afsluttet|henvist|set|haft|fulgt|kendt"
_PATTERNS = (
    rf"\b(?:i |af |til |om |med |under |efter |for )?di(?:n|t|ne) (?:\w+ )?(?:{_YOUR})\b",
    rf"{_ASKED}\bdu {_BEEN}(?:var|været|kom|kommet|gik|gået|besøgte|besøgt|mødte op|mødt op|udeblev|udeblevet)\b",
    rf"{_ASKED}\b(?:var|har|er|kom|blev|fik) du {_BEEN}(?:hos|til|på|i|været|blevet|fået)\b",
    rf"{_ASKED}\bdu {_BEEN}(?:blev|er|fik|fået|modtog|modtaget|afbestilte|meldte|bookede) (?:\w+ )?"
    r"(?:behandl\w*|undersøg\w*|øvelser|afbud|en tid|tid hos|træning\w*|indkaldt|henvist|patient)\b",
    rf"\b(?:vi|jeg|\w+) (?:{_DID}) dig\b",
    rf"\b(?:vi|jeg|\w+) har {_BEEN}(?:{_DONE}) dig\b",
    r"\b(?:at )?have haft dig\b|\b(?:kender|husker|genkender) (?:ikke |godt |ikke til )?(?:dig|din|dit|dine|forløbet|sagen)\b",
    r"\b(?:som|var|er|været|vores) (?:(?:ikke|aldrig|tidligere|mangeårig|ny) )*patient(?:en)?\b",
    r"\bpatienten\b",
    r"\b(?:i|af|fra) (?:vores |din )?(?:journal(?:en|er)?|kalender(?:en)?|(?:patient|booking)system(?:et)?)\b",
    r"\b(?:ingen|ikke (?:haft )?en) patient\b|\bikke (?:finde|genkende) (?:dig|dit|forløbet|besøget)\b",
)
_TELLS = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def confirming(text: str) -> list[Finding]:
    """The places in a text that `text_checks.cleaned` gave, first to last, none inside another."""
    return [Finding(KIND, one.start(), one.end(), MESSAGE, False) for one in _TELLS.finditer(text)]
