"""Parts: the lists of rows in documents as tables of their own, which lead back to the records."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from actors.models import Actor, Affiliation
from api.parts import list_parts
from api.selections import Selection
from editorial import workflow
from editorial.models import Submission, User, record_models
from incidents.models import Incident, ResponsibilityStatement
from places.models import Place
from publishing import completion
from publishing.registry import record_types
from sources.models import Source
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db

PARTS = {word: list_parts(found.serializer, word) for word, found in record_types().items()}
EACH = [(word, part) for word, parts in PARTS.items() for part in parts]


@pytest.fixture
def attack(publish: Any, kataib: Actor, pmf: Actor) -> Incident:
    """An incident with parts, some of them cited, and one without."""
    source = Source.objects.create(title="A report")
    attack = Incident.objects.create(title="Attack", date="2019-12-27")
    other = Incident.objects.create(title="Other", date="2018")
    first = attack.involvements.create(role="perpetrator", actor=kataib, certainty="confirmed")
    attack.involvements.create(role="target", label="A convoy", certainty="confirmed")
    claim = attack.statements.create(kind="claim", speaker=kataib)
    denial = attack.statements.create(kind="denial", speaker=pmf)
    claim.responsible.create(actor=kataib)
    denial.responsible.create(actor=pmf)
    denial.responsible.create(label="The masked men")
    attack.citations.create(source=source, quote="of the record")
    first.citations.create(source=source, quote="of an involvement")
    denial.citations.create(source=source, quote="of a denial")
    publish(source, kataib, pmf, attack, other)
    return attack


def fetch(api: Client, address: str) -> tuple[Any, str]:
    response: Any = api.get(API + address, secure=True)
    assert response.status_code == 200, response.content
    return response, b"".join(response.streaming_content).decode()


def rows(api: Client, query: str) -> list[dict[str, str]]:
    response, sent = fetch(api, f"incidents?format=csv&{query}")
    found = list(csv.DictReader(StringIO(sent, newline="")))
    assert response["Muster-Count"] == str(len(found))
    assert api.head(f"{API}incidents?format=csv&{query}", secure=True)["Muster-Count"] == str(
        len(found)
    )
    return found


def test_every_list_of_rows_is_a_part() -> None:
    assert {word: list(parts) for word, parts in PARTS.items()} == {
        "publisher": [],
        "source": ["external_ids"],
        "place": ["names", "external_ids", "citations"],
        "actor": [
            "names",
            "classifications",
            "attributes",
            "designations",
            "presences",
            "strength_estimates",
            "assessments",
            "external_ids",
            "citations",
        ],
        "affiliation": ["support", "citations"],
        "incident": [
            "locations",
            "involvements",
            "statements",
            "responsible",
            "weapons",
            "target_objects",
            "casualties",
            "links",
            "effects",
            "assessments",
            "external_ids",
            "citations",
        ],
    }


def test_a_row_leads_back_to_its_record(api: ContractClient, attack: Incident) -> None:
    found = rows(api, "part=involvements")
    columns = ("incident_id", "row", "role", "actor_name", "label", "certainty")
    assert [tuple(row[name] for name in columns) for row in found] == [
        (str(attack.public_id), "1", "perpetrator", "Kataib Hezbollah", "", "confirmed"),
        (str(attack.public_id), "2", "target", "", "A convoy", "confirmed"),
    ]
    assert not [name for name in found[0] if name.startswith("citations")]


def test_a_row_within_a_row_leads_back_to_that(api: ContractClient, attack: Incident) -> None:
    columns = ("row", "part", "part_row", "actor_slug", "label")
    assert [tuple(row[name] for name in columns) for row in rows(api, "part=responsible")] == [
        ("1", "statements", "1", "kataib", ""),
        ("2", "statements", "2", "pmf", ""),
        ("3", "statements", "2", "", "The masked men"),
    ]
    columns = ("row", "part", "part_row", "quote", "source_name")
    assert [tuple(row[name] for name in columns) for row in rows(api, "part=citations")] == [
        ("1", "involvements", "1", "of an involvement", "A report"),
        ("2", "statements", "2", "of a denial", "A report"),
        ("3", "", "", "of the record", "A report"),
    ]


def test_ndjson_keeps_the_objects_of_rows(api: ContractClient, attack: Incident) -> None:
    _, sent = fetch(api, "incidents?format=ndjson&part=responsible&end=true")
    first, *_, last = map(json.loads, sent.splitlines())
    document = api.ask(f"incidents/{attack.public_id}")
    key = {"incident_id": str(attack.public_id), "row": 1, "part": "statements", "part_row": 1}
    assert first == key | document["statements"][0]["responsible"][0]
    assert last["end"]["count"] == 3


def test_filters_and_the_past_count_for_parts_too(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    snapshot = api.ask("changes")["snapshot"]
    attack.involvements.first().delete()  # type: ignore[union-attr]
    publish(attack)
    assert [row["role"] for row in rows(api, "part=involvements")] == ["target"]
    assert len(rows(api, f"part=involvements&snapshot={snapshot}")) == 2
    assert rows(api, "part=involvements&occurred_to=2018") == []
    assert rows(api, "part=involvements&perpetrator=nobody-known") == []
    assert len(rows(api, "part=involvements&perpetrator=kataib&snapshot=" + snapshot)) == 2


def test_fields_select_columns_of_rows(api: ContractClient, attack: Incident) -> None:
    query = "part=involvements&fields=role,incident_id,actor.slug"
    assert rows(api, query) == [
        {"incident_id": str(attack.public_id), "role": "perpetrator", "actor_slug": "kataib"},
        {"incident_id": str(attack.public_id), "role": "target", "actor_slug": ""},
    ]
    _, sent = fetch(api, f"incidents?format=ndjson&{query}")
    assert json.loads(sent.splitlines()[1]) == {
        "incident_id": str(attack.public_id),
        "role": "target",
        "actor": None,
    }
    (fault,) = api.ask("incidents?format=csv&part=involvements&fields=title", 400)["errors"]
    assert fault["parameter"] == "fields"


@pytest.mark.parametrize(
    ("address", "parameter", "code"),
    [
        ("incidents?part=involvements", "part", "contradiction"),
        ("incidents?format=geojson&part=involvements", "part", "contradiction"),
        ("incidents?format=ndjson&part=involvements&detail=true", "detail", "contradiction"),
        ("incidents?format=csv&part=involvement", "part", "invalid"),
        ("incidents?format=csv&part=names", "part", "invalid"),
        ("incidents?format=csv&part=links&part=weapons", "part", "repeated"),
        ("incidents?format=csv&part=perpetrators", "part", "invalid"),
        ("publishers?format=csv&part=names", "part", "unknown"),
        ("incidents/documents?part=links", "part", "unknown"),
    ],
)
def test_parts_are_refused_where_there_are_none(
    api: ContractClient, address: str, parameter: str, code: str
) -> None:
    problem = api.ask(address, 400)
    assert {(fault["parameter"], fault["code"]) for fault in problem["errors"]} == {
        (parameter, code)
    }


def test_headers_name_the_part(api: ContractClient, attack: Incident) -> None:
    response, _ = fetch(api, "incidents?format=csv&part=responsible")
    snapshot = response["Muster-Snapshot"]
    assert (
        f'filename="muster-incidents-responsible-{snapshot}.csv"'
        in (response["Content-Disposition"])
    )
    assert "part=responsible" in response["Link"]


@pytest.fixture
def everything(publish: Any, one_of_each: Any, editor: User) -> None:
    """Publish one record of each type with all its parts."""
    source, iraq, attack = (one_of_each[model] for model in (Source, Place, Incident))
    for record in (source, iraq, one_of_each[Actor], attack):
        record.external_ids.create(scheme="wikidata", value="Q1")
    iraq.names.create(text="العراق", language="ar")
    statement = one_of_each[ResponsibilityStatement]
    statement.responsible.create(label="The masked men")
    for cited in (iraq, one_of_each[Affiliation], statement, attack):
        cited.citations.create(source=source)
    workflow.recall(one_of_each[Submission], editor)
    publish(*(record for model in record_models().values() for record in model.objects.all()))


@pytest.mark.parametrize(("word", "name"), EACH)
def test_a_part_has_the_rows_of_all_documents_in_their_order(
    api: ContractClient, everything: None, word: str, name: str, monkeypatch: Any
) -> None:
    address = f"{word}s?sort=recently_edited"
    expected = [
        (document["id"], row)
        for document in api.lines(f"{address}&format=ndjson&detail=true")
        for row in find_rows(document, name)
    ]
    assert expected, "one_of_each has every part"
    part = PARTS[word][name]
    own = {key for key in part.properties if key not in ("row", part.record)}
    for _ in ("new documents", "older ones"):
        response, sent = fetch(api, f"{address}&format=ndjson&part={name}")
        found = [json.loads(line) for line in sent.splitlines()]
        assert response["Muster-Count"] == str(len(found))
        assert [
            (row[part.record], {key: row[key] for key in own - {"part", "part_row"}})
            for row in found
        ] == [
            (record, {key: row[key] for key in own - {"part", "part_row"}})
            for record, row in expected
        ]
        _, table = fetch(api, f"{address}&format=csv&part={name}")
        head, *cells = csv.reader(StringIO(table, newline=""))
        assert len(head) == len(set(head))
        assert len(cells) == len(found)
        monkeypatch.setattr(completion, "fingerprint", lambda serializer: "another")


def find_rows(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of all lists of a name in a document, in its order."""
    if isinstance(value, list):
        for item in value:
            yield from find_rows(item, name)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == name:
                yield from inner
            yield from find_rows(inner, name)


@pytest.mark.parametrize(("word", "name"), EACH)
def test_columns_of_a_part_are_unique(word: str, name: str) -> None:
    columns = [column.name for column in Selection(record_types()[word], part=name).columns]
    assert columns[:2] == [f"{word}_id", "row"]
    assert len(columns) == len(set(columns))


def test_a_column_that_another_one_is_named_like_has_two_strokes() -> None:
    names = [
        column.name for column in Selection(record_types()["incident"], part="statements").columns
    ]
    assert [name for name in names if name.startswith("speaker")] == [
        "speaker_id",
        "speaker__type",
        "speaker_kind",
        "speaker_name",
        "speaker_slug",
        "speaker_withdrawn",
        "speaker_label",
        "speaker_type",
    ]
