"""The wiring as an app, so that its commands (postgres, demo) are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
