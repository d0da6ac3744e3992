"""The editors' side of the articles, in Danish."""

from . import article, link_terms

__all__ = ["article", "link_terms"]
