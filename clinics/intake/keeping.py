"""What is not kept of a list for good: its file, and what its rows say of people and in the clinic's own words."""

import datetime

from django.db import connection
from django.db.models import DateTimeField, Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from clinics import clock
from clinics.models import ImportBatch, ImportFile, ImportRecord

KEPT = datetime.timedelta(days=365)  # after the last step: whoever asks where a fact comes from can be shown the list
PERSONAL = ["practitioners", "text"]  # facts that were read for suggestions alone

FORGET = "UPDATE clinics_importrecord SET facts = facts - %(names)s::text[] WHERE batch_id = %(batch)s AND facts ?| %(names)s"


def purge() -> int:
    """Returns how many lists lost something. What a list changed, and that it can be rolled back, stays."""
    last = Coalesce("finished_at", "started_at", "created_at", output_field=DateTimeField())
    old = ImportBatch.objects.alias(last=last).filter(last__lte=clock.now() - KEPT)
    old = old.exclude(status__in=ImportBatch.WORKING)
    told = ImportRecord.objects.filter(batch=OuterRef("pk"), facts__has_any_keys=PERSONAL)
    pks = list(old.filter(Q(file__isnull=False) | Exists(told)).values_list("pk", flat=True))
    for pk in pks:  # one at a time: nobody waits for all of them
        ImportFile.objects.filter(pk=pk).delete()
        with connection.cursor() as cursor:
            cursor.execute(FORGET, {"names": PERSONAL, "batch": pk})
    return len(pks)
