"""The clinic in the admin: a list that says what is missing, and a form in the order in which patients read."""

from .clinic import ClinicAdmin

__all__ = ["ClinicAdmin"]
