"""Publishers, sources, and what every claim is made with: citations, ids, assertions."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "sources"
