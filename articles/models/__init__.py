"""Articles and what belongs to them."""

from .article import RENDERED, Article
from .image import Image
from .linking import LinkTerm
from .safety import FlagSuggestion, SignOff
from .upload import Upload

__all__ = ["RENDERED", "Article", "FlagSuggestion", "Image", "LinkTerm", "SignOff", "Upload"]
