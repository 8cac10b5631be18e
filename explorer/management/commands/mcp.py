"""`manage.py mcp`: let assistants with a language model read the public record."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http.request import validate_host

HELP = """\
Let an assistant with a language model read the public record, by the Model Context Protocol (MCP).
It has the tools of explorer/assistant, which answer as the API does and can change nothing. By
default it speaks on standard input and output, so that a client starts it; docs/assistants.md
says how. It needs an optional package: pip install --require-hashes -r requirements-mcp.txt
"""


class Command(BaseCommand):
    """Answer the questions of one client, or of all on this machine."""

    help = HELP
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--base-url",
            default=None,
            help="the address of the site, for citations (default: the first of MUSTER_HOSTS)",
        )
        parser.add_argument(
            "--http",
            type=int,
            default=None,
            metavar="PORT",
            help="serve streamable HTTP on this port of this machine, at /mcp",
        )

    def handle(self, *, base_url: str | None, http: int | None, **options: Any) -> None:
        try:
            from explorer.assistant.server import make_server
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
                raise
            raise CommandError(
                "The package mcp is not installed. Install it with: "
                "pip install --require-hashes -r requirements-mcp.txt"
            ) from None
        scheme = "https" if settings.HTTPS else "http"
        address = (base_url or f"{scheme}://{settings.ALLOWED_HOSTS[0]}").rstrip("/")
        parts = urlsplit(address)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.path:
            raise CommandError("--base-url: write it as https://data.example.org")
        if not validate_host(parts.hostname, settings.ALLOWED_HOSTS):
            raise CommandError(f"--base-url: add {parts.hostname} to MUSTER_HOSTS.")
        server = make_server(address)
        if http is None:
            server.run("stdio")
        else:
            server.run("streamable-http", host="127.0.0.1", port=http, stateless_http=True)
