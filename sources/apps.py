"""The app of publishers, sources, and the rows that every claim is recorded with."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "sources"
