"""The editions of a record: how it read at each publication, also after its withdrawal."""

from typing import Any

import pytest

from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import User
from sources.models import Source
from tests.contract.client import API, ContractClient
from tests.surgery import redact

pytestmark = pytest.mark.django_db


@pytest.fixture
def affiliation(kataib: Actor, pmf: Actor, publish: Any, reviewer: User) -> Affiliation:
    """A tie that was refreshed by a rename; its object was corrected, withdrawn and came back."""
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(kataib, pmf, affiliation, note="First.")
    pmf.name = "PMF"
    pmf.save()
    publish(pmf, note="Shorter.")
    workflow.withdraw(pmf, reviewer, "Not a group.")
    publish(pmf)
    return affiliation


def test_the_editions_of_a_record_come_in_order(
    api: ContractClient, affiliation: Affiliation
) -> None:
    page = api.ask("actors/pmf/editions?count=true")
    assert [(row["version"], row["kind"], row["note"]) for row in page["results"]] == [
        (1, "publish", "First."),
        (2, "correct", "Shorter."),
        (3, "withdraw", "Not a group."),
        (4, "publish", None),
    ]
    assert page["count"] == 4
    snapshots = {row["snapshot"] for row in api.results("changes")}
    assert {row["snapshot"] for row in page["results"]} <= snapshots
    by_id = api.ask(f"actors/{affiliation.object.public_id}/editions?count=true")
    assert by_id["results"] == page["results"]


def test_refreshes_are_hidden_by_default(api: ContractClient, affiliation: Affiliation) -> None:
    address = f"affiliations/{affiliation.public_id}/editions"
    assert [row["version"] for row in api.results(address)] == [1]
    editions = api.results(f"{address}?refresh=true")
    assert [row["kind"] for row in editions] == ["publish", "refresh", "refresh", "refresh"]
    assert len({row["edited_at"] for row in editions}) == 1
    assert len({row["published_at"] for row in editions}) == 4


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_continue_where_they_ended(
    api: ContractClient, affiliation: Affiliation, limit: int
) -> None:
    pages = api.results(f"actors/pmf/editions?limit={limit}")
    assert pages == api.results("actors/pmf/editions")


def test_a_version_is_read_with_its_note(api: ContractClient, affiliation: Affiliation) -> None:
    first = api.ask("actors/pmf/editions/1")
    listed = api.ask("actors/pmf/editions")["results"][0]
    assert first == listed | {"document": first["document"]}
    assert first["document"]["name"] == "Popular Mobilization Forces"
    assert first["document"]["version"] == 1
    snapshot = first["snapshot"]
    assert api.ask(f"actors/pmf?snapshot={snapshot}") == first["document"]
    quoted = api.ask(f"affiliations/{affiliation.public_id}/editions/2")["document"]["object"]
    assert quoted["name"] == "PMF"


def test_a_version_without_a_text_says_why(api: ContractClient, affiliation: Affiliation) -> None:
    problem = api.ask("actors/pmf/editions/3", 410)
    assert (problem["type"], problem["detail"]) == (
        "/api/v1/docs/problems/withdrawn",
        "Not a group.",
    )
    redact(8, whole=True)
    for version in (3, 4):
        assert api.ask(f"actors/pmf/editions/{version}", 410)["detail"] == "Redacted."
    assert api.ask("actors/pmf", 410)["detail"] == "Redacted."


@pytest.mark.parametrize("version", ["0", "5", "01", "-1", "x", "1.0", "٣", "9" * 20])
def test_no_such_version_is_not_found(
    api: ContractClient, affiliation: Affiliation, version: str
) -> None:
    assert api.ask(f"actors/pmf/editions/{version}", 404)["type"].endswith("/not-found")


def test_a_draft_has_no_editions(api: ContractClient, publish: Any) -> None:
    draft = Source.objects.create(title="A draft")
    for key in (draft.public_id, "nobody", "Not%20a%20slug"):
        api.ask(f"sources/{key}/editions", 404)
        api.ask(f"sources/{key}/editions/1", 404)
    publish(draft)
    api.ask(f"actors/{draft.public_id}/editions", 404)
    assert len(api.results(f"sources/{draft.public_id}/editions")) == 1


def test_editions_can_be_read_at_a_snapshot(api: ContractClient, affiliation: Affiliation) -> None:
    snapshots = [row["snapshot"] for row in api.results("actors/pmf/editions")]
    for number, snapshot in enumerate(snapshots, 1):
        assert len(api.results(f"actors/pmf/editions?snapshot={snapshot}")) == number
    api.ask("actors/pmf/editions?snapshot=0-00000000", 404)
    api.ask(f"actors/pmf/editions/2?snapshot={snapshots[0]}", 404)
    response = api.get(f"{API}actors/pmf/editions?snapshot={snapshots[0]}", secure=True)
    assert response["Cache-Control"] == "public, max-age=3600, s-maxage=10"
    assert 'rel="cite-as"' in response["Link"]


def test_editions_take_no_other_parameters(api: ContractClient, affiliation: Affiliation) -> None:
    for address in ("editions?sort=newest", "editions?format=json", "editions/1?refresh=true"):
        (error,) = api.ask(f"actors/pmf/{address}", 400)["errors"]
        assert error["code"] == "unknown"


def test_the_number_of_queries_is_small(
    api: ContractClient, affiliation: Affiliation, django_assert_num_queries: Any
) -> None:
    for address in ("actors/pmf/editions", "actors/pmf/editions/1"):
        with django_assert_num_queries(2):
            tag = api.get(API + address, secure=True)["ETag"]
        again = api.get(API + address, headers={"If-None-Match": tag}, secure=True)
        assert again.status_code == 304
