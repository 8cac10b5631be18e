"""The app that Django finds the commands, the templates and the checks of `config` in."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401
