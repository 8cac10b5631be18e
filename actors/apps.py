"""Armed actors and those around them, and how they stand to each other."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    name = "actors"
