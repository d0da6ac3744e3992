"""Which commands make manage.py start the embedded database."""

import pytest

from manage import needs_database


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        ("", False),
        ("help migrate", False),
        ("migrate --help", False),
        ("check", False),
        ("check --database default", True),
        ("check --database=default", True),
        ("collectstatic --noinput", False),
        ("makemessages -l da", False),
        ("migrate", True),
        ("makemigrations --check", True),
        ("runserver", True),
        ("shell", True),
        ("import_articles articles --dry-run", True),
        ("seed_demo", True),
    ],
)
def test_only_what_talks_to_it(arguments, needs):
    assert needs_database(arguments.split()) is needs
