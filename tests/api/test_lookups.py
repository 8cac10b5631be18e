"""Lookups: many records at once, by public ids, slugs and ids in other systems."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor, Affiliation
from api import limits, lookups
from api.problems import BASE
from editorial import merging, workflow
from editorial.models import SluggedRecord, User
from editorial.models.record import RESERVED_SLUGS
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.contract.client import API, ContractClient, description

pytestmark = pytest.mark.django_db
NOBODY = "11111111-1111-4111-8111-111111111111"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
EMPTY = {"results": [], "matches": [], "warnings": []}


@pytest.fixture
def actors(kataib: Actor, pmf: Actor, publish: Any) -> list[Actor]:
    """Two actors with ids in other systems, one of which both have."""
    kataib.external_ids.create(scheme="wikidata", value="Q796")
    kataib.external_ids.create(scheme="ucdp_actor", value="6325", match="broader")
    pmf.external_ids.create(scheme="ucdp_actor", value="6325", match="broader")
    publish(kataib, pmf)
    return [kataib, pmf]


def key(record: Any) -> str:
    return str(record.public_id)


def faults(answer: Any) -> list[tuple[str, str | None, str]]:
    return [(fault["code"], fault["parameter"], fault["detail"]) for fault in answer["errors"]]


def test_keys_of_every_kind_lead_to_summaries(api: ContractClient, actors: list[Actor]) -> None:
    kataib, pmf = actors
    body = {
        "ids": ["pmf", key(pmf).upper(), key(pmf), "pmf"],
        "external_ids": ["ucdp_actor:6325", "wikidata:q796"],
    }
    answer = api.look_up("actors/lookup", body)
    listed = api.ask("actors")["results"]
    assert answer["results"] == [
        {name: value for name, value in row.items() if name not in ("matched", "explanation")}
        for row in listed
    ], "each once, in the order of the list"
    assert answer["matches"] == [
        {"key": "pmf", "id": key(pmf)},
        {"key": key(pmf).upper(), "id": key(pmf)},
        {"key": key(pmf), "id": key(pmf)},
        *({"key": "ucdp_actor:6325", "id": each} for each in sorted([key(kataib), key(pmf)])),
        {"key": "wikidata:q796", "id": key(kataib)},
    ]
    assert answer["warnings"] == []
    assert answer["snapshot"] == api.ask("actors")["snapshot"]


def test_a_session_is_not_read(api: ContractClient, actors: list[Actor], editor: User) -> None:
    api.force_login(editor)
    answer = api.look_up("actors/lookup", {"ids": ["pmf"]})  # refuses queries of private tables
    assert len(answer["results"]) == 1
    response = api.post(f"{API}actors/lookup", "{}", "application/json", secure=True)
    assert "Cookie" not in response["Vary"]
    assert not response.cookies


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": [], "external_ids": []}])
def test_no_keys_have_no_results(
    api: ContractClient, actors: list[Actor], body: dict[str, Any]
) -> None:
    answer = api.look_up("actors/lookup", body)
    assert answer == EMPTY | {"snapshot": api.ask("actors")["snapshot"]}


def test_every_type_has_lookups(
    api: ContractClient, actors: list[Actor], iraq: Place, publish: Any
) -> None:
    kataib, pmf = actors
    records: dict[str, Any] = {
        "affiliations": Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf),
        "incidents": Incident.objects.create(title="Attack", date="2014", event_type="battle"),
        "publishers": Publisher.objects.create(name="Shafaq News"),
        "places": iraq,
    }
    source = Source.objects.create(title="A report", publisher=records["publishers"])
    records["sources"] = source
    for name in ("incidents", "places", "sources"):
        records[name].external_ids.create(scheme="wikidata", value=f"Q1{len(name)}")
    publish(*records.values())
    for name, record in records.items():
        answer = api.look_up(f"{name}/lookup", {"ids": [key(record)]})
        assert [result["id"] for result in answer["results"]] == [key(record)], name
        has_slugs = isinstance(record, SluggedRecord)
        body = {"ids": [record.slug if has_slugs else "a-slug"]}
        answer = api.look_up(f"{name}/lookup", body, 200 if has_slugs else 400)
        body = {"external_ids": [f"wikidata:Q1{len(name)}"]}
        has_external_ids = hasattr(record, "external_ids")
        answer = api.look_up(f"{name}/lookup", body, 200 if has_external_ids else 400)
        if has_external_ids:
            assert [match["id"] for match in answer["matches"]] == [key(record)]
        else:
            detail = "Records of this type have no ids in other systems. Use `ids`."
            assert faults(answer) == [("unknown", "external_ids", detail)]


def test_a_merged_id_leads_to_the_survivor(
    api: ContractClient, actors: list[Actor], publish: Any, reviewer: User
) -> None:
    kataib = actors[0]
    twin = Actor.objects.create(name="Brigades", slug="twin", kind="armed_organisation")
    twin.external_ids.create(scheme="wikidata", value="Q5")
    publish(twin)
    before = api.ask("actors")["snapshot"]
    merging.merge(twin, kataib, reviewer, "One group under two names.")
    body = {"ids": [key(twin), "twin", "kataib"], "external_ids": ["wikidata:Q5"]}
    answer = api.look_up("actors/lookup", body)
    assert [result["name"] for result in answer["results"]] == ["Kataib Hezbollah"]
    assert {match["id"] for match in answer["matches"]} == {key(kataib)}
    assert [match["key"] for match in answer["matches"]] == [*body["ids"], *body["external_ids"]]
    earlier = api.look_up(f"actors/lookup?snapshot={before}", body)
    assert [match["id"] for match in earlier["matches"]] == [
        key(twin),
        key(twin),
        key(kataib),
        key(twin),
    ]


def test_what_names_nothing_public_is_in_warnings(
    api: ContractClient, actors: list[Actor], publish: Any, reviewer: User
) -> None:
    """The same for nothing, for a draft and for what was withdrawn, to the byte."""
    kataib, _ = actors
    gone = Actor.objects.create(name="Gone", slug="gone", kind="unit")
    gone.external_ids.create(scheme="wikidata", value="Q9")
    publish(gone)
    workflow.withdraw(gone, reviewer, "No such group.")
    draft = Actor.objects.create(name="Draft", slug="draft", kind="unit")
    draft.external_ids.create(scheme="wikidata", value="Q8")
    answers = {
        api.post(
            f"{API}actors/lookup",
            json.dumps({"ids": [id_, "pmf", slug, id_], "external_ids": [external_id]}),
            content_type="application/json",
            secure=True,
        ).content
        for id_, slug, external_id in (
            (NOBODY, "nobody", "wikidata:Q7"),
            (key(draft), "draft", "wikidata:Q8"),
            (key(gone), "gone", "wikidata:Q9"),
        )
    }
    (content,) = answers
    answer = json.loads(content)
    assert [match["key"] for match in answer["matches"]] == ["pmf"]
    search = "Search by name: /api/v1/resolve?name=NAME"
    assert answer["warnings"] == [
        {
            "code": "not_found",
            "parameter": "ids",
            "detail": f"Values 1, 3, 4 of `ids` name no public actor. {search}",
        },
        {
            "code": "not_found",
            "parameter": "external_ids",
            "detail": f"Value 1 of `external_ids` names no public actor. {search}",
        },
    ]
    many = api.look_up("actors/lookup", {"ids": [str(uuid4()) for _ in range(12)]})
    (warning,) = many["warnings"]
    assert warning["detail"].startswith(f"Values {', '.join(map(str, range(1, 13)))} of `ids`")
    assert key(kataib) not in str(many)


def test_the_snapshot_is_chosen_as_elsewhere(
    api: ContractClient, actors: list[Actor], publish: Any
) -> None:
    kataib, _ = actors
    first = api.ask("actors")["snapshot"]
    kataib.name = "Hezbollah Brigades"
    kataib.save()
    publish(kataib)
    body = {"ids": ["kataib"]}
    assert api.look_up("actors/lookup", body)["results"][0]["name"] == "Hezbollah Brigades"
    then = api.look_up(f"actors/lookup?snapshot={first}", body)
    assert (then["results"][0]["name"], then["snapshot"]) == ("Kataib Hezbollah", first)
    start = api.look_up("actors/lookup?snapshot=0-00000000", body)
    assert (start["results"], len(start["warnings"])) == ([], 1)
    assert api.look_up("actors/lookup?snapshot=9-00000000", body, 410)
    assert api.look_up("actors/lookup?release=nothing", body, 400)


def test_the_answer_is_for_every_origin_and_for_no_cache(
    api: ContractClient, actors: list[Actor]
) -> None:
    response: Any = api.post(
        f"{API}actors/lookup",
        '{"ids": ["kataib"]}',
        content_type="application/json; charset=UTF-8",
        headers={"Origin": "https://elsewhere.example"},
        secure=True,
    )
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Muster-Snapshot"] == response.json()["snapshot"]
    assert response["Muster-Published"]
    assert not {"ETag", "Link", "Set-Cookie"} & set(response.headers)
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_only_post_is_allowed(api: ContractClient, method: str) -> None:
    response = getattr(api, method)(f"{API}actors/lookup", secure=True)
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert response["Content-Type"] == "application/problem+json"


def test_preflights_allow_the_headers_that_clients_send(api: ContractClient) -> None:
    for path, methods in description()["paths"].items():
        address = path.replace("{version}", "1").replace("{key}", "a").replace("{name}", "a")
        options = api.options(address, secure=True)
        allowed = "POST, OPTIONS" if "post" in methods else "GET, HEAD, OPTIONS"
        assert (options.status_code, options["Allow"]) == (204, allowed)
        assert options["Access-Control-Allow-Methods"] == allowed
        headers = set(options["Access-Control-Allow-Headers"].split(", "))
        assert headers == {"Accept", "Cache-Control", "Content-Type", "If-None-Match"}
        exposed = set(options["Access-Control-Expose-Headers"].split(", "))
        assert {"ETag", "Link", "Retry-After", "Content-Disposition", "Muster-Snapshot"} <= exposed


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (" ", [("json", None)]),
        ("{", [("json", None)]),
        ("[]", [("json", None)]),
        ("null", [("json", None)]),
        ('"kataib"', [("json", None)]),
        (b"\xff\xfe{}", [("json", None)]),
        ("\ufeff{}", [("json", None)]),
        ('{"ids": ["\\ud800"]}', [("json", None)]),
        ('{"ids": [NaN]}', [("json", None)]),
        ("[" * 100_000, [("json", None)]),
        ('{"ids": ' + "[" * 900 + "]" * 900 + "}", [("invalid", "ids")]),
        ('{"ids": [], "ids": ["kataib"]}', [("repeated", "ids")]),
        ({"ids": "kataib"}, [("invalid", "ids")]),
        ({"ids": None}, [("invalid", "ids")]),
        ({"ids": {"kataib": 1}}, [("invalid", "ids")]),
        ({"ids": [1], "external_ids": [None]}, [("invalid", "ids"), ("invalid", "external_ids")]),
        ({"id": ["kataib"]}, [("unknown", "id")]),
        ({"x" * 99: 1, "y": 1}, [("unknown", "x" * 40), ("unknown", "y")]),
        (dict.fromkeys(LETTERS), [*(("unknown", n) for n in LETTERS[:20]), ("unknown", None)]),
        ({"ids": ["a" * 121, "", "Kataib", "é", "a b", "-"]}, [("invalid", "ids")] * 2),
        ({"ids": ["a\0"]}, [("nul", "ids")]),
        ({"external_ids": ["wikidata:\0"]}, [("nul", "external_ids")]),
        ({"external_ids": ["wikidata", "Q796", "wikidata:"]}, [("invalid", "external_ids")] * 2),
        ({"ids": ["a"] * 9_999, "external_ids": ["wikidata:Q1"] * 2}, [("too_many", None)]),
        ({"ids": ["A"] * 10_001}, [("too_many", None)]),
    ],
)  # fmt: skip
def test_faulty_bodies_are_refused(
    api: ContractClient, body: Any, expected: list[tuple[str, str | None]]
) -> None:
    answer = api.look_up("actors/lookup", body, 400)
    assert [(code, parameter) for code, parameter, _ in faults(answer)] == expected
    assert all(detail.endswith((".", "scheme")) for _, _, detail in faults(answer))


def test_all_faults_are_named_with_their_places(api: ContractClient) -> None:
    body = {"ids": ["kataib", "A b", 7, "pmf", "C", ""], "external_ids": ["wikdata:Q1"], "id": []}
    answer = api.look_up("actors/lookup?limit=5&snapshot=x", body, 400)
    hint = "Use a public id, or a slug of lowercase letters, digits and hyphens."
    parameters = [(code, parameter) for code, parameter, _ in faults(answer)]
    assert parameters[:3] == [("unknown", "limit"), ("invalid", "snapshot"), ("unknown", "id")]
    assert faults(answer)[3:] == [
        ("invalid", "ids", f"Values 2, 5 of `ids`: {hint}"),
        ("invalid", "ids", "Value 3 of `ids`: Use a string."),
        ("invalid", "ids", "Value 6 of `ids`: Use a key, or leave the value out."),
        (
            "invalid",
            "external_ids",
            "Value 1 of `external_ids`: Use scheme:value, such as wikidata:Q796. There is no word "
            "“wikdata”. Did you mean “wikidata”? For the whole list, see "
            "/api/v1/vocabularies/scheme.",
        ),
    ]


def test_a_long_list_of_faults_ends_without_hints(api: ContractClient) -> None:
    body = {"external_ids": [f"{n}:1" for n in range(25)]}
    answer = api.look_up("actors/lookup", body, 400)
    assert len(answer["errors"]) == 21
    assert answer["errors"][-1]["detail"] == (
        "Values 21, 22, 23, 24, 25 of `external_ids`: It is malformed, as others before it."
    )


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=latin-1"],
)
def test_other_media_types_are_refused(api: ContractClient, content_type: str) -> None:
    answer = api.look_up("actors/lookup", "{}", 415, content_type=content_type)
    assert answer["type"] == BASE + "unsupported-media-type"
    assert "application/json" in answer["detail"]


def test_compressed_bodies_and_other_formats_are_refused(api: ContractClient) -> None:
    api.look_up("actors/lookup", "{}", 415, **{"Content-Encoding": "gzip"})
    api.look_up("actors/lookup", "{}", 406, Accept="text/csv")
    api.look_up("actors/lookup?format=csv", "{}", 400)


def test_a_body_has_at_most_a_megabyte(api: ContractClient, actors: list[Actor]) -> None:
    body = '{"ids": ["kataib"]}'
    full = body + " " * (lookups.MAX_BODY - len(body))
    assert len(api.look_up("actors/lookup", full)["results"]) == 1
    answer = api.look_up("actors/lookup", full + " ", 413)
    assert answer["type"] == BASE + "too-large"


def test_a_body_in_chunks_is_read_up_to_the_limit(api: ContractClient, actors: list[Actor]) -> None:
    def send(body: BytesIO) -> Any:
        headers = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        environ = {"wsgi.input": body, "CONTENT_LENGTH": "", "CONTENT_TYPE": "application/json"}
        return api.generic("POST", f"{API}actors/lookup", secure=True, **headers, **environ)

    assert len(send(BytesIO(b'{"ids": ["kataib"]}')).json()["results"]) == 1
    huge = BytesIO(b" " * 3_000_000)
    assert send(huge).status_code == 413
    assert huge.tell() == lookups.MAX_BODY + 1, "no more than that is read"


def test_a_client_runs_only_some_at_once(
    api: ContractClient, actors: list[Actor], monkeypatch: Any
) -> None:
    monkeypatch.setattr(limits, "MAX_COSTLY_PER_CLIENT", 0)
    answer = api.look_up("actors/lookup", {"ids": ["kataib"]}, 429)
    assert answer["type"] == BASE + "too-many"


def test_the_number_of_queries_does_not_grow(api: ContractClient, actors: list[Actor]) -> None:
    for number in (1, 300):
        body = {
            "ids": ["kataib", key(actors[1])] + [str(uuid4()) for _ in range(number)],
            "external_ids": ["ucdp_actor:6325"] + [f"wikidata:Q{n}" for n in range(number)],
        }
        with CaptureQueriesContext(connection) as queries:
            api.look_up("actors/lookup", body)
        assert len(queries) == 4


def test_too_many_matches_are_refused(
    api: ContractClient, actors: list[Actor], monkeypatch: Any
) -> None:
    monkeypatch.setattr(lookups, "MAX_MATCHES", 2)
    shared = {"external_ids": ["ucdp_actor:6325"]}
    assert len(api.look_up("actors/lookup", shared)["matches"]) == 2
    answer = api.look_up("actors/lookup", shared | {"ids": ["pmf"]}, 400)
    ((code, parameter, detail),) = faults(answer)
    assert (code, parameter) == ("many", "external_ids")
    assert detail.startswith("These keys have more than 2 matches. Send fewer keys")
    monkeypatch.setattr(lookups, "MAX_MATCHES", 1)
    api.look_up("actors/lookup", shared, 400)


def test_reserved_slugs_are_the_addresses_beside_those_of_records() -> None:
    parts = [path.split("/")[3:] for path in description()["paths"]]
    names = {rest[0] for rest in parts if rest[1:] == ["{key}"]}
    beside = {rest[1] for rest in parts if len(rest) == 2 and rest[0] in names} - {"{key}"}
    assert beside == set(RESERVED_SLUGS)
