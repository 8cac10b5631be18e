"""The configuration of the server: `gunicorn -c config/gunicorn.py`. The command line overrides it.

Each worker is a process. A worker that dies is replaced at once. The limits of the API apply to
each worker: see docs/operating.md. Beside them runs the worker of jobs, `manage.py work`.
"""

import os
from typing import Any

from django.conf import settings
from django.urls import get_resolver

from config.serving.job_worker import JobWorkerProcess

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

wsgi_app = "config.wsgi:application"
worker_class = "config.serving.worker.Worker"
bind = "127.0.0.1:8000"
workers = settings.WORKERS
threads = settings.THREADS
worker_connections = 500
keepalive = 15
timeout = 60
graceful_timeout = 20
preload_app = True  # a new worker is ready within a second

limit_request_line = 0  # config/serving limits lines; the API answers 414 above 32 KiB
sendfile = False

# Only publishing/clients.py decides which headers of a proxy are trusted.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

control_socket_disable = True
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Import all views before the workers are forked."""
    assert get_resolver().url_patterns


job_worker = JobWorkerProcess()


def when_ready(server: Any) -> None:
    """Start the worker of jobs."""
    if settings.JOBS:
        job_worker.start()


def on_exit(server: Any) -> None:
    """Stop the worker of jobs."""
    job_worker.stop(server.cfg.graceful_timeout / 4)
