"""The app that takes records from editors through reviewers to the public."""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "editorial"

    def ready(self) -> None:
        from editorial import checks  # noqa: F401  (registers the system checks)
