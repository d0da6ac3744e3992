"""A title from the name of a file, for the article that has none: names of files have no æøå and few capitals."""

import re
import unicodedata

_LETTERS = {"ae": "æ", "oe": "ø", "aa": "å"}
# Words in which the two letters are two: anaerob, metaanalyse, gastroenteritis, skoene; and towns that write Aa.
_AS_THEY_ARE = (
    r"(?:an)?aero[bv]|(?:meta|intra|ultra|ekstra|supra|infra|para|mega|data)a"
    r"|(?:elektro|gastro|radio|neuro|mikro|makro|psyko|fysio|kardio|endo|retro|auto|ko)e(?=[fkln])"
    r"|skoen(?:e|es)?\b|aloe\b|poe[st]|israel|michael|baastrup|aalborg|aarhus|aabenraa|aakirkeby|aars\b"
)
_TWO_LETTERS = re.compile(rf"\b(?:{_AS_THEY_ARE})|ae|oe|aa", re.I)
# What the hyphens of a name have torn apart.
_TOGETHER = (
    (re.compile(r"\bgla[ -:]d (?=træning|øvelse|program|forløb|hold)", re.I), "GLA:D-"),
    (re.compile(r"\bgla[ -:]d\b", re.I), "GLA:D"),
    (re.compile(r"\b(si|ac|sc|cmc|mcp|mtp|pip|dip) (?=led)", re.I), r"\1-"),
    (re.compile(r"\b(mr|ct|ul|pet|dexa) (?=scan|undersøg)", re.I), r"\1-"),
    (re.compile(r"\b([abcdek]) (?=vitamin)", re.I), r"\1-"),
    (re.compile(r"\b([cls]\d{1,2}) (?=[cls]\d)", re.I), r"\1-"),
    (re.compile(r"\bcovid 19\b", re.I), "covid-19"),
)
_CAPITALS = re.compile(
    r"\b(?:ac|acl|adhd|als|bmi|bppv|cmc|copd|cp|crps|ct|dexa|dip|dvt|eds|ekg|emg|fai|hiv|ibs|itb|itbs|kbt|kol|lcl|mcl|mcp"
    r"|mr|ms|mtp|nsaid|pcl|pcos|pet|pip|pots|ptsd|rls|sc|si|sle|tens|tfcc|tmd|tmj|ul|[bcls]\d{1,2}|[abcdek](?=-vitamin))\b"
)


def title_from_name(name: str) -> str:
    """As well as it can be known: `"ondt-i-laenden"` → `"Ondt i lænden"`, `"kol"` → `"KOL"`, `"si-led"` → `"SI-led"`.

    A name with æøå keeps its letters, one with spaces its hyphens.
    """
    name = unicodedata.normalize("NFC", name)
    text = " ".join(re.split(r"[\s_]+" if re.search(r"[\s_]", name.strip()) else "-+", name)).strip(" -")
    if not re.search("[æøå]", text, re.I):
        text = _TWO_LETTERS.sub(lambda found: _LETTERS.get(found[0].lower(), found[0]), text)
    for pattern, written in _TOGETHER:
        text = pattern.sub(written, text)
    text = _CAPITALS.sub(lambda found: found[0].upper(), text)
    return text[:1].upper() + text[1:]
