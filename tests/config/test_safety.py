"""Unsafe settings, and the headers and methods of pages."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

KEY = "".join(map(chr, range(48, 108)))
REFUSED = {
    "* as host": ({"MUSTER_HOSTS": "*"}, "* would let any site"),
    "a wildcard": ({"MUSTER_HOSTS": "data.example.org,*.example.org"}, "would let any site"),
    "an address": ({"MUSTER_HOSTS": "https://data.example.org"}, "without scheme, port and path"),
    "a port": ({"MUSTER_HOSTS": "data.example.org:8000"}, "without scheme, port and path"),
    "a short key": ({"SECRET_KEY": KEY[:49]}, "SECRET_KEY can be guessed"),
    "a repetitive key": ({"SECRET_KEY": "abc" * 20}, "SECRET_KEY can be guessed"),
    "a key of an example": ({"SECRET_KEY": "django-insecure-" + KEY}, "SECRET_KEY can be guessed"),
    "debug for others": (
        {"MUSTER_HOSTS": "data.example.org", "MUSTER_DEBUG": "on"},
        "MUSTER_DEBUG=on shows settings",
    ),
    "plain for others": (
        {"MUSTER_HOSTS": "data.example.org", "MUSTER_HTTPS": "off"},
        "MUSTER_HTTPS=off sends passwords",
    ),
}  # fmt: skip
SAFE: dict[str, dict[str, str]] = {
    "no settings": {},
    "no hosts": {"MUSTER_HOSTS": ""},
    "production": {"MUSTER_HOSTS": "data.example.org, [2001:db8::1]", "SECRET_KEY": KEY},
    "development": {
        "MUSTER_DEBUG": "on",
        "MUSTER_HTTPS": "off",
        "MUSTER_HOSTS": "muster.localhost",
    },
}


def start(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    names = ("MUSTER_HOSTS", "MUSTER_DEBUG", "MUSTER_HTTPS", "SECRET_KEY")
    usual = {name: value for name, value in os.environ.items() if name not in names}
    command = [sys.executable, "-c", "from config import settings; print(settings.ALLOWED_HOSTS)"]
    return subprocess.run(
        command, cwd=settings.ROOT, env=usual | environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("environ", "words"), REFUSED.values(), ids=REFUSED)
def test_unsafe_settings_prevent_the_start_and_are_explained(
    environ: dict[str, str], words: str
) -> None:
    done = start(environ)
    assert done.returncode
    last = done.stderr.splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert words in last
    assert environ.get("SECRET_KEY", KEY) not in done.stderr


@pytest.mark.parametrize("environ", SAFE.values(), ids=SAFE)
def test_safe_settings_are_accepted(environ: dict[str, str]) -> None:
    done = start(environ)
    assert not done.returncode, done.stderr
    assert ("localhost" in done.stdout) == (
        "data.example.org" not in environ.get("MUSTER_HOSTS", "")
    )


PAGES = (
    "/", "/healthz", "/readyz", "/nothing", "/admin/login/", "/admin/nothing/", "/admin/",
    "/api/v1/actors", "/api/v1/nothing", "/api/v1/docs", "/api/v1/docs/problems/not-found",
    "/api/v1/schema", "/static/config/pages.css", "/%00",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_response_has_security_headers(client: Client, page: str) -> None:
    answer: Any = client.get(page, secure=True)
    answer.getvalue()  # a static file is closed at its end
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    if page.startswith("/admin/"):
        assert "no-store" in answer["Cache-Control"]
    else:
        assert not answer.cookies, "only the admin sets cookies"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("page", ["/", "/healthz", "/readyz", "/api/v1/docs"])
def test_pages_outside_the_admin_are_read_only(page: str, method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(page, secure=True)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer["Allow"].split(", "))
