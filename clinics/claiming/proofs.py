"""Which proofs this clinic makes possible, and how an address is shown to somebody who may be anybody."""

from dataclasses import dataclass

from django.conf import settings

from clinics import danish
from clinics.models import Claim, Clinic

from .domains import own_domain

Method = Claim.Method


@dataclass(frozen=True)
class Proofs:
    """`email` is masked, `domain` what stands after the @, `phone` as people write it; "" for what is not possible."""

    email: str
    domain: str
    phone: str
    street: str

    def offers(self, method: str) -> bool:
        return method == Method.DOCUMENT or bool(
            {
                Method.EMAIL: self.email,
                Method.DOMAIN: self.domain,
                Method.PHONE: self.phone,
                Method.LETTER: self.street,
            }.get(Method(method))
        )


def proofs_of(clinic: Clinic) -> Proofs:
    """One query, for the domain."""
    return Proofs(
        email=masked(clinic.email),
        domain=own_domain(clinic),
        phone=danish.phone(clinic.phone) if clinic.phone else "",
        street=clinic.address if clinic.street else "",
    )


def masked(email: str) -> str:
    """`"kontakt@klinik.dk"` → `"k…@klinik.dk"`: enough for its owner, and less than the profile shows. "" stays ""."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}" if local else ""


def can_be_claimed(clinic: Clinic) -> bool:
    """Public clinics. Invented ones only where there is nothing but inventions: to try it out."""
    return clinic.status == Clinic.Status.PUBLISHED and not (clinic.is_example and settings.PRODUCTION)
