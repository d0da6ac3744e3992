"""Which clinics an address asks for side by side: in its order, each once, four at most. What is left out is named."""

from collections.abc import Iterable
from dataclasses import dataclass

from clinics import danish
from clinics.models import Clinic, SlugHistory
from clinics.ticked import MOST_READ, SLUG

MOST = 4
MOST_NAMED = 3


@dataclass(frozen=True)
class Chosen:
    """`clinics` have their postcode; `sentences` say in Danish what was left out, and why."""

    clinics: list[Clinic]
    sentences: tuple[str, ...]


def chosen_clinics(slugs: Iterable[str]) -> Chosen:
    """Public clinics by slug, an old address leading to the clinic that had it. One query, three where an address is unknown.

    A draft is as unknown as a clinic that never was. What is no address at all is counted but never repeated on the page.
    """
    written = list(dict.fromkeys(filter(None, map(str.strip, slugs))))
    asked = written[:MOST_READ]
    readable = [slug for slug in asked if SLUG.match(slug)]
    found = _by_slug(readable)
    clinics = list({found[slug].pk: found[slug] for slug in readable if slug in found}.values())
    public = [one for one in clinics if one.status == Clinic.Status.PUBLISHED]
    unknown = [f"“{slug}”" for slug in readable if slug not in found]
    sentences = [f"{one.name} er lukket og er derfor ikke med." for one in clinics if one not in public]
    if unknown:
        more = [f"{danish.count(len(unknown) - MOST_NAMED, 'andet', 'andre')}"] if len(unknown) > MOST_NAMED else []
        they = "de" if len(unknown) > 1 else "den"
        sentences.append(f"Vi kender ikke {danish.listing(unknown[:MOST_NAMED] + more)}, så {they} er ikke med.")
    if len(readable) < len(asked):
        sentences.append("Noget i adressen kunne vi ikke læse. Det er ikke med.")
    if len(public) > MOST:
        sentences.append(f"Der er plads til {MOST} klinikker ad gangen. Du ser de første {MOST}.")
    elif len(written) > MOST_READ:
        sentences.append(f"Adressen nævner for mange klinikker. Vi har kun set på de første {MOST_READ}.")
    return Chosen(public[:MOST], tuple(sentences))


def _by_slug(slugs: list[str]) -> dict[str, Clinic]:
    if not slugs:
        return {}
    shown = Clinic.objects.exclude(status=Clinic.Status.DRAFT).select_related("postcode", "rating")
    found = {one.slug: one for one in shown.filter(slug__in=slugs)}
    if missing := [slug for slug in slugs if slug not in found]:
        moved = SlugHistory.objects.filter(kind=SlugHistory.Kind.CLINIC, slug__in=missing)
        keys = dict(moved.values_list("slug", "object_id"))
        by_key = {one.pk: one for one in shown.filter(pk__in=keys.values())} if keys else {}
        found |= {slug: by_key[key] for slug, key in keys.items() if key in by_key}
    return found
