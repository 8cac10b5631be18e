"""The app that Django finds the command `benchmark` in."""

from django.apps import AppConfig


class BenchmarksConfig(AppConfig):
    name = "benchmarks"
