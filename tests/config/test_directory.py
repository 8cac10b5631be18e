"""The directory of the API, and health checks."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.contract.calls import KEYS, NAMES, OUTLINED
from tests.contract.client import API, ContractClient, description

pytestmark = pytest.mark.django_db
ROOTS = ("/api", "/api/v1", "/api/v1/")


def urls(directory: dict[str, Any]) -> list[str]:
    """Return all URLs and URI templates of the directory."""
    records = [
        resource[name]
        for resource in directory["resources"]
        for name in ("url", "documents", "lookup", "document", "editions", "edition")
    ]
    return records + [link["url"] for link in directory["links"]]


def test_every_root_returns_the_directory(api: ContractClient) -> None:
    first, *others = [api.ask(root) for root in ROOTS]
    assert others == [first, first]
    assert (first["name"], first["licence"]) == ("Muster", "CC BY 4.0")
    assert first["snapshot"] == api.ask("changes")["snapshot"]
    for entry in (*first["resources"], *first["links"]):
        assert entry["name"]
        assert entry["description"].endswith(".")


def test_every_public_path_is_in_the_directory(api: ContractClient) -> None:
    """Add a new endpoint to RESOURCES or LINKS in config/directory.py."""
    listed = {re.sub(r"\{\?.*\}", "", url) for url in urls(api.ask("/api/v1"))}
    paths = {f"https://localhost{path}" for path in description()["paths"]}
    names = ("schema", "docs", "docs/problems", "docs/problems/{code}")
    pages = {f"https://localhost{API}{page}" for page in names}
    assert listed == (paths | pages) - {"https://localhost/api/v1"}


def test_every_link_of_the_directory_works(api: ContractClient, findable: None) -> None:
    query = {
        "{?actor}": "?actor=kataib",
        "{?name}": "?name=Kataib",
        "{?q}": "?q=kat",
        "{?group_by*}": "?group_by=year&group_by=country",
        "{?facet*}": "?facet=event_type&facet=country",
        "{?zoom,bbox}": "?zoom=5",
        "{?interval}": "?interval=year",
        "{?bbox}": "?bbox=42,29,49,38",
    }
    for url in urls(api.ask("/api/v1")):
        resource = url.split("/")[5]
        values = {
            "{key}": OUTLINED if url.endswith("/outline") else KEYS.get(resource, ""),
            "{name}": NAMES.get(resource, ""),
            "{version}": "1",
            "{code}": "not-found",
            **query,
        }
        address = url
        for variable, value in values.items():
            address = address.replace(variable, value)
        assert "{" not in address
        if address.endswith("/lookup"):
            response: Any = api.post(address, "{}", "application/json", secure=True)
        else:
            response = api.get(address, secure=True)
        assert response.status_code == 200, address


def test_the_directory_behaves_like_all_endpoints(api: ContractClient) -> None:
    for root in ROOTS:
        answer = api.get(root, secure=True)
        assert answer["Content-Type"] == "application/json"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Muster-Snapshot"] == answer.json()["snapshot"]
        head = api.head(root, secure=True)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", answer["ETag"])
        again = api.get(root, headers={"If-None-Match": answer["ETag"]}, secure=True)
        assert (again.status_code, again.content) == (304, b"")
        assert api.options(root, secure=True).status_code == 204
        assert api.post(root, secure=True).status_code == 405
        (fault,) = api.ask(f"{root}?limit=5", 400)["errors"]
        assert (fault["code"], fault["parameter"]) == ("unknown", "limit")


def test_its_etag_changes_with_the_host_and_the_licence(api: ContractClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    tags = {api.get("/api", secure=True)["ETag"]}
    tags.add(api.get("/api", secure=True, headers={"Host": "muster.example"})["ETag"])
    settings.LICENCE = "CC0-1.0"
    tags.add(api.get("/api", secure=True)["ETag"])
    assert len(tags) == 3


@pytest.mark.parametrize("address", ["/api/", "/api//", "/api/v1//", "/api/v1//?x=1"])
def test_trailing_slashes_are_redirected(api: ContractClient, address: str) -> None:
    response = api.get(address, secure=True)
    path, snapshot, query = address.partition("?")
    assert (response.status_code, response["Location"]) == (
        308,
        path.rstrip("/") + snapshot + query,
    )


HOSTS = ("10.0.0.7", "10.0.0.7:8000", "[fe80::1]", "load-balancer", "a b", "evil.example", "")


@pytest.mark.parametrize("host", HOSTS)
def test_health_checks_accept_any_host_over_plain_http(settings: Any, host: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers={"Host": host})
    for path, text in (("/healthz", b"alive\n"), ("/readyz", b"ready\n")):
        for secure in (False, True):
            answer = client.get(path, secure=secure)
            assert (answer.status_code, answer.content) == (200, text)
            assert not answer.cookies
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405
    for other in ("/", "/api/v1/actors", "/admin/", "/healthz/", "/readyz/x"):
        assert client.get(other, secure=True).status_code == 400, other


def test_everything_else_is_redirected_to_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers={"Host": "localhost"})
    for path in ("/", "/api", "/healthz/", "/readyz/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, f"https://localhost{path}")


def test_healthz_needs_no_database_and_no_session(api: ContractClient) -> None:
    api.cookies["sessionid"] = "made-up"
    with CaptureQueriesContext(connection) as queries:
        assert api.get("/healthz").content == b"alive\n"
    assert len(queries) == 0
    api.get("/readyz")  # the first one of a process compares the tables
    with CaptureQueriesContext(connection) as queries:
        api.get("/readyz")
    assert len(queries) == 1
