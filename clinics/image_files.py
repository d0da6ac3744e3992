"""Which files of pictures nobody names any more, and taking those away. Every kind of picture is asked, also those of the
articles, which this app may not import: a row that has a digest, a width and a height is a picture."""

import datetime
from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import default_storage

from . import clock
from .images import FOLDER, digest_in

KEPT = datetime.timedelta(days=1)  # a file that is younger may be of a row that is just being saved
_PICTURE = {"digest", "width", "height"}


def used_digests() -> set[str]:
    """The digests of all pictures that any row names; one statement for each kind of picture."""
    kinds = [model for model in apps.get_models() if {field.name for field in model._meta.fields} >= _PICTURE]
    return {digest for model in kinds for digest in model._base_manager.values_list("digest", flat=True).distinct()}


def remove_unused() -> int:
    """Take away files that no row names, a day after they were written. Returns how many went. Safe to run at any time."""
    before = clock.now() - KEPT
    old = [name for name in _names() if default_storage.get_modified_time(name) < before]
    used = used_digests()  # asked last: what was saved meanwhile is used
    unused = [name for name in old if digest_in(name) not in used]
    for name in unused:
        default_storage.delete(name)
    return len(unused)


def _names() -> Iterator[str]:
    if not default_storage.exists(FOLDER):
        return
    for folder in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            if digest_in(name):  # what else lies there is not ours to take away
                yield f"{FOLDER}/{folder}/{name}"
