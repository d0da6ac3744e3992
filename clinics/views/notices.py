"""What a list says about itself: what was not understood, how much further it looked, which filters it set aside."""

from clinics import danish
from clinics.choices import FILTERS, OPEN_NOW
from clinics.clock import now
from clinics.found import Found
from clinics.inquiry import Inquiry, sentences
from clinics.relaxing import broader, may_help
from clinics.widening import Notice, widening_notice

from .filter_panel import chosen_labels

SAID_AT_THE_FIELD = ("q", "tilstand", "sted")  # a filter's own field is folded away on a phone


def notices(inquiry: Inquiry, found: Found) -> list[Notice]:
    made: list[Notice | None] = [
        Notice(f"{inquiry.form.fields[name].label}: {sentences(inquiry.form, name)}")
        for name in inquiry.form.errors
        if name not in SAID_AT_THE_FIELD
    ]
    made += relaxing_notices(inquiry, found)
    if found.total:
        made.append(widening_notice(inquiry, found))
    made += [_open_unknown(inquiry, found), _no_clinics_for(inquiry), _only_within(inquiry)]
    made += [_only_filters(inquiry, found), _last_page(inquiry, found)]
    return [notice for notice in made if notice]


def relaxing_notices(inquiry: Inquiry, found: Found) -> list[Notice]:
    """One sentence for each filter that was set aside; the last has the way back."""
    made = []
    for number, name in enumerate(found.relaxed):
        with_it, without_it = _filter_in_words(inquiry, name)
        start = f"Ingen klinikker {with_it} passer til resten af din søgning."
        text = f"{start} Her er dem {without_it}." if not number else f"{start} Også her ser vi bort fra det filter."
        last = number == len(found.relaxed) - 1
        label = "Vis kun det, jeg bad om"
        made.append(Notice(text, inquiry.url(kun_filtre="ja"), label) if last else Notice(text))
    return made


def _filter_in_words(inquiry: Inquiry, name: str) -> tuple[str, str]:
    """With it and without it, as in "Ingen klinikker … Her er dem …"."""
    cleaned = inquiry.cleaned
    if name == "pris_max":
        return f"til højst {danish.kroner(cleaned[name])}", "uden prisgrænse"
    if name == "ventetid_max":
        return f"med en ventetid på {chosen_labels(inquiry, name)[0].lower()}", "uden hensyn til ventetid"
    if name == "bedoemmelse_min":
        return f"med en bedømmelse på {chosen_labels(inquiry, name)[0].lower()}", "uden hensyn til bedømmelse"
    labels = _joined(name, [f"“{label}”" for label in chosen_labels(inquiry, name)])
    if name == "speciale":
        wide = " og ".join(f"“{one.name}”" for one in broader(cleaned[name]))
        return f"med specialet {labels}", f"med det bredere speciale {wide}"
    return f"med {labels}", "uden det filter"


def _joined(name: str, labels: list[str]) -> str:
    """As a clinic must have them: all, or one of them."""
    one = next((one for one in FILTERS if one.name == name), None)
    if one is None or not one.any_of:
        return danish.listing(labels, "eller" if one is None else "og")
    now = [label for label in labels if label == f"“{OPEN_NOW.chip_label}”"]  # must hold beside the others
    others = danish.listing([label for label in labels if label not in now], "eller")
    return " og ".join(filter(None, [*now, others]))


def _open_unknown(inquiry: Inquiry, found: Found) -> Notice | None:
    """When the index does not reach to this moment: nobody worked for days, and nobody is hidden for it."""
    if not found.asked.open_now or all(hit.open_until and hit.open_until > now() for hit in found.hits):
        return None
    others = [choice.slug for choice in inquiry.cleaned["aaben"] if choice is not OPEN_NOW]
    text = "Lige nu kan vi ikke sige for alle, om de har åbent. Se åbningstiden ved hver klinik."
    return Notice(text, inquiry.url(aaben=others), "Fjern “Åben nu”")


def _no_clinics_for(inquiry: Inquiry) -> Notice | None:
    if inquiry.condition is None or inquiry.subjects[0] or inquiry.condition.awaits_acceptance:
        return None  # of one that awaits acceptance the gate says why there are none
    # No link past a gate: who is behind one has a doctor to ring first.
    link = "" if inquiry.gates else inquiry.url(tilstand=None)
    where = inquiry.place.where if inquiry.place else "i hele Danmark"
    text = f"Vi kan ikke sige, hvilke klinikker der passer til {danish.in_sentence(inquiry.condition.name)}."
    return Notice(text, link, f"Se klinikker {where}")


def _only_within(inquiry: Inquiry) -> Notice | None:
    if inquiry.cleaned.get("omraade"):
        wider = inquiry.place.where if inquiry.place else "i hele Danmark"
        text = "Du ser kun klinikker i det område, du valgte på kortet."
        return Notice(text, inquiry.url(omraade=None), f"Vis klinikker {wider}")
    only = exact_reach(inquiry)
    longer = inquiry.url(kun_radius=None, radius=None)
    return Notice(f"Du ser kun klinikker {only}.", longer, "Søg også længere væk") if only else None


def _only_filters(inquiry: Inquiry, found: Found) -> Notice | None:
    if not inquiry.cleaned.get("kun_filtre"):
        return None
    if found.matching:
        return None
    text = "Ingen klinikker passer til alle dine filtre."
    url = inquiry.url(kun_filtre=None) if may_help(inquiry, found) else ""
    return Notice(text, url, "Vis dem, der passer næsten")


def _last_page(inquiry: Inquiry, found: Found) -> Notice | None:
    if found.page <= found.pages:
        return None
    last = inquiry.url(side=found.pages if found.pages > 1 else None)
    return Notice(f"Listen har kun {danish.count(found.pages, 'side', 'sider')}.", last, "Gå til sidste side")


def exact_reach(inquiry: Inquiry) -> str:
    """How far the visitor allowed us to look, "" when that is as far as it takes."""
    place = inquiry.place
    if place is None or not inquiry.cleaned.get("kun_radius"):
        return ""
    if place.is_area:
        return place.in_place if place.postcodes else ""
    radius = inquiry.cleaned.get("radius")
    return place.within(radius) if radius else ""
