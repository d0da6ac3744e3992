"""What meets the members of a clinic in the admin: their clinics, and what to do there first."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from clinics.models import Clinic
from clinics.ownership import own_clinics


@dataclass(frozen=True)
class Own:
    """One clinic of whoever looks. `public`: its page for patients, "" while it has none."""

    clinic: Clinic
    change: str
    public: str


@dataclass(frozen=True)
class Start:
    clinics: list[Own]

    @property
    def title(self) -> str:
        """The heading of the page; "" for somebody who is a member nowhere."""
        return ("Dine klinikker" if len(self.clinics) > 1 else "Din klinik") if self.clinics else ""

    def __bool__(self) -> bool:
        return bool(self.clinics)


def page(user: Any) -> Start:
    """False for somebody who is a member nowhere. One statement."""
    return Start([_own(clinic) for clinic in own_clinics(user).select_related("postcode").order_by("sort_name", "pk")])


def _own(clinic: Clinic) -> Own:
    public = clinic.get_absolute_url() if clinic.status == Clinic.Status.PUBLISHED else ""
    return Own(clinic, reverse("admin:clinics_clinic_change", args=[clinic.pk]), public)
