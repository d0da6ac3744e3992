"""Which hosts the pictures of a map come from: what the Content-Security-Policy must let through, and no more."""

from urllib.parse import urlsplit


def hosts(template: str) -> list[str]:
    """`https://{s}.tiles.example/{z}/{x}/{y}.png` → `["https://*.tiles.example"]`; nothing for none and for our own server.

    Raises ValueError for what is neither: it would be a hole in the policy, or a map without pictures.
    """
    if not template:
        return []
    if not all(part in template for part in ("{z}", "{x}", "{y}")):
        raise ValueError("needs {z}, {x} and {y} in it")
    if template.startswith("/") and not template.startswith("//"):
        return []
    address = urlsplit(template)
    host = address.netloc.removeprefix("{s}.")
    if address.scheme != "https" or not host or any(sign in host for sign in "{}@*;,' \t"):
        raise ValueError("is neither an https address nor a path on this site")
    return [f"https://{'*.' if host != address.netloc else ''}{host}"]
