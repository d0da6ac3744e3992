"""What a page would lose with another condition: choosing one is an editor's own step, and weakening a warning takes two."""

from articles import workflow
from articles.models import Article
from clinics.danish import listing
from clinics.models import Condition, RedFlag
from clinics.registry import registry_for
from clinics.text import fold

URGENT = (RedFlag.Urgency.EMERGENCY, RedFlag.Urgency.DOCTOR_NOW)
MOST_NAMED = 6  # flags in one sentence


def lost_with(article: Article, condition: Condition | None) -> str:
    """Why the article, as it is stored, may not be about the condition instead: a Danish text for editors, "" if it may.

    What counts are the urgent flags and those of what to avoid, the gate, and a hold on clinics. A page that nobody reads
    may move freely, unless its condition waits to be accepted; one without a condition shows no warning that anybody chose.
    """
    old = article.condition
    if old is None or old == condition or not (old.awaits_acceptance or workflow.comes_out(article)):
        return ""
    flags = _lost_flags(old, condition)
    held = old.awaits_acceptance and not (condition and condition.awaits_acceptance)
    lost = [_named(flags)] if flags else []
    if gate := _lost_gate(old, condition):
        lost.append(f"betingelsen “{gate}”")
    if held:
        lost.append(f"spærringen for klinikker, indtil nogen har godkendt dem for “{old}”")
    if not lost:
        return ""
    ways = [f"godkend klinikkerne for “{old}”"] if held else []
    if condition and (flags or gate):
        ways += [f"sæt det på “{condition}”", f"læg “{old}” sammen med “{condition}”"]
    if not old.awaits_acceptance:
        ways.append("træk artiklen tilbage")
    ways = ways or [f"behold “{old}”"]
    chosen = f"Med “{condition}”" if condition else "Uden tilstand"
    return f"{chosen} mister siden {listing(lost)}. Gør et af disse først: {listing(ways, 'eller')}."


def _lost_flags(old: Condition, new: Condition | None) -> list[RedFlag]:
    before = registry_for(old)
    lost = before.in_force - registry_for(new).in_force
    return [
        flag
        for flag in before.flags
        if flag.key in lost and (flag.urgency in URGENT or flag.kind == RedFlag.Kind.AVOID)
    ]


def _lost_gate(old: Condition, new: Condition | None) -> str:
    gate = old.care_gate.strip()
    return "" if new and fold(gate) in fold(new.care_gate) else gate


def _named(flags: list[RedFlag]) -> str:
    keys = [str(flag) for flag in flags[:MOST_NAMED]]
    if more := len(flags) - len(keys):
        keys.append(f"{more} til")
    return f"{'de røde flag' if len(flags) > 1 else 'det røde flag'} {listing(keys)}"
