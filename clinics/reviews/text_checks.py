"""What should not stand in a review, with its place: found while somebody writes, again when it is sent, and for moderators.

What can find a person blocks: CPR, telephone, e-mail, web address. Names and shouting are warnings; whoever wants to send the
text all the same may, for a moderator reads it anyway. Why so, and what is never found: docs/review-text.md.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clinics.models import Clinic

from .contacts import emails, web_addresses
from .numbers import cpr_numbers, phone_numbers
from .reading import Reading, cleaned
from .staff_names import named

__all__ = ["Checked", "Excerpt", "Finding", "Group", "check", "checked", "cleaned", "is_negative", "marked", "names_of"]

LONGEST = 10_000  # characters that are looked at; no field of ours holds half of that
NEUTRAL = 3  # of five; what gives more is praise, and praise may name whom it praises

CPR, PHONE, EMAIL, URL, NAME, SHOUTING, MARKS = "cpr", "phone", "email", "url", "name", "shouting", "marks"
_TEXTS = {
    CPR: "Det ligner et CPR-nummer. Slet det. Vi har ikke brug for det og må ikke vise det.",
    PHONE: "Det ligner et telefonnummer. Slet det.",
    EMAIL: "Det ligner en e-mailadresse. Slet den.",
    URL: "Det ligner en adresse på nettet. Slet den.",
    NAME: "Det ligner navnet på en, der arbejder på klinikken. Skriv hellere “behandleren”.",
    SHOUTING: "Ord med lutter store bogstaver læses som råb. Skriv dem hellere med små.",
    MARKS: "Så mange tegn efter hinanden læses som råb. Ét er nok.",
}
_BLOCKING = frozenset({CPR, PHONE, EMAIL, URL})

_MANY_MARKS = re.compile(r"[!?]{6,}")
_LETTERS = re.compile(r"[^\W\d_]+")
# Written in capitals by everybody.
_CAPITALS = (
    "ACL AC ADHD ALS BMI CMD COVID CP CT CVR DK DVT EMG ESWT EU FAI FIFA FNMS GLAD GLA HF HIIT IT KBH KOL LCL MCL ME MMA MR MRI"
    " MS MT MTT NSAID OCD OK PCL PR PRP PTSD RA RICE RIZ SI SLAP SMS TENS TFCC TMJ UL USA VAS"
)
_ABBREVIATIONS = frozenset(_CAPITALS.split())
_MOST_SHOWN = 3  # places of one kind; the rest is counted
_AROUND = 30  # characters of an excerpt on either side


@dataclass(frozen=True)
class Finding:
    """`message` is Danish; `start` and `end` are places in the cleaned text. `blocks`: it cannot be sent with this in it."""

    kind: str
    start: int
    end: int
    message: str
    blocks: bool


@dataclass(frozen=True)
class Excerpt:
    """A finding with the words it is about, and a little of what stands around them."""

    finding: Finding
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Group:
    """All of one kind: the message once, the first few places, and how many there are beside them."""

    message: str
    blocks: bool
    shown: tuple[Excerpt, ...]
    more: int


@dataclass(frozen=True)
class Checked:
    """A cleaned text with what was found in it: what `clinics/reviews/_findings.html` shows."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def blocks(self) -> bool:
        return any(finding.blocks for finding in self.findings)

    @property
    def warns(self) -> bool:
        """Whether it can be sent, with a tick."""
        return bool(self.findings) and not self.blocks

    @property
    def marked(self) -> SafeString:
        return marked(self.text, self.findings)

    @property
    def excerpts(self) -> list[Excerpt]:
        return [_excerpt(self.text, finding) for finding in self.findings]

    @property
    def groups(self) -> list[Group]:
        """What blocks first, then in the order of the text. A message is told once, however often it holds."""
        told: dict[tuple[bool, str], list[Excerpt]] = {}
        for one in sorted(self.excerpts, key=lambda one: not one.finding.blocks):
            told.setdefault((one.finding.blocks, one.finding.message), []).append(one)
        return [
            Group(message, blocks, tuple(places[:_MOST_SHOWN]), max(len(places) - _MOST_SHOWN, 0))
            for (blocks, message), places in told.items()
        ]


def check(text: str, *, names: Sequence[str] = (), is_negative: bool = False) -> list[Finding]:
    """What should not stand in a text, in its order; no two in the same place. Offsets are into `cleaned(text)`.

    `names` are those of the clinic's people (`names_of`), and looked for in a negative review only.
    """
    return _check(cleaned(text), names, is_negative)


def checked(text: str, *, names: Sequence[str] = (), is_negative: bool = False) -> Checked:
    """`check`, with the text it speaks of."""
    text = cleaned(text)
    return Checked(text, tuple(_check(text, names, is_negative)))


def is_negative(overall: int) -> bool:
    """Whether a review with this answer to the question of all in all may do without the names of those who treat (R21)."""
    return overall <= NEUTRAL


def names_of(clinic: Clinic) -> list[str]:
    """Those who treat there, each once. One query, or none where `whole.fill` has read them."""
    return list(dict.fromkeys(person.name for person in clinic.practitioners.all()))


def marked(text: str, findings: Iterable[Finding]) -> SafeString:
    """A cleaned text as HTML, everything escaped, with `<mark>` around what was found. Line ends stay line ends."""
    parts, place = [], 0
    for finding in sorted(findings, key=lambda one: (one.start, one.end)):
        start = max(finding.start, place)
        if start < finding.end:
            parts.append(f"{escape(text[place:start])}<mark>{escape(text[start : finding.end])}</mark>")
            place = finding.end
    return mark_safe("".join(parts) + escape(text[place:]))  # noqa: S308 - all of it is escaped above


def _check(text: str, names: Sequence[str], negative: bool) -> list[Finding]:
    text = text[:LONGEST]
    findings, taken = [], bytearray(len(text))  # taken: 1 where something was found
    for kind, start, end in _found(Reading(text), names if negative else ()):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            findings.append(Finding(kind, start, end, _TEXTS[kind], kind in _BLOCKING))
    return sorted(findings, key=lambda finding: finding.start)


def _found(reading: Reading, names: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Everything, the gravest kind first and of one kind the longest: what comes later gives way."""
    people = [Reading(cleaned(name)).letters for name in names]
    kinds = (
        (CPR, cpr_numbers(reading.letters)),
        (EMAIL, emails(reading.letters)),
        (URL, web_addresses(reading.letters)),
        (PHONE, phone_numbers(reading.letters)),
        (NAME, named(reading.letters, people)),
    )
    for kind, places in kinds:
        for start, end in sorted(places, key=lambda place: (place[0] - place[1], place)):
            yield kind, *reading.place(start, end)
    for start, end in _shouted(reading.text):
        yield SHOUTING, start, end
    for match in _MANY_MARKS.finditer(reading.text):
        yield MARKS, *match.span()


def _shouted(text: str) -> Iterator[tuple[int, int]]:
    """Where somebody shouts: from the first to the last of three or more words in capitals.

    One word may be stressed, and what everybody writes in capitals is neither here nor there.
    """
    run: list[re.Match[str]] = []
    for word in [*_LETTERS.finditer(text), None]:
        if word and len(word[0]) > 1 and word[0].isupper():
            run.append(word)
        elif word is None or len(word[0]) > 1 or word[0] not in "IÅ":  # small words of one capital letter go with a run
            loud = [one[0] for one in run if one[0] not in _ABBREVIATIONS]
            if len(loud) >= 3 and sum(map(len, loud)) >= 10:
                yield run[0].start(), run[-1].end()
            run = []


def _excerpt(text: str, finding: Finding) -> Excerpt:
    begin, finish = max(finding.start - _AROUND, 0), finding.end + _AROUND
    before, after = text[begin : finding.start], text[finding.end : finish]
    if begin:  # from a whole word on
        before = "… " + before.partition(" ")[2]
    if finish < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Excerpt(finding, before, text[finding.start : finding.end], after)
