"""Tariffs and rules for tests: verified unless said otherwise."""

import datetime
from decimal import Decimal
from typing import Any

from clinics import tariffs
from clinics.models import ReferralRule, Region, Tariff


def tariff(service: str, share: str, start: str, end: str | None = None, **fields: Any) -> Tariff:
    """A verified row of a service, its days as ISO text; `verified_at=None` for one that nobody has looked at."""
    fields = {"verified_at": datetime.date(2026, 1, 1), "source": "https://fysio.dk/takster"} | fields
    made = Tariff.objects.create(
        service=service,
        patient_share=Decimal(share),
        valid_from=datetime.date.fromisoformat(start),
        valid_to=datetime.date.fromisoformat(end) if end else None,
        **fields,
    )
    tariffs.forget()
    return made


def rule(service: str, payer: str, *, needs_referral: bool, region: str = "", **fields: Any) -> ReferralRule:
    """A rule that may be told, from 2024 on, for the country or a region by slug."""
    fields = {
        "with_ydernummer": True,
        "to_be_verified": False,
        "valid_from": datetime.date(2024, 1, 1),
        "source": "https://sundhed.dk/regel",
        "text": f"Regel om {service} {region}.",
    } | fields
    made = ReferralRule.objects.create(
        service=service,
        payer=payer,
        needs_referral=needs_referral,
        region=Region.objects.get(slug=region) if region else None,
        **fields,
    )
    tariffs.forget()
    return made
