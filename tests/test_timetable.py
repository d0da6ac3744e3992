"""Beat's timetable and the worker's tasks know each other: a task that is renamed or forgotten would never run."""

from celery import current_app
from django.conf import settings

from fysfinder.timetable import TIMETABLE

# Asked for when something happened, for one row each; what was left is swept by a line of the timetable.
FOR_ONE_ROW = {
    f"clinics.tasks.{name}"
    for name in ("check_website", "geocode_clinic", "stage_import", "apply_import", "undo_import")
}


def ours() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if name.split(".")[0] in ("fysfinder", "articles", "clinics")}


def test_every_line_names_a_task_and_no_task_is_forgotten():
    assert ours() - FOR_ONE_ROW == {one["task"] for one in TIMETABLE.values()}


def test_every_task_stands_in_the_handbook():
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in settings.WORK if f"`{name.rpartition('.')[2]}`" not in text] == []
