"""The sources in the summaries of incidents: as they are at the snapshot, and in no document."""

import csv
import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident
from sources.models import Publisher, Source
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def cited(attack: Incident, publish: Any) -> dict[str, Any]:
    """An incident that cites a report for itself, a post for a part, and a confidential talk."""
    agency = Publisher.objects.create(name="Shafaq News")
    report = Source.objects.create(
        title="A report",
        publisher=agency,
        url="https://example.org/report",
        published="2019-12-28",
        public_id=UUID(int=2),
    )
    post = Source.objects.create(title="A post", public_id=UUID(int=1))
    talk = Source.objects.create(title="A talk", confidential=True, publisher=agency)
    attack.citations.create(source=report)
    attack.citations.create(source=talk)
    part = attack.casualties.create(measure="killed", best=1, role="recommended")
    part.citations.create(source=post)
    part.citations.create(source=report)
    publish(agency, report, post, attack)
    return {"agency": agency, "report": report, "post": post, "talk": talk}


def ask(api: ContractClient, query: str = "") -> list[dict[str, Any]]:
    """Return the sources of the only incident, after comparing those of all formats."""
    (summary,) = api.results(f"incidents?{query}")
    (line,) = api.lines(f"incidents?format=ndjson&{query}")
    assert line["sources"] == summary["sources"]
    (row,) = csv.DictReader(stream(api, f"incidents?format=csv&{query}").splitlines())
    (feature,) = json.loads(stream(api, f"incidents?format=geojson&{query}"))["features"]
    for name in ("id", "title", "url", "publisher", "published"):
        values = [source[name] for source in summary["sources"]]
        assert feature["properties"][f"sources_{name}"] == values
        assert row[f"sources_{name}"] == "|".join(value or "" for value in values)
    sources: list[dict[str, Any]] = summary["sources"]
    return sources


def stream(api: ContractClient, address: str) -> str:
    response: Any = api.get(API + address, secure=True)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_a_summary_has_the_sources_of_the_incident_and_its_parts(
    api: ContractClient, cited: dict[str, Any]
) -> None:
    unknown = {"url": None, "publisher": None, "published": None}
    assert ask(api) == [
        {"id": str(cited["post"].public_id), "title": "A post"} | unknown,
        {
            "id": str(cited["report"].public_id),
            "title": "A report",
            "url": "https://example.org/report",
            "publisher": "Shafaq News",
            "published": "2019-12-28",
        },
    ]


def test_sources_are_those_of_the_snapshot(
    api: ContractClient, cited: dict[str, Any], publish: Any, reviewer: User
) -> None:
    first, before = api.ask("changes")["snapshot"], ask(api)
    cited["agency"].name = "Shafaq"
    cited["agency"].save()
    cited["report"].title = "The report"
    cited["report"].save()
    publish(cited["agency"], cited["report"])
    assert [(s["title"], s["publisher"]) for s in ask(api)] == [
        ("A post", None),
        ("The report", "Shafaq"),
    ]
    assert ask(api, f"snapshot={first}") == before
    second = api.ask("changes")["snapshot"]
    workflow.withdraw(cited["post"], reviewer, "It was deleted.")
    assert [source["title"] for source in ask(api)] == ["The report"]
    assert len(ask(api, f"snapshot={second}")) == 2


def test_a_redaction_of_a_source_reaches_the_past(
    api: ContractClient, cited: dict[str, Any], reviewer: User
) -> None:
    snapshot = api.ask("changes")["snapshot"]
    tag = api.get(f"{API}incidents?snapshot={snapshot}", secure=True)["ETag"]
    redact(cited["report"], reviewer, "Private.", fields=["url"])
    assert ask(api, f"snapshot={snapshot}")[1]["url"] is None
    assert api.get(f"{API}incidents?snapshot={snapshot}", secure=True)["ETag"] != tag


def test_no_document_has_sources(api: ContractClient, cited: dict[str, Any]) -> None:
    (listed,) = api.results("incidents/documents")
    (line,) = api.lines("incidents?format=ndjson&detail=true")
    document = api.ask(f"incidents/{listed['id']}")
    assert not {"sources"} & {*listed, *line, *document}


def test_an_incident_without_sources_has_an_empty_list(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    publish(attack)
    assert ask(api) == []


def test_a_page_needs_no_query_of_its_own_for_sources(
    api: ContractClient, cited: dict[str, Any], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the snapshot and the page
        api.get(f"{API}incidents", secure=True)


@pytest.mark.parametrize(
    ("query", "computes"),
    [
        ("format=ndjson", True),
        ("format=ndjson&fields=id,sources.title", True),
        ("format=ndjson&fields=id,title", False),
        ("format=csv&fields=id,title", False),
        ("format=geojson&fields=id,title", False),
        ("format=csv&part=casualties", False),
        ("format=ndjson&detail=true", False),
    ],
)
def test_sources_are_computed_only_where_they_are_shown(
    api: ContractClient, cited: dict[str, Any], query: str, computes: bool
) -> None:
    with CaptureQueriesContext(connection) as queries:
        stream(api, f"incidents?{query}")
    (query,) = (each["sql"] for each in queries if "AS page ORDER BY" in each["sql"])
    assert ("incidents_incidentsourceentry" in query) is computes
