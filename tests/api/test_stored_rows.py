"""Rows of tables are stored; an export is the same to the byte with and without them."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from api import exports
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident
from publishing import rebuilding, tables, triggers
from publishing.models import Edition, TableRow
from publishing.registry import record_types
from sources.models import Publisher, Source
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db
TITLES = ("Plain", 'with "quotes", and commas', "=1+1", "back\\slash | bar", "كتائب")


@pytest.fixture
def incidents(publish: Any) -> list[Incident]:
    """Incidents with texts that CSV quotes, three of which cite sources."""
    agency = Publisher.objects.create(name="Agency, with a comma")
    sources = [
        Source.objects.create(title=f"Report {n}", publisher=agency, url=f"https://e.org/{n}")
        for n in range(3)
    ]
    made = []
    for number, title in enumerate(TITLES):
        incident = Incident.objects.create(
            title=title, date=f"2019-01-0{number + 1}", summary="Two\nlines" * (number % 2)
        )
        for source in sources[:number]:
            incident.citations.create(source=source)
        made.append(incident)
    publish(agency, *sources, *made)
    return made


def read(api: ContractClient, format_: str = "csv") -> bytes:
    response: Any = api.get(f"{API}incidents?format={format_}", secure=True)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_every_public_edition_has_a_row(incidents: list[Incident]) -> None:
    assert set(TableRow.objects.values_list("seq", flat=True)) == set(
        Edition.objects.filter(public=True).values_list("seq", flat=True)
    )


def test_a_row_that_is_not_stored_is_computed_and_the_same(
    api: ContractClient, incidents: list[Incident], monkeypatch: Any
) -> None:
    stored = read(api)
    assert stored.count(b"\r\n") == len(TITLES) + 1
    with triggers.allow("rebuild"):
        TableRow.objects.filter(seq__in=TableRow.objects.values("seq")[:4]).delete()
    assert read(api) == stored
    with triggers.allow("rebuild"):
        TableRow.objects.update(shape="older", cells="of older software")
    assert read(api) == stored
    rebuilding.rebuild_entries(record_types()["incident"])
    monkeypatch.setattr(tables, "cells", None)
    assert read(api) == stored


@pytest.mark.parametrize("format_", ["csv", "ndjson"])
def test_an_export_is_the_same_in_batches_of_any_size(
    api: ContractClient, incidents: list[Incident], monkeypatch: Any, format_: str
) -> None:
    whole = read(api, format_)
    for batch, kept in ((1, 1), (2, 1), (3, 10)):
        monkeypatch.setattr(exports, "_BATCH", batch)
        monkeypatch.setattr(exports, "_KEPT", kept)
        assert read(api, format_) == whole


def test_a_redaction_removes_the_text_from_stored_rows(
    api: ContractClient, incidents: list[Incident], reviewer: User
) -> None:
    redact(incidents[1], reviewer, "A reason", fields=["title"])
    assert not TableRow.objects.filter(cells__contains="quotes").exists()
    assert b"quotes" not in read(api)


def test_stored_rows_never_change(incidents: list[Incident]) -> None:
    for change in (
        lambda: TableRow.objects.update(cells="x"),
        lambda: TableRow.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()
