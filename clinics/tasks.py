"""What the worker does for the clinics. Beat's timetable stands in the settings."""

import logging

from celery import shared_task

from . import failed_work, geocoding, image_files, index, open_data, outbox, rate_limit, reminders, statistics, versions
from .claiming import sweeping
from .intake import keeping as intake_keeping
from .intake import working
from .outside.turns import BusyError
from .reviews import aggregate, retention
from .website_check import checking as website_checking

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
def check_ratings() -> int:
    """Nightly: that every rating is what the clinic's published reviews come to. Mends what differs, and logs it as an error
    of ours. Returns the number of clinics that differed (counted up to 100).
    """
    wrong = aggregate.disagreements()
    if wrong:
        logger.error("ratings disagree with the reviews of %d clinics, mended: %s", len(wrong), wrong)
        aggregate.rebuild(None if len(wrong) >= 100 else wrong)
    return len(wrong)


@shared_task
def purge_counters() -> int:
    """Hourly: counters whose window is over. Returns how many went."""
    return rate_limit.purge()


@shared_task
def lapse() -> int:
    """Just after midnight: waiting times and confirmations that are too old from today on leave the search index, and it
    learns the hours of one day more. What was made today already is left alone.

    Returns the number of index rows that changed.
    """
    # Batch by batch: nobody who saves a clinic waits for all of them.
    return sum(index.rebuild(batch) for batch in index.batches(index.lapsed()))


@shared_task
def remove_unused_pictures() -> int:
    """Nightly: files of pictures that were deleted, and that nobody else uses. Returns how many files went."""
    return image_files.remove_unused()


@shared_task
def deliver_mail() -> int:
    """Soon after each promise, and every two minutes: send the mail that waits. Returns how many mails were sent."""
    return outbox.deliver_waiting()


@shared_task
def purge_mail() -> int:
    """Nightly: mails that went 90 days ago, and what failed ones would have said. Returns how many rows went."""
    return outbox.purge()


@shared_task
def remind_clinics() -> int:
    """Every morning: clinics whose facts are half a year old are asked to confirm them. Returns how many mails were promised."""
    return reminders.remind()


@shared_task
def expire_claims() -> int:
    """Nightly: claims that nobody went on with for 14 days, or whose account is gone. Returns how many ended."""
    return sweeping.expire()


@shared_task
def purge_versions() -> int:
    """Nightly: what clinics said over 24 months ago, and what is beyond the newest 200 of one. Returns how many rows went."""
    return versions.purge()


@shared_task
def purge_figures() -> int:
    """Nightly: figures of days that are no longer shown. Returns how many rows went."""
    return statistics.purge()


@shared_task
def purge_failed_work() -> int:
    """Nightly: work that failed last 90 days ago. Returns how many rows went."""
    return failed_work.purge()


@shared_task
def build_open_data() -> int:
    """Nightly: the files of /om/data/. Returns how many clinics are in them, 0 when another worker is making them."""
    made = open_data.build()
    return made["files"][0]["rows"] if made else 0


@shared_task
def purge_reviews() -> int:
    """Hourly: what was kept of reviews, reports and visit codes for its time. Returns how many rows were emptied or went."""
    erased = retention.purge()
    if some := ", ".join(f"{what}: {number}" for what, number in erased.items() if number):
        logger.info("erased by docs/privacy.md: %s", some)
    return sum(erased.values())


@shared_task
def geocode_clinic(pk: int) -> bool:
    """Soon after its address was saved: where this clinic is. True when its point moved.

    A geocoder that does not answer is no failure of this work: the clinic waits at its postcode's point for `geocode_missing`.
    """
    try:
        return geocoding.place(pk)
    except geocoding.NotNowError:
        return False


@shared_task
def geocode_missing() -> int:
    """Every five minutes: some of the clinics whose address was not looked up yet. Returns how many points moved."""
    return geocoding.place_missing()


@shared_task
def stage_import(pk: int) -> bool:
    """Soon after it was received: this list is read. True when it was brought to its end.

    This and the next two do what the state of the list asks for, for eight minutes; then they ask for one more of the same.
    """
    return working.turn(pk)


@shared_task
def apply_import(pk: int) -> bool:
    """Soon after a moderator has said so: what is decided about the rows of this list is done."""
    return working.turn(pk)


@shared_task
def undo_import(pk: int) -> bool:
    """Soon after a moderator has said so: what this list changed goes back to what it was."""
    return working.turn(pk)


@shared_task
def continue_imports() -> int:
    """Every five minutes: lists that somebody began and nobody works on are taken up again. Returns how many."""
    return working.go_on()


@shared_task
def purge_imports() -> int:
    """Nightly: files of lists that were done with a year ago, and what their rows say of people. Returns how many lists."""
    return intake_keeping.purge()


@shared_task
def check_websites() -> int:
    """Every ten minutes: look whether some clinics' websites answer. Returns how many; 0 unless `WEBSITE_CHECK` is on."""
    return website_checking.check_some()


@shared_task
def check_website(pk: int) -> bool:
    """When a moderator asks: look at this clinic's website now. True when it was looked at.

    Raises TimeoutError while others are looked at for long, and is tried again.
    """
    try:
        return website_checking.check(pk)
    except BusyError as error:
        raise TimeoutError("others are being looked at") from error
