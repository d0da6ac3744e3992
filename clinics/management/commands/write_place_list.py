from django.core.management.base import BaseCommand

from clinics.place_list import path, place_list


class Command(BaseCommand):
    help = "Write static/places.json, the places that the place field suggests, from the committed tables."

    def handle(self, *args: object, **options: object) -> None:
        path().write_text(place_list(), encoding="utf-8")
        self.stdout.write(f"{path().name}: {path().stat().st_size} bytes")
