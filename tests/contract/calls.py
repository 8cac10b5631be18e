"""Every operation of the API with its required arguments, and a record that they all find."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import pytest

from actors.models import Actor, Affiliation
from api.releases import make_release
from editorial.redaction.validation import check_note
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.contract.client import description

KEYS = {
    "actors": "kataib",
    "affiliations": "00000000-0000-4000-8000-000000000001",
    "incidents": "00000000-0000-4000-8000-000000000002",
    "places": "iraq",
    "publishers": "00000000-0000-4000-8000-000000000003",
    "sources": "00000000-0000-4000-8000-000000000004",
}
OUTLINED = "talassia"
"""The key of a place with an outline."""
NAMES = {"releases": "first", "vocabularies": "scale"}
QUERY: dict[str, Any] = {"actor": "kataib", "name": "Kataib", "q": "kat", "group_by": ["year"]}
"""A value for every parameter that an operation requires: one that is new needs one here."""

BODY: dict[str, Any] = {}
"""A body with all that is required."""


class Call(NamedTuple):
    """An operation with values for its required parameters alone."""

    operation: str
    path: str
    """The path as the description writes it."""
    arguments: dict[str, str]
    """By name, what goes into the path."""
    query: dict[str, Any]
    parameters: dict[str, dict[str, Any]]
    """By name, the schemas of the parameters of the query."""
    body: dict[str, Any] | None
    """The body, if the operation takes one."""

    def address(self, **more: Any) -> str:
        """Return the address, with further parameters."""
        path = re.sub(r"\{(\w+)\}", lambda match: self.arguments[match[1]], self.path)
        query = urlencode({**self.query, **more}, doseq=True)
        return f"{path}?{query}" if query else path


def calls(described: Any = None) -> Iterator[Call]:
    """Yield a call of every operation of a description: the one of today unless it is given."""
    for path, methods in (described or description())["paths"].items():
        for operation in methods.values():
            body = BODY if "requestBody" in operation else None
            given = operation.get("parameters", [])
            query = {one["name"]: one for one in given if one["in"] == "query"}
            resource = "".join(path.split("/")[3:4])
            values = {
                "key": OUTLINED if path.endswith("/outline") else KEYS.get(resource),
                "name": NAMES.get(resource),
                "version": "1",
            }
            yield Call(
                operation["operationId"],
                path,
                {one["name"]: str(values[one["name"]]) for one in given if one["in"] == "path"},
                {name: QUERY[name] for name, one in query.items() if one.get("required")},
                {name: one["schema"] for name, one in query.items()},
                body,
            )


@pytest.fixture
def findable(iraq: Place, kataib: Actor, pmf: Actor, publish: Any) -> None:
    """Publish two records of each type, and two releases; `KEYS` and `NAMES` lead to the first."""
    ids = {name: UUID(key) for name, key in KEYS.items() if len(key) == 36}
    anbar = Place.objects.create(
        name="Anbar", kind="admin1", country="IQ", admin1="IQ-AN", parent=iraq
    )
    town = Place.objects.create(
        name="Fallujah",
        kind="settlement",
        country="IQ",
        parent=anbar,
        latitude=33.35,
        longitude=43.78,
    )
    island = Place.objects.create(name="Talassia", slug=OUTLINED, kind="country", country="XT")
    publisher = Publisher.objects.create(name="Shafaq News", public_id=ids["publishers"])
    other = Publisher.objects.create(name="Al-Sumaria")
    source = Source.objects.create(title="A report", publisher=publisher, public_id=ids["sources"])
    second = Source.objects.create(title="Another report", publisher=other)
    tie = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, start="2014", public_id=ids["affiliations"]
    )
    backing = Affiliation.objects.create(subject=pmf, kind="rival_of", object=kataib)
    attack = Incident.objects.create(
        title="Attack", date="2014-06-10", event_type="battle", public_id=ids["incidents"]
    )
    attack.involvements.create(role="perpetrator", actor=kataib, certainty="confirmed")
    attack.casualties.create(measure="killed", best=3, role="recommended", population="total")
    raid = Incident.objects.create(title="Raid", date="2015-02", event_type="riot")
    for incident in (attack, raid):
        incident.locations.create(
            place=town, primary=True, precision="settlement", public_precision="settlement"
        )
    publish(iraq, anbar, town, island, publisher, other, source, second, kataib, pmf, tie, backing)
    make_release("first", "", check_note)
    publish(attack, raid)
    make_release("second", "", check_note)
