"""How the worker looks whether clinics' websites answer: docs/website-check.md. Whether it does at all is `WEBSITE_CHECK`."""

# Seconds that one look may take: names, redirects, a second question and all.
TIMEOUT = 10
# Seconds between the end of one look and the next one of all workers.
PAUSE = 1.0
# Where websites are, and nothing else is asked for: a link must not lead the worker to other services.
PORTS = frozenset({80, 443})
# (address, port) that count as public besides: for tests alone, which have servers on this machine.
INSIDE: frozenset[tuple[str, int]] = frozenset()
