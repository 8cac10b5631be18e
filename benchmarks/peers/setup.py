"""Django for the peers: the models and the database of this project, and no middleware."""

import os

import django
from django.conf import settings
from django.db import connection


def set_up(urls: str) -> None:
    """Set up Django with other addresses. Connections stay open, as behind a pool."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    settings.ROOT_URLCONF = urls
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # adds Content-Length
    django.setup()
    connection.settings_dict["CONN_MAX_AGE"] = None
    connection.settings_dict["CONN_HEALTH_CHECKS"] = False
