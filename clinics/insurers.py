"""Health insurers that a clinic may have an agreement with: a key that never changes, and the name.

Insurers that Danes know by name, to choose from; that one stands here says nothing about what it pays for. What a clinic
works with besides is written in words (`Clinic.insurers_note`).
"""

INSURERS: list[tuple[str, str]] = [
    ("almbrand", "Alm. Brand"),
    ("danica", "Danica"),
    ("dss", "Dansk Sundhedssikring"),
    ("falck", "Falck Healthcare"),
    ("gjensidige", "Gjensidige"),
    ("if", "If"),
    ("moelholm", "Mølholm Forsikring"),
    ("pfa", "PFA"),
    ("skandia", "Skandia"),
    ("topdanmark", "Topdanmark"),
    ("tryg", "Tryg"),
    ("velliv", "Velliv"),
]

NAMES: dict[str, str] = dict(INSURERS)
