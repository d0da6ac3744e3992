"""Whom the worker asks where an address is, and how politely: docs/geocoding.md. The address itself is `GEOCODER_URL`."""

# Seconds between the end of one request and the next one of all workers: what the public Nominatim allows is one a second.
PAUSE = 1.0
# Seconds that a request may take, from the question for its name to its last byte.
TIMEOUT = 10
