"""Lists of clinics in the admin: handed in, read, decided row by row, applied and rolled back. docs/intake.md"""

from . import batch, record

__all__ = ["batch", "record"]
