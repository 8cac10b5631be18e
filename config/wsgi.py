"""The entry point of a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# A query of a request ends after 30 seconds; publication and exports lift this limit. The memory
# lets statistics group in memory, although the planner expects far more groups than there are.
_LIMITS = "-c statement_timeout=30s -c work_mem=32MB"
_options = connection.settings_dict["OPTIONS"]
_options["options"] = f"{_options.get('options', '')} {_LIMITS}".strip()

# A thread keeps its connection, and checks before each request that it still works.
connection.settings_dict["CONN_MAX_AGE"] = 600
