"""What anybody may take along as files: published clinics and the vocabulary, made anew every night. docs/open-data.md."""

from .building import build
from .latest import OnPage, published

__all__ = ["OnPage", "build", "published"]
