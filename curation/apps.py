"""How the admin behaves."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "curation"
