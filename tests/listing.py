"""What somebody sends who wants a clinic listed or taken off."""

from clinics.corrections import TRAP, token_for
from clinics.listing import asking
from clinics.models import Clinic, ListingRequest

from .claims import SOURCE
from .people import postcode

NEW, DESK = "/for-klinikker/opret/", "/admin/clinics/listingrequest/"


def typed(**fields) -> dict[str, str]:
    return {
        "navn": "Knæ og Hofte", "vej": "Nørregade 4B", "etage": "", "postnummer": "8000", "telefon": "86 12 12 12",
        "email": "kontakt@knaeoghofte.dk", "hjemmeside": "knaeoghofte.dk", "cvr": "13 58 56 28", "rolle": "ejer",
        "besked": "Vi åbnede i maj.",
    } | fields  # fmt: skip


def answers(**fields) -> dict:
    """As a valid form gives them."""
    return {
        "name": "Knæ og Hofte", "street": "Nørregade 4B", "address_extra": "", "postcode": postcode("Aarhus C"),
        "phone": "+4586121212", "email": "kontakt@knaeoghofte.dk", "website": "https://knaeoghofte.dk", "cvr": "13585628",
        "position": "ejer", "note": "",
    } | fields  # fmt: skip


def wish(user, **fields) -> ListingRequest:
    return asking.ask_new(user=user, answers=answers(**fields), source=SOURCE)


def unwish(clinic: Clinic, email: str = "per@example.org", why: str = "Jeg er holdt op.") -> ListingRequest:
    return asking.ask_removal(clinic=clinic, email=email, why=why, from_clinic=True)


def removal(of: Clinic, /, **fields) -> dict[str, str]:
    return {
        "fra": "ja", "tekst": "Klinikken er solgt, og jeg vil ikke stå her.", "email": "per@example.org",
        "bevis": token_for(of), TRAP: "",
    } | fields  # fmt: skip
