"""The app of places, from countries to checkpoints."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "places"
