"""Invented tariffs, so that a demo profile shows where they stand. Shown beside invented clinics alone."""

from decimal import Decimal

from clinics.clock import today
from clinics.models import Tariff

# Service → full fee, patient's share in kroner: round numbers that no agreement has ever had.
AMOUNTS = {
    Tariff.Service.FIRST: (500, 300),
    Tariff.Service.NORMAL: (300, 180),
    Tariff.Service.SHORT: (150, 90),
    Tariff.Service.TRAINING: (200, 120),
    Tariff.Service.GROUP: (100, 60),
}


def seed_tariffs() -> None:
    """Example tariffs from the first of this year on, with no end. Safe to run twice."""
    for service, (full, share) in AMOUNTS.items():
        Tariff.objects.update_or_create(
            service=service,
            is_example=True,
            defaults={
                "valid_from": today().replace(month=1, day=1),
                "full_fee": Decimal(full),
                "subsidy": Decimal(full - share),
                "patient_share": Decimal(share),
                "source": "Opdigtet eksempel",
            },
        )


def remove_tariffs() -> None:
    Tariff.objects.filter(is_example=True).delete()
