"""What an article's sentences say about danger: flags they describe, advice that is too mild, self-help that a flag forbids."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from articles.parts import Document
from articles.sentences import Sentence
from clinics.models import RedFlag
from clinics.text import normalise

from .context import Context
from .selfhelp import recommended, warns
from .signs import Signs, spoken_term, written_term
from .urgency import RANK, WAIT, stated, weaker
from .wording import wording

WEAKER, COLLIDES = "weaker", "collides"
URGENT = (RedFlag.Urgency.EMERGENCY, RedFlag.Urgency.DOCTOR_NOW)
LONGEST_SENTENCE = 1000  # characters of it that are stored

# What a key of `Signs` stands for besides the flags themselves.
_HELP, _ABOUT, _ELSEWHERE, _TERMS = "help ", "about ", "elsewhere ", "terms "


class Forbidding(NamedTuple):
    """A flag that forbids self-help: everywhere, or on its part of the body only (`only_about` of wording.yaml)."""

    flag: RedFlag
    everywhere: bool


class Said(NamedTuple):
    """What a document says by itself, whatever stands on its page; `registry` is that of the flags it was read against.

    By sentence: the keys that it says; by sentence and key: the urgency that the text gives it.
    """

    registry: int
    sentences: list[Sentence]
    said: list[set[str]]
    urgencies: dict[tuple[int, str], str]


class Suggestion(NamedTuple):
    """A flag that the text describes: the sentence, its line, and the urgency that the text gives it ("" for none)."""

    flag: RedFlag
    sentence: str
    line: int
    urgency: str


def read_ahead(document: Document, flags: Iterable[RedFlag]) -> Said:
    """What another process can find out about a document and hand over (`Document.said`)."""
    return Reading(document, flags).everything()


def suggest_flags(document: Document, flags: Iterable[RedFlag]) -> list[Suggestion]:
    """The flags that the article describes, each once with the sentence that says most, in the order of the text."""
    return Reading(document, flags).suggestions()


def collisions(
    document: Document, flags: Iterable[RedFlag], in_force: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Where the text is weaker than a flag ("weaker") or recommends what a flag forbids ("collides"), in the order of the text.

    `flags` is the registry, `in_force` the keys of those that stand on the article's page (all of them unless told): only
    they forbid anything, together with an urgent `avoid` flag on the same subject as a sign that the text describes.

    Each place: {"flag", "kind", "section", "item", "part", "sentence", "line", "urgency": the flag's, "stated": the
    text's own or "", "fingerprint": of flag, urgency and sentence}. `section` and `item` are ids of the page, "" where there
    is none.
    """
    return Reading(document, flags).places(in_force)


def urgent_subject(title: str, flags: Iterable[RedFlag]) -> list[RedFlag]:
    """The 112 and acute flags that a title itself is about, most urgent first: their clinics wait for an editor."""
    urgent = [flag for flag in flags if flag.kind == RedFlag.Kind.SEEK and flag.urgency in URGENT]
    said = _subjects(tuple((flag.key, tuple(flag.terms)) for flag in urgent)).said_in(title)
    return sorted((flag for flag in urgent if flag.key in said), key=lambda flag: URGENT.index(flag.urgency))


def fingerprint(flag: RedFlag, sentence: str) -> str:
    """Flag and sentence as one value: another sentence needs another sign-off, another line break does not.

    A flag of another urgency or kind is another flag: what was let stand beside a mild one is asked about again.
    """
    return hashlib.sha256(f"{flag.key}\0{flag.kind}\0{flag.urgency}\0{normalise(sentence)}".encode()).hexdigest()


class Reading:
    """One article read against the registry, once for everything that is asked."""

    def __init__(self, document: Document, flags: Iterable[RedFlag]) -> None:
        self.flags = {flag.key: flag for flag in flags}
        registry = tuple((flag.key, flag.kind, tuple(flag.terms)) for flag in self.flags.values())
        self.signs = _signs(registry)
        self.registry = hash(registry)
        known = document.said if document.said and document.said.registry == self.registry else None
        self.context = Context(document, known.sentences if known else None)
        self.sentences: Sequence[Sentence] = self.context.sentences
        self.said = known.said if known else [self.signs.said_in(sentence.text) for sentence in self.sentences]
        self.described = [self.flags.keys() & said for said in self.said]
        self._known = known.urgencies if known else {}

    def everything(self) -> Said:
        urgencies = {(n, key): self._stated(n, key) for n, keys in enumerate(self.described) for key in keys}
        return Said(self.registry, self.context.sentences, self.said, urgencies)

    def suggestions(self) -> list[Suggestion]:
        best: dict[str, Suggestion] = {}
        for number, sentence in enumerate(self.sentences):
            for key in sorted(self.described[number]):
                own = self._stated(number, key)
                found = Suggestion(self.flags[key], sentence.text, sentence.line, "" if own == WAIT else own)
                if key not in best or (found.urgency and not best[key].urgency):
                    best[key] = found
        return sorted(best.values(), key=lambda found: (found.line, found.flag.order, found.flag.key))

    def places(self, in_force: Collection[str] | None = None) -> list[dict[str, Any]]:
        forbidding = self._forbidding(self.flags.keys() if in_force is None else in_force)
        found = []
        for number, sentence in enumerate(self.sentences):
            for key in sorted(self.described[number]):
                flag = self.flags[key]
                if flag.kind == RedFlag.Kind.SEEK and weaker(own := self._stated(number, key), flag.urgency):
                    found.append(_place(flag, WEAKER, sentence, own))
            found += [_place(flag, COLLIDES, sentence) for flag in self._forbidden_by(number, forbidding)]
        return found

    def places_in(self, sentences: Iterable[Sentence], in_force: Collection[str]) -> list[dict[str, Any]]:
        """The places among sentences that are no part of the document."""
        forbidding = self._forbidding(in_force)
        found = []
        for sentence in sentences:
            said = self.signs.said_in(sentence.text)
            own = stated(sentence.text)
            for key in sorted(self.flags.keys() & said):
                flag = self.flags[key]
                if flag.kind == RedFlag.Kind.SEEK and weaker(own, flag.urgency):
                    found.append(_place(flag, WEAKER, sentence, own))
            found += [
                _place(flag, COLLIDES, sentence) for flag in self._flags_against(sentence.text, said, "", forbidding)
            ]
        return found

    def _stated(self, number: int, key: str) -> str:
        """The urgency that the text gives a sign in a sentence: of its clause, of the sentence, or of what stands around it."""
        if (number, key) not in self._known:  # asked for the suggestions and for the places
            self._known[number, key] = self._read_urgency(number, key)
        return self._known[number, key]

    def _read_urgency(self, number: int, key: str) -> str:
        clauses = self.context.clauses(number)
        if len({urgency for _, urgency in clauses if urgency}) > 1:
            of_clauses = [urgency for text, urgency in clauses if urgency and key in self.signs.said_in(text)]
            if of_clauses:
                return max(of_clauses, key=RANK.__getitem__)
        return stated(self.sentences[number].text) or self.context.stated_around(
            number, next_describes=number + 1 < len(self.said) and bool(self.described[number + 1])
        )

    def _forbidding(self, in_force: Collection[str]) -> list[Forbidding]:
        """The flags that forbid something here, those that say "Undgå" first. What the text describes itself counts too."""
        groups = {self.flags[key].group for described in self.described for key in described}
        found = []
        for key, flag in self.flags.items():
            avoid = flag.kind == RedFlag.Kind.AVOID
            if key in in_force:
                found.append(Forbidding(flag, everywhere=avoid))
            elif avoid and flag.urgency in URGENT and flag.group in groups:
                found.append(Forbidding(flag, everywhere=False))
        return sorted(found, key=lambda one: one.flag.kind != RedFlag.Kind.AVOID)

    def _forbidden_by(self, number: int, forbidding: list[Forbidding]) -> list[RedFlag]:
        sentence = self.sentences[number]
        return self._flags_against(sentence.text, self.said[number], self.context.heading_of(sentence), forbidding)

    def _flags_against(self, text: str, said: set[str], heading: str, forbidding: list[Forbidding]) -> list[RedFlag]:
        """The flags that forbid what the text recommends, the first for each kind of self-help."""
        named = {key.removeprefix(_HELP) for key in said if key.startswith(_HELP)}
        own_terms = {key.removeprefix(_TERMS) for key in said if key.startswith(_TERMS)}
        against = {one.flag.key: one.flag for one in forbidding if one.flag.key in own_terms and not warns(text)}
        forbids = wording().forbids
        if not named or named.isdisjoint(chain.from_iterable(forbids.get(one.flag.key, ()) for one in forbidding)):
            return list(against.values())
        left = recommended(text)
        for flag, everywhere in forbidding:
            here = left.intersection(forbids.get(flag.key, ()))
            if here and (everywhere or self._is_about(flag.key, said, heading)):
                against[flag.key] = flag
                left -= here
        return list(against.values())

    def _is_about(self, key: str, said: set[str], heading: str) -> bool:
        if key not in wording().only_about or _ABOUT + key in said:
            return True
        above = self.signs.said_in(heading) if heading else set()
        return _ABOUT + key in above and _ELSEWHERE not in above


def _place(flag: RedFlag, kind: str, sentence: Sentence, own: str = "") -> dict[str, Any]:
    return {
        "flag": flag.key,
        "kind": kind,
        "section": sentence.section_id,
        "item": sentence.item_id,
        "part": sentence.part,
        "sentence": sentence.text[:LONGEST_SENTENCE],
        "line": sentence.line,
        "urgency": str(flag.urgency),
        "stated": own,
        "fingerprint": fingerprint(flag, sentence.text),
    }


@lru_cache(maxsize=2)
def _subjects(urgent: tuple[tuple[str, tuple[str, ...]], ...]) -> Signs:
    """What a title is searched for. An import asks for hundreds of titles, and making this takes 3 ms."""
    subjects = wording().subjects
    terms = [written_term(key, term) for key, _ in urgent for term in subjects.get(key, ())]
    terms += [spoken_term(key, term) for key, own in urgent for term in own]
    return Signs(terms)


@lru_cache(maxsize=4)
def _signs(registry: tuple[tuple[str, str, tuple[str, ...]], ...]) -> Signs:
    """Everything that is looked for in a sentence, in one pass. A pure function of the registry's words."""
    known = wording()
    terms = [written_term(key, term) for key, _, _ in registry for term in known.signs.get(key, ())]
    for key, kind, own in registry:
        if key in known.signs_only:
            continue
        # The terms of an "avoid" flag name what it forbids, those of the others how the sign is described.
        name = _TERMS + key if kind == RedFlag.Kind.AVOID else key
        terms += [spoken_term(name, term) for term in own]
    terms += [written_term(_HELP + name, words) for name, advice in known.selfhelp.items() for words in advice.words]
    terms += [written_term(_ABOUT + key, word) for key, words in known.only_about.items() for word in words]
    terms += [written_term(_ELSEWHERE, word) for word in known.other_parts]
    return Signs(terms, known.not_signs)
