"""How a Record becomes public."""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "editorial"

    def ready(self) -> None:
        from editorial import checks  # noqa: F401  (registers the system checks)
