"""Addresses that rows once had. Whoever kept one is led to the row, wherever it has moved since.

History is kept by the row's key and not as a chain of addresses, so there is nothing to follow and no way to run in
a circle: a → b → c gives two rows that both lead to the same thing, and going back to a takes its row away.
"""

from django.db import connection, transaction
from django.db.models import Q

from .models import Clinic, SlugHistory, Speciality
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


@transaction.atomic
def free_for_clinic(name: str, town: str, *, but: int | None = None) -> str:
    """An address that no other clinic has or had, for the rest of this transaction: the name, with the town, with a number.

    Whoever asks meanwhile waits, so that two clinics of one name that are approved at once get two addresses.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('clinics.addresses'))")
    base = slugify_da(name)[: LONGEST - 40].strip("-") or "klinik"
    with_town = f"{base}-{slugify_da(town)[:30]}".strip("-")
    # One statement, also for the two hundredth clinic of that name in the town.
    named = Q(slug__in=(base, with_town)) | Q(slug__startswith=f"{with_town}-")
    have = Clinic.objects.filter(named).exclude(pk=but or 0).order_by().values_list("slug")
    had = SlugHistory.objects.filter(named, kind=CLINIC).exclude(object_id=but or 0).order_by().values_list("slug")
    taken = {slug for (slug,) in have.union(had, all=True)}
    for slug in (base, with_town, *(f"{with_town}-{number}" for number in range(2, 10_000))):
        if slug not in taken:
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
