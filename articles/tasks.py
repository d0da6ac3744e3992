"""What the worker does for the articles. Beat's timetable stands in the settings."""

from celery import shared_task


def nudge() -> None:
    """Ask the worker to look soon. Nothing depends on it: beat looks every five minutes anyway."""
    render_stale.apply_async(retry=False)


@shared_task(ignore_result=True)
def render_stale() -> int:
    """Bring pages in line with what has changed since they were made: also with what came out at a time set for it.

    Returns how many changed. Twice at once does no harm: each row is changed by one of them.
    """
    from articles import actions  # it starts this task

    return actions.render_stale()


@shared_task(ignore_result=True)
def purge_uploads() -> int:
    """Nightly: forget what editors uploaded more than a week ago. Returns how many uploads."""
    from articles import uploads  # it imports, and importing starts a task of this file

    return uploads.purge_uploads()
