"""Beat's timetable and the worker's tasks know each other: a task that is renamed or forgotten would never run."""

from celery import current_app

from fysfinder.timetable import TIMETABLE

# Asked for when something happened, for one row each; what was left is swept by a line of the timetable.
FOR_ONE_ROW = {"clinics.tasks.geocode_clinic"}


def ours() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if name.split(".")[0] in ("fysfinder", "articles", "clinics")}


def test_every_line_names_a_task_and_no_task_is_forgotten():
    assert ours() - FOR_ONE_ROW == {one["task"] for one in TIMETABLE.values()}
