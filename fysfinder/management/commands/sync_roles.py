from django.core.management.base import BaseCommand

from fysfinder.roles import sync_roles


class Command(BaseCommand):
    help = "Write the roles of fysfinder/roles.py to the database. Safe to run twice."

    def handle(self, *args, **options) -> None:
        for role, rights in sync_roles().items():
            self.stdout.write(f"{role}: {rights} rights")
