"""Incidents, the actors involved in them, and the sources for them."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"
