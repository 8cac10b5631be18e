"""How the server runs: `gunicorn -c config/gunicorn.py`. Its command line overrides what is here.

Each worker is a process of its own, and a dead one is replaced at once. The limits of the API hold
for each worker: see docs/production.md.
"""

import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.urls import get_resolver

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
preload_app = True  # a worker that replaces another is ready within a second

limit_request_line = 0  # lines are bounded in config/serving; the API refuses 32 KiB with a problem
sendfile = False

# Which headers of a proxy are believed is decided in publishing/clients.py alone.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

control_socket_disable = True
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Import all views before the workers are forked."""
    assert get_resolver().url_patterns


def when_ready(server: Any) -> None:
    """End with the demo, which holds the other end of the standard input."""
    if os.environ.get("MUSTER_UNTIL_INPUT_ENDS") == "on":
        threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
