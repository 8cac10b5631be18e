"""Django configuration of the app."""

from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    """The public site."""

    name = "explorer"
