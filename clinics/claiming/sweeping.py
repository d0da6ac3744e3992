"""Claims that nobody goes on with. What waits for us never ends by itself."""

import datetime

from django.db import transaction
from django.db.models import Q

from clinics import clock
from clinics.models import Claim, Clinic

from .asking import close, tell

IDLE = datetime.timedelta(days=14)
ASKED = (Claim.Status.STARTED, Claim.Status.CODE)


def expire() -> int:
    """End what has stood still for 14 days (a code counts until its own end), and what nobody's account is behind any more.

    One transaction each, so that a daily run never holds many. Returns how many ended.
    """
    before = clock.now() - IDLE
    idle = Q(status__in=ASKED, created_at__lt=before) & (Q(code_expires_at=None) | Q(code_expires_at__lt=before))
    nobody = Q(status__in=Claim.OPEN) & (Q(user=None) | Q(user__is_active=False))
    ended = 0
    for pk, clinic in Claim.objects.filter(idle | nobody).values_list("pk", "clinic"):
        with transaction.atomic():
            Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic).first()  # first, as everywhere
            rows = Claim.objects.select_for_update(of=("self",)).filter(idle | nobody)
            claim = rows.defer("document").select_related("user", "clinic").filter(pk=pk).first()
            if claim is None:
                continue  # somebody has just gone on with it
            if claim.user is None or not claim.user.is_active:
                close(claim, Claim.Status.WITHDRAWN)
            else:
                close(claim, Claim.Status.EXPIRED)
                tell(claim, "claim_expired")
            ended += 1
    return ended
