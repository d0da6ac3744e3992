from typing import Any

from django.core.management.base import BaseCommand

from fysfinder import roles


class Command(BaseCommand):
    help = "Write the roles of fysfinder/roles.py to the database. Safe to run twice."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--table", action="store_true", help="only print the table that docs/roles.md shows")

    def handle(self, *args: Any, table: bool = False, **options: Any) -> None:
        if table:
            self.stdout.write(roles.table())
            return
        for role, rights in roles.sync_roles().items():
            self.stdout.write(f"{role}: {rights} rights")
