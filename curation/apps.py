"""The app of the admin."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "curation"
