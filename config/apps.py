"""The app that Django finds the commands `postgres` and `demo` in."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
