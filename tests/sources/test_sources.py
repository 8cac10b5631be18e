"""The filters of publishers and sources."""

from typing import Any

import pytest

from editorial import merging
from editorial.models import User
from sources.models import Publisher, Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def shafaq(db: None) -> Publisher:
    """A publisher in Iraq."""
    return Publisher.objects.create(name="Shafaq", country="IQ", language="ar", scale="national")


@pytest.fixture
def sources(shafaq: Publisher, publish: Any) -> None:
    """Sources that differ in every filtered property."""
    rows: list[dict[str, Any]] = [
        {"title": "A", "kind": "article", "publisher": shafaq, "language": "ar-IQ"},
        {"title": "B", "kind": "report", "language": "ar", "url": "https://b.example/1"},
        {"title": "C", "published": "2020-01", "archive_url": "https://b.example/1"},
        {"title": "D", "published": "2020-01-15?", "language": "arc"},
        {"title": "E", "published": "2020-01-15", "url": "https://e.example/" + "x" * 1900},
    ]
    made = [Source.objects.create(**columns) for columns in rows]
    made[1].external_ids.create(scheme="wikidata", value="Q1")
    publish(shafaq, *made)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind=article&kind=report", "AB"),
        ("language=ar", "AB"),
        ("language=ar-iq", "A"),
        ("language=arc&language=ar-IQ", "AD"),
        ("url=https://b.example/1", "BC"),
        ("url=https://e.example/" + "x" * 1900, "E"),
        ("url=https://e.example/", ""),
        ("source_date_from=2020-01-15", "ABCDE"),
        ("source_date_from=2020-01-16", "ABC"),
        ("source_date_to=2020-01-14", "ABC"),
        ("source_date_from=2020-01-15&dates=certain", "E"),
        ("source_date_from=2020-01&source_date_to=2020-01&dates=certain", "CE"),
        ("source_date_from=2021&dates=certain", ""),
        ("external_id=wikidata:Q1&external_id=wikidata:Q2", "B"),
        ("external_id=wikidata:Q2", ""),
    ],
)
def test_sources_are_filtered(api: ContractClient, sources: None, query: str, titles: str) -> None:
    assert "".join(api.names(f"sources?{query}")) == titles


def test_sources_are_filtered_by_their_publisher_and_its_survivor(
    api: ContractClient, sources: None, shafaq: Publisher, publish: Any, reviewer: User
) -> None:
    assert api.names(f"sources?publisher={shafaq.public_id}") == ["A"]
    other = Publisher.objects.create(name="Shafaq News")
    draft = Publisher.objects.create(name="Nobody")
    publish(other)
    merging.merge(shafaq, other, reviewer, "One outlet.")
    for publisher in (shafaq, other):
        assert api.names(f"sources?publisher={publisher.public_id}") == ["A"]
    assert api.names(f"sources?publisher={draft.public_id}") == []


def test_publishers_are_filtered(api: ContractClient, sources: None, publish: Any) -> None:
    publish(Publisher.objects.create(name="Reuters", country="GB", scale="international"))
    for query in ("country=IQ", "language=ar", "scale=national", "country=IQ&country=SY"):
        assert api.names(f"publishers?{query}") == ["Shafaq"]
    assert api.names("publishers?country=IQ&country=GB") == ["Reuters", "Shafaq"]


@pytest.mark.parametrize(
    "query",
    [
        *("sources?language=a", "sources?language=ar_IQ", "sources?language=" + "a-" * 20),
        *("sources?url=example.org", "sources?url=https://" + "x" * 2000),
        *("sources?publisher=shafaq", "sources?source_date_from=1%2F2", "sources?dates=x"),
        "sources?source_date_from=2021&source_date_to=2020",
        *("publishers?country=iraq", "publishers?country=Iraq", "publishers?scale=big"),
    ],
)
def test_invalid_parameters_are_refused(api: ContractClient, query: str) -> None:
    problem = api.ask(query, 400)
    assert [error["parameter"] for error in problem["errors"]] == [
        query.split("?")[1].split("=")[0]
    ]
