"""Armed actors, the actors around them, and their affiliations."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    name = "actors"
