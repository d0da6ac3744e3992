"""How often somebody may do something, without keeping who it was.

One statement counts and answers, so it is exact however many ask at once, in however many processes. A counter's name is
an HMAC of the visitor's address with a key of the day: nobody can turn it back into an address, not even with the
database in hand, and tomorrow the same visitor has another name. Midnight begins every count anew, therefore.
"""

import datetime
import hashlib
import hmac
import ipaddress
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest

from . import clock
from .models import RateCount

HOUR = datetime.timedelta(hours=1)

# Once the limit is passed the count stands still, so that nobody can make the number too large to store.
COUNT = """
INSERT INTO {table} AS counter (key, count, expires_at) VALUES (%(key)s, 1, %(ends)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN counter.expires_at <= %(now)s THEN 1 ELSE LEAST(counter.count, %(limit)s) + 1 END,
    expires_at = CASE WHEN counter.expires_at <= %(now)s THEN %(ends)s ELSE counter.expires_at END
RETURNING count
"""


def allow(what: str, source: str, limit: int, window: datetime.timedelta) -> bool:
    """Count one more of `what` (a short name of ours) from `source`; False when more than `limit` came in the window.

    The window begins with the first. One statement. `source` is stored as it is given: see `source_of`.
    """
    now = clock.now()
    values: dict[str, Any] = {"key": f"{what}:{source}", "now": now, "ends": now + window, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(table=connection.ops.quote_name(RateCount._meta.db_table)), values)
        (count,) = cursor.fetchone()
    return bool(count <= limit)


def give_back(what: str, source: str) -> None:
    """Count one less: what was allowed turned out to be nothing that is limited, such as a right password."""
    RateCount.objects.filter(key=f"{what}:{source}", count__gt=0).update(count=F("count") - 1)


def source_of(request: HttpRequest) -> str:
    """Whom to count, as 64 hexadecimal digits that say nothing about the address and are others tomorrow."""
    day_key = hmac.digest(settings.SECRET_KEY.encode(), f"rate-limit {clock.today()}".encode(), hashlib.sha256)
    return hmac.new(day_key, client_address(request).encode(), hashlib.sha256).hexdigest()


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; of an IPv6 address the network (/64), which one household has whole.

    Each of our own proxies (`TRUSTED_PROXIES` of them) adds one address to the end of `X-Forwarded-For`. What stands
    before those was written by the visitor, who can write anything. "" when nothing usable is known: those share a count.
    """
    sender = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and forwarded:
        # Fewer than we have proxies: it came past one of them, and the first was written by another.
        return _network(forwarded[-proxies] if len(forwarded) >= proxies else forwarded[0]) or _network(sender)
    return _network(sender)


def purge() -> int:
    """Delete the counters whose window is over. Returns how many."""
    return RateCount.objects.filter(expires_at__lte=clock.now()).delete()[0]


def _network(text: str) -> str:
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]  # [2001:db8::1]:4711
    elif text.count(":") == 1:
        text = text.partition(":")[0]  # 192.0.2.1:4711
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address.ipv4_mapped)
    return str(address)
