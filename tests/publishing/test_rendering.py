"""Rows are read for rendering in one query for each relation; keys are looked up as one value."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import CasualtyFigure, Incident
from publishing.rendering import fetch_rows, list_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def incidents() -> list[Incident]:
    made = [Incident.objects.create(title=f"Incident {number}") for number in range(3)]
    for incident in made[:2]:
        for population in ("total", "civilians"):
            CasualtyFigure.objects.create(
                incident=incident, measure="killed", population=population, best=1
            )
    return made


def test_parts_are_read_in_one_query_and_in_their_order(incidents: list[Incident]) -> None:
    with CaptureQueriesContext(connection) as queries:
        fetch_rows(incidents, ["casualties__citations__source", "links"])
    assert len(queries) == 3, "casualties, their citations, links: no citation has a source"
    with CaptureQueriesContext(connection) as queries:
        figures: list[list[Any]] = [list(list_rows(row, "casualties")) for row in incidents]
    assert not queries
    assert [[figure.population for figure in row] for row in figures] == [
        ["civilians", "total"],
        ["civilians", "total"],
        [],
    ]


def test_a_row_that_was_not_fetched_is_read_from_the_database(incidents: list[Incident]) -> None:
    assert len(list(list_rows(incidents[0], "casualties"))) == 2


def test_references_are_read_once_and_missing_ones_are_none(incidents: list[Incident]) -> None:
    figures = list(CasualtyFigure.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as queries:
        fetch_rows(figures, ["incident", "actor"])
    assert len(queries) == 1, "no figure names an actor"
    assert figures[0].incident is figures[1].incident
    assert figures[0].actor is None


def test_keys_of_any_kind_are_one_parameter(incidents: list[Incident]) -> None:
    first, second, _ = incidents
    rows = Incident.objects.filter(pk__any=[first.pk, second.pk])
    assert str(rows.query).count("ANY") == 1
    assert set(rows) == {first, second}
    assert set(Incident.objects.filter(public_id__any=[first.public_id])) == {first}
    assert CasualtyFigure.objects.filter(incident__any={second.pk}).count() == 2
    assert not Incident.objects.filter(pk__any=[]).exists()
