"""The app of background jobs."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "jobs"

    def ready(self) -> None:
        """Import the file `jobs.py` of each app, so that all kinds of jobs are known."""
        autodiscover_modules("jobs")
