"""The home page, health checks and error pages."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client

from actors.models import Actor
from tests.contract.client import API, ContractClient
from tests.curation.admin_client import AdminClient, address


@pytest.mark.django_db
def test_the_home_page_links_to_everything(api: ContractClient) -> None:
    page = api.get("/", secure=True).content.decode()
    for path in ("/api/v1/actors", "/api/v1/docs", "/api/v1/schema", "/admin/"):
        assert f'href="{path}"' in page


@pytest.mark.django_db
def test_health_checks(api: ContractClient) -> None:
    assert api.get("/healthz", secure=True).content == b"alive\n"
    assert api.get("/readyz", secure=True).content == b"ready\n"


def test_the_documentation_loads_nothing_from_other_sites(api: ContractClient) -> None:
    page = api.get("/api/v1/docs", secure=True).content.decode()
    assert "swagger-ui-bundle.js" in page
    assert "https://" not in page
    assert "//cdn" not in page


@pytest.mark.django_db
def test_every_problem_has_a_page(api: ContractClient) -> None:
    problem = api.get(f"{API}docs/problems/behind", secure=True).content.decode()
    assert "<code>Retry-After</code>." in problem
    assert "`" not in problem


@pytest.mark.django_db
def test_error_pages_say_what_to_do(
    api: ContractClient, kataib: Actor, editor_client: AdminClient
) -> None:
    assert "There is no page at this address" in api.get("/nothing", secure=True).content.decode()
    forbidden = editor_client.get(address(kataib, "redact"))
    assert forbidden.status_code == 403
    assert "Back to the admin" in forbidden.text
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert "The form was not accepted" in strict.post("/admin/login/", secure=True).text
    for page in ("400.html", "500.html"):
        assert "<h1>" in render_to_string(page)


@pytest.fixture
def no_database(transactional_db: None) -> Iterator[None]:
    """Let connections to the database fail."""
    usual = connection.settings_dict
    connection.close()
    connection.settings_dict = {**usual, "HOST": "/nowhere/secret-host"}
    yield
    connection.close()
    connection.settings_dict = usual


@pytest.mark.parametrize("address", ["actors", "actors/a", "changes", "incidents?limit=2"])
def test_an_unavailable_database_is_a_503_with_retry_after(
    no_database: None, api: ContractClient, address: str
) -> None:
    response = api.get(API + address, secure=True)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response.json()["type"].endswith("/unavailable")
    assert b"secret-host" not in response.content


def test_readyz_reports_an_unavailable_database(no_database: None, api: ContractClient) -> None:
    response = api.get("/readyz", secure=True)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert api.get("/healthz", secure=True).status_code == 200


@pytest.mark.django_db
def test_an_internal_error_shows_no_details(monkeypatch: Any) -> None:
    from api import views

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(views, "page", fail)
    log, *_ = logging.getLogger("django.request").handlers
    monkeypatch.setattr(log, "stream", io.StringIO())
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    response = client.get(API + "actors", secure=True)
    assert "a secret of the machine" in log.stream.getvalue(), "the log has the details"  # type: ignore[attr-defined]
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert b"secret" not in response.content
