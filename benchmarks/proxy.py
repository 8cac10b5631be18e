"""nginx with the configuration of an installation, but for TLS and the limits for each client."""

import os
import re
import shutil
from pathlib import Path

from django.conf import settings

PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH')}:/usr/sbin")
_CONFIGURATION = settings.ROOT / "deploy" / "nginx.conf"
_MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/muster.conf;
}}
"""


def is_installed() -> bool:
    """Return whether nginx and the configuration are here."""
    return PROGRAM is not None and _CONFIGURATION.exists()


def write_configuration(folder: Path, port: int, server: int) -> Path:
    """Write the configuration of nginx on a port, in front of the server on another port."""
    text = _CONFIGURATION.read_text()
    text = re.sub(r"(?ms)^server \{\n    listen 80 .*?^\}\n", "", text)
    text = re.sub(r"(?m)^ *(limit_|ssl_|listen \[).*\n", "", text)
    text = re.sub(r"listen 443 .*;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r"unix:/run/\S+;", f"127.0.0.1:{server};", text)
    text = text.replace("/var/cache/nginx", str(folder))
    (folder / "muster.conf").write_text(text)
    file = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    file.write_text(_MAIN.format(folder=folder, user=user))
    return file
