"""Incidents: what happened, who was involved, and how we know."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"
