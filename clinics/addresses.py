"""Addresses that rows once had. Whoever kept one is led to the row, wherever it has moved since.

History is kept by the row's key and not as a chain of addresses, so there is nothing to follow and no way to run in
a circle: a → b → c gives two rows that both lead to the same thing, and going back to a takes its row away.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection, transaction

from .models import SlugHistory, Speciality
from .text import slugify_da

LONGEST = 120
ARTICLE, CLINIC, SPECIALITY = SlugHistory.Kind.ARTICLE, SlugHistory.Kind.CLINIC, SlugHistory.Kind.SPECIALITY
# Last parts of an address that are pages of their own.
RESERVED = {
    ARTICLE: frozenset({"kladde", "kropsdele", "soeg", "feed", "admin"}),
    CLINIC: frozenset(),
    SPECIALITY: frozenset(),
}


class AddressError(Exception):
    """An address that cannot be used; the text is one Danish sentence."""

    @property
    def text(self) -> str:
        return str(self)


def current(kind: str, slug: str) -> int | None:
    """The key of the row that once had this address. The row may be gone; one that has it now comes before any of these."""
    if "\0" in slug:
        return None
    return SlugHistory.objects.filter(kind=kind, slug=slug).values_list("object_id", flat=True).first()


def cleaned(kind: str, text: str) -> str:
    """What somebody wrote, as an address. Raises AddressError."""
    slug = slugify_da(text)
    if not slug:
        raise AddressError("Skriv en adresse med bogstaver og tal, fx ondt-i-foden.")
    if len(slug) > LONGEST:
        raise AddressError(f"Adressen er for lang: der er plads til {LONGEST} tegn.")
    if slug in RESERVED[SlugHistory.Kind(kind)]:
        raise AddressError(f"Adressen “{slug}” bruges af siden selv. Vælg en anden.")
    return slug


def lock_clinics() -> None:
    """For the rest of this transaction nobody else gives a clinic an address, and so nobody else makes one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('clinics.addresses'))")


def free_for_clinic(name: str, town: str, *, but: int | None = None) -> str:
    """An address that no other clinic has or had, for the rest of this transaction: the name, with the town, with a number.

    Whoever asks meanwhile waits, so that two clinics of one name that are approved at once get two addresses.
    """
    return free_for_clinics([(name, town)], but=but)[0]


# Of each address (base, with the town) those that begin with it; `~>=~` and `~<~` compare bytes, as the index of the addresses
# does, and what comes after "-" there is ".".
TAKEN = """
    SELECT wanted.with_town, there.slug FROM unnest(%(bases)s::text[], %(with_towns)s::text[]) wanted (base, with_town)
    CROSS JOIN LATERAL (
        SELECT slug FROM clinics_clinic WHERE slug IN (wanted.base, wanted.with_town) AND id <> %(but)s
        UNION ALL SELECT slug FROM clinics_clinic
        WHERE slug ~>=~ (wanted.with_town || '-') AND slug ~<~ (wanted.with_town || '.') AND id <> %(but)s
        UNION ALL SELECT slug FROM clinics_slughistory
        WHERE kind = 'clinic' AND object_id <> %(but)s AND (slug IN (wanted.base, wanted.with_town)
            OR slug ~>=~ (wanted.with_town || '-') AND slug ~<~ (wanted.with_town || '.'))) there"""


@transaction.atomic
def free_for_clinics(named: Sequence[tuple[str, str]], *, but: int | None = None) -> list[str]:
    """The same for several clinics, (name, town) of each. Two statements, also for the two hundredth of a name in a town."""
    lock_clinics()
    bases = [slugify_da(name)[: LONGEST - 40].strip("-") or "klinik" for name, _ in named]
    towns = [slugify_da(town)[:30] for _, town in named]
    wanted = [(base, f"{base}-{town}".strip("-")) for base, town in zip(bases, towns, strict=True)]
    with connection.cursor() as cursor:
        with_towns = [with_town for _, with_town in wanted]
        cursor.execute(TAKEN, {"bases": bases, "with_towns": with_towns, "but": but or 0})
        taken: dict[str, set[str]] = defaultdict(set)
        for with_town, slug in cursor.fetchall():
            taken[with_town].add(slug)
    given: set[str] = set()
    return [_free(base, with_town, taken[with_town], given) for base, with_town in wanted]


def _free(base: str, with_town: str, taken: set[str], given: set[str]) -> str:
    for slug in (base, with_town, *(f"{with_town}-{number}" for number in range(2, 10_000))):
        if slug not in taken and slug not in given:
            given.add(slug)
            return slug
    raise AddressError("Der er for mange klinikker med det navn i byen.")


def free_for_speciality(text: str, *, but: int | None = None) -> str:
    """What an editor wrote, as the address of a speciality; no other one has or had it. Raises AddressError."""
    slug = cleaned(SPECIALITY, text)
    others = Speciality.objects.exclude(pk=but or 0)
    if other := others.filter(slug=slug).first():
        raise AddressError(f"Adressen bruges af et andet speciale: “{other.name}”.")
    if other := others.filter(pk=current(SPECIALITY, slug) or 0).first():
        raise AddressError(f"Adressen er den gamle adresse på “{other.name}” og fører dertil.")
    return slug


@transaction.atomic
def move(*, kind: str, object_id: int, old: str, new: str) -> None:
    """Note that a row has gone from one address to another. Whether the new one is free is for the caller to know."""
    SlugHistory.objects.filter(kind=kind, slug=new).delete()  # it leads somewhere itself from now on
    SlugHistory.objects.update_or_create(kind=kind, slug=old, defaults={"object_id": object_id})


def forget(*, kind: str, object_id: int) -> None:
    """The row is gone for good, and its old addresses are free."""
    SlugHistory.objects.filter(kind=kind, object_id=object_id).delete()
