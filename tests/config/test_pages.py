"""The home page, health checks and error pages."""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client

from actors.models import Actor
from api.problems import FAULTS, PROBLEMS, WARNING_CODES
from tests.contract.client import API, ContractClient
from tests.curation.admin_client import AdminClient, address


@pytest.mark.django_db
def test_the_home_page_links_to_everything(api: ContractClient) -> None:
    page = api.get("/", secure=True, headers={"Accept": "text/html"}).content.decode()
    for path in ("/search?type=actors", "/api/v1/docs", "/api/v1/codebook", "/admin/"):
        assert f'href="{path}"' in page


@pytest.mark.django_db
def test_health_checks(api: ContractClient) -> None:
    assert api.get("/healthz", secure=True).content == b"alive\n"
    assert api.get("/readyz", secure=True).content == b"ready\n"


@pytest.mark.django_db
def test_every_problem_has_a_page(api: ContractClient) -> None:
    problem = api.get(f"{API}docs/problems/behind", secure=True).content.decode()
    assert "<code>Retry-After</code>." in problem
    assert "`" not in problem
    listed = api.get(f"{API}docs/problems", secure=True).content.decode()
    for code in (*PROBLEMS, *FAULTS, *WARNING_CODES):
        assert f"<code>{code}</code>" in listed
    assert "`" not in listed
    page = api.get(f"{API}docs/problems/invalid-parameters", secure=True).content.decode()
    assert all(f"<code>{code}</code>" in page for code in FAULTS)


def test_every_code_is_listed_and_used() -> None:
    folders = ("api", "actors", "incidents", "places", "sources", "config")
    source = "\n".join(file.read_text() for app in folders for file in Path(app).rglob("*.py"))
    used = set(re.findall(r"""Fault\(\s*"(\w+)\"""", source))
    used |= set(re.findall(r"""code="(\w+)\"""", Path("api/parameters.py").read_text()))
    assert used == {*FAULTS, *WARNING_CODES}


@pytest.mark.django_db
def test_the_description_is_json_or_yaml(api: ContractClient) -> None:
    described = api.get(f"{API}schema", secure=True)
    assert described["Content-Type"] == "application/json"
    for query, accept in (("?format=yaml", "*/*"), ("", "application/yaml")):
        in_yaml = api.get(f"{API}schema{query}", headers={"Accept": accept}, secure=True)
        assert in_yaml["Content-Type"] == "application/yaml"
        assert yaml.safe_load(in_yaml.content) == described.json()
        headers = {"Accept": accept, "If-None-Match": in_yaml["ETag"]}
        assert api.get(f"{API}schema{query}", headers=headers, secure=True).status_code == 304
    assert api.get(f"{API}schema?format=json", secure=True).content == described.content
    (error,) = api.ask("schema?format=xml", 400)["errors"]
    assert "Use one of: json, yaml." in error["detail"]
    (error,) = api.ask("schema?page=2", 400)["errors"]
    assert error["code"] == "unknown"


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
