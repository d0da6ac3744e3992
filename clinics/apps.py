from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "clinics"
    verbose_name = "Klinikker"

    def ready(self) -> None:
        from . import ownership

        ownership.register()  # object permissions need the models
