"""What the worker does for the clinics. Beat's timetable stands in the settings."""

import logging

from celery import shared_task

from . import image_files, index, rate_limit

logger = logging.getLogger(__name__)


@shared_task
def check_search_index() -> int:
    """Nightly: that every index row says what its clinic says. Mends what differs, and logs it as an error of ours.

    Returns the number of clinics that differed (counted up to 100).
    """
    wrong = index.disagreements()
    if wrong:
        logger.error("search index disagrees with %d clinics, mended: %s", len(wrong), wrong)
        index.rebuild(None if len(wrong) >= 100 else wrong)
    return len(wrong)


@shared_task
def purge_counters() -> int:
    """Hourly: counters whose window is over. Returns how many went."""
    return rate_limit.purge()


@shared_task
def lapse() -> int:
    """Just after midnight: waiting times and confirmations that are too old from today on leave the search index.

    Returns the number of index rows that changed.
    """
    return index.rebuild(index.lapsed())


@shared_task
def remove_unused_pictures() -> int:
    """Nightly: files of pictures that were deleted, and that nobody else uses. Returns how many files went."""
    return image_files.remove_unused()
