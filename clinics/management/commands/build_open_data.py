from django.core.management.base import BaseCommand, CommandError

from clinics import open_data


class Command(BaseCommand):
    help = "Make the files of /om/data/ anew, as the worker does every night."

    def handle(self, *args, **options) -> None:
        made = open_data.build()
        if made is None:
            raise CommandError("somebody else is making them just now")
        for one in made["files"]:
            self.stdout.write(f"{one['name']}: {one['rows']} rows, {one['bytes']} bytes, {one['gz_bytes']} compressed")
